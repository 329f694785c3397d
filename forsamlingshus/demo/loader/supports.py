"""Thousands of 'important to me' at once: the rows that `discussions.actions.support_post` leaves, in a few statements.

One press costs the action two milliseconds, all of the demo's therefore longer than a first start may take. A test
lets the same people press both ways and compares every row.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from forsamlingshus.contributions.models import Contribution
from forsamlingshus.discussions import rules
from forsamlingshus.discussions.events import PostSupported
from forsamlingshus.discussions.models import Forum, Post, PostKind, Reaction, Thread
from forsamlingshus.kernel.events import EventRow
from forsamlingshus.kernel.permissions import Who, demand
from forsamlingshus.kernel.topics import Topic


@dataclass(frozen=True, slots=True)
class Press:
    """Somebody presses at `who.now`; nobody does so twice on the same post."""

    who: Who
    post: Post
    forum: Forum


def press(session: Session, presses: Sequence[Press]) -> None:
    """Store presses in the order of time. Raises Forbidden where the action would."""
    if not presses:
        return
    posts = {one.post.id: one.post for one in presses}
    threads = Counter(one.post.thread_id for one in presses)
    versions = {thread_id: _take(session, thread_id, number) for thread_id, number in threads.items()}
    spoken = _contributions(session, posts.values())
    events = []
    for one in presses:
        demand(rules.may_support(one.who, one.post, one.forum))
        versions[one.post.thread_id] += 1
        one.post.support_count += 1
        spoken[one.post.contribution_id].version = versions[one.post.thread_id]
        events.append(_event(one, versions[one.post.thread_id]))
    session.execute(insert(Reaction), [{"post_id": one.post.id, "author_id": one.who.author_id} for one in presses])
    session.execute(insert(EventRow), events)
    for thread_id, number in threads.items():
        session.get_one(Thread, thread_id).support_count += number
    session.flush()


def _take(session: Session, thread_id: int, number: int) -> int:
    """Take the next `number` versions of a thread's topic; returns the one before them."""
    taken = update(Topic).where(Topic.name == f"thread:{thread_id}").values(version=Topic.version + number)
    newest: int = session.execute(taken.returning(Topic.version)).scalar_one()
    return newest - number


def _contributions(session: Session, posts: Iterable[Post]) -> dict[int, Contribution]:
    ids = [post.contribution_id for post in posts]
    return {row.id: row for row in session.scalars(select(Contribution).where(Contribution.id.in_(ids)))}


def _event(one: Press, version: int) -> dict[str, object]:
    event = PostSupported(
        post_id=one.post.id,
        thread_id=one.post.thread_id,
        version=version,
        count=one.post.support_count,
        question=one.post.kind == PostKind.QUESTION,
    )
    data = asdict(event)
    del data["actor_id"]
    return {"at": one.who.now, "name": type(event).__name__, "actor_id": one.who.author_id, "data": data}
