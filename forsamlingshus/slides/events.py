"""What happens to decks."""

from dataclasses import dataclass

from forsamlingshus.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class DeckUploaded(Event):
    """A facilitator uploaded a deck; its slides are still to be drawn."""

    deck_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeckProgressed(Event):
    """A slide was drawn, or the deck became ready or failed; `version` is that of the deck's topic."""

    deck_id: int
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentingStarted(Event):
    """Somebody began to present a deck: those who look at it may follow."""

    deck_id: int
    slide_no: int
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SlideShown(Event):
    """The presenter shows another slide; `version` is that of the deck's topic."""

    deck_id: int
    slide_no: int
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentingStopped(Event):
    """The presentation is over, or another deck of the same meeting or workshop took its turn."""

    deck_id: int
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeckRenamed(Event):
    """Title or speaker were changed; the address stayed."""

    deck_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeckMoved(Event):
    """A deck changed places with its neighbour in the list of its meeting or workshop; `position` is the new one."""

    deck_id: int
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeckHidden(Event):
    """A deck was taken off the public pages, by a person or because the guard found something in its text."""

    deck_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeckListed(Event):
    """A hidden deck was shown to the public again; `confirmed` says that doubtful words were looked at."""

    deck_id: int
    confirmed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DeckRemoved(Event):
    """A deck and its slides were removed for good."""

    deck_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeckReplaced(Event):
    """A newer version, whose row `by_id` is gone with that, took a deck's place; the versions are of both topics."""

    deck_id: int
    by_id: int
    version: int
    by_version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SlideTalked(Event):
    """Another number of posts stands under a slide; `version` is that of the deck's topic. Never stored."""

    deck_id: int
    slide_no: int
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SlideDescribed(Event):
    """A facilitator wrote what a slide's picture shows."""

    deck_id: int
    slide_no: int


SEEN_OR_NOT: tuple[type[Event], ...] = (DeckHidden, DeckListed, DeckRemoved, DeckReplaced)
"""After these the same address shows something else, or nothing."""
