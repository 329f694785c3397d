"""Who may run a meeting or a workshop, when guests may join, and what a join code looks like: pure functions."""

from datetime import datetime, timedelta

from forsamlingshus.kernel.permissions import Who
from forsamlingshus.meetings.models import GuestPolicy, Meeting, Workshop

CODE_LETTERS = "23456789BCDFGHJKMNPQRSTVWXZ"
"""No vowels, so that no code is a word, and nothing that looks like something else: 0 O, 1 I L."""
CODE_LENGTH = 5
DOORS_OPEN, DOORS_CLOSE = timedelta(hours=2), timedelta(hours=3)
"""How long before the meeting people may join as guests, and how long after its planned end: meetings run late."""


def plain_code(typed: str) -> str:
    """A join code as it is stored: case and whatever stands between the letters do not count."""
    return "".join(letter for letter in typed.upper() if letter.isalnum())


def is_code(code: str) -> bool:
    """True for something that could be a join code."""
    return len(code) == CODE_LENGTH and set(code) <= set(CODE_LETTERS)


def may_join(meeting: Meeting, now: datetime) -> bool:
    """True while somebody without an account may come in: from before the meeting until it has surely ended."""
    doors = meeting.starts_at - DOORS_OPEN <= now < meeting.ends_at + DOORS_CLOSE
    return doors and meeting.guests != GuestPolicy.OFF


def may_run(who: Who, place: Meeting | Workshop) -> bool:
    """Staff, and the facilitators of exactly this meeting or workshop."""
    return who.is_staff or who.facilitates(place.scope_key)


def is_running(meeting: Meeting, now: datetime) -> bool:
    """True from the first to the last minute of the meeting."""
    return meeting.starts_at <= now < meeting.ends_at
