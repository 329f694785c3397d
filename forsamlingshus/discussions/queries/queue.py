"""Reading the queue: posts that wait for a person, for staff and for the facilitator of their workshop."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from forsamlingshus.accounts.models import Author
from forsamlingshus.contributions.models import Contribution
from forsamlingshus.discussions.models import Forum, Post, PostState, Thread
from forsamlingshus.kernel import topics
from forsamlingshus.kernel.permissions import Who

QUEUE_PAGE = 50


@dataclass(frozen=True, slots=True)
class QueueItem:
    """A waiting post (with its contribution) with the thread and forum it was written in, and whether by a guest."""

    post: Post
    thread: Thread
    forum: Forum
    by_guest: bool


def queue(session: Session, who: Who, *, after: int = 0) -> list[QueueItem]:
    """What waits in the forums that `who` may moderate, oldest first; at most QUEUE_PAGE, after that post's id."""
    statement = _mine(
        select(Post, Thread, Forum, Author.kind == "guest")
        .options(joinedload(Post.contribution, innerjoin=True).joinedload(Contribution.author, innerjoin=True))
        .join(Thread, Thread.id == Post.thread_id)
        .join(Forum, Forum.id == Thread.forum_id)
        .join(Author, Author.id == Post.author_id)
        .where(Post.state == PostState.HELD, Post.id > after),
        who,
    )
    rows = session.execute(statement.order_by(Post.id).limit(QUEUE_PAGE))
    return [QueueItem(*row) for row in rows]


def waiting_beside(session: Session, who: Who, post: Post) -> list[Post]:
    """What else waits of the same author and `who` may judge, each with thread and forum, ordered by forum.

    Beside an anonymous question those that are anonymous as well, and none of them beside what bears the name: else the
    posts that go together would say who asked.
    """
    statement = _mine(
        select(Post)
        .join(Post.contribution)
        .join(Post.thread)
        .join(Thread.forum)
        .options(contains_eager(Post.contribution), contains_eager(Post.thread).contains_eager(Thread.forum))
        .where(Post.state == PostState.HELD, Post.author_id == post.author_id, Post.id != post.id)
        .where(Contribution.anonymous == post.contribution.anonymous),
        who,
    )
    return list(session.scalars(statement.order_by(Forum.id, Post.id)))


def queue_counts(session: Session, who: Who) -> int:
    """How many posts wait for `who`."""
    statement = _mine(
        select(func.count(Post.id))
        .join(Thread, Thread.id == Post.thread_id)
        .join(Forum, Forum.id == Thread.forum_id)
        .where(Post.state == PostState.HELD),
        who,
    )
    return session.scalar(statement) or 0


@dataclass(frozen=True, slots=True)
class ForumState:
    """A forum that somebody may judge: what waits there, and since when the oldest does."""

    forum: Forum
    waiting: int
    oldest: datetime | None
    version: int
    """That of its queue's topic, read in the same moment."""

    @property
    def topic(self) -> str:
        """The topic of its queue."""
        return f"queue:{self.forum.id}"


def forum_states(session: Session, who: Who) -> list[ForumState]:
    """The forums whose queue `who` may judge, those where somebody waits longest first; at most 200."""
    oldest = func.min(Post.created_at)
    statement = _mine(
        select(Forum, func.count(Post.id), oldest, func.coalesce(func.max(topics.Topic.version), 0))
        .outerjoin(Thread, Thread.forum_id == Forum.id)
        .outerjoin(Post, (Post.thread_id == Thread.id) & (Post.state == PostState.HELD))
        .outerjoin(topics.Topic, topics.is_of("queue", Forum.id))
        .group_by(Forum.id)
        .order_by(oldest.is_(None), oldest, Forum.budget_year.desc(), Forum.id)
        .limit(200),
        who,
    )
    return [ForumState(*row) for row in session.execute(statement)]


def _mine(statement: Select, who: Who) -> Select:  # type: ignore[type-arg]
    return statement if who.is_staff else statement.where(Forum.scope_key.in_(who.scopes))
