"""Reading decks and slides."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select, union_all
from sqlalchemy.orm import Session

from forsamlingshus.process import queries as process
from forsamlingshus.slides import models
from forsamlingshus.slides.models import UNFINISHED, Deck, DeckState, Slide

AT_ONCE = 500
"""Keys that one statement asks for."""


def deck_at(session: Session, year: int, slug: str) -> Deck | None:
    """The deck with that address."""
    return session.scalar(select(Deck).where(Deck.budget_year == year, Deck.slug == slug))


def decks_of(session: Session, scope_keys: Collection[str], *, listed_only: bool) -> list[Deck]:
    """The decks of some meetings and workshops in their order; with `listed_only` those that the public may see."""
    wanted = select(Deck).where(Deck.scope_key.in_(scope_keys), Deck.state != DeckState.REMOVED)
    if listed_only:
        wanted = wanted.where(Deck.state == DeckState.READY, Deck.hidden.is_(False))
    return list(session.scalars(wanted.order_by(Deck.scope_key, Deck.position, Deck.id)))


def slide_at(session: Session, deck_id: int, no: int) -> Slide | None:
    """A slide by its number."""
    return session.scalar(select(Slide).where(Slide.deck_id == deck_id, Slide.no == no))


def slides_at(session: Session, deck_id: int, numbers: Collection[int]) -> dict[int, Slide]:
    """Some slides of a deck by their numbers."""
    wanted = select(Slide).where(Slide.deck_id == deck_id, Slide.no.in_(numbers))
    return {slide.no: slide for slide in session.scalars(wanted)}


@dataclass(frozen=True, slots=True)
class Thumb:
    """A slide as the strip shows it; the text may be long, so only its beginning is read."""

    no: int
    image_key: str
    thumb_key: str
    alt: str
    opening: str
    caution: str

    @property
    def image_url(self) -> str:
        """The address of the picture."""
        return models.image_url(self.image_key)

    @property
    def thumb_url(self) -> str:
        """The address of the thumbnail."""
        return models.thumbnail_url(self.thumb_key)

    @property
    def description(self) -> str:
        """The words that stand for the picture; empty when it has none."""
        return self.alt or models.shortened(self.opening)

    @property
    def caption(self) -> str:
        """The first sentence or heading, short enough to stand under a thumbnail."""
        return self.alt or models.shortened("".join(models.paragraphs(self.opening)[:1]), 60)


def strip(session: Session, deck_id: int) -> list[Thumb]:
    """All slides of a deck (at most 300) in their order, without their long texts."""
    return list(thumbs(session, [deck_id]).values())


def thumbs(session: Session, deck_ids: Collection[int]) -> dict[tuple[int, int], Thumb]:
    """All slides of some decks in their order, without their long texts, by deck and number."""
    opening = func.substr(Slide.text, 1, models.SHORT + 1)
    rows = session.execute(
        select(Slide.deck_id, Slide.no, Slide.image_key, Slide.thumb_key, Slide.alt, opening, Slide.caution)
        .where(Slide.deck_id.in_(deck_ids))
        .order_by(Slide.deck_id, Slide.no)
    )
    return {(deck_id, row[0]): Thumb(*row) for deck_id, *row in rows}


def drawn(session: Session, deck_id: int) -> int:
    """How many slides of a deck are drawn without a gap from the first one on."""
    found = set(session.scalars(select(Slide.no).where(Slide.deck_id == deck_id)))
    count = 0
    while count + 1 in found:
        count += 1
    return count


def cautious(session: Session, deck_id: int) -> set[str]:
    """The kinds of personal data that the guard believes to see in a deck's slides."""
    return set(session.scalars(select(Slide.caution).where(Slide.deck_id == deck_id, Slide.caution != "").distinct()))


def showing_image(session: Session, key: str, *, thumbnail: bool) -> list[Deck]:
    """The decks with that picture: a picture is kept once, whoever uploaded it."""
    column = Slide.thumb_key if thumbnail else Slide.image_key
    return list(session.scalars(select(Deck).join(Slide, Slide.deck_id == Deck.id).where(column == key).distinct()))


def presenting(session: Session, scope_key: str) -> list[Deck]:
    """The decks of a meeting or workshop that are being presented."""
    return list(session.scalars(select(Deck).where(Deck.scope_key == scope_key, Deck.presenting.is_(True))))


def unfinished(session: Session) -> list[int]:
    """The decks whose slides are still to be drawn, oldest first."""
    return list(session.scalars(select(Deck.id).where(Deck.state.in_(UNFINISHED)).order_by(Deck.id)))


def next_position(session: Session, scope_key: str) -> int:
    """The place behind the last deck of a meeting or workshop."""
    return 1 + (session.scalar(select(func.max(Deck.position)).where(Deck.scope_key == scope_key)) or 0)


def free_slug(session: Session, year: int, wanted: str) -> str:
    """`wanted`, or with the first free number behind it where another deck of that year has it."""
    taken = set(session.scalars(select(Deck.slug).where(Deck.budget_year == year, Deck.slug.startswith(wanted))))
    number, slug = 1, wanted
    while slug in taken:
        number += 1
        slug = f"{wanted}-{number}"
    return slug


def still_named(session: Session, keys: Collection[str]) -> set[str]:
    """Those of the file keys that a row names, whatever their number."""
    columns = (Deck.file_key, Slide.image_key, Slide.thumb_key)
    found: set[str] = set()
    wanted = list(keys)
    for start in range(0, len(wanted), AT_ONCE):
        some = wanted[start : start + AT_ONCE]
        found |= set(session.scalars(union_all(*(select(column).where(column.in_(some)) for column in columns))))
    return found


def keys_of(session: Session, deck: Deck) -> set[str]:
    """The keys of every file that a deck is made of."""
    rows = session.execute(select(Slide.image_key, Slide.thumb_key).where(Slide.deck_id == deck.id))
    return {key for row in rows for key in row} | {deck.file_key}


def public_lines(session: Session) -> list[str]:
    """The municipality's own published lines, which the personal-data guard lets pass."""
    municipality = process.municipality(session)
    return list(municipality.public_lines) if municipality else []
