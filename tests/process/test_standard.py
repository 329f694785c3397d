"""The dates that a budget usually has."""

from datetime import date

import pytest

from forsamlingshus.process import standard


def test_usual_dates_of_budget_2024_are_the_real_ones():
    assert standard.usual_dates(2024) == standard.Dates(
        debate_opens=date(2023, 4, 17),
        meeting=date(2023, 5, 3),
        debate_closes=date(2023, 5, 20),
        hearing_opens=date(2023, 8, 21),
        hearing_closes=date(2023, 9, 7),
        first_reading=date(2023, 9, 5),
        theme_meeting=date(2023, 9, 12),
        agreement=date(2023, 9, 26),
        adoption=date(2023, 10, 10),
    )


@pytest.mark.parametrize("year", range(2020, 2060))
def test_usual_dates_of_any_year_follow_the_law_and_one_another(year):
    dates = standard.usual_dates(year)
    assert standard.with_changes(dates) == dates
    assert standard.warnings(year, dates) == []


def test_dates_that_cross_are_refused():
    with pytest.raises(ValueError, match=r"hearing_opens .* lies after hearing_closes"):
        standard.with_changes(standard.usual_dates(2024), hearing_opens=date(2023, 9, 8))


def test_readings_too_close_and_a_late_adoption_are_named():
    dates = standard.with_changes(
        standard.usual_dates(2024), first_reading=date(2023, 10, 1), adoption=date(2023, 10, 17)
    )
    assert standard.warnings(2024, dates) == [
        "The two readings must be at least three weeks apart.",
        "The budget must be adopted by 15 October 2023.",
    ]


def test_readings_exactly_three_weeks_apart_are_fine():
    dates = standard.with_changes(standard.usual_dates(2024), first_reading=date(2023, 9, 19))
    assert standard.warnings(2024, dates) == []


def test_every_activity_is_opened_by_some_phase():
    from forsamlingshus.process.models import Activity

    opened = {activity for phase in standard.phases(standard.usual_dates(2024)) for activity in phase.activities}
    assert opened == set(Activity)
