"""Meetings, their programme and sign-ups, the workshops with the facilitators' questions, and who facilitates what."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forsamlingshus.accounts.models import Author, User
from forsamlingshus.discussions.models import Forum
from forsamlingshus.kernel.db import Base, UtcDateTime
from forsamlingshus.kernel.i18n import pick
from forsamlingshus.process.models import Theme
from forsamlingshus.slides.models import Deck
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
        CheckConstraint("capacity > 0", name="capacity"),
        CheckConstraint("attendance >= 0", name="attendance"),
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
    address: Mapped[str] = mapped_column(String(120), default="")
    sign_up_required: Mapped[bool] = mapped_column(default=False)
    """People sign up on the meeting's pages, before it begins or until `sign_up_until`."""
    sign_up_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    capacity: Mapped[int | None]
    """Seats in the hall; None where there is room for everybody. Who signs up after the last one waits."""
    attendance: Mapped[int | None]
    """How many people came, as staff counted them."""
    edition: Mapped[int] = mapped_column(default=1)
    """Counts what staff have saved of it, so that nobody saves over what somebody else has written meanwhile."""
    moved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When staff last gave it another hour or place; None for never. Whoever signed up before is told."""
    stage_id: Mapped[int] = mapped_column(ForeignKey("stage.id"), unique=True)
    """The plenary."""
    join_code: Mapped[str] = mapped_column(String(5), unique=True)
    """What people in the hall type or scan; it opens what anybody may read, so it is no secret."""
    guests: Mapped[str] = mapped_column(String(10), default=GuestPolicy.MODERATED)
    wifi_name: Mapped[str] = mapped_column(String(32), default="", server_default="")
    wifi_password: Mapped[str] = mapped_column(String(63), default="", server_default="")
    """The network of the hall, as the wall and the poster say it to everybody; no password for an open one."""

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
    def plan_path(self) -> str:
        """Where staff plan it, and below it all that they plan."""
        return f"/arbejde/borgermoede/{self.year}"

    @property
    def run_path(self) -> str:
        """Where those who run it work, and below it all that they do."""
        return f"/styring/{self.year}/{self.slug}"

    @property
    def sign_up_path(self) -> str:
        """Where people sign up."""
        return f"{self.path}/tilmelding"

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
    text_da: Mapped[str] = mapped_column(String(600), default="")
    text_en: Mapped[str] = mapped_column(String(600), default="")
    speaker: Mapped[str] = mapped_column(String(160), default="")
    room: Mapped[str] = mapped_column(String(120), default="")
    deck_id: Mapped[int | None] = mapped_column(ForeignKey("deck.id", ondelete="SET NULL"), index=True)
    workshop_id: Mapped[int | None] = mapped_column(ForeignKey("workshop.id", ondelete="SET NULL"), index=True)
    edition: Mapped[int] = mapped_column(default=1)

    deck: Mapped[Deck | None] = relationship(lazy="raise")
    workshop: Mapped["Workshop | None"] = relationship(lazy="raise")

    @property
    def title(self) -> str:
        """The title in the page's language."""
        return pick(self.title_da, self.title_en)

    @property
    def text(self) -> str:
        """What happens, in the page's language."""
        return pick(self.text_da, self.text_en)


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
    own_title_da: Mapped[str] = mapped_column(String(80), default="")
    own_title_en: Mapped[str] = mapped_column(String(80), default="")
    """What it is called where it has another name than its theme."""
    room: Mapped[str] = mapped_column(String(120), default="")
    lead_da: Mapped[str] = mapped_column(String(600), default="")
    lead_en: Mapped[str] = mapped_column(String(600), default="")
    question_da: Mapped[str] = mapped_column(String(200), default="")
    question_en: Mapped[str] = mapped_column(String(200), default="")
    edition: Mapped[int] = mapped_column(default=1)

    meeting: Mapped[Meeting] = relationship(back_populates="workshops", lazy="raise")
    theme: Mapped[Theme] = relationship(lazy="raise")
    forum: Mapped[Forum] = relationship(lazy="raise")
    stage: Mapped[Stage] = relationship(lazy="raise")
    prompts: Mapped[list["Prompt"]] = relationship(order_by="Prompt.no", lazy="raise")

    @property
    def title_da(self) -> str:
        """Its own Danish name or that of the theme: what forum, stage and decks are told of their place."""
        return self.own_title_da or self.theme.name_da

    @property
    def title_en(self) -> str:
        """The same in English."""
        return self.own_title_en or self.own_title_da or self.theme.name_en

    @property
    def title(self) -> str:
        """Its name in the page's language."""
        return pick(self.title_da, self.title_en)

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
    def run_path(self) -> str:
        """Where those who run it work, and below it all that they do."""
        return f"/styring/{self.year}/{self.slug}"

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


class SignUp(Base):
    """Somebody with an account who wants to come: with a seat, or with a number on the waiting list."""

    __tablename__ = "sign_up"
    __table_args__ = (
        UniqueConstraint("meeting_id", "author_id"),
        Index(None, "meeting_id", "waiting_no"),
        CheckConstraint("waiting_no > 0", name="waiting_no"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"))
    author_id: Mapped[int] = mapped_column(ForeignKey("author.id", ondelete="CASCADE"), index=True)
    workshop_id: Mapped[int | None] = mapped_column(ForeignKey("workshop.id", ondelete="SET NULL"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    """What the list at the door says; staff read it, nobody else."""
    waiting_no: Mapped[int | None]
    """The place in the queue, 1 for who is next; None with a seat."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When somebody from the waiting list got a seat; None for who never waited."""
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """The moment of the newest news that this person has said to have seen; None for none."""

    author: Mapped[Author] = relationship(lazy="raise")
    meeting: Mapped[Meeting] = relationship(lazy="raise")
    workshop: Mapped[Workshop | None] = relationship(lazy="raise")

    @property
    def has_seat(self) -> bool:
        """True unless this person waits."""
        return self.waiting_no is None
