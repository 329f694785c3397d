"""Who may run what, and when a meeting runs."""

from datetime import UTC, datetime

import pytest

from forsamlingshus.kernel.permissions import Who
from forsamlingshus.meetings import rules
from forsamlingshus.meetings.models import Meeting, Workshop

NOW = datetime(2023, 5, 3, 17, tzinfo=UTC)


def who(*, roles=(), scopes=()):
    return Who(now=NOW, author_id=1, user_id=1, roles=frozenset(roles), scopes=frozenset(scopes))


@pytest.mark.parametrize(
    ("person", "meeting", "workshop"),
    [
        (Who(now=NOW), False, False),
        (who(), False, False),
        (who(roles=["council"]), False, False),
        (who(roles=["admin"]), False, False),
        (who(scopes=["workshop:7"]), False, True),
        (who(scopes=["workshop:8"]), False, False),
        (who(scopes=["meeting:7"]), True, False),
        (who(roles=["staff"]), True, True),
    ],
)
def test_staff_and_own_facilitators_run_a_place(person, meeting, workshop):
    assert rules.may_run(person, Meeting(id=7)) is meeting
    assert rules.may_run(person, Workshop(id=7)) is workshop


@pytest.mark.parametrize(
    ("now", "running"),
    [
        ("2023-05-03T18:29:59+02:00", False),
        ("2023-05-03T18:30:00+02:00", True),
        ("2023-05-03T20:29:59+02:00", True),
        ("2023-05-03T20:30:00+02:00", False),
    ],
)
def test_meeting_runs_from_its_first_to_its_last_minute(now, running):
    meeting = Meeting(
        starts_at=datetime.fromisoformat("2023-05-03T18:30:00+02:00"),
        ends_at=datetime.fromisoformat("2023-05-03T20:30:00+02:00"),
    )
    assert rules.is_running(meeting, datetime.fromisoformat(now)) is running


def at(text):
    return datetime.fromisoformat(f"2023-05-03T{text}:00+02:00")


def evening(**values):
    given = {"starts_at": at("18:30"), "ends_at": at("20:30"), "sign_up_required": True, "sign_up_until": None}
    return Meeting(**{**given, **values})


@pytest.mark.parametrize("roles", [(), ("council",), ("admin",)])
def test_only_staff_plan(roles):
    assert not rules.may_plan(who(roles=roles, scopes=["meeting:7", "workshop:7"]))
    assert rules.may_plan(who(roles=[*roles, "staff"]))


@pytest.mark.parametrize(
    ("meeting", "now", "open_"),
    [
        (evening(), "18:29", True),
        (evening(), "18:30", False),
        (evening(sign_up_required=False), "12:00", False),
        (evening(sign_up_until=at("12:00")), "11:59", True),
        (evening(sign_up_until=at("12:00")), "12:00", False),
        (evening(sign_up_until=at("19:00")), "18:45", True),
    ],
)
def test_people_sign_up_until_the_meeting_or_the_moment_that_staff_chose(meeting, now, open_):
    assert rules.signs_up(meeting, at(now)) is open_


def test_a_seat_can_be_given_back_while_somebody_else_can_use_it():
    early, late = evening(sign_up_until=at("12:00")), evening(sign_up_until=at("19:00"))
    assert [rules.may_cancel(early, at(now)) for now in ("12:30", "18:29", "18:30")] == [True, True, False]
    assert [rules.may_cancel(late, at(now)) for now in ("18:59", "19:00")] == [True, False]


def test_free_seats_are_never_less_than_none():
    assert [rules.free_seats(Meeting(capacity=3), taken) for taken in (0, 3, 5)] == [3, 0, 0]
    assert rules.free_seats(Meeting(capacity=None), 1000) is None


def test_names_stand_in_danish_order():
    names = ["Åse", "Aage", "Øjvind", "Zainab", "Ærø", "anne", "Bo"]
    assert sorted(names, key=rules.alphabetical) == ["anne", "Bo", "Zainab", "Ærø", "Øjvind", "Aage", "Åse"]
