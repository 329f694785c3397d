"""Where staff write the catalogue: the list of proposals, a new one, and one to change."""

from typing import Any

from flask import render_template, request

from forsamlingshus.catalogue import actions, queries, rules
from forsamlingshus.catalogue.forms import STATUSES, ProposalForm
from forsamlingshus.catalogue.models import Proposal, Source, Status
from forsamlingshus.catalogue.views.base import blueprint, closed, work_proposal, work_year
from forsamlingshus.catalogue.views.links import inputs_to_link
from forsamlingshus.discussions.views.base import allowed_lines
from forsamlingshus.kernel import db, permissions, web
from forsamlingshus.kernel.addresses import small_number
from forsamlingshus.kernel.db import Session, transaction
from forsamlingshus.kernel.errors import Conflict
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.permissions import STAFF, access
from forsamlingshus.ledger import queries as ledger
from forsamlingshus.ledger.models import AmountKind
from forsamlingshus.process.models import BudgetYear


@blueprint.get("/arbejde/forslag")
@access(STAFF)
def proposals() -> str:
    """Every proposal of a year, drafts too, and how they add up."""
    session = db.session()
    year = work_year(session)
    catalogue = queries.catalogue_of(session, year.year)
    rows = queries.rows(session, year.year, drafts=True)
    public = rules.table(row for row in rows if not row.proposal.is_draft)
    return render_template(
        "catalogue/work.html",
        year=year,
        rows=rows,
        table=rules.table(rows),
        control=rules.control(catalogue, public),
        catalogue=catalogue,
        statuses=STATUSES,
        closed=closed(session, year.year),
    )


@blueprint.route("/arbejde/forslag/nyt", methods=["GET", "POST"])
@access(STAFF)
def new() -> Any:
    """Write a new proposal."""
    session = db.session()
    year = work_year(session)
    form = _form(session, year)
    if request.method == "GET":
        form.number.data = queries.next_number(session, year.year)
        form.status.data, form.source.data = Status.DRAFT, Source.WORKSHOP
    elif _valid(session, form, year):
        try:
            with transaction() as session:
                proposal = actions.add_proposal(
                    session, who=permissions.who(), budget_year=year.year, amounts=form.amounts, **form.words
                )
        except Conflict as conflict:  # somebody took the number since it was looked up
            return _page(session, form, year, None, conflict=conflict.message), 409
        web.notice(_("Proposal %(number)s is saved", number=proposal.number))
        return web.see_other(proposal.work_path)
    return _page(session, form, year, None)


@blueprint.route("/arbejde/forslag/<int:number>", methods=["GET", "POST"])
@access(STAFF)
def edit(number: int) -> Any:
    """Change a proposal; whoever began from an older wording is told, and keeps what was typed."""
    session = db.session()
    year = work_year(session)
    proposal = work_proposal(session, year, number)
    form = _form(session, year, proposal)
    if request.method == "GET":
        amounts = ledger.amounts(session, proposal.line_id)
        form.fill(proposal, amounts.get(AmountKind(proposal.kind), {}))
        return _page(session, form, year, proposal)
    if not _valid(session, form, year, proposal):
        return _page(session, form, year, proposal)
    try:
        with transaction() as session:
            proposal = work_proposal(session, year, number)
            actions.change_proposal(
                session,
                who=permissions.who(),
                proposal=proposal,
                seen=small_number(request.form.get("edition")) or 0,
                amounts=form.amounts,
                **form.words,
            )
    except Conflict as conflict:
        proposal = work_proposal(session, year, number)
        form.edition.data = str(proposal.edition)
        return _page(session, form, year, proposal, conflict=conflict.message), 409
    web.notice(_("Proposal %(number)s is saved", number=proposal.number))
    return web.see_other(proposal.work_path)


def _form(session: Session, year: BudgetYear, proposal: Proposal | None = None) -> ProposalForm:
    return ProposalForm(
        obj=proposal,
        themes=year.themes,
        years=year.estimate_years,
        source_count=proposal.source_count if proposal else 0,
        allow=allowed_lines(session),
    )


def _valid(session: Session, form: ProposalForm, year: BudgetYear, proposal: Proposal | None = None) -> bool:
    """The form's own rules, and those of numbers: free, and never another one once it is public."""
    valid = form.validate()
    number = form.number.data
    if not number or (proposal is not None and number == proposal.number):
        return valid
    if proposal and rules.keeps_number(queries.catalogue_of(session, year.year), proposal, permissions.who().now):
        form.number.errors = [_("A published proposal keeps its number: others have linked to it.")]
    elif queries.is_taken(session, year.year, number):
        form.number.errors = [_("Another proposal has number %(number)s.", number=number)]
    return valid and not form.number.errors


def _page(
    session: Session, form: ProposalForm, year: BudgetYear, proposal: Proposal | None, *, conflict: str = ""
) -> Any:
    sources = queries.sources_of(session, proposal.id) if proposal else ()
    page = render_template(
        "catalogue/edit.html",
        form=form,
        year=year,
        proposal=proposal,
        sources=sources,
        choices=inputs_to_link(session, year.year, sources) if proposal else (),
        conflict=conflict,
        closed=closed(session, year.year),
        may_link=rules.may_link(permissions.who(), year.year),
    )
    return (page, 422) if form.errors else page
