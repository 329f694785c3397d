"""What is open, which steps are done, which dates come."""

from datetime import datetime, timedelta

import pytest

from forsamlingshus.kernel.db import transaction
from forsamlingshus.process import actions, queries, standard
from forsamlingshus.process.models import Activity, Milestone


def moment(text):
    return datetime.fromisoformat(text)


@pytest.fixture
def year(build, session):
    """Budget 2024 with its real phases and dates."""
    from dataclasses import asdict

    dates = standard.usual_dates(2024)
    with transaction() as writing:
        row = actions.add_year(writing, year=2024)
        for phase in standard.phases(dates):
            actions.add_phase(writing, budget_year=row, **asdict(phase))
        for milestone in standard.milestones(2024, dates):
            actions.add_milestone(writing, budget_year=row, **asdict(milestone))
    return queries.year_of(session, 2024)


@pytest.mark.parametrize(
    ("now", "is_open"),
    [
        ("2023-04-17T07:59:59+02:00", False),
        ("2023-04-17T08:00:00+02:00", True),
        ("2023-05-20T23:59:58+02:00", True),
        ("2023-05-20T23:59:59+02:00", False),
    ],
)
def test_debate_is_open_between_its_borders(session, year, now, is_open):
    found = queries.opened(queries.openings(session), moment(now))
    assert ((2024, Activity.DISCUSS) in found) is is_open


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        ("2023-04-01T00:00:00+02:00", "2023-04-17"),
        ("2023-05-01T00:00:00+02:00", "2023-04-17"),
        ("2023-12-01T00:00:00+01:00", "2023-04-17"),
    ],
)
def test_window_is_the_open_the_next_or_the_last_one(session, year, now, opens):
    found = queries.window(queries.openings(session), 2024, Activity.DISCUSS, moment(now))
    assert found.opens_at.date().isoformat() == opens


def test_window_of_an_activity_that_was_never_planned_is_none(session, build):
    build.year(2031, activities=())
    assert (
        queries.window(queries.openings(session), 2031, Activity.DISCUSS, moment("2023-05-01T00:00:00+02:00")) is None
    )


@pytest.mark.parametrize(
    ("now", "states"),
    [
        ("2023-04-16T12:00:00+02:00", "later later later later later later"),
        ("2023-05-03T18:35:00+02:00", "now later later later later later"),
        ("2023-05-04T00:00:00+02:00", "done now later later later later"),
        ("2023-06-12T12:00:00+02:00", "done done now later later later"),
        ("2023-08-20T23:59:59+02:00", "done done now later later later"),
        ("2023-08-21T00:00:00+02:00", "done done done now later later"),
        ("2023-09-26T12:00:00+02:00", "done done done done now later"),
        ("2023-10-11T00:00:00+02:00", "done done done done done done"),
    ],
)
def test_steps_are_done_now_or_later(year, now, states):
    assert [step.state for step in queries.steps(year, moment(now))] == states.split()


def test_step_that_overlaps_the_current_one_is_open_but_not_done(year):
    debate = queries.steps(year, moment("2023-05-03T18:35:00+02:00"))[1]
    assert (debate.key, debate.state, debate.is_open, debate.activities) == ("debat", "later", True, ("discuss",))


def milestone(**values):
    given = {"no": 1, "key": "dato", "kind": "x", "title_da": "Dato", "title_en": "Date", "precision": "day"}
    return Milestone(**{**given, **values})


@pytest.mark.parametrize(
    ("values", "over_at"),
    [
        (
            {"precision": "moment", "starts_at": "2023-05-03T18:30:00+02:00", "ends_at": "2023-05-03T20:30:00+02:00"},
            "2023-05-03T20:30:00+02:00",
        ),
        ({"starts_at": "2023-09-07T00:00:00+02:00"}, "2023-09-08T00:00:00+02:00"),
        (
            {"starts_at": "2023-05-04T00:00:00+02:00", "ends_at": "2023-08-20T00:00:00+02:00"},
            "2023-08-21T00:00:00+02:00",
        ),
        ({"precision": "month", "starts_at": "2023-06-15T10:20:30+02:00"}, "2023-07-01T00:00:00+02:00"),
        ({"precision": "month", "starts_at": "2023-12-01T00:00:00+01:00"}, "2024-01-01T00:00:00+01:00"),
        ({"starts_at": "2023-03-26T00:00:00+01:00"}, "2023-03-27T00:00:00+02:00"),
        ({"starts_at": "2023-10-29T00:00:00+02:00"}, "2023-10-30T00:00:00+01:00"),
    ],
    ids=["moment", "day", "period", "month", "december", "short day in March", "long day in October"],
)
def test_milestone_is_past_from_its_end_on(values, over_at):
    dates = {name: moment(value) for name, value in values.items() if name.endswith("_at")}
    row = milestone(**{**values, **dates})
    end = moment(over_at)
    assert not queries.is_past(row, end - timedelta(seconds=1))
    assert queries.is_past(row, end)


def test_milestone_without_a_date_is_never_past():
    assert not queries.is_past(milestone(starts_at=None), moment("2030-01-01T00:00:00+01:00"))


def test_timeline_is_in_order_of_time_and_the_undated_keep_their_place(session, year):
    with transaction() as writing:
        row = queries.year_of(writing, 2024)
        actions.add_milestone(writing, budget_year=row, key="foerste-behandling", starts_at=None)
        actions.add_milestone(
            writing,
            budget_year=row,
            key="ejendomsaftale",
            kind="agreement",
            title_da="Principaftale",
            title_en="Agreement",
            starts_at=moment("2023-06-01T00:00:00+02:00"),
            precision="month",
        )
    keys = [row.key for row in queries.timeline(queries.year_of(session, 2024))]
    assert keys[:4] == ["borgermoede", "ejendomsaftale", "hoering-aabner", "foerste-behandling"]


def test_upcoming_keeps_today_and_leaves_out_periods_months_and_the_past(session, year):
    with transaction() as writing:
        row = queries.year_of(writing, 2024)
        more = {"kind": "work", "title_da": "Arbejde", "title_en": "Work"}
        start, end = moment("2023-09-10T00:00:00+02:00"), moment("2023-09-20T00:00:00+02:00")
        actions.add_milestone(writing, budget_year=row, key="arbejde", starts_at=start, ends_at=end, **more)
        actions.add_milestone(writing, budget_year=row, key="maaned", starts_at=end, precision="month", **more)
    now = moment("2023-09-07T12:00:00+02:00")
    keys = [row.key for row in queries.upcoming(queries.year_of(session, 2024), now)]
    assert keys == ["hoering-lukker", "temamoede", "budgetaftale", "anden-behandling", "frist"]


@pytest.mark.parametrize(("now", "listed"), [("2023-08-20T23:59:59+02:00", True), ("2023-08-21T00:00:00+02:00", False)])
def test_upcoming_names_an_opening_until_it_is_open(session, year, now, listed):
    keys = [row.key for row in queries.upcoming(queries.year_of(session, 2024), moment(now))]
    assert ("hoering-aabner" in keys) is listed


def test_current_year_is_the_newest(build, session):
    build.year(2024)
    build.year(2025)
    assert queries.current_year(session).year == 2025


def test_no_year_is_current_in_an_empty_instance(session):
    assert queries.current_year(session) is None
