"""The timeline of a budget year, as a page and as calendar files."""

from flask import Blueprint, Response, abort, render_template

from forsamlingshus.kernel import clock, db, web
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.permissions import PUBLIC, access
from forsamlingshus.process import ics, queries
from forsamlingshus.process.models import BudgetYear, Milestone

blueprint = Blueprint("process", __name__)


@blueprint.get("/budget/<int:year>/tidsplan")
@access(PUBLIC)
def timeline(year: int) -> str:
    """The dates of a year: what is over is folded, what has no date yet says so."""
    budget_year, now = _year_or_404(year), clock.now()
    past: list[Milestone] = []
    running: list[Milestone] = []
    coming: list[Milestone] = []
    for milestone in queries.timeline(budget_year):
        if queries.is_past(milestone, now):
            past.append(milestone)
        else:
            (running if queries.is_running(milestone, now) else coming).append(milestone)
    return render_template("process/timeline.html", budget_year=budget_year, past=past, running=running, coming=coming)


@blueprint.get("/budget/<int:year>/tidsplan.ics")
@access(PUBLIC)
def timeline_calendar(year: int) -> Response:
    """All dates of a year as one calendar that can be subscribed to."""
    return _file(_year_or_404(year), None)


@blueprint.get("/budget/<int:year>/tidsplan/<string:key>.ics")
@access(PUBLIC)
def date_calendar(year: int, key: str) -> Response | tuple[str, int]:
    """One date for the calendar; a milestone without a known day has none."""
    budget_year = _year_or_404(year)
    milestone = queries.milestone_of(budget_year, key)
    if milestone is None:
        abort(404)
    if not milestone.has_day:
        return web.error_page(404, message=_("The date is not known yet, so there is nothing for your calendar."))
    return _file(budget_year, milestone)


def _file(budget_year: BudgetYear, milestone: Milestone | None) -> Response:
    year = budget_year.year
    body = ics.calendar(
        f"Budget {year}",
        queries.timeline(budget_year) if milestone is None else [milestone],
        year=year,
        site=web.origin(),
        stamp=clock.now(),
    )
    name = f"budget-{year}{f'-{milestone.key}' if milestone else ''}.ics"
    return Response(body, content_type=ics.MIME, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _year_or_404(year: int) -> BudgetYear:
    return queries.year_of(db.session(), year) or abort(404)
