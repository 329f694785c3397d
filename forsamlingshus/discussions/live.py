"""What listeners of threads, forums and queues get after a commit, and who may listen."""

from functools import partial

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from forsamlingshus.contributions.events import FateRecorded
from forsamlingshus.discussions import events, partials, queries, rules
from forsamlingshus.discussions.models import Forum, Post, Thread
from forsamlingshus.kernel import clock, db, i18n, pages, topics
from forsamlingshus.kernel.live import Gate
from forsamlingshus.kernel.permissions import Who
from forsamlingshus.kernel.sender import Change


def may_listen_to_thread(session: Session, who: Who, thread_id: int) -> bool:
    """Everybody may follow a thread that is shown, or a list of questions; else only those who may moderate it."""
    found = queries.forum_of(session, thread_id)
    return found is not None and (rules.is_listed(found[0]) or rules.may_moderate(who, found[1]))


def may_listen_to_forum(session: Session, who: Who, forum_id: int) -> bool:
    """Lists of threads are public."""
    return session.get(Forum, forum_id) is not None


def may_listen_to_queue(session: Session, who: Who, forum_id: int) -> bool:
    """Only those who may judge what waits there."""
    forum = session.get(Forum, forum_id)
    return forum is not None and rules.may_moderate(who, forum)


GATES: dict[str, Gate] = {
    "thread": may_listen_to_thread,
    "forum": may_listen_to_forum,
    "queue": may_listen_to_queue,
}


def on_post_shown(event: events.PostShown) -> None:
    """A new post joins the feed, and its thread moves in the forum's list."""
    thread_id = event.thread_id
    topic = f"thread:{thread_id}"
    post = partials.appended(topic, event.version, event.post_id, event.parent_id, clock.now())
    if not event.forum_version:  # no forum lists it
        _push([post])
        return
    row = Change(
        f"forum:{event.forum_id}",
        event.forum_version,
        "replace",
        f"thread-{thread_id}",
        lambda lang: row_html(db.session().get_one(Thread, thread_id), lang),
    )
    _push([post, row, *_counts(event)])


def on_thread_opened(event: events.ThreadOpened) -> None:
    """A forum's list offers to show the new thread; it is not thrown in where somebody is reading."""
    _push([Change(f"forum:{event.forum_id}", event.forum_version, "refresh", f"thread-{event.thread_id}")])


def on_post_changed(event: events.PostChanged) -> None:
    """An edited, withdrawn, hidden or released post is replaced where it stands."""
    changed = partials.replaced(f"thread:{event.thread_id}", event.version, event.post_id, clock.now())
    _push([changed] if event.question else [changed, *_counts(event)])


def on_post_supported(event: events.PostSupported) -> None:
    """The number beside 'important to me'. Only the number: the button may have somebody's focus."""
    number = str(event.count)
    target = f"support-{event.post_id}"
    _push([Change(f"thread:{event.thread_id}", event.version, "text", target, lambda _lang: number)])


def on_queue_changed(event: events.PostHeld | events.PostJudged | events.HoldFirstSet) -> None:
    """Moderators' lists re-read themselves: what waits never travels in a message."""
    session = db.session()
    name = f"queue:{event.forum_id}"
    _push([Change(name, topics.version_of(session, name), "refresh", name)])


def on_fate_recorded(event: FateRecorded) -> None:
    """A post shows what became of it as soon as staff say so."""
    shown = select(Post.id).where(Post.contribution_id == event.contribution_id, Post.position.is_not(None))
    post_id = db.session().scalar(shown)
    if post_id is not None:
        _push([partials.replaced(event.topic, event.version, post_id, clock.now())])


def _counts(event: events.PostShown | events.PostChanged) -> list[Change]:
    """The numbers in the head of a thread's page."""

    def said(target: str, lang: str) -> str:
        with i18n.in_language(lang):
            return partials.counts(event.posts, event.people)[target]

    topic = f"thread:{event.thread_id}"
    return [Change(topic, event.version, "text", target, partial(said, target)) for target in partials.COUNTS]


def row_html(thread: Thread, language: str) -> str:
    """A thread's row as every reader may see it."""
    return pages.partial("discussions/_thread_row.html", language, row=thread, new_count=0)


def _push(changes: list[Change]) -> None:
    current_app.extensions["forsamlingshus.sender"].push(changes)
