"""Where staff write the programme of a meeting: a new point, one to change, its place, and taking it out."""

from typing import Any

from flask import abort, render_template, request
from sqlalchemy.orm import Session

from forsamlingshus.discussions.views.base import allowed_lines
from forsamlingshus.kernel import db, permissions, web
from forsamlingshus.kernel.db import transaction
from forsamlingshus.kernel.errors import Conflict
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.permissions import STAFF, access
from forsamlingshus.meetings import actions, queries
from forsamlingshus.meetings.forms import AgendaForm
from forsamlingshus.meetings.models import AgendaItem, Meeting
from forsamlingshus.meetings.views.base import blueprint, edition_seen, meeting_or_404
from forsamlingshus.slides import queries as slides


@blueprint.route("/arbejde/borgermoede/<int:year>/program/nyt", methods=["GET", "POST"])
@access(STAFF)
def new_point(year: int) -> Any:
    """Write a point at the end of the programme."""
    session = db.session()
    meeting = meeting_or_404(session, year)
    form = _form(session, meeting)
    if request.method == "POST" and form.validate():
        with transaction() as session:
            actions.add_agenda_item(session, meeting=meeting, who=permissions.who(), **form.words)
        web.notice(_("The point is in the programme"))
        return web.see_other(meeting.plan_path)
    return _page(form, meeting, None)


@blueprint.route("/arbejde/borgermoede/<int:year>/program/<int:item_id>", methods=["GET", "POST"])
@access(STAFF)
def edit_point(year: int, item_id: int) -> Any:
    """Change a point; whoever began from an older wording is told, and keeps what was typed."""
    session = db.session()
    meeting = meeting_or_404(session, year)
    item = _item(session, meeting, item_id)
    form = _form(session, meeting, item)
    if request.method == "GET":
        form.fill(item)
        return _page(form, meeting, item)
    if not form.validate():
        return _page(form, meeting, item)
    try:
        with transaction() as session:
            item = _item(session, meeting, item_id)
            actions.change_agenda_item(session, who=permissions.who(), item=item, seen=edition_seen(), **form.words)
    except Conflict as conflict:
        item = _item(db.session(), meeting, item_id)
        form.edition.data = str(item.edition)
        return _page(form, meeting_or_404(db.session(), year), item, conflict.message), 409
    web.notice(_("The point is saved"))
    return web.see_other(meeting.plan_path)


@blueprint.post("/arbejde/borgermoede/<int:year>/program/<int:item_id>/flyt")
@access(STAFF)
def move_point(year: int, item_id: int) -> Any:
    """Move a point one place up or down."""
    up = request.form.get("retning") == "op"
    with transaction() as session:
        meeting = meeting_or_404(session, year)
        item = _item(session, meeting, item_id)
        actions.move_agenda_item(session, who=permissions.who(), item=item, up=up)
    return web.see_other(f"{meeting.plan_path}#punkt-{item_id}")


@blueprint.route("/arbejde/borgermoede/<int:year>/program/<int:item_id>/fjern", methods=["GET", "POST"])
@access(STAFF)
def remove_point(year: int, item_id: int) -> Any:
    """Take a point out, once that is confirmed."""
    meeting = meeting_or_404(db.session(), year)
    if request.method == "POST":
        with transaction() as session:
            item = _item(session, meeting, item_id)
            actions.remove_agenda_item(session, who=permissions.who(), item=item, seen=edition_seen())
        web.notice(_("The point is no longer in the programme"))
        return web.see_other(meeting.plan_path)
    item = _item(db.session(), meeting, item_id)
    return render_template("meetings/plan_remove_point.html", meeting=meeting, item=item)


def _item(session: Session, meeting: Meeting, item_id: int) -> AgendaItem:
    return queries.agenda_item(session, meeting.id, item_id) or abort(404)


def _form(session: Session, meeting: Meeting, item: AgendaItem | None = None) -> AgendaForm:
    scopes = [meeting.scope_key, *(workshop.scope_key for workshop in meeting.workshops)]
    decks = slides.decks_of(session, scopes, listed_only=False)
    return AgendaForm(
        obj=item, meeting=meeting, decks=decks, workshops=meeting.workshops, allow=allowed_lines(db.session())
    )


def _page(form: AgendaForm, meeting: Meeting, item: AgendaItem | None, conflict: str = "") -> Any:
    page = render_template("meetings/plan_point.html", form=form, meeting=meeting, item=item, conflict=conflict)
    return (page, 422) if form.errors else page
