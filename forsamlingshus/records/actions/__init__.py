"""Verbs of the records slice, by noun."""

from forsamlingshus.records.actions.minutes import draft_minutes, edit_minutes, publish_minutes
from forsamlingshus.records.actions.summaries import edit_point, publish_summary, remove_point, write_point

__all__ = [
    "draft_minutes",
    "edit_minutes",
    "edit_point",
    "publish_minutes",
    "publish_summary",
    "remove_point",
    "write_point",
]
