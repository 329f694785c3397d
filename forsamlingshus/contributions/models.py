"""Contributions and their fates."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forsamlingshus.accounts.models import Author, AuthorKind
from forsamlingshus.kernel.db import Base, UtcDateTime
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.process.models import Theme


def topic_of(year: int) -> str:
    """The topic of everything that is said in a budget year; it moves when a contribution becomes public."""
    return f"contributions:{year}"


class Kind(StrEnum):
    """What sort of contribution it is; later slices add hearing responses."""

    POST = "post"
    QUESTION = "question"
    POLL_RESULT = "poll_result"
    TABLE_NOTE = "table_note"


class FateKind(StrEnum):
    """What became of a contribution."""

    INPUT = "input"
    PROPOSAL = "proposal"


class Contribution(Base):
    """Whatever a person said. The thing itself (a post, a table note …) owns one and points at it.

    `topic` and `version` are those of the page that shows it: what changed after version N is one indexed query.
    """

    __tablename__ = "contribution"
    __table_args__ = (
        Index("ix_contribution_topic_version", "topic", "version"),
        Index("ix_contribution_topic_used", "topic", "used"),
        Index("ix_contribution_board", "budget_year", "public", "used", "id"),
        Index("ix_contribution_board_theme", "theme_id", "public", "used", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    author_id: Mapped[int] = mapped_column(ForeignKey("author.id"), index=True)
    author_role: Mapped[str] = mapped_column(String(20), default="")
    """The badge that the author wore when writing: staff, council, facilitator or nothing."""
    anonymous: Mapped[bool] = mapped_column(default=False)
    """True when no page may name the author: whoever shows a contribution shows `author_name`."""
    budget_year: Mapped[int]
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("theme.id"))
    path: Mapped[str] = mapped_column(String(200))
    """The permalink."""
    place: Mapped[str] = mapped_column(String(200), default="")
    """Where it was said, in words (the title of the thread)."""
    text: Mapped[str] = mapped_column(Text)
    """The visible words, without Markdown: what quotes are checked against."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    public: Mapped[bool] = mapped_column(default=True)
    used: Mapped[bool] = mapped_column(default=False)
    topic: Mapped[str] = mapped_column(String(80))
    version: Mapped[int] = mapped_column(default=0)

    author: Mapped[Author] = relationship(lazy="raise")
    theme: Mapped[Theme | None] = relationship(lazy="raise")
    fates: Mapped[list["Fate"]] = relationship(
        back_populates="contribution", cascade="all, delete-orphan", lazy="raise", order_by="Fate.id"
    )

    @property
    def author_name(self) -> str:
        """The name that everybody may read, in the page's language."""
        if self.author.kind == AuthorKind.HALL:
            return _("Participants at the meeting")
        if self.author.kind == AuthorKind.PAPER:
            return _("From paper, table %(number)s", number=self.author.name)
        return _("Anonymous") if self.anonymous else self.author.name

    @property
    def is_personal(self) -> bool:
        """True for the words of one person; a result of a poll or a note from a table stands for several."""
        return self.kind not in (Kind.POLL_RESULT, Kind.TABLE_NOTE)

    @property
    def way_there(self) -> str:
        """What a link to the words as they were said is called, in the page's language."""
        ways = {Kind.POLL_RESULT: _("See the result of the poll"), Kind.TABLE_NOTE: _("Read the whole note")}
        return ways.get(Kind(self.kind), _("Read it in the thread"))


class Fate(Base):
    """One thing that became of a contribution, told by the slice that used it: words and an address."""

    __tablename__ = "fate"
    __table_args__ = (UniqueConstraint("contribution_id", "kind", "ref_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contribution_id: Mapped[int] = mapped_column(ForeignKey("contribution.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(20))
    ref_id: Mapped[int]
    """The id of the input or proposal; with `kind` it makes recording the same fate twice one fate."""
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    path: Mapped[str] = mapped_column(String(200))
    """Empty while the place is not public."""
    public_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """From when everybody may see it; None means at once."""

    words: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    """The words of the contribution that were used, each as it stood there; pages underline those that still do."""

    contribution: Mapped[Contribution] = relationship(back_populates="fates")

    def is_public(self, now: datetime) -> bool:
        """True once everybody may see it: a page shows only these fates, so that publishing needs no job.

        What is kept of a rendered page is therefore good until the earliest `public_from` that lies after `now`.
        """
        return self.public_from is None or self.public_from <= now
