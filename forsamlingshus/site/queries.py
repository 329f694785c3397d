"""What the site's own pages read of all slices below: the frame of every page, and the state of a budget year."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, union_all
from sqlalchemy.orm import Session

from forsamlingshus.catalogue import queries as catalogue
from forsamlingshus.catalogue import rules as catalogue_rules
from forsamlingshus.catalogue.models import Catalogue, Status
from forsamlingshus.discussions.models import Thread, ThreadKind
from forsamlingshus.inputs import queries as inputs
from forsamlingshus.inputs.models import Input
from forsamlingshus.kernel import topics
from forsamlingshus.kernel.pages import Cache
from forsamlingshus.meetings import queries as meetings
from forsamlingshus.meetings.models import Meeting, Workshop
from forsamlingshus.process import phases
from forsamlingshus.process import queries as process
from forsamlingshus.process.models import Activity, BudgetYear
from forsamlingshus.site.now import Course

NEWEST = 3
"""Threads on the front page."""


@dataclass(frozen=True, slots=True)
class Contacts:
    """The municipality as every page shows it: a copy, because a row must not outlive its session."""

    name: str
    department: str
    address: list[str]
    cvr: str
    phone: str
    email: str
    hours: str


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around every page; changes only with the version of the process's topic."""

    municipality: Contacts | None = None
    year: int | None = None
    has_workshops: bool = False
    has_meeting: bool = False
    published_at: datetime | None = None
    chapter: str = ""
    """Of the demo; empty in a real instance."""


_frames: Cache[Frame] = Cache(8)


def frame(session: Session, version: int, chapter: Callable[[Session], str]) -> Frame:
    """The frame at that version of the process's topic; read again only when the version is another one."""
    return _frames.get_or((phases.database_of(session), version), lambda: _read_frame(session, chapter(session)))


def _read_frame(session: Session, chapter: str) -> Frame:
    row = process.municipality(session)
    contacts = None
    if row is not None:
        lines = row.address.splitlines()
        contacts = Contacts(row.name, row.department, lines, row.cvr, row.phone, row.email, row.hours)
    year = session.scalar(select(func.max(BudgetYear.year)))
    if year is None:
        return Frame(municipality=contacts, chapter=chapter)
    return Frame(
        municipality=contacts,
        year=year,
        has_workshops=session.scalar(select(Workshop.id).where(Workshop.year == year).limit(1)) is not None,
        has_meeting=meetings.meeting_of(session, year) is not None,
        published_at=session.scalar(select(Catalogue.published_at).where(Catalogue.budget_year == year)),
        chapter=chapter,
    )


@dataclass(frozen=True, slots=True)
class Figures:
    """How far the red thread has come: inputs, posts used in them, and the proposals that are no drafts."""

    inputs: int = 0
    posts_used: int = 0
    posts_behind: int = 0
    """Those of them that stand behind a proposal; the others wait in an input that no proposal is built on."""
    proposals: int = 0
    proposals_by_theme: Mapping[int, int] = field(default_factory=dict)
    full_phase_in: int = 0
    """1.000 kr., signed as effect on net expenditure."""


_figures: Cache[Figures] = Cache(8)


@dataclass(frozen=True, slots=True)
class Overview:
    """A budget year with everything that its page and the front page tell of it."""

    budget_year: BudgetYear
    meeting: Meeting | None
    workshops: Sequence[Workshop]
    course: Course
    figures: Figures

    @property
    def posts(self) -> int:
        """How many posts are to be seen in all workshops."""
        return sum(workshop.forum.post_count for workshop in self.workshops)

    @property
    def threads(self) -> int:
        """And in how many threads."""
        return sum(workshop.forum.thread_count for workshop in self.workshops)


def overview(session: Session, budget_year: BudgetYear, now: datetime) -> Overview:
    """Everything about a year; the number of queries depends on nothing."""
    year = budget_year.year
    meeting = meetings.meeting_of(session, year)
    workshops = meetings.workshops_of(session, year)
    figures = _figures_of(session, year)
    published_at = session.scalar(select(Catalogue.published_at).where(Catalogue.budget_year == year))
    found = phases.openings_at(phases.version_seen(session))
    debate = process.window(found, year, Activity.DISCUSS, now)
    hearing = process.window(found, year, Activity.RESPOND, now)
    adoptions = [m for m in process.timeline(budget_year) if m.kind == "second_reading"]
    course = Course(
        year=year,
        has_workshops=bool(workshops),
        meeting=(meeting.starts_at, meeting.ends_at) if meeting else None,
        debate=(debate.opens_at, debate.closes_at) if debate else None,
        hearing=(hearing.opens_at, hearing.closes_at) if hearing else None,
        published_at=published_at,
        proposals=figures.proposals,
        adopted_at=process.end_of(adoptions[-1]) if adoptions else None,
    )
    return Overview(budget_year, meeting, workshops, course, figures)


def _figures_of(session: Session, year: int) -> Figures:
    """Counted once for each state of inputs and catalogue, not for each reader."""
    names = (inputs.topic_of(year), catalogue.topic_of(year))
    versions = topics.two_versions(session.connection(), *names)
    key = (phases.database_of(session), year, *versions)
    return _figures.get_or(key, lambda: _count(session, year))


def _count(session: Session, year: int) -> Figures:
    rows = [row for row in catalogue.rows(session, year, drafts=False) if row.proposal.status != Status.WITHDRAWN]
    table = catalogue_rules.table(rows)
    return Figures(
        inputs=session.scalar(select(func.count()).select_from(Input).where(Input.budget_year == year)) or 0,
        posts_used=inputs.progress(session, year=year).used,
        posts_behind=catalogue.contributions_behind(session, year),
        proposals=table.count,
        proposals_by_theme={group.theme.id: len(group.rows) for group in table.groups},
        full_phase_in=table.total.full_phase_in,
    )


def newest_threads(session: Session, workshops: Sequence[Workshop]) -> list[tuple[Any, Workshop]]:
    """The threads with the newest posts over all workshops, each with its workshop."""
    by_forum = {workshop.forum_id: workshop for workshop in workshops}
    if not by_forum:
        return []
    # One walk along the index of each forum: asked in one go, all threads would have to be sorted.
    walks = [
        select(Thread.id, Thread.forum_id, Thread.title, Thread.path, Thread.last_post_at)
        .where(Thread.forum_id == forum_id, Thread.shown.is_(True), Thread.kind == ThreadKind.TALK)
        .order_by(Thread.last_post_at.desc(), Thread.id.desc())
        .limit(NEWEST)
        .subquery()
        for forum_id in by_forum
    ]
    every = union_all(*(select(walk) for walk in walks)).subquery()
    rows = session.execute(select(every).order_by(every.c.last_post_at.desc(), every.c.id.desc()).limit(NEWEST))
    return [(row, by_forum[row.forum_id]) for row in rows]


def is_public(course: Course, now: datetime) -> bool:
    """True once the catalogue of that year is public."""
    return course.published_at is not None and course.published_at <= now
