"""What is open now, until when, and what comes next: one pure answer for the front page and the panel `Lige nu`."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from forsamlingshus.kernel import clock

Span = tuple[datetime, datetime]
"""From the first moment until just before the second one; both aware."""


class Stage(StrEnum):
    """Where a budget stands. Each has its words in site/words.py."""

    UNDATED = "undated"
    AHEAD = "ahead"
    DEBATE = "debate"
    MEETING = "meeting"
    WORK = "work"
    CATALOGUE = "catalogue"
    HEARING = "hearing"
    AFTER = "after"
    ADOPTED = "adopted"


@dataclass(frozen=True, slots=True)
class Course:
    """The dates that the answer depends on; None for what was never set."""

    year: int
    has_workshops: bool = False
    meeting: Span | None = None
    debate: Span | None = None
    hearing: Span | None = None
    published_at: datetime | None = None
    proposals: int = 0
    adopted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RightNow:
    """The answer: the stage, and the moment that ends it where it has one."""

    stage: Stage
    deadline: datetime | None
    days: int | None
    """Calendar days left in Denmark; None without a deadline, and on the last day, when hours count."""
    published: bool
    meeting_ahead: bool
    meeting_day: bool
    """True on the day of the meeting: people are on their way to it, or sit there."""


def right_now(course: Course, now: datetime) -> RightNow:
    """What is open at `now`. A running meeting comes before everything, then the hearing, then the debate."""
    stage = _stage(course, now)
    deadline = {
        Stage.AHEAD: _first_begin(now, course.debate, course.meeting),
        Stage.DEBATE: course.debate and course.debate[1],
        Stage.MEETING: course.meeting and course.meeting[1],
        Stage.HEARING: course.hearing and course.hearing[1],
    }.get(stage)
    counted = stage in {Stage.DEBATE, Stage.HEARING}
    return RightNow(
        stage=stage,
        deadline=deadline,
        days=(days_between(now, deadline) or None) if deadline and counted else None,
        published=_is_past(course.published_at, now),
        meeting_ahead=course.meeting is not None and now < course.meeting[0],
        meeting_day=course.meeting is not None and _is_day_of(course.meeting, now),
    )


def _stage(course: Course, now: datetime) -> Stage:  # noqa: PLR0911  (one line for each stage reads best)
    if _is_open(course.meeting, now):
        return Stage.MEETING
    if _is_open(course.hearing, now):
        return Stage.HEARING
    if _is_open(course.debate, now):
        return Stage.DEBATE
    if _is_past(course.adopted_at, now):
        return Stage.ADOPTED
    if course.hearing and course.hearing[1] <= now:
        return Stage.AFTER
    if _is_past(course.published_at, now):
        return Stage.CATALOGUE
    if any(span is not None and span[0] > now for span in (course.meeting, course.debate)):
        return Stage.AHEAD
    return Stage.WORK if course.debate or course.meeting else Stage.UNDATED


def days_between(now: datetime, deadline: datetime) -> int:
    """Calendar days from today to the day of the deadline, both on a Danish wall clock."""
    return (clock.local(deadline).date() - clock.local(now).date()).days


def _is_day_of(span: Span, now: datetime) -> bool:
    first, today, last = (clock.local(moment).date() for moment in (span[0], now, span[1]))
    return first <= today <= last


def _first_begin(now: datetime, *spans: Span | None) -> datetime | None:
    return min((span[0] for span in spans if span is not None and span[0] > now), default=None)


def _is_open(span: Span | None, now: datetime) -> bool:
    return span is not None and span[0] <= now < span[1]


def _is_past(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and moment <= now
