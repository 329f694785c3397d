"""What the pages of this slice share: finding a thing or answering 404, how often one may write, and why not."""

from flask import Blueprint, abort, request
from sqlalchemy.orm import Session

from forsamlingshus.accounts import queries as accounts
from forsamlingshus.discussions import forms, queries, rules
from forsamlingshus.discussions.models import Forum, Post, Thread, ThreadKind
from forsamlingshus.kernel import db, i18n, limits, permissions
from forsamlingshus.kernel.errors import Forbidden
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.i18n import ngettext
from forsamlingshus.kernel.permissions import Who
from forsamlingshus.process import phases
from forsamlingshus.process.models import Theme

blueprint = Blueprint("discussions", __name__)

WRITING = limits.Limit("write", 12, 1)
"""Posts of one account in a minute: a fast writer never meets it, a flood does."""
SUPPORTING = limits.Limit("support", 300, 1)
"""Presses of one person in a minute: each moves the page of everybody who looks on, so a machine may not go on."""
GUEST_WRITING = limits.Limit("guest write", 5, 1)
GUEST_EVENING = limits.Limit("guest evening", 60, 60)
"""Posts of one guest in a minute and in an hour: a guest costs nothing to become, so it writes slower."""
GUESTS_OF_ADDRESS = limits.Limit("guest write address", 300, 1)
"""Posts of all guests behind one address in a minute: a hall of 300 that each write once, and no machine more."""


def wait_to_write(who: Who) -> int:
    """Count one post of this person; returns 0 when it may be written, else the seconds to wait."""
    key = str(who.author_id)
    if not who.is_guest:
        return WRITING.wait(key)
    network = limits.network(request.remote_addr)
    return GUEST_WRITING.wait(key) or GUEST_EVENING.wait(key) or GUESTS_OF_ADDRESS.wait(network)


def wait_to_support(who: Who) -> int:
    """Count one press of this person; returns 0 when it may count, else the seconds to wait."""
    return SUPPORTING.wait(str(who.author_id))


def slow_down(seconds: int) -> str:
    """The sentence for a writer who is too fast."""
    return ngettext(
        "Wait %(num)s second before you write again", "Wait %(num)s seconds before you write again", seconds
    )


def thread_or_404(session: Session, who: Who, thread_id: int) -> tuple[Thread, Forum]:
    """A thread that this person may see; one that is not shown is there for its author and moderators alone."""
    found = queries.forum_of(session, thread_id)
    if found is None:
        abort(404)
    thread, forum = found
    if thread.kind == ThreadKind.QUESTIONS or not (
        thread.shown or thread.author_id == who.author_id or rules.may_moderate(who, forum)
    ):
        abort(404)
    return thread, forum


def post_or_404(session: Session, who: Who, post_id: int) -> tuple[Post, Thread, Forum]:
    """A post that this person may see."""
    post = queries.post_with_place(session, post_id)
    if post is None or not rules.may_see(who, post, post.thread, post.thread.forum):
        abort(404)
    return post, post.thread, post.thread.forum


def allowed_lines(session: Session) -> list[str]:
    """The municipality's own published lines, which the personal-data guard lets pass."""
    return phases.public_lines(session)


def refuse(who: Who, forum: Forum, thread: Thread | None = None) -> None:
    """Raise why this person cannot write here now: the debate, the thread, the person, or the guest's meeting."""
    session = db.session()
    notice = queries.closed_notice(session, who, forum, thread)
    if notice is not None:
        raise notice.as_error()
    if who.is_muted(forum.scope_key):
        raise Forbidden(muted_sentence(session, who, forum))
    if not who.writes_in(forum.scope_key):
        raise Forbidden(_("As a guest you can write at the meeting that you joined. Sign in to write here"))


def muted_sentence(session: Session, who: Who, forum: Forum) -> str:
    """Why this person cannot write here, and until when."""
    mutes = accounts.mutes_of(session, who.author_id or 0, who.now)
    mute = next(row for row in mutes if row.scope_key in {forum.scope_key, permissions.EVERYWHERE})
    reason = forms.MUTE_REASON_WORDS[mute.reason_code]
    if mute.until is None:
        return _("You cannot write here until further notice. Reason: %(reason)s", reason=reason)
    return _("You cannot write here until %(moment)s. Reason: %(reason)s", moment=i18n.when(mute.until), reason=reason)


def theme_of(forum: Forum) -> Theme | None:
    """The theme of a forum; the plenary has none."""
    return db.session().get_one(Theme, forum.theme_id) if forum.theme_id else None
