"""Deny by default: what a route declares, who passes, and what stands in the way of everybody else."""

from itertools import product

import pytest

from forsamlingshus.kernel import clock, permissions
from forsamlingshus.kernel.errors import Forbidden
from forsamlingshus.kernel.permissions import ADMIN, PUBLIC, SCOPED, STAFF, USER, Who, access


def someone(*, user_id=1, roles=(), scopes=(), opened=()):
    return Who(
        now=clock.now(), user_id=user_id, roles=frozenset(roles), scopes=frozenset(scopes), opened=frozenset(opened)
    )


PEOPLE = {
    "nobody": someone(user_id=None),
    "citizen": someone(),
    "facilitator": someone(scopes={"workshop:3"}),
    "council": someone(roles={"council"}),
    "staff": someone(roles={"staff"}),
    "admin": someone(roles={"admin"}),
}
PASSES = {
    PUBLIC: set(PEOPLE),
    USER: set(PEOPLE) - {"nobody"},
    STAFF: {"staff"},
    SCOPED: {"staff", "facilitator"},
    ADMIN: {"admin"},
}


@pytest.mark.parametrize(("level", "name"), list(product(PASSES, PEOPLE)))
def test_who_passes_which_access(level, name):
    @access(level)
    def view():
        return "seen"

    assert permissions.allowed(PEOPLE[name], view) is (name in PASSES[level])


@pytest.mark.parametrize("name", PEOPLE)
def test_view_that_declares_nothing_is_closed_to_all(name):
    def view():
        return "seen"

    assert permissions.allowed(PEOPLE[name], view) is False
    view.access = "everybody"
    assert permissions.allowed(PEOPLE[name], view) is False


def test_every_level_has_people_who_pass_and_levels_are_known():
    assert set(PASSES) == permissions.ACCESS
    with pytest.raises(ValueError, match="unknown access level"):
        access("everybody")


def test_declaring_returns_the_view_itself():
    def view():
        return "seen"

    assert access(USER)(view) is view


def test_facilitator_facilitates_exactly_the_scope():
    person = PEOPLE["facilitator"]
    assert person.facilitates("workshop:3")
    assert not person.facilitates("workshop:31")
    assert not person.facilitates("meeting:3")
    assert not person.facilitates("")


def test_open_means_that_year_and_activity():
    person = someone(opened={(2024, "discuss")})
    assert person.open(2024, "discuss")
    assert not person.open(2025, "discuss")
    assert not person.open(2024, "collect")


@pytest.mark.parametrize(
    ("roles", "scopes", "badge"),
    [
        ((), (), ""),
        (("admin",), (), ""),
        (("council",), (), "council"),
        (("staff", "council"), ("workshop:1",), "staff"),
        (("council",), ("workshop:1",), "council"),
        ((), ("workshop:1",), "facilitator"),
    ],
)
def test_badge_is_the_weightiest_role(roles, scopes, badge):
    assert someone(roles=roles, scopes=scopes).badge == badge


@pytest.mark.parametrize(
    ("roles", "scopes", "badge"),
    [
        ((), ("workshop:1",), "facilitator"),
        ((), ("workshop:2",), ""),
        (("council",), ("workshop:2",), "council"),
        (("staff",), ("workshop:1",), "staff"),
    ],
)
def test_badge_of_a_facilitator_is_worn_in_the_own_workshop_alone(roles, scopes, badge):
    assert someone(roles=roles, scopes=scopes).badge_in("workshop:1") == badge


def test_demand_raises_with_the_sentence():
    permissions.demand(True)
    with pytest.raises(Forbidden) as refused:
        permissions.demand(False, "Kun for medarbejdere")
    assert refused.value.message == "Kun for medarbejdere"


def test_nobody_is_nobody():
    person = permissions.nobody()
    assert (person.is_authenticated, person.is_staff, person.is_admin, person.badge) == (False, False, False, "")


def test_person_cannot_be_changed():
    with pytest.raises(AttributeError):
        PEOPLE["citizen"].roles = frozenset({"admin"})
