"""What happens to the catalogue and its proposals."""

from dataclasses import dataclass

from forsamlingshus.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalAdded(Event):
    """A proposal was written."""

    proposal_id: int
    budget_year: int
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalChanged(Event):
    """A proposal got other words, another state or another number; `changed` names the fields."""

    proposal_id: int
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InputLinked(Event):
    """An input became a source of a proposal."""

    proposal_id: int
    input_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InputUnlinked(Event):
    """An input is no longer a source of a proposal."""

    proposal_id: int
    input_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueDated(Event):
    """The moment from which the catalogue is public was set (ISO 8601), or taken back (empty)."""

    budget_year: int
    published_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlTotalSet(Event):
    """What the catalogue must come to was declared: number of proposals, and 1.000 kr. at full phase-in."""

    budget_year: int
    count: int
    tkr: int
