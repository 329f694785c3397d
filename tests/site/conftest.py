"""The real course of Budget 2024, as far as a chapter needs it."""

from dataclasses import asdict
from datetime import datetime

import pytest

from forsamlingshus.catalogue import actions as catalogue
from forsamlingshus.kernel.db import transaction
from forsamlingshus.meetings import actions as meetings
from forsamlingshus.process import actions as process
from forsamlingshus.process import queries, standard

THEMES = (("rehab", "Rehabilitering"), ("admin", "Administration"), ("trivsel", "Trivsel"), ("groen", "Grøn kommune"))


def moment(text):
    return datetime.fromisoformat(text)


class Course:
    """`course.year()`, `course.meeting()`, `course.publish()`."""

    def __init__(self, build):
        self.build = build

    def year(self, **values):
        dates = standard.usual_dates(2024)
        with transaction() as session:
            row = process.add_year(session, year=2024, **values)
            for phase in standard.phases(dates):
                process.add_phase(session, budget_year=row, **asdict(phase))
            for milestone in standard.milestones(2024, dates):
                process.add_milestone(session, budget_year=row, **asdict(milestone))
            for token, name in THEMES:
                process.add_theme(
                    session, budget_year=row, slug=token, name_da=name, name_en=f"{name} (en)", token=token
                )
            return row

    def meeting(self):
        with transaction() as session:
            year = queries.year_of(session, 2024)
            meeting = meetings.add_meeting(
                session,
                budget_year=year,
                slug="borgermoede",
                title_da="Borgermøde",
                title_en="Citizen meeting",
                starts_at=moment("2023-05-03T18:30:00+02:00"),
                ends_at=moment("2023-05-03T20:30:00+02:00"),
                place="Rådhuset",
            )
            return [meetings.add_workshop(session, meeting=meeting, theme=theme) for theme in year.themes]

    def publish(self, at="2023-08-21T09:00:00+02:00", proposals=2):
        who = self.build.who(self.build.user(), roles=["staff"])
        with transaction() as session:
            theme = queries.theme_by_slug(session, 2024, "trivsel")
            for number in range(proposals):
                catalogue.add_proposal(
                    session,
                    who=who,
                    budget_year=2024,
                    theme_id=theme.id,
                    title=f"Forslag {number}",
                    lead="Kort sagt.",
                    committee="Kultur og fritid",
                    amounts=dict.fromkeys(range(2024, 2028), -14_000),
                    permanent=True,
                    status="ready",
                    source="administration",
                )
            catalogue.publish(session, budget_year=2024, at=moment(at))


@pytest.fixture
def course(build):
    return Course(build)


@pytest.fixture
def whole(course):
    """A year with meeting, workshops and a catalogue that is published on 21 August at nine."""
    course.year(hearing_mailbox="budget@example.org", lead_da="Vi skal finde 28 mio. kr.")
    course.meeting()
    course.publish()
    return course
