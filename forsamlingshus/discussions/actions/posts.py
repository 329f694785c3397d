"""Verbs on posts: write, edit, withdraw, support."""

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from forsamlingshus.contributions.models import Contribution
from forsamlingshus.discussions import events, rules
from forsamlingshus.discussions.actions import counting
from forsamlingshus.discussions.actions.placing import by_client_id, compose, excerpt, hold, place, title_of, topics_of
from forsamlingshus.discussions.models import (
    Forum,
    Post,
    PostKind,
    PostState,
    PostVersion,
    Question,
    Thread,
    ThreadKind,
)
from forsamlingshus.kernel import html, topics
from forsamlingshus.kernel.errors import Closed, Conflict
from forsamlingshus.kernel.events import record
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.permissions import Who, demand


def write_post(
    session: Session,
    *,
    who: Who,
    thread: Thread,
    forum: Forum,
    body: str,
    client_id: str,
    held: bool = False,
    parent: Post | None = None,
    quoted: Post | None = None,
    quote: str = "",
    quote_name: str = "",
) -> Post:
    """Write a post, or a reply when `parent` (a top-level post of the thread) is given.

    `body` is small Markdown of at most rules.BODY_MAX characters. A retried write (same author, client_id and words)
    returns what is there; other words raise SentBefore. A held post is seen by its author and moderators alone.
    """
    demand(rules.may_write_in(who, thread, forum))
    refuse_closed(thread)
    # The topics' rows are the lock under which order is given and doubles are found.
    versions = topics.next_versions(session, topics_of(thread, forum))
    author, known = by_client_id(session, who, client_id, (thread.id, parent.id if parent else None, body))
    if known is not None:
        return known
    if quoted is not None:
        _still_stands(session, quoted, quote)
    post = compose(
        who=who,
        author=author,
        thread=thread,
        forum=forum,
        body=body,
        client_id=client_id,
        parent_id=parent.id if parent else None,
        quoted_id=quoted.id if quoted else None,
        quote=quote,
        quote_name=quote_name,
    )
    return place(session, who=who, post=post, thread=thread, forum=forum, versions=versions, held=held)


def edit_post(
    session: Session, *, who: Who, post: Post, forum: Forum, body: str, held: bool = False, seen: str = ""
) -> Post:
    """Put other words in an own post; later than rules.FREE_EDIT after writing the older wording stays readable.

    Raises Conflict when `seen` (the source that the editor began from) is no longer what stands there.
    """
    demand(rules.may_edit(who, post, forum))
    refuse_closed(session.get_one(Thread, post.thread_id))
    version = topics.next_version(session, f"thread:{post.thread_id}")
    session.refresh(post)
    if seen and seen != post.source:
        raise Conflict(_("The post was changed meanwhile, perhaps in another tab. Your text is kept here"))
    if body == post.source:
        return post
    contribution = session.get_one(Contribution, post.contribution_id)
    clean = html.render_markdown(body)
    if post.state == PostState.VISIBLE and who.now - post.created_at > rules.FREE_EDIT:
        session.add(PostVersion(post_id=post.id, html=post.html, replaced_at=who.now))
        post.edited_at = who.now
    post.first_trace = post.first_trace or rules.trace(post.source)
    post.source, post.html, post.sanitizer_version = body, clean, html.SANITIZER_VERSION
    contribution.text = html.visible_text(clean)
    contribution.version = version
    if post.state == PostState.HIDDEN or ((held or rules.is_held(who, forum)) and post.state == PostState.VISIBLE):
        # What was hidden is sent again: a moderator looks at it, and still reads why it was hidden.
        _take_off_page(session, post, contribution, PostState.HELD, who)
    else:
        retell(session, post, contribution)
    if post.state == PostState.HELD:
        hold(session, who=who, post=post, forum=forum)
    if post.position is not None:
        record_change(session, post, version, who.author_id)
    return post


def withdraw_post(session: Session, *, who: Who, post: Post) -> Post:
    """Take an own post back. Its place stays, its words and older wordings go from the page and from the database."""
    demand(rules.may_withdraw(who, post))
    version = topics.next_version(session, f"thread:{post.thread_id}")
    contribution = session.get_one(Contribution, post.contribution_id)
    contribution.version = version
    _take_off_page(session, post, contribution, PostState.WITHDRAWN, who)
    if not contribution.used:
        _forget_words(session, post, contribution)
    if post.position is not None:
        record_change(session, post, version, who.author_id)
    return post


def support_post(session: Session, *, who: Who, post: Post, forum: Forum, wanted: bool) -> Post:
    """Say or take back 'important to me'. Saying it twice counts once; nothing changes when it is so already."""
    demand(rules.may_support(who, post, forum))
    refuse_closed(session.get_one(Thread, post.thread_id))
    if not counting.reaction(session, post.id, who.author_id, wanted=wanted):
        return post
    version = topics.next_number(session, f"thread:{post.thread_id}")
    count = counting.support(session, post, 1 if wanted else -1, version)
    record(
        session,
        events.PostSupported(
            post_id=post.id,
            thread_id=post.thread_id,
            version=version,
            count=count,
            question=post.kind == PostKind.QUESTION,
            actor_id=who.author_id,
        ),
    )
    return post


def refuse_closed(thread: Thread) -> None:
    """What its owner has closed stands as the record: nothing about it changes any more."""
    if not thread.closed:
        return
    if thread.kind == ThreadKind.QUESTIONS:
        raise Closed(_("The questions are closed. You can still read them"))
    raise Closed(_("The slide is not in the newest version of the presentation. You can still read what was written"))


def _still_stands(session: Session, quoted: Post, quote: str) -> None:
    """Raise Conflict unless the quoted words still stand in a visible post: it may have been hidden a moment ago."""
    session.refresh(quoted)
    text = session.get_one(Contribution, quoted.contribution_id, populate_existing=True).text
    if quoted.state != PostState.VISIBLE or quote not in " ".join(text.split()):
        raise Conflict(_("The post that you quote was changed meanwhile. Your text is kept here"))


def record_change(session: Session, post: Post, version: int, actor_id: int | None) -> None:
    """Tell those who look at the thread that a post on it looks otherwise now."""
    thread = session.get_one(Thread, post.thread_id)
    changed = events.PostChanged(
        post_id=post.id,
        thread_id=post.thread_id,
        version=version,
        posts=thread.post_count,
        people=thread.author_count,
        question=post.kind == PostKind.QUESTION,
        actor_id=actor_id,
    )
    record(session, changed)


def _take_off_page(session: Session, post: Post, contribution: Contribution, state: PostState, who: Who) -> None:
    """Take a post's words off the page and out of the counts; the place (its position) stays."""
    was_visible = post.state == PostState.VISIBLE
    post.state = state
    post.ended_at = who.now
    contribution.public = False
    if was_visible:
        count(session, post, -1)
        retell(session, post, contribution)


def count(session: Session, post: Post, step: int) -> None:
    """Count a post whose words came onto the page (+1) or went from it (-1); a forum counts those of its talks."""
    thread = session.get_one(Thread, post.thread_id)
    session.execute(update(Thread).where(Thread.id == thread.id).values(post_count=Thread.post_count + step))
    session.refresh(thread, ["post_count"])
    if thread.kind == ThreadKind.TALK:
        session.execute(update(Forum).where(Forum.id == thread.forum_id).values(post_count=Forum.post_count + step))


def retell(session: Session, post: Post, contribution: Contribution) -> None:
    """Let every other place that repeats a post's words follow it: others' quotes, and the thread's line in lists.

    Words that no longer stand in a visible post are not repeated anywhere.
    """
    text = " ".join(contribution.text.split()) if post.state == PostState.VISIBLE else ""
    for other in session.scalars(select(Post).where(Post.quoted_id == post.id, Post.quote != "")):
        shown = bool(text) and other.quote in text
        if other.quote_shown != shown:
            other.quote_shown = shown
            elsewhere = other.thread_id != post.thread_id
            version = topics.next_version(session, f"thread:{other.thread_id}") if elsewhere else contribution.version
            session.get_one(Contribution, other.contribution_id).version = version
            record_change(session, other, version, None)
    if post.kind == PostKind.QUESTION:
        _retitle(session, post, text)
    if post.position == 1:
        session.get_one(Thread, post.thread_id).excerpt = excerpt(text)


def _retitle(session: Session, post: Post, text: str) -> None:
    """The thread in which a question goes on is called by its words, as long as they may be read."""
    question = session.get_one(Question, post.id)
    if question.thread_id is not None:
        thread = session.get_one(Thread, question.thread_id)
        thread.title = title_of(text) if text else f"Spørgsmål nr. {post.position}"
        session.execute(update(Contribution).where(Contribution.topic == thread.topic).values(place=thread.title))


def _forget_words(session: Session, post: Post, contribution: Contribution) -> None:
    session.execute(delete(PostVersion).where(PostVersion.post_id == post.id))
    session.execute(update(Post).where(Post.quoted_id == post.id).values(quote="", quote_name=""))
    post.source, post.html, post.first_trace = "", html.trusted(""), ""
    contribution.text = ""
