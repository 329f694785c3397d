"""Verbs on versions of decks: upload a newer one, let it take the place of the old, show to everybody what waited."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from forsamlingshus.kernel import clock, topics
from forsamlingshus.kernel.errors import Conflict
from forsamlingshus.kernel.events import record
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.permissions import Who, demand
from forsamlingshus.slides import events, queries, rules
from forsamlingshus.slides.actions.decks import drop_newer, refuse_closed
from forsamlingshus.slides.actions.talks import open_talks, show_talks
from forsamlingshus.slides.models import Deck, DeckState, FileType, Slide

TOLD = (
    "scope_key",
    "budget_year",
    "title",
    "speaker",
    "place_title",
    "place_path",
    "manage_path",
    "forum_id",
    "position",
)
"""What a new version has of the deck from the start."""
TAKEN = ("file_key", "file_size", "file_name", "file_type", "page_count", "done_count", "cover_key")
"""What the deck takes from a new version that is ready."""


def replace_deck(
    session: Session, *, who: Who, deck_id: int, file_key: str, file_size: int, file_name: str, file_type: FileType
) -> Deck:
    """Take in a newer version of a deck, which stays as it is until that one is drawn; of two the last one counts.

    Raises Forbidden, Closed as upload_deck does, and Conflict while the deck itself is still being drawn.
    """
    deck = session.get_one(Deck, deck_id)
    demand(rules.may_present(who, deck))
    refuse_closed(who, deck.budget_year)
    if not rules.may_be_replaced(deck):
        raise Conflict(_("The presentation isn't ready yet."), next_url=deck.control_path, next_title=deck.title)
    drop_newer(session, deck)
    new = Deck(
        **{name: getattr(deck, name) for name in TOLD},
        replaces_id=deck.id,
        slug=queries.free_slug(session, deck.budget_year, f"{deck.slug[:70]}-ny"),
        file_key=file_key,
        file_size=file_size,
        file_name=rules.display_name(file_name, file_type),
        file_type=file_type,
        uploaded_by=who.author_id,
        uploaded_at=clock.now(),
    )
    session.add(new)
    session.flush()
    new.version = topics.next_version(session, new.topic)
    record(session, events.DeckUploaded(deck_id=new.id, actor_id=who.author_id))
    return new


def take_place(session: Session, new: Deck, *, actor_id: int | None = None) -> Deck:
    """Let a version that is drawn take the place of the deck it was made for.

    Address, title, order and visibility stay, what was said about slide N stays with slide N, and so do the words that
    people wrote for pictures and those who steer, with a mark where the picture is another one.
    """
    old = session.get_one(Deck, new.replaces_id)
    words = {slide.no: slide for slide in session.scalars(select(Slide).where(Slide.deck_id == old.id))}
    for slide in words.values():
        session.expunge(slide)
    session.execute(delete(Slide).where(Slide.deck_id == old.id))
    for slide in session.scalars(select(Slide).where(Slide.deck_id == new.id)):
        slide.deck_id = old.id
        _keep_words(slide, words.get(slide.no))
    for name in TAKEN:
        setattr(old, name, getattr(new, name))
    if old.state == DeckState.FAILED:
        old.state, old.fault = DeckState.READY, ""
    if not old.hidden:
        old.ready_at = old.ready_at or clock.now()
    if old.showing and old.showing > old.page_count:
        old.showing = old.page_count
    new_id, new_topic = new.id, new.topic
    session.flush()
    session.delete(new)
    session.flush()
    old.bare_count = queries.bare_count(session, old.id)
    open_talks(session, old)
    versions = topics.next_versions(session, [old.topic, new_topic])
    old.version = versions[old.topic]
    taken = events.DeckReplaced(
        deck_id=old.id, by_id=new_id, version=old.version, by_version=versions[new_topic], actor_id=actor_id
    )
    record(session, taken)
    return old


def _keep_words(slide: Slide, earlier: Slide | None) -> None:
    if earlier is None:
        return
    if earlier.alt:
        slide.alt, slide.alt_old = earlier.alt, earlier.alt_old or earlier.image_key != slide.image_key
    if earlier.notes_typed:
        slide.notes, slide.notes_typed = earlier.notes, True


def list_deck(session: Session, *, who: Who, deck: Deck, confirmed: bool = False) -> Deck:
    """Show a hidden deck to the public, or let a newer version that waits take its place.

    Raises Conflict when it isn't hidden, or what the guard found forbids it.

    `confirmed` says that a person looked at the doubtful words and found them harmless; a CPR number can't be so.
    """
    demand(rules.may_present(who, deck))
    found = queries.cautious(session, deck.id)
    if deck.state != DeckState.READY or not deck.hidden:
        raise Conflict
    if rules.REFUSED in found or (found and not confirmed):
        raise Conflict(_("The slides seem to hold private information. Remove it, and upload the file again."))
    if deck.replaces_id is not None:
        return take_place(session, deck, actor_id=who.author_id)
    deck.hidden = False
    deck.ready_at = deck.ready_at or clock.now()
    show_talks(session, deck)
    deck.version = topics.next_version(session, deck.topic)
    record(session, events.DeckListed(deck_id=deck.id, confirmed=bool(found), actor_id=who.author_id))
    return deck
