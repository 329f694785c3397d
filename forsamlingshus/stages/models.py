"""Stages, and the record of what was shown on them. A stage doesn't know its meeting: it was told what it shows."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forsamlingshus.discussions.models import Forum, Thread
from forsamlingshus.kernel.db import Base, UtcDateTime
from forsamlingshus.kernel.i18n import pick


class Mode(StrEnum):
    """What the wall shows."""

    SLIDE = "slide"
    SLIDE_QUESTIONS = "slide_questions"
    QUESTIONS = "questions"
    QUESTION = "question"
    POLL = "poll"
    JOIN = "join"
    PAUSE = "pause"
    BLACK = "black"


class MomentKind(StrEnum):
    """What happened on a stage at a moment; later slices read the record by these."""

    STARTED = "started"
    SLIDE = "slide"
    SLIDES_ENDED = "slides_ended"
    QUESTION = "question"
    MODE = "mode"
    CLOSED = "closed"
    REOPENED = "reopened"


class Stage(Base):
    """One live place: the plenary of a meeting, or one of its workshops."""

    __tablename__ = "stage"

    id: Mapped[int] = mapped_column(primary_key=True)
    scope_key: Mapped[str] = mapped_column(String(40), unique=True)
    budget_year: Mapped[int]
    title_da: Mapped[str] = mapped_column(String(120))
    title_en: Mapped[str] = mapped_column(String(120))
    place_path: Mapped[str] = mapped_column(String(200))
    """The public page of its meeting or workshop."""
    path: Mapped[str] = mapped_column(String(200), unique=True)
    """The public live page, and below it the page from which it is steered."""
    control_path: Mapped[str] = mapped_column(String(200), unique=True)
    forum_id: Mapped[int] = mapped_column(ForeignKey("forum.id"))
    thread_id: Mapped[int] = mapped_column(ForeignKey("thread.id"), unique=True)
    """Its questions."""
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When the meeting is to begin; the page opens by itself then."""
    display_key: Mapped[str] = mapped_column(String(40), unique=True)
    """Whoever knows it sees the wall's page; it never stands in a log."""
    mode: Mapped[str] = mapped_column(String(20), default=Mode.SLIDE_QUESTIONS)
    question_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"))
    """The question that the wall shows alone."""
    pause_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    message: Mapped[str] = mapped_column(String(160), default="")
    frozen: Mapped[bool] = mapped_column(default=False)
    """True while questions from the hall stay off the wall, unless one is chosen."""
    show_names: Mapped[bool] = mapped_column(default=False)
    rehearsal: Mapped[bool] = mapped_column(default=False)
    rehearsal_deck_id: Mapped[int | None] = mapped_column(ForeignKey("deck.id", ondelete="SET NULL"))
    rehearsal_no: Mapped[int] = mapped_column(default=1)
    """What the wall shows while a rehearsal goes on; nobody else sees it."""
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    forum: Mapped[Forum] = relationship(lazy="raise")
    thread: Mapped[Thread] = relationship(lazy="raise")

    @property
    def title(self) -> str:
        """The title in the page's language."""
        return pick(self.title_da, self.title_en)

    @property
    def topic(self) -> str:
        """What everybody on the live page sees of it."""
        return f"stage:{self.id}"

    @property
    def control_topic(self) -> str:
        """What those who steer it see: notes and what waits travel here alone."""
        return f"control:{self.id}"

    @property
    def newest_topic(self) -> str:
        """The same for a control view that lists the newest questions first: a part of the topic."""
        return f"{self.control_topic}/newest"

    @property
    def hall_topic(self) -> str:
        """What the wall shows."""
        return f"projector:{self.id}"

    @property
    def hall_path(self) -> str:
        """The address of the wall's page."""
        return f"/storskaerm/{self.display_key}"


class StageMoment(Base):
    """One thing that happened on a stage. Only ever added to: the record of the meeting is built from these rows."""

    __tablename__ = "stage_moment"
    __table_args__ = (Index(None, "stage_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    stage_id: Mapped[int] = mapped_column(ForeignKey("stage.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    kind: Mapped[str] = mapped_column(String(20))
    deck_id: Mapped[int | None] = mapped_column(ForeignKey("deck.id", ondelete="SET NULL"))
    slide_no: Mapped[int | None]
    question_id: Mapped[int | None] = mapped_column(ForeignKey("post.id", ondelete="SET NULL"))
    mode: Mapped[str] = mapped_column(String(20), default="")
