"""The pieces of HTML that pages and live push share; read afresh when sent, so never older than their version."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from forsamlingshus.kernel import db, pages
from forsamlingshus.kernel.sender import Change
from forsamlingshus.slides import queries
from forsamlingshus.slides.models import Deck, DeckState

_Part = Callable[[int, str], str]


@dataclass(frozen=True, slots=True)
class Frame:
    """The page on which a presentation is followed: how its parts are named, and where its links lead.

    `leaf` with a number behind it shows that slide; `live` follows the presentation, and `kept` is the address of the
    page while it does, empty for that of the slide itself. Such a page folds the words of the slide.
    """

    part: str
    leaf: str
    live: str
    kept: str = ""


def deck_frame(deck: Deck) -> Frame:
    """The pages of the deck itself."""
    return Frame(f"deck-{deck.id}", f"{deck.path}/", f"{deck.path}/live")


def follow_values(mode: str = "deck", own_no: int | None = None) -> dict[str, Any]:
    """What the bar needs: `mode` is following, behind or deck (looking at the deck, or nobody in particular)."""
    return {"mode": mode, "own_no": own_no}


def stage_values(session: Session, deck: Deck, no: int, frame: Frame | None = None) -> dict[str, Any]:
    """What the stage needs: the slide with that number (None when it isn't drawn), the next one's picture, and how many
    posts there are about it (None when nobody can write)."""
    slides = queries.slides_at(session, deck.id, [no, no + 1])
    following = slides.get(no + 1)
    return {
        "deck": deck,
        "slide": slides.get(no),
        "next_image": following.image_url if following else "",
        "posts": queries.post_counts(session, deck.id, [no]).get(no),
        "frame": frame or deck_frame(deck),
    }


def control_values(session: Session, deck: Deck) -> dict[str, Any]:
    """What the presenter's panel needs: the slide being shown and the next one."""
    slides = queries.slides_at(session, deck.id, [deck.showing or 1, (deck.showing or 1) + 1])
    return {"deck": deck, "slide": slides.get(deck.showing or 1), "next_slide": slides.get((deck.showing or 1) + 1)}


def public_changes(deck: Deck, version: int) -> list[Change]:
    """What pages of the deck do when the presentation starts, moves on or stops; the stage is for followers alone."""
    parts = {"follow": _follow, "stage": _stage} if deck.presenting else {"follow": _follow}
    return _changes(deck, deck.topic, version, parts)


def talk_changes(deck: Deck, version: int, no: int, posts: int | None = None) -> list[Change]:
    """What pages of the deck do when another number of posts stands under a slide: wherever they say the number.

    It is read when it is sent, unless `posts` gives it.
    """
    return [
        Change(deck.topic, version, "replace", f"{spot}-{deck.id}-{no}", partial(_talk_count, deck.id, no, spot, posts))
        for spot in ("talk", "here")
    ]


def presenter_changes(deck: Deck, version: int) -> list[Change]:
    """What the presenter's pages do: the panel, and the deck's row in lists."""
    parts = {"row": _row, "control": _control} if deck.state == DeckState.READY else {"row": _row}
    return _changes(deck, deck.presenter_topic, version, parts)


def _changes(deck: Deck, topic: str, version: int, parts: Mapping[str, _Part]) -> list[Change]:
    return [
        Change(topic, version, "replace", f"{part}-deck-{deck.id}", partial(render, deck.id))
        for part, render in parts.items()
    ]


def _follow(deck_id: int, language: str) -> str:
    deck = db.session().get(Deck, deck_id)
    if deck is None:
        return ""
    return pages.partial("slides/_follow.html", language, deck=deck, frame=deck_frame(deck), **follow_values())


def _stage(deck_id: int, language: str) -> str:
    session = db.session()
    deck = session.get(Deck, deck_id)
    values = stage_values(session, deck, deck.showing) if deck and deck.showing else {"slide": None}
    return pages.partial("slides/_stage.html", language, **values) if values["slide"] else ""


def ahead(queue: list[int], deck: Deck) -> int:
    """How many decks are drawn before this one, of those that `queue` names in their order."""
    return sum(other < deck.id for other in queue)


def _row(deck_id: int, language: str) -> str:
    session = db.session()
    deck = session.get(Deck, deck_id)
    if deck is None:
        return ""
    return pages.partial("slides/_row.html", language, deck=deck, ahead=ahead(queries.unfinished(session), deck))


def _control(deck_id: int, language: str) -> str:
    session = db.session()
    deck = session.get(Deck, deck_id)
    return pages.partial("slides/_control.html", language, **control_values(session, deck)) if deck else ""


def _talk_count(deck_id: int, no: int, spot: str, posts: int | None, language: str) -> str:
    if posts is None:
        posts = queries.post_counts(db.session(), deck_id, [no]).get(no, 0)
    return pages.partial("slides/_talk_count.html", language, deck_id=deck_id, no=no, posts=posts, spot=spot)
