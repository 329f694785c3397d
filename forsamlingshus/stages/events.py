"""What happens on stages. Each version is that of the topic after the change, 0 where that topic did not move."""

from dataclasses import dataclass

from forsamlingshus.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class StageOpened(Event):
    """A meeting or workshop got its live page, control view and wall."""

    stage_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StageMoved(Event):
    """Something of a stage looks otherwise now: to everybody, on the wall, or to those who steer it. Never stored.

    `scene` says that another deck is shown, or none; `state` that the meeting began, ended or began again.
    """

    stage_id: int
    version: int
    control_version: int
    hall_version: int
    scene: bool = False
    state: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StageClosed(Event):
    """The meeting on a stage is over: what was open there is closed in the same transaction."""

    stage_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DisplayKeyReplaced(Event):
    """The wall's page has a new address; the old one shows nothing any more."""

    stage_id: int
