"""Linking inputs to proposals, from either side, and undoing it."""

from collections.abc import Collection
from typing import Any

from flask import abort, render_template, request

from forsamlingshus.catalogue import actions, queries
from forsamlingshus.catalogue.forms import LinkForm
from forsamlingshus.catalogue.models import Proposal
from forsamlingshus.catalogue.views.base import back, blueprint, work_proposal, work_year
from forsamlingshus.inputs import queries as input_queries
from forsamlingshus.inputs.models import Input
from forsamlingshus.kernel import db, permissions, web
from forsamlingshus.kernel.addresses import small_number
from forsamlingshus.kernel.db import Session, transaction
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.permissions import STAFF, access


def inputs_to_link(session: Session, year: int, linked: Collection[Input]) -> list[Input]:
    """The newest inputs of a year that are not linked yet."""
    known = {row.id for row in linked}
    return [row for row in input_queries.choices(session, year) if row.id not in known]


@blueprint.route("/arbejde/forslag/knyt", methods=["GET", "POST"])
@access(STAFF)
def link() -> Any:
    """Choose a proposal and an input, and link them."""
    session = db.session()
    year = work_year(session)
    form = LinkForm(proposals=queries.choices(session, year.year), inputs=input_queries.choices(session, year.year))
    if request.method == "GET":
        form.proposal.data = small_number(request.args.get("proposal")) or 0
        form.input.data = small_number(request.args.get("input")) or 0
    elif form.validate():
        with transaction() as session:
            proposal = session.get_one(Proposal, form.proposal.data)
            row = session.get_one(Input, form.input.data)
            actions.link_input(session, who=permissions.who(), proposal=proposal, input=row)
        web.notice(_("Input %(input)s is linked to proposal %(number)s", input=row.number, number=proposal.number))
        return web.see_other(back(proposal.work_path))
    page = render_template("catalogue/link.html", form=form, year=year, back=back(f"/arbejde/forslag?aar={year.year}"))
    return (page, 422) if form.errors else page


@blueprint.route("/arbejde/forslag/<int:number>/kilder/<int:input_number>/fjern", methods=["GET", "POST"])
@access(STAFF)
def unlink(number: int, input_number: int) -> Any:
    """Ask once, then undo a link."""
    session = db.session()
    proposal, row = _linked(session, number, input_number)
    if request.method == "GET":
        return render_template(
            "inputs/confirm.html",
            title=_("Undo the link between input %(input)s and proposal %(number)s?", input=row.number, number=number),
            words="",
            text=_("The input and its quotes stay. The posts lose the mark of the proposal, unless another input of it "
                   "quotes them."),
            button=_("Undo the link"),
            cancel_url=back(proposal.work_path),
        )  # fmt: skip
    with transaction() as session:
        proposal, row = _linked(session, number, input_number)
        actions.unlink_input(session, who=permissions.who(), proposal=proposal, input=row)
    web.notice(
        _("Input %(input)s is no longer linked to proposal %(number)s", input=row.number, number=proposal.number)
    )
    return web.see_other(back(proposal.work_path))


def _linked(session: Session, number: int, input_number: int) -> tuple[Proposal, Input]:
    """A proposal and an input that is one of its sources; 404 otherwise."""
    year = work_year(session)
    proposal = work_proposal(session, year, number)
    row = input_queries.input_of(session, year.year, input_number)
    if row is None or queries.source(session, proposal.id, row.id) is None:
        abort(404)
    return proposal, row
