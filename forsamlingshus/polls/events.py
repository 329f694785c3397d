"""What happens to polls. What somebody answered stands in no event."""

from dataclasses import dataclass

from forsamlingshus.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class PollMade(Event):
    """A poll was prepared; nobody but those who steer the stage knows of it."""

    poll_id: int
    stage_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PollChanged(Event):
    """A poll that had not been opened got other words, or was removed."""

    poll_id: int
    stage_id: int
    removed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PollOpened(Event):
    """Everybody at the meeting can answer from now on; `version` is that of the stage's polls."""

    poll_id: int
    stage_id: int
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PollAnswered(Event):
    """One more person has answered. Who it was and what was said is kept by no event; never stored.

    The versions are those of phones, control view and wall; 0 for a wall that shows something else.
    """

    poll_id: int
    stage_id: int
    version: int
    control_version: int
    hall_version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PollClosed(Event):
    """A poll is over: from now on its result is public, and nobody can tell any more who answered what."""

    poll_id: int
    stage_id: int
    version: int
    answers: int
