"""What one does with a post: reply, support, edit, withdraw, read its history."""

from typing import Any

from flask import abort, render_template, request

from forsamlingshus.accounts import queries as account_queries
from forsamlingshus.discussions import actions, forms, queries, rules
from forsamlingshus.discussions.models import Post, PostKind
from forsamlingshus.discussions.views import drafts, page, undoing
from forsamlingshus.discussions.views.base import (
    allowed_lines,
    blueprint,
    post_or_404,
    refuse,
    slow_down,
    theme_of,
    wait_to_support,
    wait_to_write,
)
from forsamlingshus.kernel import db, permissions, web
from forsamlingshus.kernel.db import transaction
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.permissions import PUBLIC, WRITER, Who, access, demand


@blueprint.route("/i/<int:post_id>/svar", methods=["GET", "POST"])
@access(WRITER)
def reply(post_id: int) -> Any:
    """Reply to a post, perhaps quoting it. A reply to a reply stands under the same top-level post."""
    who, session = permissions.who(), db.session()
    target, thread, forum = post_or_404(session, who, post_id)
    demand(target.state == "visible" and target.kind == PostKind.POST)
    refuse(who, forum, thread)
    form = forms.ReplyForm(quoted_text=target.contribution.text, allow=allowed_lines(session))
    box = f"reply:{post_id}"
    if request.method == "GET":
        draft = account_queries.draft_of(session, who.author_id, box) if who.author_id is not None else None
        form.body.data = draft.body if draft else ""
        form.quote.data = draft.quote if draft else ""
        if request.args.get("citat") and not form.quote.data:
            form.quote.data = rules.quotable(form.quoted_text)
        form.client_id.data = forms.new_client_id()
        return _reply_page(who, target, form, box), 200
    if not form.validate():
        return _refused_reply(who, target, form, box)
    wait = wait_to_write(who)
    if wait:
        return web.error_page(429, seconds=wait, kept_text=form.body.data, message=slow_down(wait))
    try:
        with transaction() as session:
            target, thread, forum = post_or_404(session, who, post_id)
            root = session.get_one(Post, target.parent_id) if target.parent_id else target
            post = actions.write_post(
                session,
                who=who,
                thread=thread,
                forum=forum,
                body=form.body.data or "",
                client_id=form.client_id.data,
                held=form.held,
                parent=root,
                quoted=target if form.quote.data else None,
                quote=form.quote.data or "",
                quote_name=target.contribution.author_name if form.quote.data else "",
            )
            drafts.drop(session, who, box)
    except actions.SentBefore as before:
        form.ask_again(before.message)
        return _refused_reply(who, post_or_404(db.session(), who, post_id)[0], form, box)
    return page.written(post, thread)


def _reply_page(who: Who, target: Post, form: forms.ReplyForm, box: str) -> str:
    template = "discussions/_reply_form.html" if web.wants_fragment() else "discussions/reply.html"
    return render_template(
        template,
        post=target,
        thread=target.thread,
        forum=target.thread.forum,
        theme=theme_of(target.thread.forum),
        form=form,
        writes=True,
        guest=who if who.is_guest else None,
        closed=None,
        box=box,
        box_id=f"svar-{target.id}",
        viewer=permissions.who().author_id or "",
        body_max=rules.BODY_MAX,
        action=f"{target.path}/svar",
        place_url=f"{target.path}/svar",
        send_label=_("Send reply"),
        cancel_url=target.path,
        draft_note="",
    )


def _refused_reply(who: Who, target: Post, form: forms.ReplyForm, box: str) -> Any:
    html = _reply_page(who, target, form, box)
    if web.wants_fragment():
        return {"form": html}, 422
    drafts.keep(who, box=box, path=f"{target.path}/svar", body=form.body.data, quote=form.quote.data)
    return html, 422


@blueprint.post("/i/<int:post_id>/vigtigt")
@access(WRITER)
def support(post_id: int) -> Any:
    """Say ('wanted' = 1) or take back that a post is important to me."""
    who = permissions.who()
    wait = wait_to_support(who)
    if wait:
        return web.error_page(429, seconds=wait)
    with transaction() as session:
        post = queries.post_to_support(session, post_id) or abort(404)
        thread, forum = post.thread, post.thread.forum
        if not rules.may_see(who, post, thread, forum):
            abort(404)
        refuse(who, forum, thread)
        wanted = request.form.get("wanted") != "0"
        post = actions.support_post(session, who=who, post=post, forum=forum, wanted=wanted)
        count, address = post.support_count, page.address_of(post, thread)
    return {"pressed": wanted, "count": count} if web.wants_fragment() else web.see_other(address)


@blueprint.route("/i/<int:post_id>/ret", methods=["GET", "POST"])
@access(WRITER)
def edit(post_id: int) -> Any:
    """Put other words in an own post."""
    who, session = permissions.who(), db.session()
    post, thread, forum = post_or_404(session, who, post_id)
    demand(rules.is_own(who, post))
    refuse(who, forum, thread)
    demand(rules.may_edit(who, post, forum))
    is_question = post.kind == PostKind.QUESTION
    form = (forms.EditQuestionForm if is_question else forms.EditForm)(allow=allowed_lines(session))
    box = f"edit:{post_id}"
    if request.method == "GET":
        draft = account_queries.draft_of(session, who.author_id, box)
        form.seen.data = post.source
        form.body.data = draft.body if draft else post.source
    elif form.validate() and _says_something_else(post, form):
        # An edit goes out to as many readers as a post does, and costs as much.
        if wait := wait_to_write(who):
            return web.error_page(429, seconds=wait, kept_text=form.body.data, message=slow_down(wait))
        with transaction() as session:
            post, thread, forum = post_or_404(session, who, post_id)
            post = actions.edit_post(
                session,
                who=who,
                post=post,
                forum=forum,
                body=form.body.data or "",
                held=form.held,
                seen=(form.seen.data or "").replace("\r\n", "\n"),
            )
            drafts.drop(session, who, box)
            address = page.address_of(post, thread)
        waits = post.state == "held"
        web.notice(_("We look at your post before it is shown") if waits else _("Your changes are saved"))
        return web.see_other(address)
    html = render_template(
        "discussions/edit.html",
        post=post,
        thread=thread,
        forum=forum,
        theme=theme_of(forum),
        form=form,
        box=box,
        box_id="ret",
        body_max=rules.QUESTION_MAX if is_question else rules.BODY_MAX,
        marks=who.now - post.created_at > rules.FREE_EDIT,
    )
    if request.method == "GET":
        return html, 200
    drafts.keep(who, box=box, path=f"/i/{post_id}/ret", body=form.body.data)
    return html, 422


def _says_something_else(post: Post, form: forms.EditForm) -> bool:
    """False, with a sentence on the form, for a hidden post that is sent again as it was."""
    if post.state == "hidden" and form.body.data == post.source:
        form.body.errors = [_("Write it in another way: these words were hidden")]
        return False
    return True


@blueprint.route("/i/<int:post_id>/traek-tilbage", methods=["GET", "POST"])
@access(WRITER)
def withdraw(post_id: int) -> Any:
    """Take an own post back, after a page that says what that means."""
    who, session = permissions.who(), db.session()
    post, thread, forum = post_or_404(session, who, post_id)
    demand(rules.may_withdraw(who, post))
    if request.method == "GET":
        return render_template(
            "discussions/withdraw.html", post=post, thread=thread, forum=forum, theme=theme_of(forum)
        )
    with transaction() as session:
        post, thread, forum = post_or_404(session, who, post_id)
        before, words = actions.standing_of(session, post), post.source
        actions.withdraw_post(session, who=who, post=post)
        address = page.address_of(post, thread)
        if post.kind == PostKind.QUESTION:
            said = _("Your question is withdrawn")
            undoing.offer(session, who=who, text=said, post=post, before=before, words=words)
        else:
            web.notice(_("Your post is withdrawn"))
    return web.see_other(address if rules.is_listed(thread) else forum.path)


@blueprint.get("/i/<int:post_id>/historik")
@access(PUBLIC)
def history(post_id: int) -> Any:
    """The older wordings of a post, newest first."""
    who, session = permissions.who(), db.session()
    post, thread, forum = post_or_404(session, who, post_id)
    if post.state != "visible" and not rules.may_moderate(who, forum):
        abort(404)
    return render_template(
        "discussions/history.html",
        post=post,
        versions=queries.versions_of(session, post_id),
        thread=thread,
        forum=forum,
        theme=theme_of(forum),
    )
