"""What is open now: the stage on both sides of each border."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from forsamlingshus.site.now import Course, Stage, right_now
from forsamlingshus.site.words import words


def moment(text):
    return datetime.fromisoformat(text)


COURSE = Course(
    year=2024,
    has_workshops=True,
    debate=(moment("2023-04-17T08:00:00+02:00"), moment("2023-05-20T23:59:59+02:00")),
    meeting=(moment("2023-05-03T18:30:00+02:00"), moment("2023-05-03T20:30:00+02:00")),
    hearing=(moment("2023-08-21T10:00:00+02:00"), moment("2023-09-07T23:59:59+02:00")),
    published_at=moment("2023-08-21T09:00:00+02:00"),
    adopted_at=moment("2023-10-11T00:00:00+02:00"),
    proposals=47,
)


@pytest.mark.parametrize(
    ("border", "before", "after"),
    [
        ("2023-04-17T08:00:00+02:00", Stage.AHEAD, Stage.DEBATE),
        ("2023-05-03T18:30:00+02:00", Stage.DEBATE, Stage.MEETING),
        ("2023-05-03T20:30:00+02:00", Stage.MEETING, Stage.DEBATE),
        ("2023-05-20T23:59:59+02:00", Stage.DEBATE, Stage.WORK),
        ("2023-08-21T09:00:00+02:00", Stage.WORK, Stage.CATALOGUE),
        ("2023-08-21T10:00:00+02:00", Stage.CATALOGUE, Stage.HEARING),
        ("2023-09-07T23:59:59+02:00", Stage.HEARING, Stage.AFTER),
        ("2023-10-11T00:00:00+02:00", Stage.AFTER, Stage.ADOPTED),
    ],
)
def test_stage_changes_at_its_border(border, before, after):
    at = moment(border)
    assert (right_now(COURSE, at - timedelta(microseconds=1)).stage, right_now(COURSE, at).stage) == (before, after)


@pytest.mark.parametrize(
    ("course", "stage"),
    [
        (Course(year=2024), Stage.UNDATED),
        (Course(year=2024, meeting=COURSE.meeting), Stage.WORK),
        (Course(year=2024, published_at=COURSE.published_at), Stage.UNDATED),
        (replace(COURSE, debate=None, meeting=None), Stage.UNDATED),
        (replace(COURSE, meeting=None), Stage.WORK),
    ],
)
def test_stage_in_june_follows_from_what_is_set(course, stage):
    assert right_now(course, moment("2023-06-12T12:00:00+02:00")).stage is stage


def test_meeting_alone_is_ahead_until_it_begins():
    answer = right_now(Course(year=2024, meeting=COURSE.meeting), moment("2023-04-01T12:00:00+02:00"))
    assert (answer.stage, answer.deadline, answer.meeting_ahead) == (Stage.AHEAD, COURSE.meeting[0], True)


@pytest.mark.parametrize(
    ("now", "near"),
    [
        ("2023-05-02T23:59:59+02:00", False),
        ("2023-05-03T00:00:00+02:00", True),
        ("2023-05-03T23:59:59+02:00", True),
        ("2023-05-04T00:00:00+02:00", False),
    ],
)
def test_code_of_the_hall_is_asked_for_on_the_day_of_the_meeting(now, near):
    assert right_now(COURSE, moment(now)).meeting_day is near
    assert not right_now(replace(COURSE, meeting=None), moment(now)).meeting_day


def test_meeting_after_the_debate_is_ahead_and_gives_the_date():
    late = replace(COURSE, meeting=(moment("2023-06-01T18:30:00+02:00"), moment("2023-06-01T20:30:00+02:00")))
    answer = right_now(late, moment("2023-05-25T12:00:00+02:00"))
    assert (answer.stage, answer.deadline) == (Stage.AHEAD, moment("2023-06-01T18:30:00+02:00"))


@pytest.mark.parametrize(
    ("now", "days"),
    [
        ("2023-08-29T10:00:00+02:00", 9),
        ("2023-09-06T23:59:59+02:00", 1),
        ("2023-09-07T00:00:00+02:00", None),
        ("2023-08-29T23:30:00+00:00", 8),
    ],
    ids=["nine", "one", "the last day", "already tomorrow in Denmark"],
)
def test_days_left_are_danish_calendar_days(now, days):
    assert right_now(COURSE, moment(now)).days == days


def test_running_meeting_counts_no_days():
    answer = right_now(COURSE, moment("2023-05-03T18:35:00+02:00"))
    assert (answer.days, answer.deadline) == (None, COURSE.meeting[1])


MOMENTS = {
    Stage.AHEAD: "2023-04-01T12:00:00+02:00",
    Stage.DEBATE: "2023-04-20T12:00:00+02:00",
    Stage.MEETING: "2023-05-03T18:35:00+02:00",
    Stage.WORK: "2023-06-12T12:00:00+02:00",
    Stage.CATALOGUE: "2023-08-21T09:30:00+02:00",
    Stage.HEARING: "2023-08-21T12:00:00+02:00",
    Stage.AFTER: "2023-09-20T12:00:00+02:00",
    Stage.ADOPTED: "2023-11-01T12:00:00+01:00",
}


@pytest.mark.parametrize("stage", MOMENTS)
def test_every_stage_has_words_and_a_way_on(app_context, stage):
    answer = right_now(COURSE, moment(MOMENTS[stage]))
    said = words(COURSE, answer)
    assert answer.stage is stage
    assert all((said.headline, said.lead, said.title, said.button, said.url))
    assert bool(said.second) == bool(said.second_url)


@pytest.mark.parametrize("stage", MOMENTS)
def test_words_lead_nowhere_that_does_not_exist(app_context, stage):
    bare = replace(COURSE, has_workshops=False, published_at=None)
    if stage is not Stage.MEETING:
        bare = replace(bare, meeting=None)
    said = words(bare, right_now(bare, moment(MOMENTS[stage])))
    assert not [url for url in (said.url, said.second_url) if url.endswith(("temaer", "katalog"))]
    assert not said.url.endswith("borgermoede") or stage is Stage.MEETING


def test_undated_year_says_so(app_context):
    bare = Course(year=2024)
    said = words(bare, right_now(bare, moment("2023-06-12T12:00:00+02:00")))
    assert (said.headline, said.url) == ("Budget 2024 er på vej", "")
