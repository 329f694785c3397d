"""Stored counts: numbers are changed where they stand, in statements that are built once.

Every post and press asks these, presses come in storms, and what a session has read may be older than the row.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Integer, bindparam, select, text
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from forsamlingshus.contributions.models import Contribution
from forsamlingshus.discussions.models import Forum, Participant, Post, Thread
from forsamlingshus.kernel.db import Base, UtcDateTime, connection

_POST_IN_THREAD = (
    text(
        """
        UPDATE thread SET post_count = post_count + 1, last_position = last_position + 1,
          last_post_at = CASE WHEN last_post_at < :now THEN :now ELSE last_post_at END
        WHERE id = :thread RETURNING post_count, last_position, last_post_at
        """
    )
    .bindparams(bindparam("now", type_=UtcDateTime))
    .columns(post_count=Integer, last_position=Integer, last_post_at=UtcDateTime)
)
_POST_IN_FORUM = text("UPDATE forum SET post_count = post_count + 1 WHERE id = :forum RETURNING post_count")
_TAKE_PART = text(
    "INSERT INTO participant (thread_id, author_id, forum_id) VALUES (:thread, :author, :forum)"
    " ON CONFLICT DO NOTHING RETURNING thread_id"
)
_SUPPORT = text("INSERT INTO reaction (post_id, author_id) VALUES (:post, :author) ON CONFLICT DO NOTHING RETURNING id")
_TAKE_BACK = text("DELETE FROM reaction WHERE post_id = :post AND author_id = :author RETURNING id")
_SUPPORT_OF_POST = text(
    "UPDATE post SET support_count = support_count + :step WHERE id = :post RETURNING support_count"
)
_SUPPORT_IN_THREAD = text("UPDATE thread SET support_count = support_count + :step WHERE id = :thread")
_MARK = text("UPDATE contribution SET version = :version WHERE id = :contribution")
_NAME = text("UPDATE contribution SET path = :path WHERE id = :contribution")


def post_in_thread(session: Session, thread: Thread, now: datetime) -> None:
    """Count one more post in its thread and take the next position; `thread` knows both afterwards."""
    counted = connection(session).execute(_POST_IN_THREAD, {"thread": thread.id, "now": now}).one()
    _know(thread, **counted._mapping)


def post_in_forum(session: Session, forum: Forum) -> None:
    """Count one more post in its forum."""
    _know(forum, post_count=connection(session).execute(_POST_IN_FORUM, {"forum": forum.id}).scalar_one())


def participant(session: Session, author_id: int, thread: Thread, forum: Forum) -> None:
    """Count the author of a post that is seen, once in the thread and once in the forum."""
    taken = connection(session).execute(_TAKE_PART, {"thread": thread.id, "author": author_id, "forum": forum.id})
    if taken.first() is None:
        return
    session.refresh(thread, ["author_count"])
    thread.author_count += 1
    elsewhere = select(Participant.thread_id).where(
        Participant.forum_id == forum.id, Participant.author_id == author_id, Participant.thread_id != thread.id
    )
    if session.scalar(elsewhere.limit(1)) is None:
        session.refresh(forum, ["author_count"])
        forum.author_count += 1


def reaction(session: Session, post_id: int, author_id: int | None, *, wanted: bool) -> bool:
    """Store or take back one person's 'important to me'; False when it is so already."""
    said = connection(session).execute(_SUPPORT if wanted else _TAKE_BACK, {"post": post_id, "author": author_id})
    return said.first() is not None


def support(session: Session, post: Post, step: int, version: int) -> int:
    """Change the number of a post and of its thread by `step`; returns the post's new number, which `post` knows."""
    execute = connection(session).execute
    count: int = execute(_SUPPORT_OF_POST, {"step": step, "post": post.id}).scalar_one()
    execute(_SUPPORT_IN_THREAD, {"step": step, "thread": post.thread_id})
    execute(_MARK, {"version": version, "contribution": post.contribution_id})
    _know(post, support_count=count)
    return count


def name(session: Session, contribution: Contribution, path: str) -> None:
    """Store the permalink of a contribution, which is known once the thing itself has its number."""
    connection(session).execute(_NAME, {"path": path, "contribution": contribution.id})
    _know(contribution, path=path)


def _know(row: Base, **values: Any) -> None:
    """Let an object of the session know what a statement wrote, as if it had just been read."""
    for key, value in values.items():
        set_committed_value(row, key, value)
