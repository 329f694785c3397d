"""Contributions: one row for whatever a person said, with its author, theme, address and what became of it."""
