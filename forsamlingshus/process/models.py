"""Budget years, phases, milestones and themes: the data that every right to write follows from."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forsamlingshus.kernel import clock
from forsamlingshus.kernel.db import Base, UtcDateTime
from forsamlingshus.kernel.i18n import pick


class Activity(StrEnum):
    """What a phase can open."""

    DISCUSS = "discuss"
    PRESENT = "present"
    COLLECT = "collect"
    EDIT_CATALOGUE = "edit_catalogue"
    RESPOND = "respond"


class Precision(StrEnum):
    """How exactly the date of a milestone is known."""

    MOMENT = "moment"
    DAY = "day"
    MONTH = "month"


class Municipality(Base):
    """The municipality of this instance, one row: name and contacts are data, never source code."""

    __tablename__ = "municipality"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    department: Mapped[str] = mapped_column(String(80), default="")
    address: Mapped[str] = mapped_column(String(200), default="")
    cvr: Mapped[str] = mapped_column(String(20), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    hours: Mapped[str] = mapped_column(String(120), default="")
    public_lines: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Own published phone numbers, mailboxes and addresses, which the personal-data guard lets pass."""


class BudgetYear(Base):
    """One run of the process, named by the year that the budget is for."""

    __tablename__ = "budget_year"

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(unique=True)
    lead_da: Mapped[str] = mapped_column(String(400), default="")
    lead_en: Mapped[str] = mapped_column(String(400), default="")
    summary_da: Mapped[str] = mapped_column(String(2000), default="")
    summary_en: Mapped[str] = mapped_column(String(2000), default="")
    hearing_mailbox: Mapped[str] = mapped_column(String(254), default="")

    phases: Mapped[list["Phase"]] = relationship(order_by="Phase.no", back_populates="budget_year")
    milestones: Mapped[list["Milestone"]] = relationship(order_by="Milestone.no", back_populates="budget_year")
    themes: Mapped[list["Theme"]] = relationship(order_by="Theme.no", back_populates="budget_year")

    @property
    def lead(self) -> str:
        """One sentence about the year, in the page's language."""
        return pick(self.lead_da, self.lead_en)

    @property
    def summary(self) -> str:
        """The short text about the year in the page's language; blank lines part paragraphs."""
        return pick(self.summary_da, self.summary_en)

    @property
    def path(self) -> str:
        """The address of the year's page."""
        return f"/budget/{self.year}"

    @property
    def estimate_years(self) -> tuple[int, int, int, int]:
        """The budget year and the three estimate years."""
        return self.year, self.year + 1, self.year + 2, self.year + 3


class Phase(Base):
    """A step of the process and the activities that it opens, from `opens_at` until just before `closes_at`.

    What is open is computed from these dates whenever somebody asks; no job changes a state.
    """

    __tablename__ = "phase"
    __table_args__ = (UniqueConstraint("budget_year_id", "key"), CheckConstraint("opens_at < closes_at", name="order"))

    id: Mapped[int] = mapped_column(primary_key=True)
    budget_year_id: Mapped[int] = mapped_column(ForeignKey("budget_year.id"), index=True)
    no: Mapped[int]
    key: Mapped[str] = mapped_column(String(40))
    title_da: Mapped[str] = mapped_column(String(80))
    title_en: Mapped[str] = mapped_column(String(80))
    opens_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closes_at: Mapped[datetime] = mapped_column(UtcDateTime)
    activities: Mapped[list[str]] = mapped_column(JSON, default=list)
    step: Mapped[bool] = mapped_column(default=True)
    """True for the steps drawn as gables; a phase may also only open something beside them."""

    budget_year: Mapped[BudgetYear] = relationship(back_populates="phases")

    @property
    def title(self) -> str:
        """The title in the page's language."""
        return pick(self.title_da, self.title_en)


class Milestone(Base):
    """A date of the process: known to the moment, the day or the month, or not known (`starts_at` is None)."""

    __tablename__ = "milestone"
    __table_args__ = (UniqueConstraint("budget_year_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    budget_year_id: Mapped[int] = mapped_column(ForeignKey("budget_year.id"), index=True)
    no: Mapped[int]
    key: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(30))
    title_da: Mapped[str] = mapped_column(String(120))
    title_en: Mapped[str] = mapped_column(String(120))
    starts_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    precision: Mapped[str] = mapped_column(String(10), default=Precision.DAY)
    certain: Mapped[bool] = mapped_column(default=True)
    note_da: Mapped[str] = mapped_column(String(300), default="")
    note_en: Mapped[str] = mapped_column(String(300), default="")
    place: Mapped[str] = mapped_column(String(250), default="")
    path: Mapped[str] = mapped_column(String(200), default="")
    """The page about it, told by the slice that owns that page; empty where there is none."""

    budget_year: Mapped[BudgetYear] = relationship(back_populates="milestones")

    @property
    def title(self) -> str:
        """The title in the page's language."""
        return pick(self.title_da, self.title_en)

    @property
    def note(self) -> str:
        """The note in the page's language."""
        return pick(self.note_da, self.note_en)

    @property
    def day(self) -> datetime | None:
        """When it begins, on a Danish wall clock."""
        return clock.local(self.starts_at) if self.starts_at else None

    @property
    def is_period(self) -> bool:
        """True for work that lasts from one day to another, and is nothing that somebody can attend."""
        return self.precision == Precision.DAY and self.ends_at is not None

    @property
    def is_opening(self) -> bool:
        """True for the moment when something opens: from then on it is what is open that counts."""
        return self.kind == "hearing_opens"

    @property
    def has_day(self) -> bool:
        """True when at least the day is known, so that it can stand in a calendar."""
        return self.starts_at is not None and self.precision in {Precision.MOMENT, Precision.DAY}


class Theme(Base):
    """One of the themes that workshops, posts and proposals belong to."""

    __tablename__ = "theme"
    __table_args__ = (UniqueConstraint("budget_year_id", "slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    budget_year_id: Mapped[int] = mapped_column(ForeignKey("budget_year.id"), index=True)
    no: Mapped[int]
    slug: Mapped[str] = mapped_column(String(80))
    name_da: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(80))
    token: Mapped[str] = mapped_column(String(20))
    """The colour and glyph: rehab, admin, trivsel or groen (see static/css/tokens.css)."""

    budget_year: Mapped[BudgetYear] = relationship(back_populates="themes")

    @property
    def name(self) -> str:
        """The name in the page's language."""
        return pick(self.name_da, self.name_en)
