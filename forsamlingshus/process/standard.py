"""The standard course of a budget: the dates that are usually picked, and the phases that follow from them."""

from calendar import MONDAY, THURSDAY, TUESDAY, WEDNESDAY
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from forsamlingshus.kernel import clock
from forsamlingshus.process.models import Activity

READINGS_APART = timedelta(days=21)
"""Municipal government act section 38: the two readings lie at least three weeks apart."""
LAST_ADOPTION = (10, 15)
"""Month and day of the last date for adoption in a normal year."""


@dataclass(frozen=True, slots=True)
class Dates:
    """The days that the course of one budget hangs on, in the order in which they usually fall."""

    debate_opens: date
    meeting: date
    debate_closes: date
    hearing_opens: date
    hearing_closes: date
    first_reading: date
    theme_meeting: date
    agreement: date
    adoption: date


@dataclass(frozen=True, slots=True)
class PlannedPhase:
    """What `actions.add_phase` takes."""

    key: str
    title_da: str
    title_en: str
    opens_at: datetime
    closes_at: datetime
    activities: tuple[Activity, ...] = ()
    step: bool = True


@dataclass(frozen=True, slots=True)
class PlannedDate:
    """What `actions.add_milestone` takes."""

    key: str
    kind: str
    title_da: str
    title_en: str
    starts_at: datetime


def usual_dates(year: int) -> Dates:
    """The dates of budget `year`, all in the year before: they are those of Budget 2024, moved to the same weekdays."""
    before = year - 1
    meeting = nth(before, 5, WEDNESDAY, 1)
    hearing = nth(before, 8, MONDAY, 3)
    adoption = nth(before, 10, TUESDAY, 2)
    return Dates(
        debate_opens=meeting - timedelta(days=16),
        meeting=meeting,
        debate_closes=meeting + timedelta(days=17),
        hearing_opens=hearing,
        hearing_closes=on_or_after(hearing + timedelta(days=14), THURSDAY),
        first_reading=adoption - timedelta(weeks=5),
        theme_meeting=adoption - timedelta(weeks=4),
        agreement=adoption - timedelta(weeks=2),
        adoption=adoption,
    )


def with_changes(dates: Dates, **changes: date | None) -> Dates:
    """`dates` with those changes that are not None. Raises ValueError where the days of the course then cross."""
    changed = replace(dates, **{name: day for name, day in changes.items() if day is not None})
    course = ("debate_opens", "meeting", "debate_closes", "hearing_opens", "hearing_closes", "agreement", "adoption")
    for first, second in pairwise(course):
        if getattr(changed, first) > getattr(changed, second):
            raise ValueError(f"{first} ({getattr(changed, first)}) lies after {second} ({getattr(changed, second)})")
    return changed


def warnings(year: int, dates: Dates) -> list[str]:
    """What the law says against these dates, in English; an exceptional year may have reasons."""
    found = []
    if dates.adoption - dates.first_reading < READINGS_APART:
        found.append("The two readings must be at least three weeks apart.")
    if dates.adoption > date(year - 1, *LAST_ADOPTION):
        found.append(f"The budget must be adopted by 15 October {year - 1}.")
    return found


def phases(dates: Dates) -> tuple[PlannedPhase, ...]:
    """Six steps, and beside them the long periods in which decks are shown and staff work."""
    opens = _at(dates.debate_opens, 8)
    return (
        PlannedPhase("borgermoede", "Borgermøde", "Citizen meeting", opens, _end(dates.meeting)),
        PlannedPhase(
            "debat", "Debat i temaer", "Debate in themes", opens, _end(dates.debate_closes), (Activity.DISCUSS,)
        ),
        PlannedPhase("katalog", "Katalog", "Catalogue", _at(_next(dates.meeting)), _at(dates.hearing_opens)),
        PlannedPhase(
            "hoering", "Høring", "Hearing", _at(dates.hearing_opens), _end(dates.hearing_closes), (Activity.RESPOND,)
        ),
        PlannedPhase(
            "aftale", "Budgetaftale", "Budget agreement", _at(_next(dates.hearing_closes)), _end(dates.agreement)
        ),
        PlannedPhase("vedtagelse", "Vedtagelse", "Adoption", _at(_next(dates.agreement)), _end(dates.adoption)),
        PlannedPhase(
            "oplaeg", "Oplæg", "Presentations", opens, _end(dates.debate_closes), (Activity.PRESENT,), step=False
        ),
        PlannedPhase(
            "forvaltning",
            "Forvaltningens arbejde",
            "The administration's work",
            opens,
            _end(dates.adoption),
            (Activity.COLLECT, Activity.EDIT_CATALOGUE),
            step=False,
        ),
    )


def milestones(year: int, dates: Dates) -> tuple[PlannedDate, ...]:
    """The timeline; the meeting gets its hours when it is added."""
    days = (
        ("borgermoede", "meeting", "Borgermøde", "Citizen meeting", dates.meeting),
        ("hoering-aabner", "hearing_opens", "Høringen åbner", "The hearing opens", dates.hearing_opens),
        ("foerste-behandling", "first_reading", "1. behandling", "First reading", dates.first_reading),
        ("hoering-lukker", "hearing_closes", "Høringsfrist", "Hearing deadline", dates.hearing_closes),
        (
            "temamoede",
            "theme_meeting",
            "Temamøde for kommunalbestyrelsen",
            "Theme meeting of the council",
            dates.theme_meeting,
        ),
        (
            "budgetaftale",
            "agreement_signed",
            "Budgetaftalen underskrives",
            "The budget agreement is signed",
            dates.agreement,
        ),
        (
            "anden-behandling",
            "second_reading",
            "2. behandling og vedtagelse",
            "Second reading and adoption",
            dates.adoption,
        ),
        (
            "frist",
            "adoption_deadline",
            "Sidste frist for vedtagelse",
            "Last date for adoption",
            date(year - 1, *LAST_ADOPTION),
        ),
    )
    return tuple(PlannedDate(key, kind, da, en, _at(day)) for key, kind, da, en, day in days)


def nth(year: int, month: int, weekday: int, number: int) -> date:
    """The `number`th such weekday of a month."""
    return on_or_after(date(year, month, 1), weekday) + timedelta(weeks=number - 1)


def on_or_after(day: date, weekday: int) -> date:
    """`day` itself or the first such weekday after it."""
    return day + timedelta(days=(weekday - day.weekday()) % 7)


def names() -> tuple[str, ...]:
    """The names of the dates, in order."""
    return tuple(field.name for field in fields(Dates))


def _next(day: date) -> date:
    return day + timedelta(days=1)


def _at(day: date, hour: int = 0) -> datetime:
    return datetime.combine(day, time(hour), clock.COPENHAGEN)


def _end(day: date) -> datetime:
    """The last second of a day: what is open "until 20 May" is shown as 23.59 of that day."""
    return datetime.combine(day, time(23, 59, 59), clock.COPENHAGEN)
