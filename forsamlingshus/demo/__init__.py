"""The demo: Budget 2024 with invented people, loaded chapter by chapter."""
