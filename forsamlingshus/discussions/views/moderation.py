"""The queue of what waits, and hiding with a reason."""

from collections.abc import Collection, Sequence
from typing import Any

from flask import abort, render_template, request

from forsamlingshus.discussions import actions, forms, queries, rules
from forsamlingshus.discussions.models import Forum, Thread
from forsamlingshus.discussions.queries import QueueItem
from forsamlingshus.discussions.views import mutes, page, undoing
from forsamlingshus.discussions.views.base import (
    allowed_lines,
    blueprint,
    post_or_404,
    theme_of,
)
from forsamlingshus.kernel import db, guard, permissions, personal_data, web
from forsamlingshus.kernel.addresses import own_path, small_number
from forsamlingshus.kernel.db import transaction
from forsamlingshus.kernel.errors import leads_to
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.i18n import lazy_gettext as _l
from forsamlingshus.kernel.i18n import ngettext
from forsamlingshus.kernel.permissions import SCOPED, Who, access, demand
from forsamlingshus.kernel.personal_data import Kind, Level

QUEUE = "/arbejde/moderation"
LOOKS_LIKE = {
    Kind.CPR: _l("looks like a CPR number"),
    Kind.PHONE: _l("looks like a phone number"),
    Kind.EMAIL: _l("looks like an e-mail address"),
    Kind.ACCOUNT: _l("looks like an account number"),
    Kind.ADDRESS: _l("looks like an address"),
    Kind.PLATE: _l("looks like a number plate"),
    Kind.SENSITIVE: _l("may be private, such as health or faith"),
}


@blueprint.get(QUEUE)
@access(SCOPED)
def queue() -> Any:
    """What waits for this moderator, oldest first; with ?efter=N whether a forum's queue moved after version N."""
    who, session = permissions.who(), db.session()
    # First: what is read after their versions may be newer, never older.
    states = queries.forum_states(session, who)
    if "efter" in request.args:
        return _moved(states)
    after = small_number(request.args.get("fra")) or 0
    items = queries.queue(session, who, after=after)
    return render_template(
        "discussions/queue.html",
        items=items,
        waiting=queries.queue_counts(session, who),
        digest=rules.digest,
        doubts={item.post.id: doubts(item, allowed_lines(session)) for item in items},
        next_url=f"/arbejde/moderation?fra={items[-1].post.id}" if len(items) == queries.QUEUE_PAGE else "",
        states=states,
        mutes=queries.muted(session, who),
        anonymous=mutes.anonymous,
        mute_reasons=forms.MUTE_REASON_WORDS,
    )


def _moved(states: Sequence[queries.ForumState]) -> dict[str, Any]:
    """What the live push would have said of the queue that is asked about: never what waits in it."""
    state = next((state for state in states if state.topic == request.args.get("emne")), None) or abort(404)
    rows = [{"action": "refresh", "target": state.topic, "parent": "", "html": ""}]
    asked = small_number(request.args["efter"]) or 0
    return {"version": state.version, "changes": rows if state.version > asked else []}


def doubts(item: QueueItem, allow: Collection[str]) -> list[tuple[str, Any]]:
    """What the guard doubts in a waiting post: the words, and what they look like. Found anew in what stands there."""
    typed = [item.post.quote, item.post.source]
    if not item.thread.shown:
        typed.insert(0, item.thread.title)
    return [
        (personal_data.excerpt(text, finding), LOOKS_LIKE[finding.kind])
        for text in typed
        for finding in guard.scan(text, allow=allow)
        if finding.level >= Level.HOLD
    ]


@blueprint.post("/i/<int:post_id>/vis")
@access(SCOPED)
def release(post_id: int) -> Any:
    """Show a post that was held or hidden."""
    who = permissions.who()
    with transaction() as session:
        post, thread, forum = post_or_404(session, who, post_id)
        thread, forum = session.get_one(Thread, thread.id), session.get_one(Forum, forum.id)
        seen = request.form.get("seen", "")
        with leads_to(own_path(request.form.get("next")) or QUEUE):
            actions.release(session, who=who, post=post, thread=thread, forum=forum, seen=seen)
    web.notice(_("The post is published"))
    return web.see_other(own_path(request.form.get("next")) or QUEUE)


@blueprint.route("/i/<int:post_id>/skjul", methods=["GET", "POST"])
@access(SCOPED)
def hide(post_id: int) -> Any:
    """Hide a post; the reason stands where it stood."""
    who, session = permissions.who(), db.session()
    post, thread, forum = post_or_404(session, who, post_id)
    demand(rules.may_moderate(who, forum))
    back = own_path(request.values.get("next"))
    form = forms.HideForm(allow=allowed_lines(session))
    if request.method == "POST" and form.validate():
        if request.form.get("others"):
            return _hide_with_waiting(who, post_id, form, back or QUEUE)
        with leads_to(back or QUEUE), transaction() as session:
            post, thread, forum = post_or_404(session, who, post_id)
            before = actions.standing_of(session, post)
            actions.hide(
                session,
                who=who,
                post=post,
                thread=thread,
                forum=forum,
                reason_code=form.reason_code.data,
                reason=(form.reason.data or "").rstrip("."),
            )
            address = page.address_of(post, thread)
            waited = post.position is None
            said = _("The post is hidden. Its author can read the reason")
            if not waited:
                said = _("The post is hidden. Its place shows the reason")
            if post.edited_at is None:  # else hiding it took older wordings away for good
                undoing.offer(session, who=who, text=said, post=post, before=before)
            else:
                web.notice(said)
        return web.see_other(back or (QUEUE if waited else address))
    html = render_template(
        "discussions/hide.html",
        post=post,
        thread=thread,
        forum=forum,
        theme=theme_of(forum),
        form=form,
        back=back,
        others=len(queries.waiting_beside(session, who, post)),
    )
    return html, (200 if request.method == "GET" else 422)


def _hide_with_waiting(who: Who, post_id: int, form: forms.HideForm, back: str) -> Any:
    """One press against a machine that fills the queue; it is not taken back by another."""
    with leads_to(back), transaction() as session:
        post, _thread, _forum = post_or_404(session, who, post_id)
        hidden = actions.hide_with_waiting(
            session,
            who=who,
            post=post,
            reason_code=form.reason_code.data,
            reason=(form.reason.data or "").rstrip("."),
        )
    web.notice(
        ngettext(
            "%(num)s post is hidden. Its author can read the reason",
            "%(num)s posts are hidden. Their author can read the reason",
            hidden,
        )
    )
    return web.see_other(back)
