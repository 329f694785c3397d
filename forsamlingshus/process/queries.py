"""Reading the process: what is open, what is next, which steps are done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from forsamlingshus.kernel import clock, topics
from forsamlingshus.kernel.errors import Conflict
from forsamlingshus.process.models import Activity, BudgetYear, Milestone, Municipality, Phase, Precision, Theme

TOPIC = topics.SITE
"""The topic whose version changes whenever years, phases, themes or the municipality do."""


@dataclass(frozen=True, slots=True)
class Opening:
    """When one activity of one year is open."""

    year: int
    activity: str
    opens_at: datetime
    closes_at: datetime
    phase_da: str
    phase_en: str

    def is_open(self, now: datetime) -> bool:
        """True from the opening moment until just before the closing one."""
        return self.opens_at <= now < self.closes_at


def openings(session: Session) -> tuple[Opening, ...]:
    """Every opening of every year."""
    rows = session.execute(
        select(BudgetYear.year, Phase.activities, Phase.opens_at, Phase.closes_at, Phase.title_da, Phase.title_en)
        .join(Phase, Phase.budget_year_id == BudgetYear.id)
        .order_by(Phase.opens_at)
    )
    return tuple(
        Opening(row.year, activity, row.opens_at, row.closes_at, row.title_da, row.title_en)
        for row in rows
        for activity in row.activities
    )


def opened(found: Sequence[Opening], now: datetime) -> frozenset[tuple[int, str]]:
    """The pairs (year, activity) that are open at `now`."""
    return frozenset((opening.year, opening.activity) for opening in found if opening.is_open(now))


def window(found: Sequence[Opening], year: int, activity: Activity, now: datetime) -> Opening | None:
    """The opening that counts: the one that is open, else the next, else the last one."""
    mine = [opening for opening in found if opening.year == year and opening.activity == activity]
    for opening in mine:
        if opening.is_open(now):
            return opening
    coming = [opening for opening in mine if opening.opens_at > now]
    return coming[0] if coming else (mine[-1] if mine else None)


def municipality(session: Session) -> Municipality | None:
    """The municipality of this instance; None in an empty one."""
    return session.scalar(select(Municipality).limit(1))


def year_of(session: Session, year: int) -> BudgetYear | None:
    """A budget year with its phases, milestones and themes."""
    return session.scalar(
        select(BudgetYear)
        .where(BudgetYear.year == year)
        .options(selectinload(BudgetYear.phases), selectinload(BudgetYear.milestones), selectinload(BudgetYear.themes))
    )


def all_years(session: Session) -> list[int]:
    """The numbers of the budget years, the newest first."""
    return list(session.scalars(select(BudgetYear.year).order_by(BudgetYear.year.desc())))


def year_or_conflict(session: Session, year: int) -> BudgetYear:
    """A budget year that a command names. Raises Conflict with the way to add it."""
    found = year_of(session, year)
    if found is None:
        raise Conflict(f"There is no Budget {year}. Add it first: flask year add {year}")
    return found


def current_year(session: Session) -> BudgetYear | None:
    """The newest budget year: the one that the front page is about."""
    newest = session.scalar(select(BudgetYear.year).order_by(BudgetYear.year.desc()).limit(1))
    return year_of(session, newest) if newest is not None else None


def milestone_of(budget_year: BudgetYear, key: str) -> Milestone | None:
    """The milestone of a year with that key."""
    return next((milestone for milestone in budget_year.milestones if milestone.key == key), None)


def theme_by_slug(session: Session, year: int, slug: str) -> Theme | None:
    """A theme of a year by its slug."""
    return session.scalar(select(Theme).join(BudgetYear).where(BudgetYear.year == year, Theme.slug == slug))


@dataclass(frozen=True, slots=True)
class Step:
    """A step as the row of gables shows it: done, now or later.

    Steps may overlap (the debate is open before and after the meeting): `is_open` tells that a later one has begun.
    """

    no: int
    key: str
    title: str
    state: str
    is_open: bool
    activities: tuple[str, ...]
    opens_at: datetime
    closes_at: datetime


def steps(budget_year: BudgetYear, now: datetime) -> list[Step]:
    """The steps of a year at `now`. Of several open at once the one that closes first is now, the others are later."""
    drawn = [phase for phase in budget_year.phases if phase.step]
    open_now = [phase for phase in drawn if phase.opens_at <= now < phase.closes_at]
    current = min(open_now, key=lambda phase: phase.closes_at, default=None)
    return [
        Step(
            no=number,
            key=phase.key,
            title=phase.title,
            state="now" if phase is current else ("done" if phase.closes_at <= now else "later"),
            is_open=phase in open_now,
            activities=tuple(phase.activities),
            opens_at=phase.opens_at,
            closes_at=phase.closes_at,
        )
        for number, phase in enumerate(drawn, 1)
    ]


def timeline(budget_year: BudgetYear) -> list[Milestone]:
    """The milestones in order of time; one without a date keeps its place after the one before it in the list."""
    latest = datetime.min.replace(tzinfo=UTC)
    placed = []
    for milestone in sorted(budget_year.milestones, key=lambda milestone: milestone.no):
        latest = milestone.starts_at or latest
        placed.append((latest, milestone.no, milestone))
    return [milestone for _start, _no, milestone in sorted(placed, key=lambda entry: entry[:2])]


def upcoming(budget_year: BudgetYear, now: datetime) -> list[Milestone]:
    """Milestones of today or later whose day is known, in order of time; what lasts for weeks is no date to keep."""
    today = clock.local(now).date()
    return [
        milestone
        for milestone in timeline(budget_year)
        if milestone.has_day
        and milestone.starts_at is not None
        and not milestone.is_period
        and clock.local(milestone.starts_at).date() >= today
        and not is_past(milestone, now)
        and not (milestone.is_opening and milestone.starts_at <= now)
    ]


def is_past(milestone: Milestone, now: datetime) -> bool:
    """True once a milestone is over."""
    end = end_of(milestone)
    return end is not None and end <= now


def is_running(milestone: Milestone, now: datetime) -> bool:
    """True from a milestone's beginning to its end, where both are known: a meeting, or work of some weeks."""
    begun = milestone.starts_at is not None and milestone.ends_at is not None and milestone.starts_at <= now
    return begun and not is_past(milestone, now)


def end_of(milestone: Milestone) -> datetime | None:
    """When a milestone is over: its end, or the midnight after its last day or month."""
    last = milestone.ends_at or milestone.starts_at
    if last is None or milestone.precision == Precision.MOMENT:
        return last
    day = clock.local(last).replace(hour=0, minute=0, second=0, microsecond=0)
    if milestone.precision == Precision.MONTH:
        return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    return day + timedelta(days=1)
