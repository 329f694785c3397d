"""Who may run a meeting or a workshop: pure functions."""

from datetime import datetime

from forsamlingshus.kernel.permissions import Who
from forsamlingshus.meetings.models import Meeting, Workshop


def may_run(who: Who, place: Meeting | Workshop) -> bool:
    """Staff, and the facilitators of exactly this meeting or workshop."""
    return who.is_staff or who.facilitates(place.scope_key)


def is_running(meeting: Meeting, now: datetime) -> bool:
    """True from the first to the last minute of the meeting."""
    return meeting.starts_at <= now < meeting.ends_at
