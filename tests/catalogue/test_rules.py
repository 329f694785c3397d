"""Who sees what when, and how the table adds up."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from forsamlingshus.catalogue import rules
from forsamlingshus.catalogue.models import Catalogue, Proposal
from forsamlingshus.kernel.permissions import Who
from forsamlingshus.ledger.rules import NOTHING, Sums
from forsamlingshus.process.models import Activity

NOON = datetime(2023, 8, 21, 10, tzinfo=UTC)
BEFORE = NOON - timedelta(microseconds=1)


def who(*roles, now=NOON, activities=()):
    return Who(now=now, roles=frozenset(roles), opened=frozenset((2024, str(one)) for one in activities))


def proposal(number=17, theme_no=1, status="ready", **values):
    return Proposal(number=number, theme_id=theme_no, status=status, budget_year=2024, **values)


@pytest.mark.parametrize(
    ("published_at", "now", "status", "seen"),
    [
        (NOON, NOON, "ready", True),
        (NOON, BEFORE, "ready", False),
        (None, NOON, "ready", False),
        (NOON, NOON, "draft", False),
        (NOON, NOON, "withdrawn", True),
        (NOON, NOON, "changed", True),
    ],
)
def test_public_sees_a_proposal_from_the_moment_unless_it_is_a_draft(published_at, now, status, seen):
    catalogue = Catalogue(budget_year=2024, published_at=published_at)
    row = proposal(status=status)
    for roles in ((), ("council",), ("admin",)):
        assert rules.may_see(who(*roles, now=now), catalogue, row) is seen
    assert rules.may_see(who("staff", now=now), catalogue, row)


def test_public_sees_nothing_without_a_catalogue():
    assert not rules.may_see(who(), None, proposal())
    assert rules.public_from(None, proposal()) is None


def test_marks_carry_the_moment_and_drafts_none():
    catalogue = Catalogue(budget_year=2024, published_at=NOON)
    assert rules.public_from(catalogue, proposal()) == NOON
    assert rules.public_from(catalogue, proposal(status="draft")) is None


def test_links_are_open_with_either_kind_of_work():
    for activity in (Activity.COLLECT, Activity.EDIT_CATALOGUE):
        assert rules.may_link(who("staff", activities=[activity]), 2024)
    assert not rules.may_link(who("staff", activities=[Activity.DISCUSS]), 2024)
    assert not rules.is_open(who("staff", activities=[Activity.COLLECT]), 2024)


def test_withdrawn_proposal_counts_nothing():
    sums = Sums({2024: -5}, -5)
    assert rules.row(proposal(status="withdrawn"), sums).sums == NOTHING
    assert rules.row(proposal(), sums).sums == sums
    assert rules.row(proposal(), None).sums == NOTHING


def test_control_tells_how_far_it_is_off():
    whole = SimpleNamespace(count=46, total=Sums({}, -27_600))
    catalogue = Catalogue(budget_year=2024, control_count=47, control_tkr=-28_000)
    found = rules.control(catalogue, whole)
    assert (found.agrees, found.difference, found.real_count) == (False, 400, 46)
    exact = SimpleNamespace(count=47, total=Sums({}, -28_000))
    assert rules.control(catalogue, exact).agrees
    assert not rules.control(catalogue, SimpleNamespace(count=48, total=exact.total)).agrees
    assert rules.control(Catalogue(budget_year=2024), whole) is None
    assert rules.control(None, whole) is None
