"""Taking the word from somebody and giving it back, holding a forum's posts first, and the log of it all."""

import csv
import io
from typing import Any

from flask import Response, abort, render_template, request

from forsamlingshus.accounts import actions as accounts
from forsamlingshus.accounts.models import Mute
from forsamlingshus.discussions import actions, forms, queries, rules
from forsamlingshus.discussions.models import REASON_WORDS, Forum
from forsamlingshus.discussions.views.base import blueprint, post_or_404
from forsamlingshus.kernel import clock, db, i18n, permissions, web
from forsamlingshus.kernel.addresses import small_number
from forsamlingshus.kernel.db import transaction
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.i18n import lazy_gettext as _l
from forsamlingshus.kernel.permissions import EVERYWHERE, SCOPED, access, demand

HOME = "/arbejde/moderation"
COLUMNS = (
    _l("Entry number"),
    _l("When"),
    _l("Who"),
    _l("Decision"),
    _l("About"),
    _l("Place"),
    _l("Reason"),
    _l("Code of the reason"),
)
DECISIONS = {
    "release": _l("Shown"),
    "hide": _l("Hidden"),
    "undo": _l("Taken back at once"),
    "hold_on": _l("Posts are looked at first"),
    "hold_off": _l("Posts are shown at once"),
    "mute": _l("Muted"),
    "lift": _l("Unmuted"),
}
REASONS = forms.MUTE_REASON_WORDS | REASON_WORDS
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""Beginnings that make a cell a formula in a spreadsheet."""


@blueprint.route("/i/<int:post_id>/fratag-ordet", methods=["GET", "POST"])
@access(SCOPED)
def mute(post_id: int) -> Any:
    """Let the author of a post read but not write, here or (staff) everywhere."""
    who, session = permissions.who(), db.session()
    post, thread, forum = post_or_404(session, who, post_id)
    demand(rules.may_moderate(who, forum))
    form = forms.MuteForm(place=forum.title, everywhere=who.is_staff)
    if request.method == "POST" and form.validate():
        length = forms.MUTE_LENGTHS[form.length.data]
        with transaction() as session:
            accounts.mute(
                session,
                who=who,
                author_id=post.author_id,
                scope_key=EVERYWHERE if form.where.data == "everywhere" else forum.scope_key,
                reason_code=form.reason_code.data,
                until=None if length is None else who.now + length,
                anonymous_no=(post.position or 0) if post.contribution.anonymous else None,
            )
        web.notice(_("The person cannot write now, and reads why and until when"))
        return web.see_other(HOME)
    page = render_template("discussions/mute.html", post=post, thread=thread, forum=forum, form=form)
    return page, (200 if request.method == "GET" else 422)


@blueprint.post("/arbejde/moderation/ordet/<int:mute_id>/giv-tilbage")
@access(SCOPED)
def lift_mute(mute_id: int) -> Any:
    """Give the word back."""
    with transaction() as session:
        found = session.get(Mute, mute_id) or abort(404)
        accounts.lift_mute(session, who=permissions.who(), mute=found)
    web.notice(_("The person may write again"))
    return web.see_other(HOME)


@blueprint.post("/arbejde/moderation/forum/<int:forum_id>/gennemse")
@access(SCOPED)
def hold_first(forum_id: int) -> Any:
    """Look at each post of a forum first ('hold' = 1), or let them be shown at once again."""
    hold = request.form.get("hold") == "1"
    with transaction() as session:
        forum = session.get(Forum, forum_id) or abort(404)
        actions.set_hold_first(session, who=permissions.who(), forum=forum, hold_first=hold)
    web.notice(_("New posts wait until somebody shows them") if hold else _("New posts are shown at once"))
    return web.see_other(HOME)


@blueprint.get("/arbejde/moderation/log")
@access(SCOPED)
def moderation_log() -> Any:
    """Who decided what, when and why; never the words that were judged."""
    rows = queries.log(db.session(), permissions.who(), before=small_number(request.args.get("foer")))
    return render_template(
        "discussions/log.html",
        rows=rows,
        decisions=DECISIONS,
        reasons=REASONS,
        anonymous=anonymous,
        next_url=f"{HOME}/log?foer={rows[-1].id}" if len(rows) == queries.LOG_PAGE else "",
    )


@blueprint.get("/arbejde/moderation/log.csv")
@access(SCOPED)
def moderation_log_csv() -> Response:
    """The log in the reader's language, moments by the Danish wall clock; no cell can act as a formula.

    In English it is RFC 4180 CSV. In Danish it is what a Danish Excel opens by a double click: a mark that it is UTF-8,
    semicolons, and moments that it knows as such.
    """
    danish = i18n.language() == "da"
    out = io.StringIO("\ufeff" if danish else "", newline="")
    out.seek(0, io.SEEK_END)
    writer = csv.writer(out, delimiter=";" if danish else ",")
    writer.writerow(COLUMNS)
    for row in queries.log(db.session(), permissions.who(), most=queries.LOG_ALL):
        at = clock.local(row.at)
        moment = f"{at:%d.%m.%Y %H:%M:%S}" if danish else at.isoformat(timespec="seconds")
        place = _("In the whole house") if row.place == EVERYWHERE else row.place
        reason = REASONS.get(row.reason_code, "")
        cells = (row.id, moment, row.actor, DECISIONS[row.what], _thing(row.thing), place, reason, row.reason_code)
        writer.writerow([_plain(str(cell)) for cell in cells])
    response = Response(out.getvalue(), mimetype="text/csv")
    name = "modereringslog.csv" if danish else "moderation.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def anonymous(number: int) -> str:
    """What stands in the place of a name for whoever asked a question anonymously; 0 for one that has no number."""
    return _("Anonymous, question no. %(number)s", number=number) if number else _("Anonymous")


def _thing(thing: str) -> str:
    """What was decided about: a post by its number, a place, or a person, whose name is nobody's to export."""
    kind, _colon, number = thing.partition(":")
    if kind == "anonymous":
        return anonymous(int(number))
    if kind == "post":
        return _("Post %(number)s", number=number)
    return _("All posts of the place") if kind == "forum" else _("Person %(number)s", number=number)


def _plain(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell
