"""Ending a meeting or workshop: what becomes of the talk beside it, and of the questions that nobody answered."""

from typing import Any

from flask import render_template, request

from forsamlingshus.discussions import queries as discussions
from forsamlingshus.kernel import clock, db, permissions, web
from forsamlingshus.kernel.db import transaction
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.i18n import ngettext
from forsamlingshus.kernel.permissions import SCOPED, access
from forsamlingshus.stages import actions, forms
from forsamlingshus.stages.models import Stage
from forsamlingshus.stages.views.base import CONTROL, blueprint, steered


@blueprint.route(f"{CONTROL}/luk", methods=["GET", "POST"])
@access(SCOPED)
def close(year: int, slug: str) -> Any:
    """Choose how the talk goes on, and end the meeting."""
    stage, who = steered(db.session(), year, slug), permissions.who()
    form = _form(stage)
    if request.method == "POST" and form.validate():
        read_only = form.afterwards.data == forms.Afterwards.READ_ONLY
        with transaction() as session:
            stage = steered(session, year, slug)
            actions.close_stage(session, who=who, stage=stage, closes_at=who.now if read_only else form.closes_at)
        web.notice(_("The meeting is over. Nobody can ask any more"))
        return web.see_other(f"{stage.control_path}#after")
    if request.method == "GET" and stage.closed_at:
        return web.see_other(f"{stage.control_path}#after")
    waiting = discussions.waiting_count(db.session(), stage.thread_id)
    page = render_template("stages/close.html", stage=stage, form=form, waiting=waiting)
    return page, 422 if form.errors else 200


def _form(stage: Stage) -> forms.CloseForm:
    """The form, with the last day of the debate in it; the debate may be over, or not have been planned."""
    now = permissions.who().now
    window = discussions.window_of(db.session(), stage.forum, now)
    last = clock.local(window.closes_at).date() if window is not None and window.closes_at > now else None
    start = {"afterwards": forms.Afterwards.OPEN if last else forms.Afterwards.READ_ONLY, "until": last}
    # Of a form that was sent, what is missing in it was not chosen.
    given = start if request.method == "GET" else None
    return forms.CloseForm(today=clock.local(now).date(), last=last, data=given)


@blueprint.post(f"{CONTROL}/ubesvarede")
@access(SCOPED)
def continue_questions(year: int, slug: str) -> Any:
    """Let each question that nobody answered go on in a thread."""
    with transaction() as session:
        stage = steered(session, year, slug)
        begun = len(actions.continue_questions(session, who=permissions.who(), stage=stage))
    if begun:
        sentence = ngettext("%(num)s question goes on in a thread", "%(num)s questions go on in threads", begun)
        web.notice(sentence)
    else:
        web.notice(_("No question was waiting: each of them has its answer or its thread"), "info")
    return web.see_other(f"{stage.control_path}#after")
