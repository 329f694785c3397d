"""What everybody reads: the catalogue and its proposals, once they are published."""

from dataclasses import dataclass

from flask import abort, render_template, request

from forsamlingshus.catalogue import queries, rules
from forsamlingshus.catalogue.forms import SOURCES, STATUSES, TYPES
from forsamlingshus.catalogue.models import Proposal, Status
from forsamlingshus.catalogue.views.base import blueprint
from forsamlingshus.catalogue.views.steps import steps_of
from forsamlingshus.kernel import db, i18n, permissions, web
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.permissions import PUBLIC, access
from forsamlingshus.ledger.rules import Sums, word
from forsamlingshus.process import queries as process_queries
from forsamlingshus.process.models import BudgetYear, Theme

SHOWN_STATUSES = (Status.READY, Status.CHANGED, Status.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the table is narrowed to."""

    theme: Theme | None
    status: str

    @property
    def narrowed(self) -> bool:
        """True when rows are left out."""
        return bool(self.theme or self.status)


@blueprint.get("/budget/<int:year>/katalog")
@access(PUBLIC)
def catalogue(year: int) -> str | tuple[str, int]:
    """All proposals with their amounts, by theme; 404 for the public until the catalogue is published."""
    session = db.session()
    who = permissions.who()
    found = queries.catalogue_of(session, year)
    published = found is not None and found.is_public(who.now)
    budget_year = process_queries.year_of(session, year) if published or rules.sees_drafts(who) else None
    if budget_year is None:
        return to_come(year)
    rows = queries.rows(session, year, drafts=not published)
    whole = rules.table(rows)
    asked = _asked(budget_year)
    shown = rules.only(rows, theme_id=asked.theme.id if asked.theme else None, status=asked.status)
    return render_template(
        "catalogue/catalogue.html",
        year=budget_year,
        years=budget_year.estimate_years,
        published=published,
        catalogue=found,
        whole=whole,
        table=rules.table(shown),
        control=rules.control(found, whole),
        asked=asked,
        statuses={status: STATUSES[status] for status in SHOWN_STATUSES},
        behind=queries.contributions_behind(session, year),
        word=word,
    )


def to_come(year: int) -> tuple[str, int]:
    """The page of a catalogue that is not published yet: what the public timeline says, whatever is prepared."""
    budget_year, now = process_queries.year_of(db.session(), year), permissions.who().now
    dates = budget_year.milestones if budget_year else []
    opens = next((date for date in dates if date.kind == "hearing_opens" and date.has_day and date.starts_at), None)
    if opens is None or opens.starts_at is None or opens.starts_at <= now:
        abort(404)
    found: tuple[str, int] = web.error_page(
        404,
        heading=_("The catalogue comes on %(date)s", date=i18n.day_month(opens.starts_at)),
        message=_("Until then the administration writes the proposals. You can follow the dates of the budget."),
        next_url=f"/budget/{year}/tidsplan",
        next_title=_("Timeline for Budget %(year)s", year=year),
    )
    return found


def _asked(year: BudgetYear) -> Asked:
    theme = next((theme for theme in year.themes if theme.slug == request.args.get("tema")), None)
    status = request.args.get("status", "")
    return Asked(theme, status if status in SHOWN_STATUSES else "")


@blueprint.get("/budget/<int:year>/katalog/<int:number>")
@access(PUBLIC)
def proposal(year: int, number: int) -> str | tuple[str, int]:
    """One proposal: what it means, how it came about, what it costs or saves."""
    session = db.session()
    who = permissions.who()
    found = queries.proposal_of(session, year, number)
    catalogue = queries.catalogue_of(session, year)
    budget_year = process_queries.year_of(session, year)
    published = catalogue is not None and catalogue.is_public(who.now)
    if not published and not rules.sees_drafts(who):
        return to_come(year)
    if found is None or budget_year is None or not rules.may_see(who, catalogue, found):
        abort(404)
    row = queries.row_of(session, found)
    inputs = queries.sources_of(session, found.id)
    quotes = queries.quotes_behind(session, inputs)
    theme_ids = {quote.contribution.theme_id for quote in quotes} - {None}
    workshops = queries.workshops_of(session, [theme_id for theme_id in theme_ids if theme_id is not None])
    return render_template(
        "catalogue/proposal.html",
        proposal=found,
        year=budget_year,
        years=budget_year.estimate_years,
        sums=row.sums,
        bars=[(year, row.sums.of(year)) for year in budget_year.estimate_years],
        fte=_fte(found),
        word=word,
        varies=_varies(row.sums, budget_year),
        public=published and not found.is_draft,
        place=queries.place_of(session, found, drafts=found.is_draft or not published),
        steps=steps_of(
            found, sums=row.sums, inputs=inputs, quotes=quotes, workshops=workshops, catalogue=catalogue,
            year=budget_year, now=who.now,
        ),
        types=TYPES,
        statuses=STATUSES,
        sources=SOURCES,
        linked=bool(inputs),
    )  # fmt: skip


def _fte(proposal: Proposal) -> str:
    """0,9 | 0.9, without sign: the word beside it says which way."""
    if not proposal.fte:
        return ""
    text = f"{abs(proposal.fte):g}"
    number = text.replace(".", ",") if i18n.language() == "da" else text
    if proposal.fte < 0:
        return str(_("%(number)s full-time equivalents fewer", number=number))
    return str(_("%(number)s full-time equivalents more", number=number))


def _varies(sums: Sums, year: BudgetYear) -> bool:
    """True when full phase-in is not simply the last year's sum, because some amounts are one-off."""
    return sums.full_phase_in != sums.of(year.estimate_years[-1])
