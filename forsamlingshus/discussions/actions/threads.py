"""Verbs on forums and threads: open them, and remember how far somebody has read."""

from collections.abc import Sequence

from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from forsamlingshus.discussions import rules
from forsamlingshus.discussions.actions.placing import SentBefore
from forsamlingshus.discussions.actions.posts import write_post
from forsamlingshus.discussions.models import Forum, Post, ReadMark, Thread, ThreadKind
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


def rename_forum(
    session: Session, *, forum: Forum, title_da: str, title_en: str, prompts: Sequence[tuple[str, str]] | None = None
) -> None:
    """Tell a forum, and its list of questions, another title, and other prompts if any are given.

    Threads know a prompt by its number, so the owner sees to it that none is taken from under them.
    """
    forum.title_da, forum.title_en = title_da, title_en
    if prompts is not None:
        forum.prompts = [list(prompt) for prompt in prompts]
    asked = update(Thread).where(Thread.forum_id == forum.id, Thread.kind == ThreadKind.QUESTIONS)
    session.execute(asked.values(title=questions_title(title_da)))


def questions_title(title_da: str) -> str:
    """What the list of questions of a place is called, in Danish as all that people write."""
    return f"Spørgsmål: {title_da}"[: rules.TITLE_MAX]


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
    thread = new_thread(session, who=who, forum=forum, title=title, address=slug(title, "traad"), prompt_no=prompt_no)
    post = write_post(session, who=who, thread=thread, forum=forum, body=body, client_id=client_id, held=held)
    return thread, post


def new_thread(
    session: Session, *, who: Who, forum: Forum, title: str, address: str, prompt_no: int | None = None
) -> Thread:
    """A thread without a post, which nobody sees yet; `address` are the words behind its number."""
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
    thread.path = f"{forum.path}/{thread.id}-{address}"
    return thread


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
