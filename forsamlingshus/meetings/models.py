"""Meetings, their programme, the theme workshops with the facilitators' questions, and who facilitates what."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forsamlingshus.accounts.models import User
from forsamlingshus.discussions.models import Forum
from forsamlingshus.kernel.db import Base, UtcDateTime
from forsamlingshus.kernel.i18n import pick
from forsamlingshus.process.models import Theme
from forsamlingshus.stages.models import Stage


class GuestPolicy(StrEnum):
    """What people without an account may do at a meeting: only read, write what is held first, or write at once."""

    OFF = "off"
    MODERATED = "moderated"
    ON = "on"


class Meeting(Base):
    """The citizen meeting of a budget year; there is one."""

    __tablename__ = "meeting"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="order"),
        CheckConstraint("guests IN ('off', 'moderated', 'on')", name="guests"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    budget_year_id: Mapped[int] = mapped_column(ForeignKey("budget_year.id"), unique=True)
    year: Mapped[int]
    """The number of the budget year, as it stands in addresses."""
    slug: Mapped[str] = mapped_column(String(80))
    title_da: Mapped[str] = mapped_column(String(120))
    title_en: Mapped[str] = mapped_column(String(120))
    lead_da: Mapped[str] = mapped_column(String(600), default="")
    lead_en: Mapped[str] = mapped_column(String(600), default="")
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    place: Mapped[str] = mapped_column(String(120))
    sign_up_required: Mapped[bool] = mapped_column(default=False)
    """Shown as a fact; signing up itself happens elsewhere."""
    stage_id: Mapped[int] = mapped_column(ForeignKey("stage.id"), unique=True)
    """The plenary."""
    join_code: Mapped[str] = mapped_column(String(5), unique=True)
    """What people in the hall type or scan; it opens what anybody may read, so it is no secret."""
    guests: Mapped[str] = mapped_column(String(10), default=GuestPolicy.MODERATED)

    stage: Mapped[Stage] = relationship(lazy="raise")
    agenda: Mapped[list["AgendaItem"]] = relationship(order_by="AgendaItem.no", lazy="raise")
    workshops: Mapped[list["Workshop"]] = relationship(order_by="Workshop.no", back_populates="meeting", lazy="raise")

    @property
    def title(self) -> str:
        """The title in the page's language."""
        return pick(self.title_da, self.title_en)

    @property
    def lead(self) -> str:
        """What the meeting is about, in the page's language."""
        return pick(self.lead_da, self.lead_en)

    @property
    def path(self) -> str:
        """The address of its page."""
        return f"/budget/{self.year}/borgermoede"

    @property
    def join_path(self) -> str:
        """The address that its code leads to, for ever: first the way in, later the record."""
        return f"/m/{self.join_code}"

    @property
    def scope_key(self) -> str:
        """What a facilitator of the meeting is granted."""
        return f"meeting:{self.id}"


class AgendaItem(Base):
    """A point of the programme; hour and speakers stand there where they are known."""

    __tablename__ = "agenda_item"
    __table_args__ = (UniqueConstraint("meeting_id", "no"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"))
    no: Mapped[int]
    starts_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    title_da: Mapped[str] = mapped_column(String(160))
    title_en: Mapped[str] = mapped_column(String(160))
    speaker: Mapped[str] = mapped_column(String(160), default="")

    @property
    def title(self) -> str:
        """The title in the page's language."""
        return pick(self.title_da, self.title_en)


class Workshop(Base):
    """A room of the meeting, about one theme; it owns the forum in which the talk goes on."""

    __tablename__ = "workshop"
    __table_args__ = (UniqueConstraint("year", "slug"), UniqueConstraint("meeting_id", "no"))

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    theme_id: Mapped[int] = mapped_column(ForeignKey("theme.id"), unique=True)
    forum_id: Mapped[int] = mapped_column(ForeignKey("forum.id"), unique=True)
    stage_id: Mapped[int] = mapped_column(ForeignKey("stage.id"), unique=True)
    no: Mapped[int]
    year: Mapped[int]
    slug: Mapped[str] = mapped_column(String(80))
    """That of the theme."""
    lead_da: Mapped[str] = mapped_column(String(600), default="")
    lead_en: Mapped[str] = mapped_column(String(600), default="")
    question_da: Mapped[str] = mapped_column(String(200), default="")
    question_en: Mapped[str] = mapped_column(String(200), default="")

    meeting: Mapped[Meeting] = relationship(back_populates="workshops", lazy="raise")
    theme: Mapped[Theme] = relationship(lazy="raise")
    forum: Mapped[Forum] = relationship(lazy="raise")
    stage: Mapped[Stage] = relationship(lazy="raise")
    prompts: Mapped[list["Prompt"]] = relationship(order_by="Prompt.no", lazy="raise")

    @property
    def title_da(self) -> str:
        """The theme's Danish name: what decks are told of their place."""
        return self.theme.name_da

    @property
    def title(self) -> str:
        """The name of its theme."""
        return self.theme.name

    @property
    def lead(self) -> str:
        """What is talked about, in the page's language."""
        return pick(self.lead_da, self.lead_en)

    @property
    def question(self) -> str:
        """The one question on its card, in the page's language."""
        return pick(self.question_da, self.question_en)

    @property
    def path(self) -> str:
        """The address of its page."""
        return f"/budget/{self.year}/temaer/{self.slug}"

    @property
    def scope_key(self) -> str:
        """What a facilitator of the workshop is granted."""
        return f"workshop:{self.id}"


class Prompt(Base):
    """A question that the facilitators ask in a workshop."""

    __tablename__ = "prompt"
    __table_args__ = (UniqueConstraint("workshop_id", "no"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    workshop_id: Mapped[int] = mapped_column(ForeignKey("workshop.id", ondelete="CASCADE"))
    no: Mapped[int]
    text_da: Mapped[str] = mapped_column(String(300))
    text_en: Mapped[str] = mapped_column(String(300))

    @property
    def text(self) -> str:
        """The question in the page's language."""
        return pick(self.text_da, self.text_en)


class Facilitator(Base):
    """A grant: this user facilitates that one meeting, or that one workshop."""

    __tablename__ = "facilitator"
    __table_args__ = (
        UniqueConstraint("user_id", "meeting_id"),
        UniqueConstraint("user_id", "workshop_id"),
        CheckConstraint("(meeting_id IS NULL) <> (workshop_id IS NULL)", name="one_scope"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), index=True)
    workshop_id: Mapped[int | None] = mapped_column(ForeignKey("workshop.id", ondelete="CASCADE"), index=True)

    user: Mapped[User] = relationship(lazy="raise")
