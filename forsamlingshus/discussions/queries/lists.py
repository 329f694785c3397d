"""Lists of threads: newest, most important, unanswered; keyset pages, and the reader's unread counts in one query."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.orm import Session

from forsamlingshus.discussions.models import ReadMark, Thread, ThreadKind
from forsamlingshus.kernel.permissions import Who

PAGE = 20
SORTS = ("nyeste", "vigtigst", "uden-svar")


@dataclass(frozen=True, slots=True)
class ThreadRow:
    """A thread as a list shows it; `new_count` is 0 for readers who never opened it or are not logged in."""

    id: int
    title: str
    path: str
    excerpt: str
    post_count: int
    support_count: int
    last_post_at: datetime
    new_count: int


@dataclass(frozen=True, slots=True)
class ThreadRows:
    """A page of threads; `next_cursor` names the last row when there are more."""

    rows: list[ThreadRow]
    sort: str
    next_cursor: str
    unanswered: int = 0
    """How many there are in all where only those without a reply are listed."""


def thread_rows(
    session: Session, forum_id: int, who: Who, *, sort: str = "nyeste", after: str | None = None
) -> ThreadRows:
    """The threads of a forum. `after` is the `next_cursor` of the page before; nonsense in it starts from the top."""
    sort = sort if sort in SORTS else "nyeste"
    statement = select(Thread).where(
        Thread.forum_id == forum_id, Thread.shown.is_(True), Thread.kind == ThreadKind.TALK
    )
    threads = list(session.scalars(_page(statement, sort, _cursor(after, sort)).limit(PAGE + 1)))
    more, threads = len(threads) > PAGE, threads[:PAGE]
    read = _read_to(session, who, [thread.id for thread in threads])
    rows = [
        ThreadRow(
            id=thread.id,
            title=thread.title,
            path=thread.path,
            excerpt=thread.excerpt,
            post_count=thread.post_count,
            support_count=thread.support_count,
            last_post_at=thread.last_post_at,
            new_count=max(0, thread.last_position - read[thread.id]) if thread.id in read else 0,
        )
        for thread in threads
    ]
    unanswered = unanswered_count(session, forum_id) if sort == "uden-svar" else 0
    return ThreadRows(rows, sort, _name(threads[-1], sort) if more else "", unanswered)


@dataclass(frozen=True, slots=True)
class Answers:
    """What was written to one of the facilitator's questions."""

    threads: int = 0
    posts: int = 0


def answers(session: Session, forum_id: int) -> dict[int, Answers]:
    """Threads and posts by the number of the question that the thread answers; one walk along an index."""
    counted = (
        select(Thread.prompt_no, func.count(), func.sum(Thread.post_count))
        .where(Thread.forum_id == forum_id, Thread.shown.is_(True), Thread.prompt_no.is_not(None))
        .group_by(Thread.prompt_no)
    )
    return {number: Answers(threads, posts) for number, threads, posts in session.execute(counted) if number}


def last_prompt(session: Session, forum_id: int) -> int:
    """The highest number of a prompt that some thread answers, shown or not; 0 for none."""
    return session.scalar(select(func.max(Thread.prompt_no)).where(Thread.forum_id == forum_id)) or 0


def unanswered_count(session: Session, forum_id: int) -> int:
    """How many threads of a forum nobody has answered: a walk along the index of that list."""
    statement = select(func.count()).where(Thread.forum_id == forum_id, Thread.shown.is_(True), Thread.post_count == 1)
    return session.scalar(statement) or 0


def _page(statement: Select[Thread], sort: str, cursor: tuple[str, int] | None) -> Select[Thread]:
    if sort == "vigtigst":
        if cursor:
            statement = statement.where(tuple_(Thread.support_count, Thread.id) < tuple_(int(cursor[0]), cursor[1]))
        return statement.order_by(Thread.support_count.desc(), Thread.id.desc())
    if sort == "uden-svar":
        statement = statement.where(Thread.post_count == 1)
    if cursor:
        moment = datetime.fromisoformat(cursor[0])
        statement = statement.where(tuple_(Thread.last_post_at, Thread.id) < tuple_(moment, cursor[1]))
    return statement.order_by(Thread.last_post_at.desc(), Thread.id.desc())


def _name(thread: Thread, sort: str) -> str:
    value = str(thread.support_count) if sort == "vigtigst" else thread.last_post_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return f"{value}_{thread.id}"


def _cursor(after: str | None, sort: str) -> tuple[str, int] | None:
    """The cursor's two parts when they make sense for this order, else None."""
    value, _, number = (after or "").rpartition("_")
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        return None
    if sort == "vigtigst":
        return (value, int(number)) if value.isascii() and value.isdigit() and len(value) < 10 else None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return (value, int(number)) if moment.tzinfo is not None else None


def _read_to(session: Session, who: Who, thread_ids: list[int]) -> dict[int, int]:
    if who.author_id is None:
        return {}
    marks = select(ReadMark.thread_id, ReadMark.position).where(
        ReadMark.author_id == who.author_id, ReadMark.thread_id.in_(thread_ids)
    )
    return {row.thread_id: row.position for row in session.execute(marks)}
