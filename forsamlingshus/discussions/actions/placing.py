"""How a new post gets its rows and its place on the page, or waits for a person; shared by posts and questions."""

from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from forsamlingshus.accounts.models import Author
from forsamlingshus.contributions.models import Contribution, Kind, topic_of
from forsamlingshus.discussions import events, rules
from forsamlingshus.discussions.actions import counting
from forsamlingshus.discussions.models import Forum, Post, PostKind, PostState, Question, Thread, ThreadKind
from forsamlingshus.kernel import html, topics
from forsamlingshus.kernel.db import store
from forsamlingshus.kernel.errors import Conflict
from forsamlingshus.kernel.events import record
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.permissions import Who


class SentBefore(Conflict):
    """The id of this write belongs to another text of the same author, which is stored: these words are not."""

    def __init__(self) -> None:
        super().__init__(_("You have sent a text from here already. Send again if this is to be one more"))


def topics_of(thread: Thread, forum: Forum) -> list[str]:
    """What a new post moves: all that was said in the year, its thread, and of a talk the forum's list as well."""
    names = [topic_of(forum.budget_year), thread.topic]
    return [*names, forum.topic] if thread.kind == ThreadKind.TALK else names


# In one: every post asks for both, and the author is what it is shown with.
_WRITER = (
    select(Author, Post.id)
    .outerjoin(Post, (Post.author_id == Author.id) & (Post.client_id == bindparam("client")))
    .where(Author.id == bindparam("author"))
)


def by_client_id(
    session: Session, who: Who, client_id: str, written: tuple[int, int | None, str]
) -> tuple[Author, Post | None]:
    """Who writes, and the post of an earlier try to write just this: `written` is thread, root and source.

    A post that its author edited meanwhile is still that post: the answer to the first try may have been lost.
    Raises SentBefore.
    """
    author, known = session.execute(_WRITER, {"author": who.author_id, "client": client_id}).one()
    post = None if known is None else session.get_one(Post, known)
    thread_id, root_id, source = written
    if post is not None and not (
        (post.thread_id, post.parent_id) == (thread_id, root_id) and rules.was_sent_as(post, source)
    ):
        raise SentBefore
    return author, post


def compose(
    *,
    who: Who,
    author: Author,
    thread: Thread,
    forum: Forum,
    body: str,
    client_id: str,
    anonymous: bool = False,
    **more: Any,
) -> Post:
    """A new post and its contribution, not stored yet; `more` are columns of Post."""
    is_question = thread.kind == ThreadKind.QUESTIONS
    clean = html.render_markdown(body)
    contribution = Contribution(
        kind=Kind.QUESTION if is_question else Kind.POST,
        author_id=author.id,
        author=author,
        author_role=who.badge_in(forum.scope_key),
        anonymous=anonymous,
        budget_year=forum.budget_year,
        theme_id=forum.theme_id,
        path="",
        place=thread.title,
        text=html.visible_text(clean),
        created_at=who.now,
        public=False,
        used=False,
        topic=thread.topic,
        version=0,
        fates=[],
    )
    return Post(
        thread_id=thread.id,
        kind=PostKind.QUESTION if is_question else PostKind.POST,
        contribution=contribution,
        author_id=who.author_id,
        client_id=client_id,
        quote_shown=True,
        source=body,
        html=clean,
        sanitizer_version=html.SANITIZER_VERSION,
        state=PostState.HELD,
        support_count=0,
        created_at=who.now,
        reason_code="",
        reason="",
        answer=None,
        **more,
    )


def place(
    session: Session,
    *,
    who: Who,
    post: Post,
    thread: Thread,
    forum: Forum,
    versions: dict[str, int],
    held: bool,
    question: Question | None = None,
) -> Post:
    """Store a composed post, with what a question has beside it: at its place on the page, or where it waits."""
    contribution = post.contribution
    waits = held or rules.is_held(who, forum)
    if not waits:
        _give_place(session, who, post, contribution, thread, version=versions[thread.topic])
    store(session, contribution)
    post.contribution_id = contribution.id
    store(session, post)
    if question is not None:
        question.post_id = post.id
        session.add(question)
        set_committed_value(post, "question", question)
    counting.name(session, contribution, post.path)
    if waits:
        hold(session, who=who, post=post, forum=forum)
    else:
        _tell(session, post=post, contribution=contribution, thread=thread, forum=forum, versions=versions)
    return post


def hold(session: Session, *, who: Who, post: Post, forum: Forum) -> None:
    """Let a post wait for a person: moderators must see the words that they would show."""
    topics.next_version(session, f"queue:{forum.id}")
    held = events.PostHeld(
        post_id=post.id, forum_id=forum.id, question=post.kind == PostKind.QUESTION, actor_id=who.author_id
    )
    record(session, held)


def show(
    session: Session,
    *,
    who: Who,
    post: Post,
    contribution: Contribution,
    thread: Thread,
    forum: Forum,
    versions: dict[str, int],
) -> None:
    """Give a waiting post its place on the page and count it; the first visible post also makes the thread seen."""
    _give_place(session, who, post, contribution, thread, version=versions[thread.topic])
    _tell(session, post=post, contribution=contribution, thread=thread, forum=forum, versions=versions)


def _give_place(
    session: Session, who: Who, post: Post, contribution: Contribution, thread: Thread, *, version: int
) -> None:
    """The place at the end of the thread, or of its root's replies; its words become public."""
    counting.post_in_thread(session, thread, who.now)
    post.state = PostState.VISIBLE
    post.position = thread.last_position
    root = session.get(Post, post.parent_id) if post.parent_id else None
    post.root_position = root.root_position if root is not None else post.position
    contribution.public = rules.makes_public(thread)
    contribution.version = version


def _tell(
    session: Session,
    *,
    post: Post,
    contribution: Contribution,
    thread: Thread,
    forum: Forum,
    versions: dict[str, int],
) -> None:
    """Count a post that has its place in its forum, and record what happened."""
    is_question = post.kind == PostKind.QUESTION
    if thread.kind == ThreadKind.TALK:  # a forum counts what is said in its talks
        counting.post_in_forum(session, forum)
        counting.participant(session, post.author_id, thread, forum)
        if not thread.shown:
            thread.excerpt = excerpt(contribution.text)
            _open(session, post, thread, forum, versions[forum.topic])
    record(
        session,
        events.PostShown(
            post_id=post.id,
            thread_id=thread.id,
            version=versions[thread.topic],
            forum_id=forum.id,
            forum_version=versions.get(forum.topic, 0),
            parent_id=post.parent_id,
            budget_year=forum.budget_year,
            said_version=versions[topic_of(forum.budget_year)],
            posts=thread.post_count,
            people=thread.author_count,
            question=is_question,
            actor_id=post.author_id,
        ),
    )


def _open(session: Session, post: Post, thread: Thread, forum: Forum, forum_version: int) -> None:
    """Let the forum's list show a thread, now that its first post is seen."""
    session.refresh(forum, ["thread_count"])
    thread.shown = True
    forum.thread_count += 1
    opening = events.ThreadOpened(
        thread_id=thread.id, forum_id=forum.id, forum_version=forum_version, actor_id=post.author_id
    )
    record(session, opening)


def title_of(text: str) -> str:
    """The title of a thread that goes on from somebody's words."""
    return excerpt(text, rules.TITLE_MAX - 2)


def excerpt(text: str, length: int = 100) -> str:
    """The first words of a post, as a list of threads shows them."""
    words = " ".join(text.split())
    if len(words) <= length:
        return words
    return words[:length].rsplit(" ", 1)[0].rstrip(" ,.;:–-") + " …"
