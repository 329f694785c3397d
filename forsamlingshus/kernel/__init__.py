"""What every slice stands on: database, events, live topics, permissions, forms, files, languages, clock."""
