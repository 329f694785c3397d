"""Who writes the record of a meeting: pure functions."""

import hashlib

from forsamlingshus.kernel.permissions import Who
from forsamlingshus.meetings import rules as meetings
from forsamlingshus.meetings.models import Workshop

BODY_MAX, POINT_MAX, NOTE_MAX = 15_000, 1_000, 300
"""Characters of the minutes, of a point of a summary, and of what is said about a correction."""


def may_keep_minutes(who: Who) -> bool:
    """The minutes are the administration's."""
    return who.is_staff


def may_sum_up(who: Who, workshop: Workshop) -> bool:
    """Staff, and the facilitators of exactly this workshop."""
    return meetings.may_run(who, workshop)


def digest(words: str) -> str:
    """A short name for the words of a point, which a form sends back: words themselves come back with other breaks."""
    return hashlib.sha256(words.encode()).hexdigest()[:16]
