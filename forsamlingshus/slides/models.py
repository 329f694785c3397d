"""Decks and their slides. A deck doesn't know its meeting or workshop: what it must show of it was told at upload."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from forsamlingshus.kernel.db import Base, UtcDateTime


class DeckState(StrEnum):
    """Where a deck stands. A removed one keeps nothing but its address, which then answers with the reason."""

    WAITING = "waiting"
    DRAWING = "drawing"
    READY = "ready"
    FAILED = "failed"
    REMOVED = "removed"


UNFINISHED = (DeckState.WAITING, DeckState.DRAWING)


class Deck(Base):
    """A presentation that a facilitator uploaded as PDF for one meeting or workshop (`scope_key`)."""

    __tablename__ = "deck"
    __table_args__ = (
        UniqueConstraint("budget_year", "slug"),
        Index("ix_deck_list", "scope_key", "position", "id"),
        Index("ix_deck_state", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    scope_key: Mapped[str] = mapped_column(String(40))
    budget_year: Mapped[int]
    slug: Mapped[str] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(String(120))
    speaker: Mapped[str] = mapped_column(String(120), default="")
    place_title: Mapped[str] = mapped_column(String(200), default="")
    place_path: Mapped[str] = mapped_column(String(200), default="")
    """The public page of its meeting or workshop, and below it the page where its facilitators upload."""
    manage_path: Mapped[str] = mapped_column(String(200), default="")
    state: Mapped[str] = mapped_column(String(10), default=DeckState.WAITING)
    fault: Mapped[str] = mapped_column(String(20), default="")
    """The value of a `converter.Fault` when it failed."""
    page_count: Mapped[int] = mapped_column(default=0)
    done_count: Mapped[int] = mapped_column(default=0)
    cover_key: Mapped[str] = mapped_column(String(64), default="")
    """The thumbnail of the first slide: a list of decks needs no look at the slides."""
    file_key: Mapped[str] = mapped_column(String(64), index=True)
    file_size: Mapped[int]
    file_name: Mapped[str] = mapped_column(String(120))
    """The uploader's name for the file, shown to those who may present it; never part of a path."""
    uploaded_by: Mapped[int] = mapped_column(ForeignKey("author.id"))
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ready_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    position: Mapped[int]
    showing: Mapped[int | None]
    """The number of the slide that the presenter shows; stays when the presentation is over."""
    presenting: Mapped[bool] = mapped_column(default=False)
    hidden: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=0)

    @property
    def topic(self) -> str:
        """The topic of the slide being shown."""
        return f"deck:{self.id}"

    @property
    def presenter_topic(self) -> str:
        """The part of the topic that is for those who may present it: progress, panel and row."""
        return f"{self.topic}/presenter"

    @property
    def path(self) -> str:
        """The public page of the deck."""
        return f"/budget/{self.budget_year}/oplaeg/{self.slug}"

    @property
    def control_path(self) -> str:
        """The page from which it is presented."""
        return f"/styring/oplaeg/{self.budget_year}/{self.slug}"

    @property
    def listed(self) -> bool:
        """True when the public may see it."""
        return self.state == DeckState.READY and not self.hidden

    @property
    def cover_url(self) -> str:
        """The thumbnail that stands for the deck; empty until its first slide is drawn."""
        return thumbnail_url(self.cover_key) if self.cover_key else ""


class Slide(Base):
    """One page of a deck: a picture, its thumbnail and the text layer."""

    __tablename__ = "slide"
    __table_args__ = (UniqueConstraint("deck_id", "no"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    deck_id: Mapped[int] = mapped_column(ForeignKey("deck.id", ondelete="CASCADE"))
    no: Mapped[int]
    image_key: Mapped[str] = mapped_column(String(64), index=True)
    thumb_key: Mapped[str] = mapped_column(String(64), index=True)
    width: Mapped[int]
    height: Mapped[int]
    text: Mapped[str] = mapped_column(Text, default="")
    alt: Mapped[str] = mapped_column(String(500), default="")
    """What the picture shows, in a facilitator's words."""
    caution: Mapped[str] = mapped_column(String(10), default="")
    """The kind of personal data that the guard believes to see in the text, when it is enough to hold the deck back."""

    @property
    def image_url(self) -> str:
        """The address of the picture."""
        return image_url(self.image_key)

    @property
    def thumb_url(self) -> str:
        """The address of the small picture."""
        return thumbnail_url(self.thumb_key)

    @property
    def description(self) -> str:
        """The words that stand for the picture: the facilitator's, else the beginning of its text."""
        return self.alt or shortened(self.text)

    @property
    def paragraphs(self) -> list[str]:
        """The text as it is read."""
        return paragraphs(self.text)


SHORT = 200


def paragraphs(text: str) -> list[str]:
    """The lines of a text layer, joined where one that begins in lower case goes on from the one before it."""
    found: list[str] = []
    for line in filter(None, (line.strip() for line in text.split("\n"))):
        if found and line[0].islower():
            found[-1] = f"{found[-1]} {line}"
        else:
            found.append(line)
    return found


def shortened(text: str, most: int = SHORT) -> str:
    """The first words of a text, at most `most` characters."""
    words = " ".join(text.split())
    return words if len(words) <= most else words[: most - 1].rsplit(" ", 1)[0] + "…"


def image_url(key: str) -> str:
    """The address of a slide's picture."""
    return f"/fil/slide/{key}.webp"


def thumbnail_url(key: str) -> str:
    """The address of a slide's thumbnail."""
    return f"/fil/mini/{key}.webp"
