"""Taking the word from somebody and giving it back, holding a forum's posts first, and the log of it all."""

import csv
import io
from typing import Any

from flask import Response, abort, render_template, request

from forsamlingshus.accounts import actions as accounts
from forsamlingshus.accounts.models import Mute
from forsamlingshus.discussions import actions, forms, queries, rules
from forsamlingshus.discussions.models import Forum
from forsamlingshus.discussions.views.base import blueprint, post_or_404
from forsamlingshus.kernel import db, permissions, web
from forsamlingshus.kernel.addresses import small_number
from forsamlingshus.kernel.db import transaction
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.i18n import lazy_gettext as _l
from forsamlingshus.kernel.permissions import EVERYWHERE, SCOPED, access, demand

HOME = "/arbejde/moderation"
COLUMNS = ("id", "at", "actor", "what", "thing", "place", "reason_code")
DECISIONS = {
    "release": _l("Shown"),
    "hide": _l("Hidden"),
    "undo": _l("Taken back at once"),
    "hold_on": _l("Posts are looked at first"),
    "hold_off": _l("Posts are shown at once"),
    "mute": _l("Muted"),
    "lift": _l("Unmuted"),
}
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
        reasons=forms.MUTE_REASON_WORDS | forms.REASON_WORDS,
        anonymous=anonymous,
        next_url=f"{HOME}/log?foer={rows[-1].id}" if len(rows) == queries.LOG_PAGE else "",
    )


@blueprint.get("/arbejde/moderation/log.csv")
@access(SCOPED)
def moderation_log_csv() -> Response:
    """The log as RFC 4180 CSV, moments in UTC; no cell can act as a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for row in queries.log(db.session(), permissions.who(), most=queries.LOG_ALL):
        cells = (row.id, row.at.isoformat(timespec="seconds"), row.actor, row.what, _thing(row.thing), row.place)
        writer.writerow([_plain(str(cell)) for cell in (*cells, row.reason_code)])
    response = Response(out.getvalue(), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="moderation.csv"'
    return response


def anonymous(number: int) -> str:
    """What stands in the place of a name for whoever asked a question anonymously; 0 for one that has no number."""
    return _("Anonymous, question no. %(number)s", number=number) if number else _("Anonymous")


def _thing(thing: str) -> str:
    kind, number = thing.split(":")
    return anonymous(int(number)) if kind == "anonymous" else thing


def _plain(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell
