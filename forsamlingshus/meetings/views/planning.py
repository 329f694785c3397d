"""Where staff plan the citizen meeting of a year: one page for all of it, the form of its facts, its facilitators."""

from typing import Any

from flask import abort, render_template, request

from forsamlingshus.accounts import sessions
from forsamlingshus.accounts.models import User
from forsamlingshus.discussions.views.base import allowed_lines
from forsamlingshus.kernel import db, permissions, web
from forsamlingshus.kernel.addresses import small_number
from forsamlingshus.kernel.db import transaction
from forsamlingshus.kernel.errors import Conflict
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.permissions import STAFF, access
from forsamlingshus.meetings import actions, queries
from forsamlingshus.meetings.forms import FacilitatorForm, MeetingForm
from forsamlingshus.meetings.models import Meeting
from forsamlingshus.meetings.views.base import blueprint, edition_seen, meeting_or_404
from forsamlingshus.process import queries as process
from forsamlingshus.process.models import BudgetYear

SLUG = "borgermoede"
"""The word of a year's meeting in the addresses of those who run it."""


@blueprint.get("/arbejde/borgermoede/<int:year>")
@access(STAFF)
def plan(year: int) -> Any:
    """The meeting of a year as staff plan it; the form for one where there is none."""
    session = db.session()
    budget_year, meeting = _year(year), queries.meeting_page(session, year)
    if meeting is None:
        return web.see_other(f"{request.path}/ret")
    with_workshop = {workshop.theme_id for workshop in meeting.workshops}
    return render_template(
        "meetings/plan.html",
        meeting=meeting,
        seats=queries.seats(session, meeting.id),
        facilitators=_by_place(meeting),
        themes_left=[theme for theme in budget_year.themes if theme.id not in with_workshop],
    )


@blueprint.route("/arbejde/borgermoede/<int:year>/ret", methods=["GET", "POST"])
@access(STAFF)
def facts(year: int) -> Any:
    """Write when, where and for how many the meeting is; whoever began from an older edition keeps what was typed."""
    session, who = db.session(), permissions.who()
    budget_year, meeting = _year(year), queries.meeting_of(session, year)
    form = MeetingForm(obj=meeting, allow=allowed_lines(session))
    if request.method == "GET":
        if meeting is not None:
            form.fill(meeting)
        return _facts_page(form, budget_year, meeting)
    if not form.validate():
        return _facts_page(form, budget_year, meeting)
    try:
        with transaction() as session:
            meeting = queries.meeting_of(session, year)
            if meeting is None:
                actions.add_meeting(session, budget_year=_year(year), slug=SLUG, who=who, **form.facts)
            else:
                actions.change_meeting(session, who=who, meeting=meeting, seen=edition_seen(), **form.facts)
    except Conflict as conflict:
        meeting = queries.meeting_of(db.session(), year)
        form.edition.data = str(meeting.edition) if meeting else ""
        return _facts_page(form, budget_year, meeting, conflict.message), 409
    web.notice(_("The meeting is saved"))
    return web.see_other(f"/arbejde/borgermoede/{year}")


def _facts_page(form: MeetingForm, budget_year: BudgetYear, meeting: Meeting | None, conflict: str = "") -> Any:
    page = render_template("meetings/plan_facts.html", form=form, year=budget_year, meeting=meeting, conflict=conflict)
    return (page, 422) if form.errors else page


@blueprint.route("/arbejde/borgermoede/<int:year>/ordstyrere", methods=["GET", "POST"])
@access(STAFF)
def facilitators(year: int) -> Any:
    """Who facilitates the meeting and its workshops, and one more."""
    meeting = meeting_or_404(db.session(), year)
    form = FacilitatorForm(meeting=meeting)
    if request.method == "POST" and form.validate():
        assert form.user is not None  # the form found it
        try:
            with transaction() as session:
                place = _place(meeting_or_404(session, year), form.scope.data)
                user = session.get_one(User, form.user.id)
                actions.grant_facilitator(session, user=user, who=permissions.who(), **place)
        except Conflict:
            form.email.errors = [_("%(email)s is a facilitator there already.", email=form.email.data)]
            return _facilitators_page(meeting_or_404(db.session(), year), form), 409
        web.notice(_("%(name)s is a facilitator now", name=form.user.author.name))
        return web.see_other(request.path)
    page = _facilitators_page(meeting, form)
    return (page, 422) if form.errors else page


@blueprint.post("/arbejde/borgermoede/<int:year>/ordstyrere/<int:user_id>/fjern")
@access(STAFF)
def remove_facilitator(year: int, user_id: int) -> Any:
    """Take the word back from a facilitator of the meeting or of one workshop, and sign the person out."""
    meeting = meeting_or_404(db.session(), year)
    number = small_number(request.form.get("scope") or "0")
    if number is None or number not in {0, *(workshop.id for workshop in meeting.workshops)}:
        abort(404)
    user = db.session().get(User, user_id) or abort(404)
    name = user.author.name
    try:
        with transaction() as session:
            user, place = session.get_one(User, user_id), _place(meeting_or_404(session, year), number)
            ended = actions.revoke_facilitator(session, user=user, who=permissions.who(), **place)
    except Conflict:
        web.notice(_("%(name)s is no facilitator there", name=name), "info")
        return web.see_other(f"{meeting.plan_path}/ordstyrere")
    sessions.close_sockets(ended)
    web.notice(_("%(name)s is no longer a facilitator there, and has been signed out", name=name))
    return web.see_other(f"{meeting.plan_path}/ordstyrere")


def _facilitators_page(meeting: Meeting, form: FacilitatorForm) -> str:
    return render_template("meetings/plan_facilitators.html", meeting=meeting, form=form, by_place=_by_place(meeting))


def _by_place(meeting: Meeting) -> dict[str, list[User]]:
    """The people by the scope key of what they facilitate."""
    keys = [meeting.scope_key, *(workshop.scope_key for workshop in meeting.workshops)]
    found: dict[str, list[User]] = {key: [] for key in keys}
    for grant in queries.facilitators_of(db.session(), meeting):
        key = f"workshop:{grant.workshop_id}" if grant.meeting_id is None else f"meeting:{grant.meeting_id}"
        found[key].append(grant.user)
    return found


def _place(meeting: Meeting, workshop_id: int) -> dict[str, Any]:
    """What a grant is for: the workshop with that id, or with 0 the meeting."""
    room = next((workshop for workshop in meeting.workshops if workshop.id == workshop_id), None)
    return {"workshop": room} if room else {"meeting": meeting}


def _year(year: int) -> BudgetYear:
    return process.year_of(db.session(), year) or abort(404)
