"""What happens to meetings and workshops as such."""

from dataclasses import dataclass

from forsamlingshus.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingAdded(Event):
    """A citizen meeting was set up for a budget year."""

    meeting_id: int
    year: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkshopAdded(Event):
    """A workshop was set up, and its forum opened."""

    workshop_id: int
    theme_id: int
    year: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FacilitatorGranted(Event):
    """Somebody may now facilitate the meeting or workshop with that scope key."""

    user_id: int
    scope_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FacilitatorRevoked(Event):
    """Somebody no longer facilitates the meeting or workshop with that scope key."""

    user_id: int
    scope_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinCodeChanged(Event):
    """A meeting got another join code; the old one leads nowhere. The code itself is not told."""

    meeting_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestPolicyChanged(Event):
    """What people without an account may do at a meeting was set: `off`, `moderated` or `on`."""

    meeting_id: int
    policy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingChanged(Event):
    """Staff wrote the facts of a meeting anew: `changed` names what is another one now."""

    meeting_id: int
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaChanged(Event):
    """A point of the programme was `added`, `changed`, `moved` or `removed`."""

    meeting_id: int
    item_id: int
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkshopChanged(Event):
    """Staff wrote a workshop anew: `changed` names what is another one now."""

    workshop_id: int
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendanceCounted(Event):
    """Staff wrote down how many people came to a meeting, or took the number back."""

    meeting_id: int
    count: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedUp(Event):
    """Somebody signed up for a meeting: with a seat, or with a number on the waiting list."""

    sign_up_id: int
    meeting_id: int
    waiting_no: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignUpCancelled(Event):
    """Somebody who had signed up does not come."""

    sign_up_id: int
    meeting_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedUp(Event):
    """Somebody on the waiting list got a seat."""

    sign_up_id: int
    meeting_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SignUpsForgotten(Event):
    """Staff deleted who had signed up for a meeting that is over; `count` is how many there were."""

    meeting_id: int
    count: int
