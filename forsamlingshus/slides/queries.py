"""Reading decks and slides."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select, union_all
from sqlalchemy.orm import Session, joinedload

from forsamlingshus.discussions.models import Post, Thread
from forsamlingshus.slides import models
from forsamlingshus.slides.models import UNFINISHED, Deck, DeckState, Slide, SlideTalk

AT_ONCE = 500
"""Keys that one statement asks for."""


def deck_at(session: Session, year: int, slug: str) -> Deck | None:
    """The deck with that address."""
    return session.scalar(select(Deck).where(Deck.budget_year == year, Deck.slug == slug))


def decks_of(session: Session, scope_keys: Collection[str], *, listed_only: bool) -> list[Deck]:
    """The decks of some meetings and workshops in their order; with `listed_only` those that the public may see.

    Newer versions that wait for their turn are no decks of their own.
    """
    wanted = select(Deck).where(Deck.scope_key.in_(scope_keys), Deck.state != DeckState.REMOVED)
    wanted = wanted.where(Deck.replaces_id.is_(None))
    if listed_only:
        wanted = wanted.where(Deck.state == DeckState.READY, Deck.hidden.is_(False))
    return list(session.scalars(wanted.order_by(Deck.scope_key, Deck.position, Deck.id)))


def replacements(session: Session, scope_key: str) -> dict[int, Deck]:
    """The newer versions that are not in place yet, by the decks that they are for."""
    found = session.scalars(select(Deck).where(Deck.scope_key == scope_key, Deck.replaces_id.is_not(None)))
    return {deck.replaces_id: deck for deck in found if deck.replaces_id is not None}


def replacement_of(session: Session, deck_id: int) -> Deck | None:
    """The newer version of a deck that is not in place yet."""
    return session.scalar(select(Deck).where(Deck.replaces_id == deck_id))


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
    alt_old: bool
    opening: str
    caution: str
    posts: int
    """How many posts are to be seen in its talk."""

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


_POSTS = func.coalesce(Thread.post_count, 0)


def strip(session: Session, deck_id: int) -> list[Thumb]:
    """All slides of a deck (at most 300) in their order, without their long texts."""
    return list(thumbs(session, [deck_id]).values())


def thumbs(session: Session, deck_ids: Collection[int]) -> dict[tuple[int, int], Thumb]:
    """All slides of some decks in their order, without their long texts, by deck and number."""
    opening = func.substr(Slide.text, 1, models.SHORT + 1)
    rows = session.execute(
        select(
            Slide.deck_id,
            Slide.no,
            Slide.image_key,
            Slide.thumb_key,
            Slide.alt,
            Slide.alt_old,
            opening,
            Slide.caution,
            _POSTS,
        )
        .outerjoin(SlideTalk, (SlideTalk.deck_id == Slide.deck_id) & (SlideTalk.no == Slide.no))
        .outerjoin(Thread, Thread.id == SlideTalk.thread_id)
        .where(Slide.deck_id.in_(deck_ids))
        .order_by(Slide.deck_id, Slide.no)
    )
    return {(deck_id, row[0]): Thumb(*row) for deck_id, *row in rows}


def talks(session: Session, deck_id: int) -> list[SlideTalk]:
    """The talks of a deck, with their threads, by the numbers of the slides; those of slides that went included."""
    wanted = select(SlideTalk).where(SlideTalk.deck_id == deck_id).options(joinedload(SlideTalk.thread, innerjoin=True))
    return list(session.scalars(wanted.order_by(SlideTalk.no)))


def talk_at(session: Session, deck_id: int, no: int) -> SlideTalk | None:
    """The talk of a slide, with its thread and forum."""
    place = joinedload(SlideTalk.thread, innerjoin=True).joinedload(Thread.forum, innerjoin=True)
    return session.scalar(select(SlideTalk).where(SlideTalk.deck_id == deck_id, SlideTalk.no == no).options(place))


def talk_of_thread(session: Session, thread_id: int) -> SlideTalk | None:
    """The talk that a thread is."""
    return session.scalar(select(SlideTalk).where(SlideTalk.thread_id == thread_id))


def post_counts(session: Session, deck_id: int, numbers: Collection[int] | None = None) -> dict[int, int]:
    """How many posts stand under some slides, or under all those about which somebody ever wrote."""
    wanted = select(SlideTalk.no, Thread.post_count).join(Thread, Thread.id == SlideTalk.thread_id)
    wanted = wanted.where(SlideTalk.deck_id == deck_id)
    wanted = wanted.where(Thread.last_position > 0 if numbers is None else SlideTalk.no.in_(numbers))
    return {row.no: row.post_count for row in session.execute(wanted)}


def gone_talks(session: Session, deck: Deck) -> list[SlideTalk]:
    """The talks in which somebody wrote about slides that the newest version has not."""
    return [talk for talk in talks(session, deck.id) if talk.no > deck.page_count and talk.thread.last_position]


def is_talked_about(session: Session, deck_id: int) -> bool:
    """True when anybody wrote about a slide of the deck, even where nobody else has seen it yet."""
    wanted = select(Post.id).join(SlideTalk, SlideTalk.thread_id == Post.thread_id).where(SlideTalk.deck_id == deck_id)
    return session.scalar(wanted.limit(1)) is not None


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
    # Not a join made distinct: PostgreSQL cannot compare the JSON in a deck's row.
    return list(session.scalars(select(Deck).where(Deck.id.in_(select(Slide.deck_id).where(column == key)))))


def presenting(session: Session, scope_key: str) -> list[Deck]:
    """The decks of a meeting or workshop that are being presented."""
    return list(session.scalars(select(Deck).where(Deck.scope_key == scope_key, Deck.presenting.is_(True))))


def waiting(session: Session) -> list[Deck]:
    """The decks that wait for the drawing of others, the next one first; at most 50."""
    return list(session.scalars(select(Deck).where(Deck.state == DeckState.WAITING).order_by(Deck.id).limit(50)))


def bare_count(session: Session, deck_id: int) -> int:
    """How many slides of a deck have neither text nor a description."""
    bare = select(func.count(Slide.id)).where(Slide.deck_id == deck_id, Slide.text == "", Slide.alt == "")
    return session.scalar(bare) or 0


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


def keys_before(session: Session, new: Deck) -> set[str]:
    """The keys of the files of the deck whose place a newer version is to take; nothing when it is none."""
    old = session.get(Deck, new.replaces_id) if new.replaces_id is not None else None
    return keys_of(session, old) if old is not None else set()
