"""Verbs of moderators: release what waits, hide what breaks the rules; always with a reason, never silently."""

from sqlalchemy import delete
from sqlalchemy.orm import Session

from forsamlingshus.contributions.models import Contribution
from forsamlingshus.discussions import events, queries, rules
from forsamlingshus.discussions.actions.placing import show, topics_of
from forsamlingshus.discussions.actions.posts import count, record_change, retell
from forsamlingshus.discussions.models import Forum, Post, PostKind, PostState, PostVersion, Thread
from forsamlingshus.kernel import topics
from forsamlingshus.kernel.errors import Conflict
from forsamlingshus.kernel.events import record
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.permissions import Who, demand


def release(session: Session, *, who: Who, post: Post, thread: Thread, forum: Forum, seen: str | None = None) -> Post:
    """Show a held or hidden post. Raises Conflict when another moderator judged it first.

    `seen` is rules.digest of the words that the moderator read; other words by now are a Conflict as well.
    """
    demand(rules.may_moderate(who, forum))
    versions = topics.next_versions(session, [*topics_of(thread, forum), f"queue:{forum.id}"])
    session.refresh(post)
    if post.state not in {PostState.HELD, PostState.HIDDEN}:
        raise Conflict(_("Somebody has already decided about this post"))
    if seen is not None and seen != rules.digest(post):
        raise Conflict(_("The author has changed the post meanwhile. Read it again before you decide"))
    contribution = session.get_one(Contribution, post.contribution_id)
    post.reason_code = post.reason = ""
    post.ended_at = None
    if post.position is None:
        show(session, who=who, post=post, contribution=contribution, thread=thread, forum=forum, versions=versions)
    else:
        post.state = PostState.VISIBLE
        contribution.public, contribution.version = rules.makes_public(thread), versions[thread.topic]
        count(session, post, +1)
        retell(session, post, contribution)
        record_change(session, post, versions[thread.topic], who.author_id)
    judged(session, who, post, forum, decision="release")
    return post


def hide(
    session: Session, *, who: Who, post: Post, thread: Thread, forum: Forum, reason_code: str, reason: str
) -> Post:
    """Hide a held or visible post for a reason that everybody reads; its author also reads the own words again.

    Older wordings go from the database: the fault may stand in them, and releasing what the author writes next would
    show them to everybody. The words that were hidden stay, for the author and for moderators.
    """
    demand(rules.may_moderate(who, forum))
    versions = topics.next_versions(session, [*topics_of(thread, forum), f"queue:{forum.id}"])
    session.refresh(post)
    if post.state not in {PostState.HELD, PostState.VISIBLE}:
        raise Conflict(_("Somebody has already decided about this post"))
    version = versions[thread.topic]
    _take_away(session, who, post=post, forum=forum, version=version, reason_code=reason_code, reason=reason)
    return post


def hide_with_waiting(session: Session, *, who: Who, post: Post, reason_code: str, reason: str) -> int:
    """Hide a post and all that waits of its author, each for the same reason; returns how many were hidden.

    What another moderator decided meanwhile stays as it was decided; Conflict when that is all of it.
    """
    posts = [post, *queries.waiting_beside(session, who, post)]
    for one in posts:
        demand(rules.may_moderate(who, one.thread.forum))
    places = [(one.thread, one.thread.forum) for one in posts]
    names = {name for thread, forum in places for name in (*topics_of(thread, forum), f"queue:{forum.id}")}
    versions = topics.next_versions(session, names)
    told: set[str] = set()
    hidden = 0
    for one, (thread, forum) in sorted(zip(posts, places, strict=True), key=lambda row: (row[1][1].id, row[0].id)):
        session.refresh(one)
        if one.state != PostState.HELD and not (one is post and one.state == PostState.VISIBLE):
            continue
        if thread.topic in told:  # each change that is sent has a version of its own; the row is locked by now
            versions[thread.topic] = topics.next_version(session, thread.topic)
        told.add(thread.topic)
        version = versions[thread.topic]
        _take_away(session, who, post=one, forum=forum, version=version, reason_code=reason_code, reason=reason)
        hidden += 1
    if not hidden:
        raise Conflict(_("Somebody has already decided about this post"))
    return hidden


def _take_away(
    session: Session, who: Who, *, post: Post, forum: Forum, version: int, reason_code: str, reason: str
) -> None:
    was_visible = post.state == PostState.VISIBLE
    contribution = session.get_one(Contribution, post.contribution_id)
    post.state = PostState.HIDDEN
    post.ended_at = who.now
    post.reason_code, post.reason = reason_code, reason
    session.execute(delete(PostVersion).where(PostVersion.post_id == post.id))
    contribution.public, contribution.version = False, version
    if was_visible:
        count(session, post, -1)
        retell(session, post, contribution)
    if post.position is not None:
        record_change(session, post, version, who.author_id)
    judged(session, who, post, forum, decision="hide", reason_code=reason_code)


def judged(session: Session, who: Who, post: Post, forum: Forum, *, decision: str, reason_code: str = "") -> None:
    """Record a moderator's decision about a post: it stands in the log."""
    event = events.PostJudged(
        post_id=post.id,
        forum_id=forum.id,
        decision=decision,
        reason_code=reason_code,
        question=post.kind == PostKind.QUESTION,
        actor_id=who.author_id,
    )
    record(session, event)


def set_hold_first(session: Session, *, who: Who, forum: Forum, hold_first: bool) -> Forum:
    """Let each new post of a forum wait until a moderator shows it, or not; what waits already goes on waiting."""
    demand(rules.may_moderate(who, forum))
    if forum.hold_first != hold_first:
        forum.hold_first = hold_first
        topics.next_version(session, f"queue:{forum.id}")
        record(session, events.HoldFirstSet(forum_id=forum.id, hold_first=hold_first, actor_id=who.author_id))
    return forum
