"""Reading the questions to a meeting."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from forsamlingshus.discussions.models import Post, PostState, Question, QuestionFate, Thread
from forsamlingshus.discussions.queries.posts import whole_posts

QUESTIONS = 50
"""How many stand on a page."""
SUPPORT, NEWEST = "flest", "nyeste"


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """A page of questions; `page` counts from 1."""

    posts: list[Post]
    sort: str
    page: int
    has_more: bool


def questions(session: Session, thread_id: int, *, sort: str = SUPPORT, page: int = 1) -> QuestionPage:
    """The questions that have a number: those that most want to know first, or the newest first.

    What was hidden or withdrawn comes last: it has no words any more, only its place and the reason.
    """
    sort = sort if sort in {SUPPORT, NEWEST} else SUPPORT
    page = max(1, min(page, 100))
    order = [Post.position.desc()] if sort == NEWEST else [Post.state != PostState.VISIBLE, Post.support_count.desc()]
    statement = whole_posts().where(Post.thread_id == thread_id, Post.position.is_not(None))
    statement = statement.order_by(*order, Post.position).offset((page - 1) * QUESTIONS).limit(QUESTIONS + 1)
    found = list(session.scalars(statement))
    return QuestionPage(found[:QUESTIONS], sort, page, len(found) > QUESTIONS)


def question_page_of(thread: Thread, post: Post) -> int:
    """The page, among the newest, on which a question stands; 1 as long as all stand on one page."""
    if post.position is None or thread.last_position <= QUESTIONS:
        return 1
    return (thread.last_position - post.position) // QUESTIONS + 1


def waiting_questions(session: Session, thread_id: int, *, limit: int) -> list[Post]:
    """The questions that nothing has become of yet, those that most want to know first."""
    statement = whole_posts().join(Question, Question.post_id == Post.id)
    statement = statement.where(
        Post.thread_id == thread_id, Post.state == PostState.VISIBLE, Question.fate == QuestionFate.OPEN
    )
    return list(session.scalars(statement.order_by(Post.support_count.desc(), Post.position).limit(limit)))


def waiting_count(session: Session, thread_id: int) -> int:
    """How many questions nothing has become of yet."""
    counted = select(func.count(Post.id)).join(Question, Question.post_id == Post.id)
    waits = (Post.state == PostState.VISIBLE) & (Question.fate == QuestionFate.OPEN)
    return session.scalar(counted.where(Post.thread_id == thread_id, waits)) or 0


def question_count(session: Session, thread_id: int) -> int:
    """How many questions are to be seen."""
    counted = select(func.count(Post.id)).where(Post.thread_id == thread_id, Post.state == PostState.VISIBLE)
    return session.scalar(counted) or 0


def held_count(session: Session, forum_id: int) -> int:
    """How much waits for a moderator in a forum; `held_in` lists no more than QUESTIONS of it."""
    counted = select(func.count(Post.id)).join(Thread, Thread.id == Post.thread_id)
    return session.scalar(counted.where(Thread.forum_id == forum_id, Post.state == PostState.HELD)) or 0


def held_in(session: Session, forum_id: int) -> list[Post]:
    """What waits for a moderator in a forum, its questions included, oldest first."""
    statement = whole_posts().join(Thread, Thread.id == Post.thread_id)
    statement = statement.where(Thread.forum_id == forum_id, Post.state == PostState.HELD)
    return list(session.scalars(statement.order_by(Post.id).limit(QUESTIONS)))
