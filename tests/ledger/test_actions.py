"""Lines with amounts: setting them, and their sums in one query."""

import pytest
from sqlalchemy.exc import IntegrityError

from forsamlingshus.kernel import db
from forsamlingshus.kernel.db import transaction
from forsamlingshus.kernel.events import EventRow
from forsamlingshus.ledger import actions, queries
from forsamlingshus.ledger.models import Amount, AmountKind, Line
from forsamlingshus.ledger.rules import MAX_TKR, Sums
from tests.queries import counted

YEARS = (2024, 2025, 2026, 2027)


def line(*tkr, year=2024, **options):
    with transaction() as session:
        row = actions.add_line(session, budget_year=year)
        return actions.set_amounts(session, line=row, amounts=dict(zip(row.years, tkr, strict=False)), **options)


def again(row, amounts, **options):
    with transaction() as session:
        actions.set_amounts(session, line=session.get_one(Line, row.id), amounts=amounts, **options)


def test_totals_of_a_permanent_line(session):
    row = line(-400, -600, -600, -650)
    assert queries.totals(session, [row.id]) == {
        row.id: Sums(dict(zip(YEARS, (-400, -600, -600, -650), strict=True)), -650)
    }


def test_totals_one_off_amounts_count_in_their_year_only(session):
    row = line(0, 0, 0, -650)
    again(row, {2027: 200, 2024: 500}, kind=AmountKind.IMPLEMENTATION, permanent=False)
    sums = queries.totals(session, [row.id])[row.id]
    assert (sums.of(2024), sums.of(2027), sums.full_phase_in) == (500, -450, -650)


def test_totals_of_a_line_without_amounts_is_left_out(session):
    assert queries.totals(session, [line().id]) == queries.totals(session, []) == {}


def test_totals_of_thirty_lines_cost_one_query(app, session):
    ids = [line(-n, -n, -n, -n).id for n in range(30)]
    found = []
    assert counted(app, lambda: found.append(queries.totals(session, ids))) == 1
    assert sum(sums.full_phase_in for sums in found[0].values()) == -sum(range(30))


def test_full_phase_in_is_of_the_lines_own_last_year(session):
    row = line(1, 2, 3, 4, year=2025)
    assert queries.totals(session, [row.id])[row.id].full_phase_in == 4


def test_set_replaces_all_amounts_of_that_kind_and_no_other(session):
    row = line(-1, -2, -3, -4)
    again(row, {2024: 50}, kind=AmountKind.CAPITAL)
    again(row, {2025: -9})
    assert queries.amounts(session, row.id) == {AmountKind.OPERATING: {2025: -9}, AmountKind.CAPITAL: {2024: 50}}


def test_set_keeps_what_was_one_off_unless_told(session):
    row = line(0, 0, 0, -100, permanent=False)
    again(row, {2027: -200})
    assert queries.totals(session, [row.id])[row.id].full_phase_in == 0
    again(row, {2027: -200}, permanent=True)
    assert queries.totals(session, [row.id])[row.id].full_phase_in == -200


@pytest.mark.parametrize("amounts", [{2023: 1}, {2028: 1}, {2024: MAX_TKR + 1}, {2024: -MAX_TKR - 1}])
def test_set_refuses_other_years_and_absurd_amounts(session, amounts):
    row = line(-1)
    with pytest.raises(ValueError):
        again(row, amounts)
    assert queries.amounts(session, row.id) == {AmountKind.OPERATING: {2024: -1}}


def test_set_records_year_and_amount(session):
    row = line(-400, -600)
    event = session.query(EventRow).filter_by(name="AmountsSet").one()
    assert event.data == {"line_id": row.id, "kind": "operating", "amounts": [[2024, -400], [2025, -600]]}


def test_database_holds_one_amount_of_a_kind_a_year(session):
    row = line(-1)
    with pytest.raises(IntegrityError), transaction() as writing:
        writing.add(Amount(line_id=row.id, year=2024, kind="operating", tkr=5))
    assert db.session().query(Amount).count() == 1
