"""Verbs on decks as things in a list: upload, rename, move, describe, hide, list again, remove."""

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from forsamlingshus.discussions import actions as discussions
from forsamlingshus.kernel import clock, topics
from forsamlingshus.kernel.addresses import slug
from forsamlingshus.kernel.errors import Closed, Conflict
from forsamlingshus.kernel.events import record
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.permissions import Who, demand
from forsamlingshus.slides import events, queries, rules
from forsamlingshus.slides.actions.talks import rename_talks, show_talks
from forsamlingshus.slides.models import Deck, DeckState, FileType, Slide, SlideTalk


def upload_deck(
    session: Session,
    *,
    who: Who,
    scope_key: str,
    budget_year: int,
    place_title: str,
    title: str,
    speaker: str,
    file_key: str,
    file_size: int,
    file_name: str,
    place_path: str = "",
    manage_path: str = "",
    forum_id: int | None = None,
    file_type: FileType = FileType.PDF,
) -> Deck:
    """Take in a file that the store holds; its slides are drawn by a job. `file_size` is in bytes.

    Raises Forbidden for whoever does not lead `scope_key`, Closed when no phase of the year is open for presentations.
    """
    demand(who.author_id is not None and rules.leads(who, scope_key))
    refuse_closed(who, budget_year)
    deck = Deck(
        scope_key=scope_key,
        budget_year=budget_year,
        slug=queries.free_slug(session, budget_year, slug(title, "oplaeg")),
        title=title[: rules.TITLE_MAX],
        speaker=speaker[: rules.SPEAKER_MAX],
        place_title=place_title[:200],
        place_path=place_path,
        manage_path=manage_path,
        forum_id=forum_id,
        file_key=file_key,
        file_size=file_size,
        file_name=rules.display_name(file_name, file_type),
        file_type=file_type,
        uploaded_by=who.author_id,
        uploaded_at=clock.now(),
        position=queries.next_position(session, scope_key),
    )
    session.add(deck)
    session.flush()
    deck.version = topics.next_version(session, deck.topic)
    record(session, events.DeckUploaded(deck_id=deck.id, actor_id=who.author_id))
    return deck


def refuse_closed(who: Who, year: int) -> None:
    """Raise Closed when presentations may be neither uploaded nor shown now."""
    if not rules.is_open(who, year):
        raise Closed(
            _("Presentations can't be uploaded or shown in this phase of the budget."),
            next_url=f"/budget/{year}",
            next_title=_("Budget %(year)s", year=year),
        )


def rename_deck(session: Session, *, who: Who, deck: Deck, title: str, speaker: str) -> Deck:
    """Give a deck another title or speaker; its address stays, because it may stand in somebody's mail."""
    demand(rules.may_present(who, deck))
    deck.title, deck.speaker = title[: rules.TITLE_MAX], speaker[: rules.SPEAKER_MAX]
    rename_talks(session, deck)
    record(session, events.DeckRenamed(deck_id=deck.id, actor_id=who.author_id))
    return deck


def move_deck(session: Session, *, who: Who, deck: Deck, up: bool) -> Deck:
    """Let a deck change places with the one above or below it; at the end of the list nothing happens."""
    demand(rules.may_present(who, deck))
    if deck.replaces_id is not None:  # it has the place of the deck that it is for
        return deck
    order = queries.decks_of(session, [deck.scope_key], listed_only=False)
    here = next(place for place, other in enumerate(order) if other.id == deck.id)
    there = here - 1 if up else here + 1
    if not 0 <= there < len(order):
        return deck
    order[here], order[there] = order[there], order[here]
    for position, other in enumerate(order, 1):
        other.position = position
    record(session, events.DeckMoved(deck_id=deck.id, position=deck.position, actor_id=who.author_id))
    return deck


def rename_place(session: Session, *, scope_key: str, place_title: str) -> None:
    """Tell the decks of a meeting or workshop what it is called now."""
    session.execute(update(Deck).where(Deck.scope_key == scope_key).values(place_title=place_title[:200]))


def describe_slide(session: Session, *, who: Who, deck: Deck, slide: Slide, alt: str, notes: str) -> Slide:
    """Say in words what a slide's picture shows, and write notes for those who steer; empty texts take them back."""
    demand(rules.may_present(who, deck) and slide.deck_id == deck.id)
    slide.alt, slide.alt_old = alt[: rules.ALT_MAX], False
    notes = notes[: rules.NOTES_MAX]
    if notes != slide.notes:
        slide.notes, slide.notes_typed = notes, bool(notes)
    session.flush()
    deck.bare_count = queries.bare_count(session, deck.id)
    record(session, events.SlideDescribed(deck_id=deck.id, slide_no=slide.no, actor_id=who.author_id))
    return slide


def hide_deck(session: Session, *, who: Who, deck: Deck) -> Deck:
    """Take a deck off the public pages; those who may present it keep it. Raises Conflict when it isn't there."""
    demand(rules.may_present(who, deck))
    if not deck.listed:
        raise Conflict
    deck.hidden, deck.presenting = True, False
    show_talks(session, deck)
    deck.version = topics.next_version(session, deck.topic)
    record(session, events.DeckHidden(deck_id=deck.id, actor_id=who.author_id))
    return deck


def remove_deck(session: Session, *, who: Who, deck: Deck) -> set[str]:
    """Remove a deck and its slides for good; returns the keys of the files that nothing names any more.

    What was public leaves its address behind, which then says that the deck was removed. Raises Conflict when somebody
    wrote about a slide: people's words don't go with the pictures.
    """
    demand(rules.may_remove(who, deck))
    if queries.is_talked_about(session, deck.id):
        raise Conflict(_("People have written about the slides. Hide the presentation, or upload a new version of it."))
    keys = queries.keys_of(session, deck) | drop_newer(session, deck)
    record(session, events.DeckRemoved(deck_id=deck.id, actor_id=who.author_id))
    threads = [talk.thread_id for talk in queries.talks(session, deck.id)]
    session.execute(delete(SlideTalk).where(SlideTalk.deck_id == deck.id))
    discussions.remove_owned(session, thread_ids=threads)
    session.execute(delete(Slide).where(Slide.deck_id == deck.id))
    if deck.ready_at is None:
        session.delete(deck)
    else:
        deck.state, deck.presenting, deck.showing = DeckState.REMOVED, False, None
        deck.title = deck.speaker = deck.file_key = deck.file_name = deck.cover_key = ""
        deck.page_count = deck.done_count = deck.file_size = 0
        deck.version = topics.next_version(session, deck.topic)
    session.flush()
    return keys - queries.still_named(session, keys)


def drop_newer(session: Session, deck: Deck) -> set[str]:
    """Forget a newer version that is not in place yet; returns the keys of its files."""
    newer = queries.replacement_of(session, deck.id)
    if newer is None:
        return set()
    keys = queries.keys_of(session, newer)
    session.execute(delete(Slide).where(Slide.deck_id == newer.id))
    session.delete(newer)
    session.flush()
    return keys
