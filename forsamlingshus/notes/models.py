"""Table notes: which table wrote what, about which theme and question."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forsamlingshus.contributions.models import Contribution
from forsamlingshus.kernel.db import Base, UtcDateTime
from forsamlingshus.meetings.models import Meeting, Prompt, Workshop


class TableNote(Base):
    """One note on paper. Its words are those of its contribution, whose author is the table."""

    __tablename__ = "table_note"
    __table_args__ = (
        UniqueConstraint("entered_by", "client_id"),
        CheckConstraint("table_no > 0", name="table"),
        CheckConstraint("people IS NULL OR people > 0", name="people"),
        Index(None, "meeting_id", "table_no"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    workshop_id: Mapped[int | None] = mapped_column(ForeignKey("workshop.id"), index=True)
    """None for a note to the whole meeting."""
    prompt_id: Mapped[int | None] = mapped_column(ForeignKey("prompt.id", ondelete="SET NULL"))
    """The facilitators' question that it answers."""
    table_no: Mapped[int]
    people: Mapped[int | None]
    """How many wrote it together; None where nobody counted."""
    contribution_id: Mapped[int] = mapped_column(ForeignKey("contribution.id"), unique=True)
    entered_by: Mapped[int] = mapped_column(ForeignKey("author.id"))
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    client_id: Mapped[str] = mapped_column(String(40))
    edition: Mapped[int] = mapped_column(default=1)
    """Goes up with each correction, so that of two who correct one is told."""

    meeting: Mapped[Meeting] = relationship(lazy="raise")
    workshop: Mapped[Workshop | None] = relationship(lazy="raise")
    prompt: Mapped[Prompt | None] = relationship(lazy="raise")
    contribution: Mapped[Contribution] = relationship(lazy="raise")
