"""Verbs on the process: set up a year, add a theme, name the municipality."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from forsamlingshus.kernel import topics
from forsamlingshus.kernel.errors import Conflict
from forsamlingshus.kernel.events import record
from forsamlingshus.process import events, queries
from forsamlingshus.process.models import BudgetYear, Milestone, Municipality, Phase, Theme


def set_municipality(session: Session, **values: Any) -> Municipality:
    """Set name and contacts of the one municipality; fields that are not named stay."""
    row = queries.municipality(session) or Municipality(name="")
    for name, value in values.items():
        setattr(row, name, value)
    session.add(row)
    changed(session)
    record(session, events.MunicipalityChanged())
    return row


def add_year(session: Session, *, year: int, **values: Any) -> BudgetYear:
    """Set up a budget year. Raises Conflict when it exists."""
    if queries.year_of(session, year) is not None:
        raise Conflict(f"Budget {year} already exists.")
    row = BudgetYear(year=year, **values)
    session.add(row)
    session.flush()
    changed(session)
    record(session, events.YearAdded(year=year))
    return row


def add_phase(
    session: Session,
    *,
    budget_year: BudgetYear,
    key: str,
    title_da: str,
    title_en: str,
    opens_at: datetime,
    closes_at: datetime,
    activities: Iterable[str] = (),
    step: bool = True,
) -> Phase:
    """Add a phase at the end of a year's list. `opens_at` must lie before `closes_at`; both aware."""
    row = Phase(
        budget_year=budget_year,
        no=len(budget_year.phases) + 1,
        key=key,
        title_da=title_da,
        title_en=title_en,
        opens_at=opens_at,
        closes_at=closes_at,
        activities=[str(activity) for activity in activities],
        step=step,
    )
    session.add(row)
    changed(session)
    return row


def add_milestone(session: Session, *, budget_year: BudgetYear, key: str, **values: Any) -> Milestone:
    """Add a date to a year's timeline, or change the one with that key."""
    row = queries.milestone_of(budget_year, key)
    if row is None:
        row = Milestone(budget_year=budget_year, no=len(budget_year.milestones) + 1, key=key)
        session.add(row)
    for name, value in values.items():
        setattr(row, name, value)
    changed(session)
    return row


def add_theme(session: Session, *, budget_year: BudgetYear, slug: str, name_da: str, name_en: str, token: str) -> Theme:
    """Add a theme to a year. Raises Conflict when the slug is taken."""
    if any(theme.slug == slug for theme in budget_year.themes):
        raise Conflict(f"Budget {budget_year.year} already has a theme {slug}.")
    row = Theme(
        budget_year=budget_year,
        no=len(budget_year.themes) + 1,
        slug=slug,
        name_da=name_da,
        name_en=name_en,
        token=token,
    )
    session.add(row)
    session.flush()
    changed(session)
    record(session, events.ThemeAdded(theme_id=row.id, year=budget_year.year))
    return row


def changed(session: Session) -> None:
    """Tell the frame of every page that the process, or what a higher slice hung on it, is another one now."""
    topics.next_version(session, queries.TOPIC)
