"""Who may plan and run a meeting, when people sign up or join, and what a join code looks like: pure functions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from forsamlingshus.kernel.permissions import Who
from forsamlingshus.meetings.models import GuestPolicy, Meeting, SignUp, Workshop

CODE_LETTERS = "23456789BCDFGHJKMNPQRSTVWXZ"
"""No vowels, so that no code is a word, and nothing that looks like something else: 0 O, 1 I L."""
CODE_LENGTH = 5
DOORS_OPEN, DOORS_CLOSE = timedelta(hours=2), timedelta(hours=3)
"""How long before the meeting people may join as guests, and how long after its planned end: meetings run late."""

WIFI_NAME_MAX = 32
"""Bytes of a network's name (IEEE 802.11)."""


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


def may_plan(who: Who) -> bool:
    """Staff write the meeting, its programme and its workshops, and see who comes."""
    return who.is_staff


def sign_up_ends(meeting: Meeting) -> datetime:
    """Until when people may sign up: the moment that staff chose, else when the meeting begins."""
    return meeting.sign_up_until or meeting.starts_at


def signs_up(meeting: Meeting, now: datetime) -> bool:
    """True while people may sign up."""
    return meeting.sign_up_required and now < sign_up_ends(meeting)


def may_cancel(meeting: Meeting, now: datetime) -> bool:
    """True while it helps that somebody gives the seat back: until the meeting begins, or signing up ends later."""
    return now < max(meeting.starts_at, sign_up_ends(meeting))


MOVES = frozenset({"starts_at", "ends_at", "place", "address"})
"""What of a meeting's facts is told to those who signed up, when it is another one now."""


@dataclass(frozen=True, slots=True)
class News:
    """What somebody who signed up has not yet said to have seen; `until` is the moment of the newest of it."""

    seat: bool
    moved: bool
    until: datetime


def news_of(row: SignUp, meeting: Meeting) -> News | None:
    """That this person got a seat from the waiting list, that the meeting has another hour or place, or both."""
    since = max(row.created_at, row.seen_at or row.created_at)
    seat = row.seated_at if row.has_seat and row.seated_at and row.seated_at > since else None
    moved = meeting.moved_at if meeting.moved_at and meeting.moved_at > since else None
    moments = [moment for moment in (seat, moved) if moment]
    return News(seat=seat is not None, moved=moved is not None, until=max(moments)) if moments else None


def may_forget(who: Who, meeting: Meeting) -> bool:
    """Staff delete the names once the meeting is over: nobody needs them any more."""
    return may_plan(who) and meeting.ends_at <= who.now


def free_seats(meeting: Meeting, taken: int) -> int | None:
    """How many seats are left; None where there is room for everybody."""
    return None if meeting.capacity is None else max(meeting.capacity - taken, 0)


def keeps_prompts(answered: int, prompts: Sequence[tuple[str, str]]) -> bool:
    """True when each prompt that some thread answers is still there: `answered` is the highest number of those."""
    return len(prompts) >= answered


_AFTER_Z = str.maketrans({"æ": "{", "ø": "|", "å": "}", "ä": "{", "ö": "|"})
"""The three signs that follow z, for letters that Danish puts there."""


def alphabetical(name: str) -> str:
    """The key that puts names in Danish order: æ, ø, å last, and aa as å."""
    return name.casefold().replace("aa", "å").translate(_AFTER_Z)


def is_wifi_password(password: str) -> bool:
    """True for what WPA takes as a passphrase: 8 to 63 printable characters of ASCII."""
    return 8 <= len(password) <= 63 and password.isascii() and password.isprintable()


def wifi_address(name: str, password: str) -> str:
    """What a QR code says to let a phone into a network, in the form that Android and iOS read."""

    def plain(words: str) -> str:
        return "".join(f"\\{letter}" if letter in '\\;,:"' else letter for letter in words)

    secret = f"T:WPA;S:{plain(name)};P:{plain(password)}" if password else f"T:nopass;S:{plain(name)}"
    return f"WIFI:{secret};;"
