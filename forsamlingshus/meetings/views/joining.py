"""Joining a meeting by its code: two taps from the QR code to the hall, and the record when it is over.

A code is no secret: it stands on the wall, and what it opens everybody may read anyway. It must only not be cheap to
collect all of them, or to become a thousand guests. A whole hall comes from one address, so the limits of an address
are those of a hall, and nobody who is in already is ever held up by them.
"""

from datetime import datetime
from typing import Any

from flask import Response, abort, current_app, make_response, render_template, request

from forsamlingshus.accounts import actions as accounts
from forsamlingshus.accounts import sessions
from forsamlingshus.accounts.forms import GuestNameForm
from forsamlingshus.kernel import db, limits, permissions, qr, web
from forsamlingshus.kernel.db import transaction
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.i18n import ngettext
from forsamlingshus.kernel.permissions import PUBLIC, Who, access
from forsamlingshus.meetings import actions, queries, rules
from forsamlingshus.meetings.models import Meeting
from forsamlingshus.meetings.views.base import blueprint
from forsamlingshus.stages import rules as stage_rules

WRONG_CODE = limits.Limit("wrong join code", 200, 10)
"""Wrong codes from one address: of 300 people every second may mistype. There are 14 million codes for one meeting."""
NEW_GUESTS_AT_ONCE = limits.Limit("new guests at once", 80, 0, seconds=5)
"""New guests from one address in a moment: 300 people who scan a wall take half a minute, a machine takes a second."""
NEW_GUEST = limits.Limit("new guest", 600, 10)
NEW_GUEST_DAY = limits.Limit("new guest day", 2_000, 24 * 60)
"""New guests from one address: two full halls at once, and a day of them. Beyond that it is a machine, whose guests are
bounded for each meeting as well (accounts.actions.guests.MOST_GUESTS)."""
SHOWN_CODE = 12
"""Characters of an unknown code that are repeated to whoever typed it."""


@blueprint.get("/m")
@access(PUBLIC)
def join() -> Any:
    """Where the code is typed; with ?kode= on to its page."""
    typed = request.args.get("kode", "").strip()
    if not typed:
        return _code_page()
    return web.see_other(_meeting_or_refusal(typed).join_path)


@blueprint.get("/m/<string:code>")
@access(PUBLIC)
def meeting_by_code(code: str) -> Any:
    """The way into a meeting: choose a name and take part; before and after it, and for who is in, its page."""
    meeting = _meeting_or_refusal(code)
    who = permissions.who()
    if _is_in(who, meeting) or not rules.may_join(meeting, who.now):
        return _to_the_meeting(who, meeting)
    return _join_page(who, meeting, GuestNameForm(formdata=None))


@blueprint.post("/m/<string:code>")
@access(PUBLIC)
def join_as_guest(code: str) -> Any:
    """Take part without an account, under the typed name or a number."""
    meeting = _meeting_or_refusal(code)
    who, form = permissions.who(), GuestNameForm()
    if _is_in(who, meeting) or not rules.may_join(meeting, who.now):
        return _to_the_meeting(who, meeting)
    if not form.validate():
        return _join_page(who, meeting, form), 422
    network = limits.network(request.remote_addr)
    if wait := NEW_GUESTS_AT_ONCE.wait(network):
        form.form_errors.append(_("Many join at this moment. Try again in a few seconds"))
        return _join_page(who, meeting, form), 429, {"Retry-After": str(wait)}
    if wait := NEW_GUEST.wait(network) or NEW_GUEST_DAY.wait(network):
        form.form_errors.append(_("So many have just joined from your network. Sign in, or try again in a while"))
        return _join_page(who, meeting, form), 429, {"Retry-After": str(wait)}
    left = sessions.guest()
    with transaction() as session:
        # Read again in here: the meeting may have been closed to guests a moment ago.
        meeting = queries.meeting_by_code(session, rules.plain_code(code)) or abort(404)
        ended = (
            accounts.end_guest(session, author_id=left.author_id, reason="other meeting", actor_id=left.author_id)
            if left
            else []
        )
        token = actions.join_meeting(
            session,
            who=permissions.who(),
            meeting=meeting,
            name=form.name.data or "",
            days=current_app.config["SETTINGS"].session_days,
        )
    sessions.begin_visit(token)
    sessions.close_sockets(ended)
    visit = sessions.guest()
    web.notice(_("You are in, and write as %(name)s", name=visit.name if visit else ""))
    return web.see_other(_page_of(meeting, who.now))


@blueprint.get("/m/<string:code>/qr.svg")
@access(PUBLIC)
def qr_code(code: str) -> Any:
    """The QR code of the join address."""
    meeting = _meeting_or_refusal(code)
    return Response(qr.svg(_join_url(meeting)), mimetype="image/svg+xml")


@blueprint.get("/m/<string:code>/wifi.svg")
@access(PUBLIC)
def wifi_qr_code(code: str) -> Any:
    """The QR code that lets a phone into the network of the hall: as public as the wall and the poster that show it."""
    meeting = _meeting_or_refusal(code)
    if not meeting.wifi_name:
        abort(404)
    return Response(qr.svg(rules.wifi_address(meeting.wifi_name, meeting.wifi_password)), mimetype="image/svg+xml")


@blueprint.get("/m/<string:code>/plakat")
@access(PUBLIC)
def poster(code: str) -> Any:
    """A sheet for the door of the hall: what, when, where, the code and its QR code."""
    meeting = _meeting_or_refusal(code)
    return render_template("meetings/poster.html", meeting=meeting, join_url=_join_url(meeting))


def _meeting_or_refusal(typed: str) -> Meeting:
    """The meeting with that code; for a wrong one the request ends with the page that asks for another."""
    # Who is known counts alone: a guest who is in is not held up by what others in the hall mistype.
    who = permissions.who()
    key = str(who.author_id) if who.is_known else limits.network(request.remote_addr)
    if wait := WRONG_CODE.left(key):
        minutes = -(-wait // 60)
        fault = ngettext(
            "Too many wrong codes came from your network. Wait %(num)s minute, and try again",
            "Too many wrong codes came from your network. Wait %(num)s minutes, and try again",
            minutes,
        )
        abort(make_response(_code_page(typed, fault), 429, {"Retry-After": str(wait)}))
    meeting = queries.meeting_by_code(db.session(), rules.plain_code(typed))
    if meeting is None:
        WRONG_CODE.wait(key)
        shown = typed[:SHOWN_CODE].upper()
        fault = _("We don't know the code %(code)s. Check the code on the screen", code=shown)
        abort(make_response(_code_page(typed, fault), 404))
    return meeting


def _code_page(typed: str = "", fault: str = "") -> str:
    return render_template("meetings/join.html", typed=typed[:SHOWN_CODE], fault=fault)


def _join_page(who: Who, meeting: Meeting, form: GuestNameForm) -> str:
    return render_template("meetings/join_meeting.html", meeting=meeting, form=form, elsewhere=who.is_guest)


def _is_in(who: Who, meeting: Meeting) -> bool:
    """True for accounts, who need not join, and for guests of this meeting."""
    visit = sessions.guest()
    return who.is_authenticated or (visit is not None and visit.scope_key == meeting.scope_key)


def _to_the_meeting(who: Who, meeting: Meeting) -> Any:
    if rules.is_running(meeting, who.now) and not who.is_known:  # so the doors are open, but not for guests
        web.notice(_("At this meeting you need a user to write. Everyone can read along"), "info")
    return web.see_other(_page_of(meeting, who.now))


def _page_of(meeting: Meeting, now: datetime) -> str:
    """The live page while the meeting goes on; before and after it the meeting's own."""
    goes_on = stage_rules.is_live(meeting.stage, now) and now < meeting.ends_at + rules.DOORS_CLOSE
    return meeting.stage.path if goes_on else meeting.path


def _join_url(meeting: Meeting) -> str:
    """Under the address of the settings: a poster must not repeat the host that some request named."""
    return f"{current_app.config['SETTINGS'].public_url}{meeting.join_path}"
