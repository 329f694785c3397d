"""Inputs, the quotes in them, and where they are used."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forsamlingshus.contributions.models import Contribution
from forsamlingshus.kernel.db import Base, UtcDateTime
from forsamlingshus.process.models import Theme

TITLE_MAX = 120
NOTE_MAX = 500


class Input(Base):
    """A titled group of quotes: several people said about the same. The public knows it by its number in the year."""

    __tablename__ = "input"
    __table_args__ = (UniqueConstraint("budget_year", "number"), Index(None, "theme_id", "number"))

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]
    budget_year: Mapped[int]
    theme_id: Mapped[int] = mapped_column(ForeignKey("theme.id"))
    title: Mapped[str] = mapped_column(String(TITLE_MAX))
    note: Mapped[str] = mapped_column(String(NOTE_MAX), default="")
    """For colleagues; never public."""
    quote_count: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("author.id"))
    version: Mapped[int] = mapped_column(default=0)
    """Of the year's topic, when the input last changed."""

    theme: Mapped[Theme] = relationship(lazy="raise")

    @property
    def path(self) -> str:
        """The public address."""
        return f"/budget/{self.budget_year}/input/{self.number}"

    @property
    def work_path(self) -> str:
        """The page where staff work with it."""
        return f"/arbejde/input/{self.number}?aar={self.budget_year}"


class Quote(Base):
    """Words of a contribution, exactly as they stand there, white space apart; the contribution stays untouched."""

    __tablename__ = "quote"
    __table_args__ = (UniqueConstraint("input_id", "contribution_id", "start"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    input_id: Mapped[int] = mapped_column(ForeignKey("input.id"))
    contribution_id: Mapped[int] = mapped_column(ForeignKey("contribution.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    start: Mapped[int]
    """Where the words begin in the contribution's text, in characters."""
    path: Mapped[str] = mapped_column(String(200))
    """The permalink of the contribution."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("author.id"))

    input: Mapped[Input] = relationship(lazy="raise")
    contribution: Mapped[Contribution] = relationship(lazy="raise")


class InputUse(Base):
    """A place that is built on an input, told by the slice above that owns it, as fates are told to contributions."""

    __tablename__ = "input_use"
    __table_args__ = (UniqueConstraint("input_id", "ref_id"), Index(None, "ref_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    input_id: Mapped[int] = mapped_column(ForeignKey("input.id"))
    ref_id: Mapped[int]
    """The id of the proposal."""
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    path: Mapped[str] = mapped_column(String(200))
    public_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """From when everybody may see it; None while no moment is set, and then only staff may."""

    def is_public(self, now: datetime) -> bool:
        """True once everybody may see the place."""
        return self.public_from is not None and self.public_from <= now
