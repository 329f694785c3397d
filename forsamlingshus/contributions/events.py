"""What happens to contributions as such."""

from dataclasses import dataclass

from forsamlingshus.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ContributionChanged(Event):
    """What is no post was said, or its words were changed or taken back; `said_version` is that of the year's topic."""

    contribution_id: int
    budget_year: int
    said_version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FateRecorded(Event):
    """Something became of a contribution, or a fate was taken back; `version` is that of its topic."""

    contribution_id: int
    topic: str
    version: int
    kind: str
    ref_id: int
    recorded: bool
