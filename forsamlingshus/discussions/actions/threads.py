"""Verbs on forums and threads: open them, and remember how far somebody has read."""

from collections.abc import Sequence

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from forsamlingshus.discussions import rules
from forsamlingshus.discussions.actions.placing import SentBefore
from forsamlingshus.discussions.actions.posts import write_post
from forsamlingshus.discussions.models import Forum, Post, ReadMark, Thread
from forsamlingshus.kernel.addresses import slug
from forsamlingshus.kernel.permissions import Who, demand


def open_forum(
    session: Session,
    *,
    budget_year: int,
    theme_id: int | None,
    scope_key: str,
    path: str,
    title_da: str,
    title_en: str,
    hold_first: bool = False,
    prompts: Sequence[tuple[str, str]] = (),
) -> Forum:
    """Open a place for threads; its owner tells it all that it will ever show of the owner."""
    forum = Forum(
        budget_year=budget_year,
        theme_id=theme_id,
        scope_key=scope_key,
        path=path,
        title_da=title_da,
        title_en=title_en,
        hold_first=hold_first,
        prompts=[list(prompt) for prompt in prompts],
    )
    session.add(forum)
    session.flush()
    return forum


def open_thread(
    session: Session,
    *,
    who: Who,
    forum: Forum,
    title: str,
    body: str,
    client_id: str,
    held: bool = False,
    prompt_no: int | None = None,
) -> tuple[Thread, Post]:
    """Open a thread with its first post; a retried write returns what is there. Titles have at most rules.TITLE_MAX.

    Raises SentBefore as write_post does.
    """
    demand(rules.may_write(who, forum))
    known = session.query(Post).filter_by(author_id=who.author_id, client_id=client_id).one_or_none()
    if known is not None:
        there = session.get_one(Thread, known.thread_id)
        if (there.forum_id, there.title) != (forum.id, title) or not rules.was_sent_as(known, body):
            raise SentBefore
        return there, known
    thread = Thread(
        forum_id=forum.id,
        title=title,
        author_id=who.author_id,
        prompt_no=prompt_no,
        created_at=who.now,
        last_post_at=who.now,
        post_count=0,
        author_count=0,
        last_position=0,
        shown=False,
    )
    session.add(thread)
    session.flush()
    thread.path = f"{forum.path}/{thread.id}-{slug(title, 'traad')}"
    post = write_post(session, who=who, thread=thread, forum=forum, body=body, client_id=client_id, held=held)
    return thread, post


def mark_read(session: Session, *, who: Who, thread: Thread, position: int) -> int:
    """Remember that `who` has read up to `position`; never moves back, never past the last post."""
    demand(who.author_id is not None)
    position = max(0, min(position, thread.last_position))
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    mark = insert(ReadMark).values(author_id=who.author_id, thread_id=thread.id, position=position)
    session.execute(
        mark.on_conflict_do_update(
            index_elements=["author_id", "thread_id"],
            set_={"position": mark.excluded.position},
            where=ReadMark.position < mark.excluded.position,
        )
    )
    return position
