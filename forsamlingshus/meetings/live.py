"""What the meetings slice shows on pages of lower slices."""

from flask import render_template

from forsamlingshus.kernel import db
from forsamlingshus.meetings import queries


def guest_slot(scope_key: str) -> str:
    """A link to the meeting that a guest joined."""
    meeting = queries.meeting_with_key(db.session(), scope_key)
    return render_template("meetings/_guest_slot.html", meeting=meeting) if meeting else ""
