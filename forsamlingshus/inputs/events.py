"""What happens while staff collect. Titles and quotes stay out of events; the rows hold them."""

from dataclasses import dataclass

from forsamlingshus.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class InputCreated(Event):
    """A new input was begun."""

    input_id: int
    budget_year: int
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InputChanged(Event):
    """An input got another title, theme or note."""

    input_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InputDeleted(Event):
    """An empty input was deleted."""

    input_id: int
    budget_year: int
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteAdded(Event):
    """Words of a contribution were quoted in an input."""

    quote_id: int
    input_id: int
    contribution_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteRemoved(Event):
    """A quote was taken out of an input."""

    quote_id: int
    input_id: int
    contribution_id: int


COLLECTED: tuple[type[Event], ...] = (InputCreated, InputChanged, InputDeleted, QuoteAdded, QuoteRemoved)
"""What moves the boards on which input is collected."""
