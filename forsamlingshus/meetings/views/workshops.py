"""Where staff set up the workshops of a meeting and write what they are about."""

from typing import Any

from flask import abort, render_template, request
from sqlalchemy.orm import Session

from forsamlingshus.discussions import queries as discussions
from forsamlingshus.discussions.views.base import allowed_lines
from forsamlingshus.kernel import db, permissions, web
from forsamlingshus.kernel.db import transaction
from forsamlingshus.kernel.errors import Conflict
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.permissions import STAFF, access
from forsamlingshus.meetings import actions, queries
from forsamlingshus.meetings.forms import WorkshopForm
from forsamlingshus.meetings.models import Meeting, Workshop
from forsamlingshus.meetings.views.base import blueprint, edition_seen, meeting_or_404
from forsamlingshus.process import queries as process
from forsamlingshus.process.models import Theme


@blueprint.route("/arbejde/borgermoede/<int:year>/workshop/ny", methods=["GET", "POST"])
@access(STAFF)
def new_workshop(year: int) -> Any:
    """Set up the workshop of a theme that has none."""
    session = db.session()
    meeting = meeting_or_404(session, year)
    form = WorkshopForm(themes=_themes_left(session, meeting), allow=allowed_lines(session))
    if request.method == "POST" and form.validate():
        try:
            with transaction() as session:
                actions.add_workshop(
                    session,
                    meeting=meeting,
                    theme=session.get_one(Theme, form.theme.data),
                    prompts=form.prompts,
                    who=permissions.who(),
                    **form.words,
                )
        except Conflict:
            said = _("Somebody has set up a workshop for that theme meanwhile.")
            return _page(form, meeting_or_404(db.session(), year), None, said), 409
        web.notice(_("The workshop is set up"))
        return web.see_other(meeting.plan_path)
    return _page(form, meeting, None)


@blueprint.route("/arbejde/borgermoede/<int:year>/workshop/<string:slug>", methods=["GET", "POST"])
@access(STAFF)
def edit_workshop(year: int, slug: str) -> Any:
    """Change a workshop; whoever began from an older edition is told, and keeps what was typed."""
    session = db.session()
    workshop = _workshop(session, year, slug)
    form = _form(session, workshop)
    if request.method == "GET":
        form.fill(workshop)
        return _page(form, workshop.meeting, workshop)
    if not form.validate():
        return _page(form, workshop.meeting, workshop)
    try:
        with transaction() as session:
            workshop = _workshop(session, year, slug)
            actions.change_workshop(
                session,
                who=permissions.who(),
                workshop=workshop,
                meeting=workshop.meeting,
                seen=edition_seen(),
                prompts=form.prompts,
                **form.words,
            )
    except Conflict as conflict:
        workshop = _workshop(db.session(), year, slug)
        form.edition.data = str(workshop.edition)
        return _page(form, workshop.meeting, workshop, conflict.message), 409
    web.notice(_("The workshop is saved"))
    return web.see_other(workshop.meeting.plan_path)


def _workshop(session: Session, year: int, slug: str) -> Workshop:
    return queries.workshop_page(session, year, slug) or abort(404)


def _form(session: Session, workshop: Workshop) -> WorkshopForm:
    answered = discussions.last_prompt(session, workshop.forum_id)
    return WorkshopForm(obj=workshop, answered=answered, allow=allowed_lines(db.session()))


def _themes_left(session: Session, meeting: Meeting) -> list[Theme]:
    budget_year = process.year_of(session, meeting.year)
    used = {workshop.theme_id for workshop in meeting.workshops}
    return [theme for theme in budget_year.themes if theme.id not in used] if budget_year else []


def _page(form: WorkshopForm, meeting: Meeting, workshop: Workshop | None, conflict: str = "") -> Any:
    page = render_template(
        "meetings/plan_workshop.html", form=form, meeting=meeting, workshop=workshop, conflict=conflict
    )
    return (page, 422) if form.errors else page
