"""Deny by default: what a route declares, who passes, and what stands in the way of everybody else."""

from itertools import product

import pytest

from forsamlingshus.kernel import clock, permissions
from forsamlingshus.kernel.errors import Forbidden
from forsamlingshus.kernel.permissions import ADMIN, EVERYWHERE, PUBLIC, SCOPED, STAFF, USER, WRITER, Who, access


def someone(*, author_id=1, user_id=1, roles=(), scopes=(), opened=(), guest_scopes=(), mutes=()):
    return Who(
        now=clock.now(),
        author_id=author_id,
        user_id=user_id,
        roles=frozenset(roles),
        scopes=frozenset(scopes),
        guest_scopes=frozenset(guest_scopes),
        mutes=frozenset(mutes),
        opened=frozenset(opened),
    )


PEOPLE = {
    "nobody": someone(author_id=None, user_id=None),
    "guest": someone(user_id=None, guest_scopes={"meeting:1", "workshop:3"}),
    "citizen": someone(),
    "facilitator": someone(scopes={"workshop:3"}),
    "council": someone(roles={"council"}),
    "staff": someone(roles={"staff"}),
    "admin": someone(roles={"admin"}),
}
PASSES = {
    PUBLIC: set(PEOPLE),
    WRITER: set(PEOPLE) - {"nobody"},
    USER: set(PEOPLE) - {"nobody", "guest"},
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


def test_guest_writes_in_the_places_of_one_meeting_and_an_account_everywhere():
    guest, citizen, nobody = PEOPLE["guest"], PEOPLE["citizen"], PEOPLE["nobody"]
    assert [guest.writes_in(key) for key in ("meeting:1", "workshop:3", "workshop:4", "meeting:2", "")] == [
        True,
        True,
        False,
        False,
        False,
    ]
    assert citizen.writes_in("workshop:4")
    assert not nobody.writes_in("meeting:1")
    assert (guest.is_known, guest.is_guest, guest.is_authenticated) == (True, True, False)
    assert (citizen.is_known, citizen.is_guest, citizen.is_authenticated) == (True, False, True)
    assert (nobody.is_known, nobody.is_guest) == (False, False)


@pytest.mark.parametrize(("mutes", "here", "there"), [({"workshop:3"}, False, True), ({EVERYWHERE}, False, False)])
def test_muted_person_writes_elsewhere_unless_muted_everywhere(mutes, here, there):
    person = someone(mutes=mutes)
    assert (person.writes_in("workshop:3"), person.writes_in("workshop:4")) == (here, there)
    guest = someone(user_id=None, guest_scopes={"workshop:3", "workshop:4"}, mutes=mutes)
    assert (guest.writes_in("workshop:3"), guest.writes_in("workshop:4")) == (here, there)
