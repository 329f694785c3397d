"""Builders of meetings and workshops."""

from datetime import datetime

import pytest

from forsamlingshus.kernel import topics
from forsamlingshus.kernel.db import transaction
from forsamlingshus.meetings import actions
from forsamlingshus.process import queries as process
from forsamlingshus.stages.models import Stage

STARTS, ENDS = "2023-05-03T18:30:00+02:00", "2023-05-03T20:30:00+02:00"


class Meetings:
    """`meetings.add()`, `meetings.workshop()`, `meetings.facilitator()`: one meeting in Budget 2024 unless told."""

    def __init__(self, build, session):
        self.build, self.session = build, session

    def add(self, year=2024, **values):
        if process.year_of(self.session, year) is None:
            self.build.year(year)
        given = {"slug": "borgermoede", "title_da": "Borgermøde", "title_en": "Citizen meeting", "place": "Rådhuset"}
        given |= {"starts_at": datetime.fromisoformat(STARTS), "ends_at": datetime.fromisoformat(ENDS)}
        with transaction() as session:
            budget_year = process.year_of(session, year)
            return actions.add_meeting(session, budget_year=budget_year, **{**given, **values})

    def workshop(self, meeting, *, slug="trivsel", name="Trivsel", token="trivsel", **values):
        theme = self.build.theme(process.year_of(self.session, meeting.year), slug=slug, name=name, token=token)
        given = {"question_da": "Hvad skal vi værne om?", "question_en": "What should we protect?"}
        given |= {"lead_da": "Skoler og klubber.", "prompts": [("Hvor?", "Where?"), ("Hvordan?", "How?")]}
        with transaction() as session:
            return actions.add_workshop(
                session, meeting=session.merge(meeting), theme=session.merge(theme), **{**given, **values}
            )

    def facilitator(self, *, meeting=None, workshop=None, name=None):
        user = self.build.user(name)
        with transaction() as session:
            actions.grant_facilitator(
                session,
                user=session.merge(user),
                meeting=session.merge(meeting) if meeting else None,
                workshop=session.merge(workshop) if workshop else None,
            )
        return user

    def stage_of(self, place):
        """The stage of a meeting or workshop, as it is now."""
        self.session.rollback()
        return self.session.get_one(Stage, place.stage_id, populate_existing=True)

    def control_versions(self, *places):
        """How often the control views of these places have moved."""
        return [topics.version_of(self.session, self.stage_of(place).control_topic) for place in places]


@pytest.fixture
def meetings(build, session):
    return Meetings(build, session)
