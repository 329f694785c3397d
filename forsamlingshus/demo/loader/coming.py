"""Who comes to the citizen meeting: people sign up one after the other, one cancels, and staff count in the hall."""

from datetime import timedelta
from functools import partial

from sqlalchemy import select

from forsamlingshus.demo.loader.stage import ANSWERS, Stage
from forsamlingshus.meetings import actions as meetings
from forsamlingshus.meetings import queries
from forsamlingshus.meetings.models import Meeting, Workshop

UNDECIDED = 5
"""Every fifth names no workshop."""


def plan(stage: Stage) -> None:
    """Plan every sign-up, the one that is taken back, and the counting."""
    told = stage.texts.sign_ups
    meeting = stage.session.scalars(select(Meeting)).one()
    rooms = queries.workshops_of(stage.session, meeting.year)
    for place, key in enumerate(told["people"]):
        room = rooms[place % len(rooms)] if (place + 1) % UNDECIDED else None
        moment = told["opened_at"] + place * timedelta(hours=told["hours_between"])
        stage.at(moment, partial(_sign_up, stage, meeting, key, room))
    stage.at(told["cancelled_at"], partial(_cancel, stage, meeting, told["cancelled"]))
    stage.at(told["attendance_at"], partial(_count, stage, meeting, told["attendance"]))


def _sign_up(stage: Stage, meeting: Meeting, key: str, room: Workshop | None) -> None:
    name = stage.texts.people[key].name
    meetings.sign_up(stage.session, who=stage.who(key), meeting=meeting, name=name, workshop=room)


def _cancel(stage: Stage, meeting: Meeting, key: str) -> None:
    row = queries.sign_up_of(stage.session, meeting.id, stage.authors[key])
    assert row is not None  # signed up before
    meetings.cancel_sign_up(stage.session, who=stage.who(key), meeting=meeting, row=row)


def _count(stage: Stage, meeting: Meeting, count: int) -> None:
    meetings.count_attendance(stage.session, who=stage.who(ANSWERS), meeting=meeting, count=count)
