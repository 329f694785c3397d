"""Polls and the answers to them. Whatever the kind, an answer is a row of whole numbers, one for each option."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forsamlingshus.contributions.models import Contribution
from forsamlingshus.kernel.db import Base, UtcDateTime
from forsamlingshus.meetings.models import AgendaItem
from forsamlingshus.slides.models import Deck
from forsamlingshus.stages.models import Stage


class PollKind(StrEnum):
    """How a poll is answered: one option, several, a step from 1 to 5, or points that are spread over the options."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    SCALE = "scale"
    SPREAD = "spread"


class Poll(Base):
    """A question to everybody on a stage, about a point of the programme, about a slide, or about the whole meeting.

    It is prepared, opened once and closed once. `result` is counted as it closes, so nothing can show it too early.
    """

    __tablename__ = "poll"
    __table_args__ = (
        UniqueConstraint("stage_id", "no"),
        CheckConstraint("kind IN ('single', 'multiple', 'scale', 'spread')", name="kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    stage_id: Mapped[int] = mapped_column(ForeignKey("stage.id"))
    no: Mapped[int]
    """Its number on the stage."""
    path: Mapped[str] = mapped_column(String(220), unique=True)
    kind: Mapped[str] = mapped_column(String(10))
    question: Mapped[str] = mapped_column(String(200))
    options: Mapped[list[str]] = mapped_column(JSON)
    """What can be chosen, in order. Of a scale the words for its steps, most of them empty."""
    points: Mapped[int] = mapped_column(default=0)
    """How many points each person spreads; 0 for the other kinds."""
    agenda_item_id: Mapped[int | None] = mapped_column(ForeignKey("agenda_item.id", ondelete="SET NULL"))
    deck_id: Mapped[int | None] = mapped_column(ForeignKey("deck.id", ondelete="SET NULL"))
    slide_no: Mapped[int | None]
    edition: Mapped[int] = mapped_column(default=1)
    """Goes up with each change, so that of two who edit one is told."""
    on_screen: Mapped[bool] = mapped_column(default=False)
    """True for the one poll of the stage that its wall shows when it shows polls."""
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=0)
    """Of the stage's polls, when it was opened or closed."""
    answer_count: Mapped[int] = mapped_column(default=0)
    guest_count: Mapped[int | None]
    """How many of the answers guests gave, counted at closing; None where they could not answer or nobody counted."""
    result: Mapped[list[int] | None] = mapped_column(JSON(none_as_null=True))
    """What each option got, from the moment of closing on."""
    contribution_id: Mapped[int | None] = mapped_column(ForeignKey("contribution.id"), unique=True)

    stage: Mapped[Stage] = relationship(lazy="raise")
    agenda_item: Mapped[AgendaItem | None] = relationship(lazy="raise")
    deck: Mapped[Deck | None] = relationship(lazy="raise")
    contribution: Mapped[Contribution | None] = relationship(lazy="raise")

    @property
    def is_open(self) -> bool:
        """True while people answer."""
        return self.opened_at is not None and self.closed_at is None

    @property
    def topic(self) -> str:
        """The topic of what becomes of its result."""
        return f"poll:{self.id}"


class PollAnswer(Base):
    """What one person answers to an open poll, at most once. These rows go when the poll is closed: only sums stay."""

    __tablename__ = "poll_answer"
    __table_args__ = (UniqueConstraint("poll_id", "author_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    poll_id: Mapped[int] = mapped_column(ForeignKey("poll.id", ondelete="CASCADE"))
    author_id: Mapped[int] = mapped_column(ForeignKey("author.id"))
    weights: Mapped[list[int]] = mapped_column(JSON)


def topic_of(stage_id: int) -> str:
    """The topic of what everybody sees of a stage's polls."""
    return f"polls:{stage_id}"
