"""How a new post gets its rows and its place on the page, or waits for a person; shared by posts and questions."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from forsamlingshus.contributions.models import Contribution, Kind
from forsamlingshus.discussions import events, rules
from forsamlingshus.discussions.models import Forum, Participant, Post, PostKind, PostState, Thread, ThreadKind
from forsamlingshus.kernel import html, topics
from forsamlingshus.kernel.events import record
from forsamlingshus.kernel.permissions import Who


def topics_of(thread: Thread, forum: Forum) -> list[str]:
    """What a new post moves: its thread, and of a talk the forum's list as well."""
    return [thread.topic, forum.topic] if thread.kind == ThreadKind.TALK else [thread.topic]


def by_client_id(session: Session, who: Who, client_id: str) -> Post | None:
    """The post that this write already is, when it is sent once more."""
    return session.scalar(select(Post).where(Post.author_id == who.author_id, Post.client_id == client_id))


def store(
    session: Session,
    *,
    who: Who,
    thread: Thread,
    forum: Forum,
    body: str,
    client_id: str,
    anonymous: bool = False,
    **more: Any,
) -> tuple[Post, Contribution]:
    """The rows of a new post, which nobody sees yet; `more` are columns of Post."""
    is_question = thread.kind == ThreadKind.QUESTIONS
    clean = html.render_markdown(body)
    contribution = Contribution(
        kind=Kind.QUESTION if is_question else Kind.POST,
        author_id=who.author_id,
        author_role=rules.badge(who, forum),
        anonymous=anonymous,
        budget_year=forum.budget_year,
        theme_id=forum.theme_id,
        path="",
        place=thread.title,
        text=html.visible_text(clean),
        created_at=who.now,
        public=False,
        topic=thread.topic,
        version=0,
    )
    session.add(contribution)
    session.flush()
    post = Post(
        thread_id=thread.id,
        kind=PostKind.QUESTION if is_question else PostKind.POST,
        contribution_id=contribution.id,
        author_id=who.author_id,
        client_id=client_id,
        source=body,
        html=clean,
        sanitizer_version=html.SANITIZER_VERSION,
        state=PostState.HELD,
        created_at=who.now,
        **more,
    )
    session.add(post)
    session.flush()
    contribution.path = post.path
    return post, contribution


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
    """Give a post its place on the page and count it; the first visible post also makes the thread seen."""
    session.refresh(thread)
    session.refresh(forum)
    post.state = PostState.VISIBLE
    post.position = thread.last_position = thread.last_position + 1
    root = session.get(Post, post.parent_id) if post.parent_id else None
    post.root_position = root.root_position if root is not None else post.position
    contribution.public = True
    contribution.version = versions[thread.topic]
    is_question = post.kind == PostKind.QUESTION
    opened = not thread.shown and not is_question
    if opened:
        thread.shown = True
        thread.excerpt = excerpt(contribution.text)
        forum.thread_count += 1
    thread.post_count += 1
    thread.last_post_at = max(who.now, thread.last_post_at)
    if not is_question:  # a forum counts what is said in its talks
        forum.post_count += 1
        _count_participant(session, post.author_id, thread, forum)
    if opened:
        opening = events.ThreadOpened(
            thread_id=thread.id, forum_id=forum.id, forum_version=versions[forum.topic], actor_id=post.author_id
        )
        record(session, opening)
    record(
        session,
        events.PostShown(
            post_id=post.id,
            thread_id=thread.id,
            version=versions[thread.topic],
            forum_id=forum.id,
            forum_version=versions.get(forum.topic, 0),
            parent_id=post.parent_id,
            question=is_question,
            actor_id=post.author_id,
        ),
    )


def _count_participant(session: Session, author_id: int, thread: Thread, forum: Forum) -> None:
    if session.get(Participant, (thread.id, author_id)) is not None:
        return
    elsewhere = select(Participant.thread_id).where(
        Participant.forum_id == forum.id, Participant.author_id == author_id
    )
    if session.scalar(elsewhere.limit(1)) is None:
        forum.author_count += 1
    session.add(Participant(thread_id=thread.id, author_id=author_id, forum_id=forum.id))
    thread.author_count += 1
    session.flush()


def excerpt(text: str, length: int = 100) -> str:
    """The first words of a post, as a list of threads shows them."""
    words = " ".join(text.split())
    if len(words) <= length:
        return words
    return words[:length].rsplit(" ", 1)[0].rstrip(" ,.;:–-") + " …"
