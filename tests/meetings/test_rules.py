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
