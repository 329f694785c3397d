"""Signing up for the meeting: the form, one's own status, and giving the seat back."""

from datetime import datetime
from typing import Any

from flask import abort, render_template, request
from sqlalchemy.orm import Session

from forsamlingshus.kernel import db, limits, permissions, web
from forsamlingshus.kernel.db import transaction
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.permissions import USER, Who, access
from forsamlingshus.meetings import actions, queries, rules
from forsamlingshus.meetings.forms import SignUpForm
from forsamlingshus.meetings.models import Meeting, SignUp, Workshop
from forsamlingshus.meetings.views.base import blueprint, meeting_or_404

SIGNING_UP = limits.Limit("sign up", 20, 10)
"""Presses of one person: each may move a whole waiting list."""


@blueprint.route("/budget/<int:year>/borgermoede/tilmelding", methods=["GET", "POST"])
@access(USER)
def sign_up(year: int) -> Any:
    """Sign up, see how one stands, and choose another workshop or name."""
    session, who = db.session(), permissions.who()
    meeting = meeting_or_404(session, year)
    row = _own(session, who, meeting)
    form = SignUpForm(workshops=meeting.workshops)
    if request.method == "GET":
        form.name.data, form.workshop.data = (row.name, row.workshop_id or 0) if row else (who.name, 0)
        return _page(session, who, meeting, form, row)
    if not form.validate():
        return _page(session, who, meeting, form, row)
    if wait := SIGNING_UP.wait(str(who.author_id)):
        return web.error_page(429, seconds=wait, kept_text=web.kept_text())
    known = row is not None
    with transaction() as session:
        chosen = session.get(Workshop, form.workshop.data) if form.workshop.data else None
        meeting = meeting_or_404(session, year)
        stored = actions.sign_up(session, who=who, meeting=meeting, name=form.name.data, workshop=chosen)
        has_seat = stored.has_seat
    if known:
        web.notice(_("Saved"))
    else:
        web.notice(_("You are signed up") if has_seat else _("You are on the waiting list"))
    return web.see_other(request.path)


@blueprint.route("/budget/<int:year>/borgermoede/tilmelding/afbud", methods=["GET", "POST"])
@access(USER)
def cancel_sign_up(year: int) -> Any:
    """Do not come after all, once that is confirmed."""
    session, who = db.session(), permissions.who()
    meeting = meeting_or_404(session, year)
    row = _own(session, who, meeting)
    if row is None:
        web.notice(_("You are not signed up for this meeting"), "info")
        return web.see_other(meeting.path)
    if request.method == "GET":
        if not rules.may_cancel(meeting, who.now):
            return web.see_other(meeting.sign_up_path)
        return render_template("meetings/cancel_sign_up.html", meeting=meeting, row=row)
    if wait := SIGNING_UP.wait(str(who.author_id)):
        return web.error_page(429, seconds=wait)
    with transaction() as session:
        meeting = meeting_or_404(session, year)
        row = _own(session, who, meeting)
        if row is not None:  # a second press finds it done
            actions.cancel_sign_up(session, who=who, meeting=meeting, row=row)
    web.notice(_("You have cancelled. Thank you for telling us"))
    return web.see_other(meeting.path)


@blueprint.post("/budget/<int:year>/borgermoede/tilmelding/set")
@access(USER)
def see_sign_up_news(year: int) -> Any:
    """Put away what the reader was told of the own sign-up, and back to the page on which that stood."""
    who = permissions.who()
    try:
        until = datetime.fromisoformat(request.form.get("until", ""))
    except ValueError:
        until = None
    with transaction() as session:
        meeting = meeting_or_404(session, year)
        row = _own(session, who, meeting)
        if row is not None and until is not None and until.tzinfo is not None:  # else it is told once more
            actions.see_news(session, who=who, row=row, until=until)
        back = "/min-side" if request.form.get("back") == "me" else meeting.path
    return web.see_other(back)


def _own(session: Session, who: Who, meeting: Meeting) -> SignUp | None:
    return queries.sign_up_of(session, meeting.id, who.author_id) if who.author_id else abort(404)


def _page(session: Session, who: Who, meeting: Meeting, form: SignUpForm, row: SignUp | None) -> Any:
    seats = queries.seats(session, meeting.id)
    page = render_template(
        "meetings/sign_up.html",
        meeting=meeting,
        form=form,
        row=row,
        news=rules.news_of(row, meeting) if row and meeting.ends_at > who.now else None,
        open_until=rules.sign_up_ends(meeting) if rules.signs_up(meeting, who.now) else None,
        free=rules.free_seats(meeting, seats.taken),
        waiting=seats.waiting,
        may_cancel=rules.may_cancel(meeting, who.now),
    )
    return (page, 422) if form.errors else page
