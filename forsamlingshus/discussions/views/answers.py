"""The municipality's answer to a post or question."""

from typing import Any

from flask import abort, render_template, request

from forsamlingshus.discussions import actions, forms, rules
from forsamlingshus.discussions.views import page
from forsamlingshus.discussions.views.base import allowed_lines, blueprint, post_or_404
from forsamlingshus.kernel import db, permissions, web
from forsamlingshus.kernel.addresses import own_path
from forsamlingshus.kernel.db import transaction
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.permissions import SCOPED, access, demand


@blueprint.route("/i/<int:post_id>/svar-fra-kommunen", methods=["GET", "POST"])
@access(SCOPED)
def answer(post_id: int) -> Any:
    """Write the answer, or put other words in it."""
    who, session = permissions.who(), db.session()
    post, thread, forum = post_or_404(session, who, post_id)
    demand(rules.may_moderate(who, forum))
    if post.state != "visible":
        abort(404)
    back = own_path(request.values.get("next"))
    form = forms.AnswerForm(allow=allowed_lines(session))
    if request.method == "GET":
        form.body.data = form.seen.data = post.answer.source if post.answer else ""
    elif form.validate():
        with transaction() as session:
            post, thread, forum = post_or_404(session, who, post_id)
            seen = (form.seen.data or "").replace("\r\n", "\n")
            actions.answer_post(session, who=who, post=post, forum=forum, body=form.body.data or "", seen=seen)
            address = page.address_of(post, thread)
        web.notice(_("The answer is published"))
        return web.see_other(back or address)
    values = {"post": post, "thread": thread, "form": form, "next": back, "body_max": rules.BODY_MAX}
    html = render_template("discussions/answer.html", **values)
    return html, (200 if request.method == "GET" else 422)
