"""Polls: a question to everybody at a meeting, answered once by each, its result hidden until it is closed."""
