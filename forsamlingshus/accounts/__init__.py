"""Accounts: users, their log-in sessions and site-wide roles, and the authors that everything written belongs to."""
