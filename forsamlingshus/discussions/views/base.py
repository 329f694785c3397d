"""What the pages of this slice share: the blueprint, and finding a post or thread or answering 404."""

from flask import Blueprint, abort
from sqlalchemy.orm import Session

from forsamlingshus.discussions import queries, rules
from forsamlingshus.discussions.models import Forum, Post, Thread
from forsamlingshus.kernel import limits
from forsamlingshus.kernel.permissions import Who
from forsamlingshus.process import phases

blueprint = Blueprint("discussions", __name__)

WRITING = limits.Limit("write", 12, 1)
"""Posts of one account in a minute: a fast writer never meets it, a flood does."""


def thread_or_404(session: Session, who: Who, thread_id: int) -> tuple[Thread, Forum]:
    """A thread that this person may see; one whose first post waits is there for its author and moderators alone."""
    found = queries.forum_of(session, thread_id)
    if found is None:
        abort(404)
    thread, forum = found
    if not (thread.shown or thread.author_id == who.author_id or rules.may_moderate(who, forum)):
        abort(404)
    return thread, forum


def post_or_404(session: Session, who: Who, post_id: int) -> tuple[Post, Thread, Forum]:
    """A post that this person may see."""
    post = queries.post_with_place(session, post_id)
    if post is None or not rules.may_see(who, post, post.thread.forum):
        abort(404)
    return post, post.thread, post.thread.forum


def allowed_lines(session: Session) -> list[str]:
    """The municipality's own published lines, which the personal-data guard lets pass."""
    return phases.public_lines(session)
