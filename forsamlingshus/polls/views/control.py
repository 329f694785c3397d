"""Making polls, and each press on one in the control view."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import abort, render_template, request
from sqlalchemy.orm import Session

from forsamlingshus.discussions.views.base import allowed_lines
from forsamlingshus.kernel import db, permissions, topics, web
from forsamlingshus.kernel.db import transaction
from forsamlingshus.kernel.errors import Conflict
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.permissions import SCOPED, access
from forsamlingshus.polls import actions, forms, queries, rules
from forsamlingshus.polls.models import Poll
from forsamlingshus.polls.views.base import blueprint
from forsamlingshus.stages import actions as stage_actions
from forsamlingshus.stages import partials as stage_partials
from forsamlingshus.stages.models import Stage
from forsamlingshus.stages.views.base import changes, number, steered

BASE = "/styring/<int:year>/<string:slug>/live"
VERBS: Mapping[str, Callable[..., object]] = {
    "aaben": actions.open_poll,
    "luk": actions.close_poll,
    "vis": actions.show_poll,
    "fjern": actions.remove_poll,
}


def _poll(session: Session, year: int, slug: str, no: int) -> Poll:
    return queries.poll_of(session, steered(session, year, slug), no) or abort(404)


@blueprint.route(f"{BASE}/afstemninger/ny", methods=["GET", "POST"])
@access(SCOPED)
def new(year: int, slug: str) -> Any:
    """Prepare a poll."""
    session = db.session()
    stage = steered(session, year, slug)
    stage_actions.refuse_over(stage)
    form = forms.PollForm(subjects=queries.subjects(session, stage), allow=allowed_lines(session))
    if request.method != "POST" or not form.validate():
        return _page(stage, form, None)
    with transaction() as session:
        stage = steered(session, year, slug)
        actions.make_poll(session, who=permissions.who(), stage=stage, wording=form.wording)
    web.notice(_("The poll is ready. Open it when the hall shall answer"))
    return web.see_other(f"{stage.control_path}#polls-{stage.id}")


@blueprint.route(f"{BASE}/afstemning/<int:no>", methods=["GET", "POST"])
@access(SCOPED)
def edit(year: int, slug: str, no: int) -> Any:
    """Change a poll that was not opened."""
    session = db.session()
    poll = _poll(session, year, slug, no)
    if poll.opened_at is not None:
        stage = poll.stage
        raise Conflict(
            _("Poll %(number)s has been opened already", number=no), next_url=stage.control_path, next_title=stage.title
        )
    values: dict[str, Any] = {"subjects": queries.subjects(session, poll.stage), "allow": allowed_lines(session)}
    if request.method != "POST":
        return _page(poll.stage, forms.PollForm.of(poll, **values), poll)
    form = forms.PollForm(**values)
    if not form.validate():
        return _page(poll.stage, form, poll)
    with transaction() as session:
        poll = _poll(session, year, slug, no)
        edition = number("edition", 0) or 0
        actions.change_poll(session, who=permissions.who(), poll=poll, wording=form.wording, edition=edition)
        stage = poll.stage
    web.notice(_("The poll is changed"))
    return web.see_other(f"{stage.control_path}#polls-{stage.id}")


@blueprint.post(f"{BASE}/afstemning/<int:no>/<string:verb>")
@access(SCOPED)
def press(year: int, slug: str, no: int, verb: str) -> Any:
    """Open a poll, close it, put it on the wall, or remove one that was not opened."""
    act = VERBS.get(verb) or abort(404)
    with transaction() as session:
        poll = _poll(session, year, slug, no)
        act(session, who=permissions.who(), poll=poll)
    session = db.session()
    stage = steered(session, year, slug)
    if web.wants_fragment():
        version = topics.version_of(session, stage.control_topic)
        return changes(version, stage_partials.control_changes(stage, version))
    return web.see_other(f"{stage.control_path}#polls-{stage.id}")


def _page(stage: Stage, form: forms.PollForm, poll: Poll | None) -> tuple[str, int]:
    page = render_template("polls/edit.html", stage=stage, form=form, poll=poll, most=rules.QUESTION_MAX)
    return page, 422 if form.errors else 200
