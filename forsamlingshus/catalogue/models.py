"""The catalogue of a budget year, its proposals, and the inputs that they are built on."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forsamlingshus.inputs.models import Input
from forsamlingshus.kernel.db import Base, UtcDateTime
from forsamlingshus.ledger.models import AmountKind, Line
from forsamlingshus.process.models import Theme

TITLE_MAX, LEAD_MAX, COMMITTEE_MAX, TEXT_MAX = 120, 400, 80, 5000
NUMBER_MAX = 999
"""Proposals of a year are numbered 1 to this, so lists of them are bounded without pages."""


class ProposalType(StrEnum):
    """What a proposal does to the budget."""

    REDUCTION = "reduction"
    EFFICIENCY = "efficiency"
    EXPANSION = "expansion"
    CAPITAL = "capital"
    TECHNICAL = "technical"


class Status(StrEnum):
    """Where a proposal stands. A draft is never public; a withdrawn one stays readable and counts nothing."""

    DRAFT = "draft"
    READY = "ready"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"


class Source(StrEnum):
    """Where a proposal comes from: citizens' words, or the administration alone, which is then said."""

    WORKSHOP = "workshop"
    ADMINISTRATION = "administration"


class Catalogue(Base):
    """One budget year's catalogue: when it is public, and what it was declared to come to."""

    __tablename__ = "catalogue"

    id: Mapped[int] = mapped_column(primary_key=True)
    budget_year: Mapped[int] = mapped_column(unique=True)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    control_count: Mapped[int | None]
    control_tkr: Mapped[int | None]
    """Full phase-in in 1.000 kr., signed."""

    def is_public(self, now: datetime) -> bool:
        """Computed from the moment whenever somebody asks; no job publishes."""
        return self.published_at is not None and self.published_at <= now


class Proposal(Base):
    """One proposal, with its number in the year as its name. Its money lies on its line in the ledger."""

    __tablename__ = "proposal"
    __table_args__ = (
        UniqueConstraint("budget_year", "number"),
        Index(None, "theme_id", "number"),
        CheckConstraint("source IN ('workshop', 'administration')", name="source"),
        CheckConstraint("status IN ('draft', 'ready', 'changed', 'withdrawn')", name="status"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]
    budget_year: Mapped[int]
    theme_id: Mapped[int] = mapped_column(ForeignKey("theme.id"))
    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"), unique=True)
    title: Mapped[str] = mapped_column(String(TITLE_MAX))
    lead: Mapped[str] = mapped_column(String(LEAD_MAX), default="")
    committee: Mapped[str] = mapped_column(String(COMMITTEE_MAX), default="")
    kind: Mapped[str] = mapped_column(String(20), default=AmountKind.OPERATING)
    """The kind of its amounts."""
    type: Mapped[str] = mapped_column(String(20), default=ProposalType.REDUCTION)
    status: Mapped[str] = mapped_column(String(20), default=Status.DRAFT)
    source: Mapped[str] = mapped_column(String(20), default=Source.WORKSHOP)
    source_count: Mapped[int] = mapped_column(default=0)
    """How many inputs it is built on."""
    content: Mapped[str] = mapped_column(Text, default="")
    citizens: Mapped[str] = mapped_column(Text, default="")
    staff: Mapped[str] = mapped_column(Text, default="")
    fte: Mapped[float | None]
    """Full-time equivalents, signed like money: -0.9 is 0.9 fewer."""
    legal: Mapped[str] = mapped_column(Text, default="")
    implementation: Mapped[str] = mapped_column(Text, default="")
    risk: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    edition: Mapped[int] = mapped_column(default=1)
    """Counts its wordings, so that whoever changes an older one can be told."""
    version: Mapped[int] = mapped_column(default=0)
    """Of the catalogue's topic, when the proposal or its sources last changed."""

    theme: Mapped[Theme] = relationship(lazy="raise")
    line: Mapped[Line] = relationship(lazy="raise")

    @property
    def path(self) -> str:
        """The public address."""
        return f"/budget/{self.budget_year}/katalog/{self.number}"

    @property
    def work_path(self) -> str:
        """The page where staff change it."""
        return f"/arbejde/forslag/{self.number}?aar={self.budget_year}"

    @property
    def is_draft(self) -> bool:
        """True while only staff may see it, even in a published catalogue."""
        return self.status == Status.DRAFT

    @property
    def lacks_source(self) -> bool:
        """True when it names citizens' words as its origin and none are linked."""
        return self.source == Source.WORKSHOP and not self.source_count


class ProposalSource(Base):
    """An input that a proposal is built on."""

    __tablename__ = "proposal_source"

    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), primary_key=True)
    input_id: Mapped[int] = mapped_column(ForeignKey("input.id"), primary_key=True, index=True)

    proposal: Mapped[Proposal] = relationship(lazy="raise")
    input: Mapped[Input] = relationship(lazy="raise")
