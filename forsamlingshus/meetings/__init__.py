"""Meetings: the citizen meeting, its programme, the theme workshops and their facilitators."""
