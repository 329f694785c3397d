"""Minutes of a meeting, and the summaries of its workshops, whose points cite posts."""

from datetime import datetime

from markupsafe import Markup
from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forsamlingshus.discussions.models import Post
from forsamlingshus.kernel.db import Base, UtcDateTime
from forsamlingshus.kernel.html import SafeHtml


class Minutes(Base):
    """The minutes of a meeting: the text that staff work on, and beside it the one that everybody reads."""

    __tablename__ = "minutes"

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), unique=True)
    body: Mapped[str] = mapped_column(Text)
    """Small Markdown; a line that begins with `## ` is a heading."""
    edition: Mapped[int] = mapped_column(default=1)
    """The number of the newest change: whoever saves says which one they began from."""
    edited_at: Mapped[datetime] = mapped_column(UtcDateTime)
    public_body: Mapped[str] = mapped_column(Text, default="")
    public_edition: Mapped[int] = mapped_column(default=0)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    posts: Mapped[list["MinutesPost"]] = relationship(lazy="raise", cascade="all, delete-orphan")
    corrections: Mapped[list["Correction"]] = relationship(lazy="raise", order_by="Correction.id")


class MinutesPost(Base):
    """A post that staff chose for the minutes. Its words are read from the post, so they go when it is hidden."""

    __tablename__ = "minutes_post"

    minutes_id: Mapped[int] = mapped_column(ForeignKey("minutes.id", ondelete="CASCADE"), primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), primary_key=True)
    chosen: Mapped[bool] = mapped_column(default=True)
    """True while it belongs to what staff work on."""
    public: Mapped[bool] = mapped_column(default=False)
    """True while it belongs to what everybody reads."""


class Correction(Base):
    """What was corrected in minutes that everybody could read, in the words of whoever did it."""

    __tablename__ = "correction"

    id: Mapped[int] = mapped_column(primary_key=True)
    minutes_id: Mapped[int] = mapped_column(ForeignKey("minutes.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    note: Mapped[str] = mapped_column(String(300))


class Summary(Base):
    """What a workshop came to, in points; everybody reads it from `published_at` on."""

    __tablename__ = "summary"

    id: Mapped[int] = mapped_column(primary_key=True)
    workshop_id: Mapped[int] = mapped_column(ForeignKey("workshop.id"), unique=True)
    edition: Mapped[int] = mapped_column(default=0)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    corrected_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """The newest change of a point after everybody could read it."""

    points: Mapped[list["SummaryPoint"]] = relationship(
        lazy="raise", order_by="SummaryPoint.no", cascade="all, delete-orphan"
    )


class SummaryPoint(Base):
    """One point, and the posts on which it builds: at least one."""

    __tablename__ = "summary_point"
    __table_args__ = (UniqueConstraint("summary_id", "no"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    summary_id: Mapped[int] = mapped_column(ForeignKey("summary.id", ondelete="CASCADE"))
    no: Mapped[int]
    source: Mapped[str] = mapped_column(Text)
    html: Mapped[Markup] = mapped_column(SafeHtml)
    sanitizer_version: Mapped[int]

    cited: Mapped[list["PointPost"]] = relationship(
        lazy="raise", order_by="PointPost.post_id", cascade="all, delete-orphan"
    )


class PointPost(Base):
    """A post that a point cites."""

    __tablename__ = "point_post"

    point_id: Mapped[int] = mapped_column(ForeignKey("summary_point.id", ondelete="CASCADE"), primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), primary_key=True, index=True)

    post: Mapped[Post] = relationship(lazy="raise")
