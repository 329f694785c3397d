"""Maintainers' scripts; some of them are used by tests."""
