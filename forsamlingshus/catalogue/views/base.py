"""What the catalogue's pages share: the blueprint, and finding what an address names."""

from flask import Blueprint, abort, request

from forsamlingshus.catalogue import queries, rules
from forsamlingshus.catalogue.models import Proposal
from forsamlingshus.inputs.queries import year_asked
from forsamlingshus.kernel import permissions
from forsamlingshus.kernel.addresses import own_path, small_number
from forsamlingshus.kernel.db import Session
from forsamlingshus.process import phases
from forsamlingshus.process.models import Activity, BudgetYear

blueprint = Blueprint("catalogue", __name__)


def work_year(session: Session) -> BudgetYear:
    """The budget year that a work page names, else the newest; 404 without one."""
    year = year_asked(session, small_number(request.values.get("aar")))
    return year if year is not None else abort(404)


def work_proposal(session: Session, year: BudgetYear, number: int) -> Proposal:
    """A proposal of that year; 404 without one."""
    proposal = queries.proposal_of(session, year.year, number)
    return proposal if proposal is not None else abort(404)


def closed(session: Session, year: int) -> str:
    """Why nothing can be changed now; empty while it can."""
    who = permissions.who()
    return "" if rules.is_open(who, year) else phases.closed_reason(session, year, Activity.EDIT_CATALOGUE, who.now)


def back(default: str) -> str:
    """Where the page was opened from, when that is a path of this site."""
    return own_path(request.values.get("tilbage")) or default
