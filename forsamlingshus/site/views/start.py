"""The front page and the page of a budget year: what is open now, how far the budget has come, what is next."""

from typing import Any

from flask import abort, render_template

from forsamlingshus.kernel import clock, db
from forsamlingshus.kernel.permissions import PUBLIC, access
from forsamlingshus.process import queries as process
from forsamlingshus.process.models import BudgetYear
from forsamlingshus.site import panels, queries
from forsamlingshus.site.now import right_now
from forsamlingshus.site.views.base import blueprint
from forsamlingshus.site.words import words

DATES = 3
"""How many coming dates a page names; the timeline has them all."""


@blueprint.get("/")
@access(PUBLIC)
def front() -> str:
    """The front page: one sentence of what is open, the steps, the themes, the red thread, the next dates."""
    session = db.session()
    budget_year = process.current_year(session)
    if budget_year is None:
        return render_template("site/nothing_yet.html")
    values = _about(budget_year)
    return render_template(
        "site/front.html", newest=queries.newest_threads(session, values["overview"].workshops), **values
    )


@blueprint.get("/budget/<int:year>")
@access(PUBLIC)
def budget(year: int) -> str:
    """The page of a budget year."""
    budget_year = process.year_of(db.session(), year) or abort(404)
    values = _about(budget_year)
    hearing = values["overview"].course.hearing
    return render_template("site/budget.html", hearing=hearing, **values)


def _about(budget_year: BudgetYear) -> dict[str, Any]:
    """What both pages tell of a year."""
    now = clock.now()
    overview = queries.overview(db.session(), budget_year, now)
    answer = right_now(overview.course, now)
    said = words(overview.course, answer)
    steps = process.steps(budget_year, now)
    coming = process.upcoming(budget_year, now)
    return {
        "budget_year": budget_year,
        "overview": overview,
        "right_now": answer,
        "words": said,
        "now_card": panels.now_card(budget_year, answer, said, coming, now),
        "steps": panels.step_rows(budget_year, steps, now),
        "step_now": next((step for step in steps if step.state == "now"), None),
        "thread": panels.red_thread(overview, answer, now),
        "dates": coming[:DATES],
        "by_theme": panels.proposals_by_theme(overview.figures) if answer.published else {},
    }
