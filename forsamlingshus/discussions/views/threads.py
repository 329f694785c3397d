"""The page of a thread, a new thread, and how far one has read."""

from typing import Any

from flask import abort, redirect, render_template, request
from werkzeug.wrappers import Response
from wtforms import SelectChoice

from forsamlingshus.discussions import actions, forms, queries, rules
from forsamlingshus.discussions.models import Forum
from forsamlingshus.discussions.views import drafts, page, talk
from forsamlingshus.discussions.views.base import (
    allowed_lines,
    blueprint,
    refuse,
    theme_of,
    thread_or_404,
    wait_to_write,
)
from forsamlingshus.kernel import db, i18n, permissions, web
from forsamlingshus.kernel.addresses import small_number
from forsamlingshus.kernel.db import transaction
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.permissions import PUBLIC, WRITER, access


@blueprint.get("/budget/<int:year>/borgermoede/<int:thread_id>-<slug>")
@blueprint.get("/budget/<int:year>/temaer/<theme>/<int:thread_id>-<slug>")
@access(PUBLIC)
def thread(year: int, thread_id: int, slug: str, theme: str = "") -> Any:
    """The thread; with ?efter=N what changed after version N, for a page that missed something."""
    if request.args.get("efter"):
        return page.changes_after(thread_id, request.args["efter"])
    return page.show(thread_id)


@blueprint.post("/budget/<int:year>/borgermoede/<int:thread_id>-<slug>")
@blueprint.post("/budget/<int:year>/temaer/<theme>/<int:thread_id>-<slug>")
@access(WRITER)
def write(year: int, thread_id: int, slug: str, theme: str = "") -> Any:
    """Write a post in the thread."""
    who = permissions.who()
    return talk.write(lambda session: thread_or_404(session, who, thread_id), lambda form: page.show(thread_id, form))


@blueprint.route("/budget/<int:year>/temaer/<theme>/ny", methods=["GET", "POST"])
@access(WRITER)
def new_thread(year: int, theme: str) -> Any:
    """Open a thread."""
    who, session = permissions.who(), db.session()
    forum = queries.forum_at(session, f"/budget/{year}/temaer/{theme}") or abort(404)
    refuse(who, forum)
    prompts = [SelectChoice(no, i18n.pick(*words)) for no, words in enumerate(forum.prompts, 1)]
    form = forms.ThreadForm(allow=allowed_lines(session))
    form.prompt_no.choices = [SelectChoice(0, _("None of them")), *prompts]
    box = f"forum:{forum.id}"
    if request.method == "GET":
        drafts.start_from(session, who, form, box)
        return _new_thread_page(forum, form, box), 200
    if not form.validate():
        return _refused_thread(forum, form, box)
    wait = wait_to_write(who)
    if wait:
        return web.error_page(429, seconds=wait, kept_text=f"{form.title.data}\n\n{form.body.data}")
    try:
        with transaction() as session:
            forum = session.get_one(Forum, forum.id)
            thread, post = actions.open_thread(
                session,
                who=who,
                forum=forum,
                title=form.title.data or "",
                body=form.body.data or "",
                client_id=form.client_id.data,
                held=form.held,
                prompt_no=form.prompt_no.data or None,
            )
            drafts.drop(session, who, box)
    except actions.SentBefore as before:
        form.ask_again(before.message)
        return _refused_thread(forum, form, box)
    web.notice(page.sentence_after(post))
    return web.see_other(f"{thread.path}#i-{post.id}")


def _new_thread_page(forum: Forum, form: forms.ThreadForm, box: str) -> str:
    return render_template(
        "discussions/new_thread.html",
        forum=forum,
        form=form,
        box=box,
        theme=theme_of(forum),
        body_max=rules.BODY_MAX,
        title_max=rules.TITLE_MAX,
    )


def _refused_thread(forum: Forum, form: forms.ThreadForm, box: str) -> Any:
    html, path = _new_thread_page(forum, form, box), f"{forum.path}/ny"
    drafts.keep(
        permissions.who(),
        box=box,
        path=path,
        body=form.body.data,
        title=form.title.data,
        prompt_no=form.prompt_no.data,
    )
    return html, 422


@blueprint.post("/traad/<int:thread_id>/laest")
@access(WRITER)
def mark_read(thread_id: int) -> Any:
    """Remember how far the reader has come; sent by the page's script, or by the button 'Mark as read'."""
    who = permissions.who()
    with transaction() as session:
        thread, _forum = thread_or_404(session, who, thread_id)
        position = small_number(request.form.get("position"))
        actions.mark_read(
            session, who=who, thread=thread, position=thread.last_position if position is None else position
        )
    return ("", 204) if web.wants_fragment() else web.see_other(thread.path)


@blueprint.get("/i/<int:post_id>")
@access(PUBLIC)
def permalink(post_id: int) -> Response:
    """Lead to a post on the page of its thread that holds it."""
    who, session = permissions.who(), db.session()
    post = queries.post_with_place(session, post_id)
    if post is None or not rules.may_see(who, post, post.thread, post.thread.forum):
        abort(404)
    return redirect(page.address_of(post, post.thread), code=302)
