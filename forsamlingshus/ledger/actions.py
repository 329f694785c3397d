"""Verbs on money, called from the slices that own the lines."""

from collections.abc import Mapping

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from forsamlingshus.kernel.events import record
from forsamlingshus.ledger.events import AmountsSet
from forsamlingshus.ledger.models import Amount, AmountKind, Line
from forsamlingshus.ledger.rules import MAX_TKR


def add_line(session: Session, *, budget_year: int) -> Line:
    """A new line without amounts."""
    line = Line(budget_year=budget_year)
    session.add(line)
    session.flush()
    return line


def set_amounts(
    session: Session,
    *,
    line: Line,
    amounts: Mapping[int, int],
    kind: AmountKind = AmountKind.OPERATING,
    permanent: bool | None = None,
    actor_id: int | None = None,
) -> Line:
    """Set the amounts of one kind, year → 1.000 kr.; a year that is not named has none of that kind afterwards.

    Where `permanent` is not said, each year's amount stays permanent or one-off as it was; a new one is permanent.
    Raises ValueError for a year outside the line's four and for an amount beyond MAX_TKR.
    """
    for year, tkr in amounts.items():
        if year not in line.years:
            raise ValueError(f"{year} is not one of the years {line.years}")
        if abs(tkr) > MAX_TKR:
            raise ValueError(f"{tkr} is more than {MAX_TKR} thousand kroner")
    mine = (Amount.line_id == line.id, Amount.kind == kind)
    before = dict(session.execute(select(Amount.year, Amount.permanent).where(*mine)).all())
    session.execute(delete(Amount).where(*mine))
    for year, tkr in amounts.items():
        stays = before.get(year, True) if permanent is None else permanent
        session.add(Amount(line_id=line.id, year=year, kind=kind, tkr=tkr, permanent=stays))
    session.flush()
    record(session, AmountsSet(line_id=line.id, kind=kind, amounts=tuple(sorted(amounts.items())), actor_id=actor_id))
    return line
