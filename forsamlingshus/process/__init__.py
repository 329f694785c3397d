"""The budget process: years, phases and what they open, milestones, themes, and the municipality that runs it."""
