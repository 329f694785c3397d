"""What lower pages show of the catalogue: the board's third column, an input's links, the proposals of a theme."""

from typing import Any

from flask import render_template

from forsamlingshus.catalogue import queries, rules
from forsamlingshus.catalogue.forms import STATUSES
from forsamlingshus.inputs.models import Input
from forsamlingshus.kernel import clock, db, permissions
from forsamlingshus.kernel.live import Gate

GATES: dict[str, Gate] = {}


def workshop_slot(workshop: Any) -> str:
    """The published proposals of a workshop's theme; nothing before, for staff neither."""
    session = db.session()
    if not queries.is_published(session, workshop.year, clock.now()):
        return ""
    rows = queries.rows_of_theme(session, workshop.theme_id)
    return render_template("catalogue/_workshop_slot.html", rows=rows, year=workshop.year) if rows else ""


def board_slot(board: Any) -> str:
    """The third column of the board: every proposal with amounts and what it lacks, and the sum."""
    session = db.session()
    rows = queries.rows(session, board.budget_year, drafts=True)
    whole = rules.table(rows)
    return render_template(
        "catalogue/_board_slot.html",
        board=board,
        rows=rules.only(rows, theme_id=board.theme_id, status=""),
        whole=whole,
        control=rules.control(queries.catalogue_of(session, board.budget_year), whole),
        statuses=STATUSES,
    )


def input_slot(row: Input) -> str:
    """On the staff page of an input: its proposals, and the forms to link and unlink."""
    session = db.session()
    linked = queries.links_of(session, row.id)
    known = {proposal.id for proposal in linked}
    return render_template(
        "catalogue/_input_slot.html",
        input=row,
        linked=linked,
        choices=[proposal for proposal in queries.choices(session, row.budget_year) if proposal.id not in known],
        may_link=rules.may_link(permissions.who(), row.budget_year),
    )
