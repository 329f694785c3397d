"""The list for the door, to print, how many came, and deleting the names when nobody needs them."""

from typing import Any

from flask import render_template, request

from forsamlingshus.kernel import db, permissions, web
from forsamlingshus.kernel.db import transaction
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.permissions import STAFF, access
from forsamlingshus.meetings import actions, queries, rules
from forsamlingshus.meetings.forms import AttendanceForm
from forsamlingshus.meetings.models import Meeting
from forsamlingshus.meetings.views.base import blueprint, meeting_or_404


@blueprint.route("/arbejde/borgermoede/<int:year>/tilmeldte", methods=["GET", "POST"])
@access(STAFF)
def door(year: int) -> Any:
    """Everybody who has a seat, by name, then who waits; and the number of those who came."""
    session = db.session()
    meeting = meeting_or_404(session, year)
    form = AttendanceForm(obj=meeting)
    if request.method == "POST" and form.validate():
        with transaction() as session:
            actions.count_attendance(
                session,
                who=permissions.who(),
                meeting=session.get_one(Meeting, meeting.id),
                count=form.attendance.data,
            )
        web.notice(_("The number is saved. It stands on the meeting's page once the meeting is over"))
        return web.see_other(request.path)
    rows = queries.door_list(session, meeting.id)
    page = render_template(
        "meetings/door.html",
        meeting=meeting,
        form=form,
        seated=[row for row in rows if row.has_seat],
        may_forget=bool(rows) and rules.may_forget(permissions.who(), meeting),
        waiting=sorted((row for row in rows if not row.has_seat), key=lambda row: row.waiting_no or 0),
    )
    return (page, 422) if form.errors else page


@blueprint.route("/arbejde/borgermoede/<int:year>/tilmeldte/slet", methods=["GET", "POST"])
@access(STAFF)
def forget(year: int) -> Any:
    """Delete the names of a meeting that is over, once that is confirmed."""
    meeting = meeting_or_404(db.session(), year)
    permissions.demand(rules.may_forget(permissions.who(), meeting), _("Wait until the meeting is over."))
    if request.method == "GET":
        seats = queries.seats(db.session(), meeting.id)
        return render_template("meetings/forget.html", meeting=meeting, count=sum(seats))
    with transaction() as session:
        actions.forget_sign_ups(session, who=permissions.who(), meeting=session.get_one(Meeting, meeting.id))
    web.notice(_("The names are deleted"))
    return web.see_other(f"{meeting.plan_path}/tilmeldte")
