"""Forums, threads, posts and what people do with them."""

from datetime import date, datetime, time
from enum import StrEnum

from markupsafe import Markup
from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forsamlingshus.accounts.models import Author
from forsamlingshus.contributions.models import Contribution
from forsamlingshus.kernel.clock import COPENHAGEN
from forsamlingshus.kernel.db import Base, UtcDateTime
from forsamlingshus.kernel.html import SafeHtml
from forsamlingshus.kernel.i18n import lazy_gettext as _l
from forsamlingshus.kernel.i18n import pick

REASON_WORDS = {
    "personal_data": _l("It holds private information"),
    "tone": _l("It attacks a person or a group"),
    "off_topic": _l("It is about something else"),
    "illegal": _l("It may be against the law"),
    "duplicate": _l("It stands there already"),
    "advert": _l("It is an advertisement"),
    "other": _l("Another reason"),
}
"""The rules for which a post may be hidden, by their code."""


class PostState(StrEnum):
    """Where a post stands. A held post waits for a person; hidden and withdrawn ones keep their place alone."""

    VISIBLE = "visible"
    HELD = "held"
    HIDDEN = "hidden"
    WITHDRAWN = "withdrawn"


class ThreadKind(StrEnum):
    """A talk among people, the questions to a meeting (of which a forum has one list), or the talk about one slide.

    Only talks are opened by people and listed by their forum; the others stand on the page of what owns them.
    """

    TALK = "talk"
    QUESTIONS = "questions"
    SLIDE = "slide"


class PostKind(StrEnum):
    """What a post is: a word in a talk, or a question to those who speak at a meeting."""

    POST = "post"
    QUESTION = "question"


class QuestionFate(StrEnum):
    """What became of a question; one that was hidden has a PostState instead."""

    OPEN = "open"
    ANSWERED = "answered"
    WRITTEN = "written"
    MERGED = "merged"
    THREAD = "thread"


class Forum(Base):
    """A place where threads live. It doesn't know its owner: what it must show of it was told when it was opened."""

    __tablename__ = "forum"

    id: Mapped[int] = mapped_column(primary_key=True)
    budget_year: Mapped[int]
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("theme.id"))
    scope_key: Mapped[str] = mapped_column(String(40), index=True)
    path: Mapped[str] = mapped_column(String(200), unique=True)
    title_da: Mapped[str] = mapped_column(String(120))
    title_en: Mapped[str] = mapped_column(String(120))
    hold_first: Mapped[bool] = mapped_column(default=False)
    closes_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """From when on nobody writes there, whatever phase is open; None while the phase alone decides."""
    prompts: Mapped[list[list[str]]] = mapped_column(JSON, default=list)
    """The facilitator's questions, each in Danish and English; a thread may say which one it answers."""
    thread_count: Mapped[int] = mapped_column(default=0)
    post_count: Mapped[int] = mapped_column(default=0)
    author_count: Mapped[int] = mapped_column(default=0)

    @property
    def title(self) -> str:
        """The title in the page's language."""
        return pick(self.title_da, self.title_en)

    @property
    def topic(self) -> str:
        """The topic of its list of threads."""
        return f"forum:{self.id}"


class Thread(Base):
    """A question or claim, and the posts about it."""

    __tablename__ = "thread"
    __table_args__ = (
        Index("ix_thread_newest", "forum_id", "shown", "last_post_at", "id"),
        Index("ix_thread_important", "forum_id", "shown", "support_count", "id"),
        Index("ix_thread_unanswered", "forum_id", "shown", "post_count", "last_post_at", "id"),
        Index("ix_thread_prompt", "forum_id", "shown", "prompt_no", "post_count"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    forum_id: Mapped[int] = mapped_column(ForeignKey("forum.id"))
    kind: Mapped[str] = mapped_column(String(10), default=ThreadKind.TALK)
    title: Mapped[str] = mapped_column(String(120))
    path: Mapped[str] = mapped_column(String(240), default="")
    author_id: Mapped[int | None] = mapped_column(ForeignKey("author.id"))
    """None for a thread that belongs to a stage or a slide: nobody opened it."""
    prompt_no: Mapped[int | None]
    """The number of the facilitator's question that the thread answers."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_post_at: Mapped[datetime] = mapped_column(UtcDateTime)
    excerpt: Mapped[str] = mapped_column(String(160), default="")
    shown: Mapped[bool] = mapped_column(default=False)
    """False until its first post is visible, for a slide's talk while its deck is not public, and for ever for a list
    of questions: it stands on a page of its own."""
    closed: Mapped[bool] = mapped_column(default=False)
    """True once its owner has closed it: the questions to a meeting that is over, the talk about a slide that went."""
    post_count: Mapped[int] = mapped_column(default=0)
    author_count: Mapped[int] = mapped_column(default=0)
    support_count: Mapped[int] = mapped_column(default=0)
    last_position: Mapped[int] = mapped_column(default=0)

    forum: Mapped[Forum] = relationship(lazy="raise")

    @property
    def topic(self) -> str:
        """The topic of its posts."""
        return f"thread:{self.id}"


class Post(Base):
    """What somebody wrote in a thread: at the top level, or as a reply to a top-level post.

    `position` is the order on the page, given when the post becomes visible; `root_position` that of the top-level post
    it stands under (its own for a top-level post), so that (root_position, position) is the order of reading.
    A question's position is also its number.
    """

    __tablename__ = "post"
    __table_args__ = (
        UniqueConstraint("author_id", "client_id"),
        Index("ix_post_page", "thread_id", "root_position", "position"),
        Index("ix_post_queue", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("thread.id"))
    kind: Mapped[str] = mapped_column(String(10), default=PostKind.POST)
    contribution_id: Mapped[int] = mapped_column(ForeignKey("contribution.id"), unique=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("author.id"))
    client_id: Mapped[str] = mapped_column(String(40))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"), index=True)
    quoted_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"), index=True)
    quote: Mapped[str] = mapped_column(String(500), default="")
    quote_name: Mapped[str] = mapped_column(String(40), default="")
    quote_shown: Mapped[bool] = mapped_column(default=True)
    """False while the quoted post is hidden or withdrawn: its words must not live on in others' posts."""
    source: Mapped[str] = mapped_column(Text)
    html: Mapped[Markup] = mapped_column(SafeHtml)
    sanitizer_version: Mapped[int]
    state: Mapped[str] = mapped_column(String(10))
    position: Mapped[int | None]
    root_position: Mapped[int | None]
    support_count: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    edited_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When it was withdrawn or hidden."""
    reason_code: Mapped[str] = mapped_column(String(20), default="")
    reason: Mapped[str] = mapped_column(String(300), default="")
    first_trace: Mapped[str] = mapped_column(String(5), default="", server_default="")
    """rules.trace of the words it was sent with, once it has been edited; empty before that and after withdrawal."""

    thread: Mapped[Thread] = relationship(lazy="raise")
    contribution: Mapped[Contribution] = relationship(lazy="raise")
    parent: Mapped["Post | None"] = relationship(lazy="raise", remote_side=[id], foreign_keys=[parent_id])
    versions: Mapped[list["PostVersion"]] = relationship(
        lazy="raise", order_by="PostVersion.id", cascade="all, delete-orphan"
    )
    question: Mapped["Question | None"] = relationship(
        lazy="raise", foreign_keys="Question.post_id", cascade="all, delete-orphan"
    )
    answer: Mapped["OfficialAnswer | None"] = relationship(lazy="raise", cascade="all, delete-orphan")

    @property
    def rule(self) -> str:
        """The rule for which it is hidden, in the reader's language; empty where the moderator's sentence says it."""
        return str(REASON_WORDS[self.reason_code]) if self.reason_code not in {"", "other"} else ""

    @property
    def path(self) -> str:
        """The permalink."""
        return f"/i/{self.id}"


class Question(Base):
    """What a question has beside its post: its fate, and what was shown when it was asked."""

    __tablename__ = "question"

    post_id: Mapped[int] = mapped_column(ForeignKey("post.id", ondelete="CASCADE"), primary_key=True)
    fate: Mapped[str] = mapped_column(String(10), default=QuestionFate.OPEN)
    fate_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answer_due: Mapped[date | None]
    """The day before which a written answer is promised."""
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"), index=True)
    thread_id: Mapped[int | None] = mapped_column(ForeignKey("thread.id"), index=True)
    """The thread in which it goes on, when the meeting ended without an answer."""
    about_path: Mapped[str] = mapped_column(String(200), default="")
    about_title: Mapped[str] = mapped_column(String(120), default="")
    on_screen: Mapped[bool] = mapped_column(default=False)
    """True while the wall shows it alone."""

    merged_into: Mapped[Post | None] = relationship(lazy="raise", foreign_keys=[merged_into_id])
    thread: Mapped[Thread | None] = relationship(lazy="raise")

    @property
    def due_at(self) -> datetime | None:
        """The promised day as a moment, at noon in Denmark."""
        return datetime.combine(self.answer_due, time(12), COPENHAGEN) if self.answer_due else None


class OfficialAnswer(Base):
    """The municipality's answer to a post; at most one."""

    __tablename__ = "official_answer"

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id", ondelete="CASCADE"), unique=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("author.id"))
    author_role: Mapped[str] = mapped_column(String(20), default="")
    """The badge that the author wore when writing, as of a contribution."""
    source: Mapped[str] = mapped_column(Text)
    html: Mapped[Markup] = mapped_column(SafeHtml)
    sanitizer_version: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    edited_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    author: Mapped[Author] = relationship(lazy="raise")


class PostVersion(Base):
    """An older wording of a post that was edited later than the free minutes after it was written."""

    __tablename__ = "post_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id", ondelete="CASCADE"), index=True)
    html: Mapped[Markup] = mapped_column(SafeHtml)
    replaced_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Reaction(Base):
    """'Important to me', or 'I want to know this too' of a question: at most one of a person on a post."""

    __tablename__ = "reaction"
    __table_args__ = (UniqueConstraint("post_id", "author_id"), Index(None, "author_id", "post_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id", ondelete="CASCADE"))
    author_id: Mapped[int] = mapped_column(ForeignKey("author.id"))
    via_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"))
    """The question that was merged into this one, when it came along with that."""


class Participant(Base):
    """Somebody who wrote in a thread: what makes 'n people' a stored count."""

    __tablename__ = "participant"

    thread_id: Mapped[int] = mapped_column(ForeignKey("thread.id"), primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("author.id"), primary_key=True)
    forum_id: Mapped[int] = mapped_column(ForeignKey("forum.id"))

    __table_args__ = (Index(None, "forum_id", "author_id"),)


class ReadMark(Base):
    """How far a person has read in a thread, as a position."""

    __tablename__ = "read_mark"

    author_id: Mapped[int] = mapped_column(ForeignKey("author.id"), primary_key=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("thread.id"), primary_key=True)
    position: Mapped[int]
