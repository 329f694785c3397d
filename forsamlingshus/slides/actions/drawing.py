"""Verbs of the job that draws slides; each is one short transaction, and doing it twice is doing it once."""

from sqlalchemy.orm import Session

from forsamlingshus.kernel import clock, personal_data, topics
from forsamlingshus.kernel.events import record
from forsamlingshus.kernel.personal_data import Level
from forsamlingshus.process import phases
from forsamlingshus.slides import events, queries
from forsamlingshus.slides.actions.talks import open_talks
from forsamlingshus.slides.actions.versions import take_place
from forsamlingshus.slides.models import UNFINISHED, Deck, DeckState, FileType, Slide


def take_up(session: Session, *, deck_id: int) -> Deck | None:
    """Begin to draw a deck, or go on with one that a dead worker left; None when nothing is left to do."""
    deck = session.get(Deck, deck_id)
    if deck is None or deck.state not in UNFINISHED:
        return None
    deck.state = DeckState.DRAWING
    return deck


def count_slides(session: Session, *, deck_id: int, pages: int) -> int:
    """Note how many slides there will be; returns how many are drawn already, from the first one on."""
    deck = session.get(Deck, deck_id)
    if deck is None:
        return pages
    deck.page_count = pages
    deck.done_count = queries.drawn(session, deck_id)
    _progressed(session, deck)
    return deck.done_count


def keep_pdf(session: Session, *, deck_id: int, file_key: str, file_size: int, notes: list[str]) -> Deck | None:
    """Put the PDF that was made of a presentation in the place of its file; None when the deck was removed meanwhile.

    The file itself is not kept: it holds the speaker notes, which are for those who steer, and whatever else was in it.
    """
    deck = session.get(Deck, deck_id)
    if deck is None or deck.state != DeckState.DRAWING:
        return None
    deck.file_key, deck.file_size, deck.file_type = file_key, file_size, FileType.PDF
    deck.file_notes = notes
    return deck


def add_slide(
    session: Session,
    *,
    deck_id: int,
    no: int,
    width: int,
    height: int,
    image_key: str,
    thumb_key: str,
    text: str,
    beside: str = "",
) -> Slide | None:
    """Store a drawn slide (`width` and `height` in px); None when the deck was removed meanwhile.

    `beside` is what the file says on that page in annotations, fields and links; it is looked through and not kept.
    """
    deck = session.get(Deck, deck_id)
    if deck is None or deck.state != DeckState.DRAWING:
        return None
    slide = queries.slide_at(session, deck_id, no) or Slide(deck_id=deck_id, no=no)
    slide.image_key, slide.thumb_key, slide.width, slide.height = image_key, thumb_key, width, height
    slide.text, slide.caution = text, caution(session, f"{text}\n\n{beside}")
    if len(deck.file_notes) == deck.page_count:  # else nobody knows which slide they belong to
        slide.notes = deck.file_notes[no - 1]
    session.add(slide)
    session.flush()
    if no == 1:
        deck.cover_key = thumb_key
    deck.done_count = max(deck.done_count, no)
    _progressed(session, deck)
    return slide


def caution(session: Session, text: str) -> str:
    """The kind of the gravest finding in a deck's text when it is enough to hold the deck back, else empty."""
    found = personal_data.scan(text, allow=phases.public_lines(session))
    grave = max(found, key=lambda finding: finding.level, default=None)
    if grave is None or grave.level < Level.HOLD:
        return ""
    # A ten-digit number that is only doubtful can be confirmed like a phone number; a certain one cannot.
    return f"{grave.kind}?" if grave.kind == personal_data.Kind.CPR and grave.level < Level.BLOCK else str(grave.kind)


def finish_deck(session: Session, *, deck_id: int) -> Deck | None:
    """Declare a deck ready: the public sees it, unless its text seems to hold private information.

    A newer version takes the place of the old one under the same condition; else it waits for a person.
    """
    deck = session.get(Deck, deck_id)
    if deck is None or deck.state != DeckState.DRAWING or queries.drawn(session, deck_id) < deck.page_count:
        return None
    deck.state, deck.file_notes = DeckState.READY, []
    deck.bare_count = queries.bare_count(session, deck_id)
    doubtful = bool(queries.cautious(session, deck_id))
    if deck.replaces_id is not None and not doubtful:
        _tell_waiting(session)
        return take_place(session, deck)
    if doubtful:
        deck.hidden = True
        record(session, events.DeckHidden(deck_id=deck.id))
    else:
        deck.ready_at = clock.now()
    if deck.replaces_id is None:
        open_talks(session, deck)
    _tell_waiting(session, deck)
    return deck


def fail_deck(session: Session, *, deck_id: int, fault: str) -> Deck | None:
    """Note why a deck can't be drawn; `fault` is the value of a `converter.Fault`."""
    deck = session.get(Deck, deck_id)
    if deck is None or deck.state not in UNFINISHED:
        return None
    deck.state, deck.fault = DeckState.FAILED, fault
    _tell_waiting(session, deck)
    return deck


def _tell_waiting(session: Session, *done: Deck) -> None:
    """One deck is done: its row changes, and those of all that wait behind it."""
    session.flush()
    _progressed(session, *done, *queries.waiting(session))


def _progressed(session: Session, *decks: Deck) -> None:
    versions = topics.next_versions(session, [deck.topic for deck in decks]) if decks else {}
    for deck in decks:
        deck.version = versions[deck.topic]
        record(session, events.DeckProgressed(deck_id=deck.id, version=deck.version))
