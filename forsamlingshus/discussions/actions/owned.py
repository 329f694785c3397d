"""Threads that belong to a thing of a higher slice and stand on its page: a meeting's questions, a slide's talk."""

from collections.abc import Collection

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from forsamlingshus.contributions.models import Contribution
from forsamlingshus.discussions import rules
from forsamlingshus.discussions.models import Post, PostState, ReadMark, Thread, ThreadKind
from forsamlingshus.kernel import clock, topics


def open_owned(session: Session, *, forum_id: int, kind: ThreadKind, title: str, path: str) -> Thread:
    """Open a thread in a place's forum, whose moderators it shares; `path` is the page on which it stands.

    Nobody but moderators sees the talk of a slide before show_owned.
    """
    now = clock.now()
    thread = Thread(
        forum_id=forum_id,
        kind=kind,
        title=title[: rules.TITLE_MAX],
        path=path,
        created_at=now,
        last_post_at=now,
        last_position=0,
    )
    session.add(thread)
    return thread


def show_owned(session: Session, *, thread_ids: Collection[int], shown: bool) -> None:
    """Let everybody follow some threads, or those who lead the place alone; what was quoted of them goes along."""
    session.execute(update(Thread).where(Thread.id.in_(thread_ids)).values(shown=shown))
    said = select(Post.contribution_id).where(Post.thread_id.in_(thread_ids), Post.state == PostState.VISIBLE)
    session.execute(update(Contribution).where(Contribution.id.in_(said)).values(public=shown))


def close_owned(session: Session, *, thread: Thread, closed: bool) -> None:
    """Close a thread to new posts, supports and edits, or open it again."""
    if thread.closed != closed:
        thread.closed = closed
        topics.next_version(session, thread.topic)


def rename_owned(session: Session, *, thread: Thread, title: str) -> None:
    """Give a thread another title: it is told what it shows of its owner."""
    if thread.title != title[: rules.TITLE_MAX]:
        thread.title = title[: rules.TITLE_MAX]
        topics.next_version(session, thread.topic)


def remove_owned(session: Session, *, thread_ids: Collection[int]) -> None:
    """Remove threads in which nobody ever wrote, together with what owned them."""
    session.execute(delete(ReadMark).where(ReadMark.thread_id.in_(thread_ids)))
    session.execute(delete(Thread).where(Thread.id.in_(thread_ids)))
