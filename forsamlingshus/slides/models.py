"""Decks and their slides. A deck doesn't know its meeting or workshop: what it must show of it was told at upload."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forsamlingshus.discussions.models import Thread
from forsamlingshus.kernel.db import Base, UtcDateTime


class DeckState(StrEnum):
    """Where a deck stands. A removed one keeps nothing but its address, which then answers with the reason."""

    WAITING = "waiting"
    DRAWING = "drawing"
    READY = "ready"
    FAILED = "failed"
    REMOVED = "removed"


class FileType(StrEnum):
    """The kinds of files that become decks."""

    PDF = "pdf"
    PPTX = "pptx"
    ODP = "odp"


UNFINISHED = (DeckState.WAITING, DeckState.DRAWING)


class Deck(Base):
    """A presentation that a facilitator uploaded for one meeting or workshop (`scope_key`)."""

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
    forum_id: Mapped[int | None] = mapped_column(ForeignKey("forum.id"))
    """The forum of its meeting or workshop, in which its slides are talked about."""
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("deck.id", ondelete="CASCADE"), unique=True)
    """The deck whose place this new version takes once it is ready; nobody else sees it before."""
    state: Mapped[str] = mapped_column(String(10), default=DeckState.WAITING)
    fault: Mapped[str] = mapped_column(String(20), default="")
    """The value of a `converter.Fault` when it failed."""
    page_count: Mapped[int] = mapped_column(default=0)
    done_count: Mapped[int] = mapped_column(default=0)
    cover_key: Mapped[str] = mapped_column(String(64), default="")
    """The thumbnail of the first slide: a list of decks needs no look at the slides."""
    bare_count: Mapped[int] = mapped_column(default=0)
    """How many of its slides have neither text nor a description."""
    file_key: Mapped[str] = mapped_column(String(64), index=True)
    file_type: Mapped[str] = mapped_column(String(4), default=FileType.PDF)
    """What the stored file is: a presentation of an office program is kept only until there is a PDF of it."""
    file_notes: Mapped[list[str]] = mapped_column(JSON, default=list)
    """The speaker notes that were found in such a file, slide by slide, until their slides are drawn."""
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
    alt_old: Mapped[bool] = mapped_column(default=False)
    """True when the words were written for the picture of an older version."""
    notes: Mapped[str] = mapped_column(Text, default="")
    """For those who steer, and for nobody else."""
    notes_typed: Mapped[bool] = mapped_column(default=False)
    """True for notes that somebody wrote here: those of a newer file don't take their place."""
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


class SlideTalk(Base):
    """What is said about slide `no` of a deck. It stays with the number: a newer version of the slides keeps it."""

    __tablename__ = "slide_talk"

    deck_id: Mapped[int] = mapped_column(ForeignKey("deck.id", ondelete="CASCADE"), primary_key=True)
    no: Mapped[int] = mapped_column(primary_key=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("thread.id"), unique=True)

    thread: Mapped[Thread] = relationship(lazy="raise")


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
