"""Reading money: the sums of many lines in one query."""

from collections.abc import Collection, Mapping

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session

from forsamlingshus.ledger.models import Amount, AmountKind, Line
from forsamlingshus.ledger.rules import Sums


def totals(session: Session, line_ids: Collection[int]) -> dict[int, Sums]:
    """The sums of each line, over all kinds of amounts; a line without amounts is left out.

    Full phase-in is computed here and nowhere typed: the permanent amounts of the last estimate year.
    """
    last = and_(Amount.permanent.is_(True), Amount.year == Line.budget_year + 3)
    rows = session.execute(
        select(
            Amount.line_id,
            Amount.year,
            func.sum(Amount.tkr).label("tkr"),
            func.sum(case((last, Amount.tkr), else_=0)).label("full"),
        )
        .join(Line, Line.id == Amount.line_id)
        .where(Amount.line_id.in_(line_ids))
        .group_by(Amount.line_id, Amount.year)
    )
    by_year: dict[int, dict[int, int]] = {}
    full: dict[int, int] = {}
    for row in rows:
        by_year.setdefault(row.line_id, {})[row.year] = int(row.tkr)
        full[row.line_id] = full.get(row.line_id, 0) + int(row.full)
    return {line_id: Sums(years, full[line_id]) for line_id, years in by_year.items()}


def amounts(session: Session, line_id: int) -> Mapping[AmountKind, dict[int, int]]:
    """The amounts of one line by kind and year, as they were set."""
    found: dict[AmountKind, dict[int, int]] = {}
    for row in session.scalars(select(Amount).where(Amount.line_id == line_id).order_by(Amount.kind, Amount.year)):
        found.setdefault(AmountKind(row.kind), {})[row.year] = row.tkr
    return found
