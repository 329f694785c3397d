"""Reading the posts of a thread: keyset pages in the order of reading, and what changed after a version."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, bindparam, or_, select, text, tuple_
from sqlalchemy.orm import Session, joinedload, selectinload

from forsamlingshus.contributions.models import Contribution
from forsamlingshus.discussions.models import (
    Forum,
    OfficialAnswer,
    Post,
    PostState,
    PostVersion,
    Question,
    Thread,
    ThreadKind,
)
from forsamlingshus.kernel import db
from forsamlingshus.kernel.glance import Glance

PAGE = 50
MAX_CHANGES = 200

Cursor = tuple[int, int]
"""(root_position, position): the place of a post in the order of reading."""


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """One page of a thread: posts in the order of reading, and whether there are more on either side."""

    posts: list[Post]
    has_before: bool
    has_after: bool

    @property
    def first(self) -> Cursor | None:
        """The place of the first post on the page."""
        return cursor_of(self.posts[0]) if self.posts else None

    @property
    def last(self) -> Cursor | None:
        """The place of the last post on the page."""
        return cursor_of(self.posts[-1]) if self.posts else None


@dataclass(frozen=True, slots=True)
class Personal:
    """What only this viewer sees on a thread's page."""

    own: frozenset[int]
    supported: frozenset[int]
    read_to: int | None
    waiting: tuple[Post, ...]
    """Own posts without a place on the page: held, or hidden before anybody else saw them."""


EVERYBODY_READS = (Post.state == PostState.VISIBLE) & or_(Thread.shown.is_(True), Thread.kind == ThreadKind.QUESTIONS)
"""Of a statement that joins posts with their threads: what everybody may read today, as `rules.is_listed` has it.

The talk about a slide goes out of sight with its deck, and its posts stay as they are."""


def _full() -> Select[Post]:
    return select(Post).options(
        joinedload(Post.contribution, innerjoin=True).options(
            joinedload(Contribution.author, innerjoin=True), selectinload(Contribution.fates)
        )
    )


def whole_posts() -> Select[Post]:
    """With what a question has beside its post; a thread's page is spared the reading."""
    return _full().options(
        joinedload(Post.question).options(joinedload(Question.merged_into), joinedload(Question.thread)),
        joinedload(Post.answer).joinedload(OfficialAnswer.author),
    )


def thread_page(
    session: Session, thread_id: int, *, after: Cursor | None = None, before: Cursor | None = None, newest: bool = False
) -> ThreadPage:
    """A page of at most PAGE posts: from the start, after or before a place, or the newest ones."""
    place = tuple_(Post.root_position, Post.position)
    answer = selectinload(Post.answer).joinedload(OfficialAnswer.author, innerjoin=True)
    statement = _full().where(Post.thread_id == thread_id, Post.position.is_not(None)).options(answer)
    backwards = newest or before is not None
    if before is not None:
        statement = statement.where(place < tuple_(*before))
    if after is not None:
        statement = statement.where(place > tuple_(*after))
    order = (Post.root_position.desc(), Post.position.desc()) if backwards else (Post.root_position, Post.position)
    found = list(session.scalars(statement.order_by(*order).limit(PAGE + 1)))
    more = len(found) > PAGE
    found = found[:PAGE]
    if backwards:
        found.reverse()
        return ThreadPage(found, has_before=more, has_after=before is not None)
    return ThreadPage(found, has_before=after is not None, has_after=more)


def cursor_of(post: Post) -> Cursor:
    """The place of a post in the order of reading."""
    return post.root_position or 0, post.position or 0


_VERSION = Glance(
    select(Contribution.version).join(Post, Post.contribution_id == Contribution.id).where(Post.id == bindparam("post"))
)


def version_of_post(post_id: int) -> int:
    """The version of the newest change of a post that its page shows; 0 for one that is not there."""
    for (version,) in _VERSION.ask(post=post_id):
        return int(version)
    return 0


def changed_after(session: Session, thread: Thread, version: int) -> Sequence[Post] | None:
    """The posts of a thread that changed after `version`, in the order of reading; None when there are too many.

    Not in the order of the changes: a post that was supported later than the next one came would be put behind it.
    """
    statement = (
        whole_posts()
        .join(Contribution, Contribution.id == Post.contribution_id)
        .where(Contribution.topic == thread.topic, Contribution.version > version, Post.position.is_not(None))
        .order_by(Contribution.version)  # the index; a long absence must not sort a whole thread
        .limit(MAX_CHANGES + 1)
    )
    found = session.scalars(statement).all()
    return None if len(found) > MAX_CHANGES else sorted(found, key=cursor_of)


def posts_by_ids(session: Session, ids: Collection[int]) -> dict[int, Post]:
    """Posts with what their partial shows, by id."""
    return {post.id: post for post in session.scalars(whole_posts().where(Post.id.in_(ids)))}


def readable_posts(session: Session, ids: Collection[int]) -> dict[int, Post]:
    """Those of some posts that everybody may read today, by id."""
    found = whole_posts().join(Post.thread).where(Post.id.in_(ids), EVERYBODY_READS)
    return {post.id: post for post in session.scalars(found)}


_NUMBERS = Glance(
    text(
        """
    SELECT id, support_count FROM post WHERE thread_id = :thread
      AND (root_position, position) >= (:first_root, :first) AND (root_position, position) <= (:last_root, :last)
    """
    )
)


def numbers(thread_id: int, first: Cursor, last: Cursor) -> list[tuple[int, int]]:
    """How many people find each of the posts between two places important: pairs of id and number."""
    found = _NUMBERS.ask(thread=thread_id, first_root=first[0], first=first[1], last_root=last[0], last=last[1])
    return [(post_id, count) for post_id, count in found]


# One statement, because every page of somebody who is logged in asks it. The plus keeps SQLite, which has no figures to
# go by, from walking all posts of the thread: it is to walk what this author did.
_PERSONAL = Glance(
    text(
        """
    SELECT 'own' AS what, post.id AS number FROM post
      WHERE post.author_id = :author AND +post.thread_id = :thread AND post.position IS NOT NULL
    UNION ALL
    SELECT 'supported', reaction.post_id FROM reaction JOIN post ON post.id = reaction.post_id
      WHERE reaction.author_id = :author AND +post.thread_id = :thread
    UNION ALL
    SELECT 'read', read_mark.position FROM read_mark
      WHERE read_mark.author_id = :author AND read_mark.thread_id = :thread
    UNION ALL
    SELECT 'waiting', post.id FROM post
      WHERE post.author_id = :author AND +post.thread_id = :thread AND post.position IS NULL
        AND post.state IN ('held', 'hidden')
    """
    )
)


def personal(thread_id: int, author_id: int) -> Personal:
    """What one viewer sees of the own doing in a thread."""
    found: dict[str, set[int]] = {"own": set(), "supported": set(), "read": set(), "waiting": set()}
    for what, number in _PERSONAL.ask(author=author_id, thread=thread_id):
        found[what].add(number)
    waiting: tuple[Post, ...] = ()
    if found["waiting"]:
        waiting = tuple(db.session().scalars(select(Post).where(Post.id.in_(found["waiting"])).order_by(Post.id)))
    return Personal(frozenset(found["own"]), frozenset(found["supported"]), next(iter(found["read"]), None), waiting)


_UNREAD_ROOT = Glance(
    select(Post.root_position)
    .where(
        Post.thread_id == bindparam("thread"),
        Post.root_position > bindparam("read_to"),
        Post.root_position == Post.position,
    )
    .order_by(Post.root_position)
    .limit(1)
)


def first_unread(thread_id: int, read_to: int | None) -> Cursor | None:
    """The place just before the first top-level post after `read_to`, when the first page does not hold it."""
    if read_to is None or read_to < PAGE:
        return None
    for (root,) in _UNREAD_ROOT.ask(thread=thread_id, read_to=read_to):
        return max(0, root - 3), 0
    return None


def post_with_place(session: Session, post_id: int) -> Post | None:
    """A post with its contribution, author, fates, thread and forum."""
    return session.scalar(
        whole_posts().where(Post.id == post_id).options(joinedload(Post.thread).joinedload(Thread.forum))
    )


_TO_SUPPORT = (
    select(Post)
    .options(
        joinedload(Post.thread, innerjoin=True).joinedload(Thread.forum, innerjoin=True), joinedload(Post.question)
    )
    .where(Post.id == bindparam("id"))
)


def post_to_support(session: Session, post_id: int) -> Post | None:
    """A post with its thread and forum, without its contribution: presses come in storms."""
    return session.scalar(_TO_SUPPORT, {"id": post_id})


_FORUM_OF = select(Thread, Forum).join(Forum, Forum.id == Thread.forum_id).where(Thread.id == bindparam("thread"))


def forum_of(session: Session, thread_id: int) -> tuple[Thread, Forum] | None:
    """A thread and its forum."""
    row = session.execute(_FORUM_OF, {"thread": thread_id}).first()
    return (row[0], row[1]) if row else None


def forum_at(session: Session, path: str) -> Forum | None:
    """The forum that lives at that address."""
    return session.scalar(select(Forum).where(Forum.path == path))


def versions_of(session: Session, post_id: int) -> Sequence[PostVersion]:
    """The older wordings of a post, newest first."""
    return session.scalars(
        select(PostVersion).where(PostVersion.post_id == post_id).order_by(PostVersion.id.desc()).limit(100)
    ).all()
