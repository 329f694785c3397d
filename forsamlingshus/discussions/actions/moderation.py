"""Verbs of moderators: release what waits, hide what breaks the rules; always with a reason, never silently."""

from sqlalchemy.orm import Session

from forsamlingshus.contributions.models import Contribution, topic_of
from forsamlingshus.discussions import events, rules
from forsamlingshus.discussions.actions.posts import count, retell, show
from forsamlingshus.discussions.models import Forum, Post, PostState, Thread
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
    names = [topic_of(forum.budget_year), forum.topic, thread.topic, f"queue:{forum.id}"]
    versions = topics.next_versions(session, names)
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
        contribution.public, contribution.version = True, versions[thread.topic]
        count(session, post, +1)
        retell(session, post, contribution)
        changed = events.PostChanged(
            post_id=post.id, thread_id=thread.id, version=versions[thread.topic], actor_id=who.author_id
        )
        record(session, changed)
    record(session, events.PostJudged(post_id=post.id, forum_id=forum.id, decision="release", actor_id=who.author_id))
    return post


def hide(
    session: Session, *, who: Who, post: Post, thread: Thread, forum: Forum, reason_code: str, reason: str
) -> Post:
    """Hide a held or visible post for a reason that everybody reads; its author also reads the own words again."""
    demand(rules.may_moderate(who, forum))
    versions = topics.next_versions(session, [forum.topic, thread.topic, f"queue:{forum.id}"])
    session.refresh(post)
    if post.state not in {PostState.HELD, PostState.VISIBLE}:
        raise Conflict(_("Somebody has already decided about this post"))
    was_visible = post.state == PostState.VISIBLE
    contribution = session.get_one(Contribution, post.contribution_id)
    post.state = PostState.HIDDEN
    post.ended_at = who.now
    post.reason_code, post.reason = reason_code, reason
    contribution.public, contribution.version = False, versions[thread.topic]
    if was_visible:
        count(session, post, -1)
        retell(session, post, contribution)
    if post.position is not None:
        changed = events.PostChanged(
            post_id=post.id, thread_id=thread.id, version=versions[thread.topic], actor_id=who.author_id
        )
        record(session, changed)
    judged = events.PostJudged(
        post_id=post.id, forum_id=forum.id, decision="hide", reason_code=reason_code, actor_id=who.author_id
    )
    record(session, judged)
    return post
