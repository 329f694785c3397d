"""Verbs on posts: write, edit, withdraw, support."""

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session

from forsamlingshus.accounts.models import Author
from forsamlingshus.contributions.models import Contribution, Kind, topic_of
from forsamlingshus.discussions import events, rules
from forsamlingshus.discussions.actions import counting
from forsamlingshus.discussions.models import Forum, Post, PostState, PostVersion, Thread
from forsamlingshus.kernel import html, topics
from forsamlingshus.kernel.errors import Conflict
from forsamlingshus.kernel.events import record
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.permissions import Who, demand


class SentBefore(Conflict):
    """The id of this write belongs to another text of the same author, which is stored: these words are not."""

    def __init__(self) -> None:
        super().__init__(_("You have sent a text from here already. Send again if this is to be one more"))


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
    demand(rules.may_write(who, forum))
    # The topics' rows are the lock under which order is given and doubles are found.
    versions = topics.next_versions(session, [topic_of(forum.budget_year), forum.topic, thread.topic])
    known = _by_client_id(session, who, client_id, (thread.id, parent.id if parent else None, body))
    if known is not None:
        return known
    if quoted is not None:
        _still_stands(session, quoted, quote)
    clean = html.render_markdown(body)
    contribution = _contribution(session, who, thread, forum, html.visible_text(clean))
    post = Post(
        thread_id=thread.id,
        contribution=contribution,
        author_id=who.author_id,
        client_id=client_id,
        parent_id=parent.id if parent else None,
        quoted_id=quoted.id if quoted else None,
        quote=quote,
        quote_name=quote_name,
        quote_shown=True,
        source=body,
        html=clean,
        sanitizer_version=html.SANITIZER_VERSION,
        state=PostState.HELD,
        support_count=0,
        created_at=who.now,
        reason_code="",
        reason="",
    )
    waits = held or forum.hold_first
    if not waits:
        _give_place(session, who, post, contribution, thread, version=versions[thread.topic])
    session.add(post)
    session.flush()
    counting.name(session, contribution, post.path)
    if waits:
        topics.next_version(session, f"queue:{forum.id}")
        record(session, events.PostHeld(post_id=post.id, forum_id=forum.id, actor_id=who.author_id))
    else:
        _tell(session, who=who, post=post, contribution=contribution, thread=thread, forum=forum, versions=versions)
    return post


def _contribution(session: Session, who: Who, thread: Thread, forum: Forum, text: str) -> Contribution:
    """The row that stands for what is said here; it is public once the post has its place."""
    return Contribution(
        kind=Kind.POST,
        author=session.get_one(Author, who.author_id),
        author_role=who.badge_in(forum.scope_key),
        budget_year=forum.budget_year,
        theme_id=forum.theme_id,
        path="",
        place=thread.title,
        text=text,
        created_at=who.now,
        public=False,
        used=False,
        topic=thread.topic,
        version=0,
        fates=[],
    )


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
    _tell(session, who=who, post=post, contribution=contribution, thread=thread, forum=forum, versions=versions)


def _give_place(
    session: Session, who: Who, post: Post, contribution: Contribution, thread: Thread, *, version: int
) -> None:
    """The place at the end of the thread, or of its root's replies; its words become public."""
    counting.post_in_thread(session, thread, who.now)
    post.state = PostState.VISIBLE
    post.position = thread.last_position
    root = session.get(Post, post.parent_id) if post.parent_id else None
    post.root_position = root.root_position if root is not None else post.position
    contribution.public = True
    contribution.version = version


def _tell(
    session: Session,
    *,
    who: Who,
    post: Post,
    contribution: Contribution,
    thread: Thread,
    forum: Forum,
    versions: dict[str, int],
) -> None:
    """Count a post that has its place in its forum, and record what happened."""
    counting.post_in_forum(session, forum)
    counting.participant(session, post.author_id, thread, forum)
    if not thread.shown:
        session.refresh(forum, ["thread_count"])
        thread.shown = True
        thread.excerpt = _excerpt(contribution.text)
        forum.thread_count += 1
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
            forum_version=versions[forum.topic],
            parent_id=post.parent_id,
            budget_year=forum.budget_year,
            said_version=versions[topic_of(forum.budget_year)],
            actor_id=post.author_id,
        ),
    )


def edit_post(
    session: Session, *, who: Who, post: Post, forum: Forum, body: str, held: bool = False, seen: str = ""
) -> Post:
    """Put other words in an own post; later than rules.FREE_EDIT after writing the older wording stays readable.

    Raises Conflict when `seen` (the source that the editor began from) is no longer what stands there.
    """
    demand(rules.may_edit(who, post, forum))
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
    post.source, post.html, post.sanitizer_version = body, clean, html.SANITIZER_VERSION
    contribution.text = html.visible_text(clean)
    contribution.version = version
    if (held or forum.hold_first) and post.state == PostState.VISIBLE:
        _take_off_page(session, post, contribution, PostState.HELD, who)
    else:
        retell(session, post, contribution)
    if post.state == PostState.HELD:  # moderators must see the words that they would show
        topics.next_version(session, f"queue:{forum.id}")
        record(session, events.PostHeld(post_id=post.id, forum_id=forum.id, actor_id=who.author_id))
    if post.position is not None:
        _record_change(session, post, version, who.author_id)
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
        _record_change(session, post, version, who.author_id)
    return post


def support_post(session: Session, *, who: Who, post: Post, forum: Forum, wanted: bool) -> Post:
    """Say or take back 'important to me'. Saying it twice counts once; nothing changes when it is so already."""
    demand(rules.may_support(who, post, forum))
    if not counting.reaction(session, post.id, who.author_id, wanted=wanted):
        return post
    version = topics.next_number(session, f"thread:{post.thread_id}")
    count = counting.support(session, post, 1 if wanted else -1, version)
    record(
        session,
        events.PostSupported(
            post_id=post.id, thread_id=post.thread_id, version=version, count=count, actor_id=who.author_id
        ),
    )
    return post


def _still_stands(session: Session, quoted: Post, quote: str) -> None:
    """Raise Conflict unless the quoted words still stand in a visible post: it may have been hidden a moment ago."""
    session.refresh(quoted)
    text = session.get_one(Contribution, quoted.contribution_id, populate_existing=True).text
    if quoted.state != PostState.VISIBLE or quote not in " ".join(text.split()):
        raise Conflict(_("The post that you quote was changed meanwhile. Your text is kept here"))


def _record_change(session: Session, post: Post, version: int, actor_id: int | None) -> None:
    changed = events.PostChanged(post_id=post.id, thread_id=post.thread_id, version=version, actor_id=actor_id)
    record(session, changed)


_KNOWN = select(Post.id).where(Post.author_id == bindparam("author"), Post.client_id == bindparam("client"))


def _by_client_id(session: Session, who: Who, client_id: str, written: tuple[int, int | None, str]) -> Post | None:
    """The post of an earlier try to write just this: `written` is thread, root and source. Raises SentBefore."""
    known = session.connection().execute(_KNOWN, {"author": who.author_id, "client": client_id}).scalar()
    post = None if known is None else session.get_one(Post, known)
    if post is not None and (post.thread_id, post.parent_id, post.source) != written:
        raise SentBefore
    return post


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
    """Count a post whose words came onto the page (+1) or went from it (-1) in its thread and forum."""
    thread = session.get_one(Thread, post.thread_id)
    session.execute(update(Thread).where(Thread.id == thread.id).values(post_count=Thread.post_count + step))
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
            session.get_one(Contribution, other.contribution_id).version = contribution.version
            _record_change(session, other, contribution.version, None)
    if post.position == 1:
        session.get_one(Thread, post.thread_id).excerpt = _excerpt(text)


def _forget_words(session: Session, post: Post, contribution: Contribution) -> None:
    session.execute(delete(PostVersion).where(PostVersion.post_id == post.id))
    session.execute(update(Post).where(Post.quoted_id == post.id).values(quote="", quote_name=""))
    post.source, post.html = "", html.trusted("")
    contribution.text = ""


def _excerpt(text: str, length: int = 100) -> str:
    words = " ".join(text.split())
    if len(words) <= length:
        return words
    return words[:length].rsplit(" ", 1)[0].rstrip(" ,.;:–-") + " …"
