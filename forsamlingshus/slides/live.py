"""Deck events: the nudge to draw, what listeners of a deck get, and who may listen."""

from flask import current_app
from sqlalchemy.orm import Session

from forsamlingshus.kernel import db, live
from forsamlingshus.kernel.live import Gate
from forsamlingshus.kernel.permissions import Who
from forsamlingshus.kernel.sender import Change
from forsamlingshus.slides import events, partials, queries, rules
from forsamlingshus.slides.models import Deck


def may_listen(session: Session, who: Who, deck_id: int) -> bool:
    """Everybody may follow a deck that is public; before that and while hidden only those who may present it."""
    deck = session.get(Deck, deck_id)
    return deck is not None and rules.may_read(who, deck)


def may_listen_as_presenter(session: Session, who: Who, deck_id: int) -> bool:
    """What the presenter's pages show (a file's name, the next slide) is for those who may present the deck."""
    deck = session.get(Deck, deck_id)
    return deck is not None and rules.may_present(who, deck)


GATES: dict[str, Gate] = {"deck": may_listen, "deck/presenter": may_listen_as_presenter}


def on_deck_uploaded(event: events.DeckUploaded) -> None:
    """Ask for the slides to be drawn; should this nudge be lost, the next start finds the row."""
    current_app.extensions["forsamlingshus.jobs"].run("render_deck", event.deck_id)


def on_deck_progressed(event: events.DeckProgressed) -> None:
    """The deck's row shows how far the drawing has come."""
    deck = db.session().get(Deck, event.deck_id)
    if deck is not None:
        _push(partials.presenter_changes(deck, event.version))


def on_slide_shown(event: events.SlideShown | events.PresentingStarted | events.PresentingStopped) -> None:
    """Followers see the slide, others that the presentation moved, and the other presenter what this one pressed."""
    deck = db.session().get_one(Deck, event.deck_id)
    _push([*partials.public_changes(deck, event.version), *partials.presenter_changes(deck, event.version)])


def on_deck_replaced(event: events.DeckReplaced) -> None:
    """Followers see the slide of the newer version, other pages offer to be read anew, and its own row is gone."""
    deck = db.session().get(Deck, event.deck_id)
    if deck is None:
        return
    offer = Change(deck.topic, event.version, "refresh", deck.topic)
    gone = Change(f"deck:{event.by_id}/presenter", event.by_version, "remove", f"newer-deck-{event.by_id}")
    own = [*partials.public_changes(deck, event.version), *partials.presenter_changes(deck, event.version)]
    _push([*own, offer, gone])


def on_slide_talked(event: events.SlideTalked) -> None:
    """The number of posts beside the slide."""
    deck = db.session().get(Deck, event.deck_id)
    if deck is not None:
        _push(partials.talk_changes(deck, event.version, event.slide_no))


def on_deck_withdrawn(event: events.DeckHidden | events.DeckRemoved) -> None:
    """Whoever listens must ask again: deck and talks are no longer for everybody."""
    live.reset(f"deck:{event.deck_id}")
    live.reset(f"deck:{event.deck_id}/presenter")
    for talk in queries.talks(db.session(), event.deck_id):
        live.reset(talk.thread.topic)


def _push(changes: list[Change]) -> None:
    current_app.extensions["forsamlingshus.sender"].push(changes)
