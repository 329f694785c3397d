"""What people without an account may do at a meeting: a small page for its facilitators and for staff."""

from typing import Any

from flask import abort, render_template, request

from forsamlingshus.kernel import db, permissions, topics, web
from forsamlingshus.kernel.db import transaction
from forsamlingshus.kernel.errors import Conflict
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.permissions import SCOPED, access
from forsamlingshus.meetings import actions, queries, rules
from forsamlingshus.meetings.forms import GuestPolicyForm
from forsamlingshus.meetings.models import GuestPolicy, Meeting
from forsamlingshus.meetings.views.base import RUN, blueprint, place_or_404
from forsamlingshus.stages.partials import control_changes
from forsamlingshus.stages.views.base import CONTROL, changes, steered


@blueprint.route(f"{RUN}/gaester", methods=["GET", "POST"])
@access(SCOPED)
def guests(year: int, slug: str) -> Any:
    """The join code with its poster, and what guests may do."""
    who, meeting = permissions.who(), place_or_404(db.session(), year, slug)
    if not isinstance(meeting, Meeting):  # a workshop has the guests of its meeting
        abort(404)
    permissions.demand(rules.may_run(who, meeting))
    form = GuestPolicyForm(data={"guests": meeting.guests})
    if request.method == "POST" and form.validate():
        with transaction() as session:
            actions.set_guest_policy(
                session, who=who, meeting=session.get_one(Meeting, meeting.id), policy=GuestPolicy(form.guests.data)
            )
        web.notice(_("Saved. It holds from now on"))
        return web.see_other(request.path)
    page = render_template("meetings/guests.html", meeting=meeting, form=form)
    return page, 422 if form.errors else 200


@blueprint.post(f"{CONTROL}/gaester")
@access(SCOPED)
def guests_while_steering(year: int, slug: str) -> Any:
    """One press on the control view of the plenary: what guests may do from now on."""
    form = GuestPolicyForm()
    with transaction() as session:
        stage = steered(session, year, slug)
        meeting = queries.meeting_of_stage(session, stage)
        if meeting is None or meeting.stage_id != stage.id:  # a workshop has the guests of its meeting
            abort(404)
        if not form.validate():
            raise Conflict(str(form.guests.errors[0]), next_url=stage.control_path, next_title=stage.title)
        policy = GuestPolicy(form.guests.data)
        actions.set_guest_policy(session, who=permissions.who(), meeting=meeting, policy=policy)
    session = db.session()
    stage = steered(session, year, slug)
    if web.wants_fragment():
        version = topics.version_of(session, stage.control_topic)
        return changes(version, control_changes(stage, version))
    return web.see_other(stage.control_path)
