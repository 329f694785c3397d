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
