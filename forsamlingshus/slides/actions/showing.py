"""Verbs of presenting: start, show a slide, stop. The last press wins, whoever pressed."""

from sqlalchemy.orm import Session

from forsamlingshus.kernel import topics
from forsamlingshus.kernel.errors import Conflict
from forsamlingshus.kernel.events import record
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.permissions import Who, demand
from forsamlingshus.slides import events, queries, rules
from forsamlingshus.slides.actions.decks import refuse_closed
from forsamlingshus.slides.models import Deck, DeckState


def start_presenting(session: Session, *, who: Who, deck_id: int, no: int = 1) -> Deck:
    """Begin at slide `no`; other decks of the same meeting or workshop end theirs.

    Where a rehearsal or the last showing left the deck is for the presenter to choose, never what a hall gets unasked.
    A deck that is being shown already stays where it is: the second presenter's page may be a press behind.
    """
    deck = _to_show(session, who, deck_id)
    _refuse_unknown(deck, no)
    others = [other for other in queries.presenting(session, deck.scope_key) if other.id != deck.id]
    versions = topics.next_versions(session, [deck.topic, *(other.topic for other in others)])
    for other in others:
        _stopped(session, other, versions[other.topic], who)
    if deck.presenting and deck.showing:
        no = deck.showing
    deck.presenting, deck.showing, deck.version = True, no, versions[deck.topic]
    record(
        session,
        events.PresentingStarted(deck_id=deck.id, slide_no=no, version=deck.version, actor_id=who.author_id),
    )
    return deck


def show_slide(session: Session, *, who: Who, deck_id: int, no: int) -> Deck:
    """Show slide `no` (1-based). Raises Conflict when the deck has no such slide or isn't ready."""
    deck = _to_show(session, who, deck_id)
    _refuse_unknown(deck, no)
    deck.showing, deck.version = no, topics.next_version(session, deck.topic)
    record(session, events.SlideShown(deck_id=deck.id, slide_no=no, version=deck.version, actor_id=who.author_id))
    return deck


def stop_presenting(session: Session, *, who: Who, deck_id: int) -> Deck:
    """End the presentation; allowed at any time, and nothing when it is over already."""
    deck = session.get_one(Deck, deck_id)
    demand(rules.may_present(who, deck))
    if deck.presenting:
        _stopped(session, deck, topics.next_version(session, deck.topic), who)
    return deck


def _stopped(session: Session, deck: Deck, version: int, who: Who) -> None:
    deck.presenting, deck.version = False, version
    record(session, events.PresentingStopped(deck_id=deck.id, version=version, actor_id=who.author_id))


def _refuse_unknown(deck: Deck, no: int) -> None:
    if not 1 <= no <= deck.page_count:
        raise Conflict(_("There is no slide %(no)s.", no=no), next_url=deck.control_path, next_title=deck.title)


def _to_show(session: Session, who: Who, deck_id: int) -> Deck:
    deck = session.get_one(Deck, deck_id)
    demand(rules.may_present(who, deck))
    refuse_closed(who, deck.budget_year)
    if deck.state != DeckState.READY or deck.replaces_id is not None:
        raise Conflict(_("The presentation isn't ready yet."), next_url=deck.control_path, next_title=deck.title)
    if deck.hidden:  # showing it would begin the meeting and end another one, for a hall that sees nothing
        hidden = _("The presentation is hidden. Let everyone see it before you show it")
        raise Conflict(hidden, next_url=deck.control_path, next_title=deck.title)
    return deck
