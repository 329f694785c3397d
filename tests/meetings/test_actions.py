"""Setting up a meeting, its workshops and its facilitators."""

from datetime import datetime

import pytest
from sqlalchemy import select

from forsamlingshus.discussions.models import Forum
from forsamlingshus.kernel import topics
from forsamlingshus.kernel.db import transaction
from forsamlingshus.kernel.errors import Conflict
from forsamlingshus.kernel.events import EventRow
from forsamlingshus.meetings import actions, queries
from forsamlingshus.process import queries as process
from tests.queries import counted


def test_meeting_stands_on_the_timeline(meetings, session):
    meeting = meetings.add()
    milestone = process.milestone_of(process.year_of(session, 2024), "borgermoede")
    assert (milestone.starts_at, milestone.ends_at) == (meeting.starts_at, meeting.ends_at)
    assert (milestone.precision, milestone.path, milestone.place) == ("moment", "/budget/2024/borgermoede", "Rådhuset")


def test_year_has_one_meeting(meetings):
    meetings.add()
    meetings.add(2025)
    with pytest.raises(Conflict, match="Budget 2024 already has"):
        meetings.add(slug="endnu-et")


def test_programme_keeps_its_order(meetings, session):
    meeting = meetings.add()
    with transaction() as writing:
        meeting = writing.merge(meeting)
        for title in ("Velkomst", "Oplæg", "Kaffe"):
            actions.add_agenda_item(writing, meeting=meeting, title_da=title, title_en=title)
    found = queries.meeting_page(session, 2024)
    assert [(item.no, item.title_da) for item in found.agenda] == [(1, "Velkomst"), (2, "Oplæg"), (3, "Kaffe")]


def test_workshop_opens_a_forum_that_knows_its_scope_and_questions(meetings, session):
    workshop = meetings.workshop(meetings.add())
    forum = session.get_one(Forum, workshop.forum_id)
    assert (forum.scope_key, forum.path) == (f"workshop:{workshop.id}", "/budget/2024/temaer/trivsel")
    assert (forum.theme_id, forum.budget_year, forum.hold_first) == (workshop.theme_id, 2024, False)
    assert forum.prompts == [["Hvor?", "Where?"], ["Hvordan?", "How?"]]
    found = queries.workshop_page(session, 2024, "trivsel")
    assert [(prompt.no, prompt.text_da) for prompt in found.prompts] == [(1, "Hvor?"), (2, "Hvordan?")]


def test_theme_has_one_workshop(meetings, session):
    meeting = meetings.add()
    workshop = meetings.workshop(meeting)
    theme = process.theme_by_slug(session, 2024, "trivsel")
    with pytest.raises(Conflict, match="already has a workshop"), transaction() as writing:
        actions.add_workshop(writing, meeting=writing.merge(meeting), theme=writing.merge(theme))
    assert session.scalars(select(Forum.id).where(Forum.theme_id.is_not(None))).all() == [workshop.forum_id]


def test_facilitators_hold_their_scopes_and_no_others(meetings, session):
    meeting = meetings.add()
    own, other = meetings.workshop(meeting), meetings.workshop(meeting, slug="groen")
    user = meetings.facilitator(workshop=own)
    meetings.facilitator(workshop=other)
    assert queries.scopes_of(user.id) == {f"workshop:{own.id}"}


def test_scopes_take_one_query_however_many_there_are(app, meetings, session):
    meeting = meetings.add()
    user = meetings.facilitator(meeting=meeting)
    for slug in ("a", "b", "c"):
        workshop = meetings.workshop(meeting, slug=slug)
        with transaction() as writing:
            actions.grant_facilitator(writing, user=writing.merge(user), workshop=writing.merge(workshop))
    assert counted(app, lambda: queries.scopes_of(user.id)) == 1
    assert len(queries.scopes_of(user.id)) == 4


def test_grant_is_given_once_and_taken_back(meetings, session):
    meeting = meetings.add()
    user = meetings.facilitator(meeting=meeting)
    with pytest.raises(Conflict, match="already facilitates"), transaction() as writing:
        actions.grant_facilitator(writing, user=writing.merge(user), meeting=writing.merge(meeting))
    with transaction() as writing:
        actions.revoke_facilitator(writing, user=writing.merge(user), meeting=writing.merge(meeting))
    assert queries.scopes_of(user.id) == frozenset()
    with pytest.raises(Conflict, match="does not facilitate"), transaction() as writing:
        actions.revoke_facilitator(writing, user=writing.merge(user), meeting=writing.merge(meeting))


def test_revoking_a_workshop_leaves_the_other_grants(meetings, session):
    meeting = meetings.add()
    one, two = meetings.workshop(meeting), meetings.workshop(meeting, slug="groen")
    user = meetings.facilitator(workshop=one)
    with transaction() as writing:
        actions.grant_facilitator(writing, user=writing.merge(user), workshop=writing.merge(two))
        actions.revoke_facilitator(writing, user=writing.merge(user), workshop=writing.merge(one))
    assert queries.scopes_of(user.id) == {f"workshop:{two.id}"}


@pytest.mark.parametrize("both", [True, False])
def test_grant_is_for_exactly_one_place(meetings, both):
    meeting = meetings.add()
    user, workshop = meetings.facilitator(meeting=meeting), meetings.workshop(meeting)
    places = {"meeting": meeting, "workshop": workshop} if both else {}
    with pytest.raises(ValueError, match="one meeting or"), transaction() as writing:
        actions.grant_facilitator(writing, user=writing.merge(user), **places)


def test_what_happens_is_recorded_without_names(meetings, session):
    workshop = meetings.workshop(meetings.add())
    user = meetings.facilitator(workshop=workshop)
    rows = session.execute(select(EventRow.name, EventRow.data).order_by(EventRow.id)).all()
    found = {name: data for name, data in rows if name in {"MeetingAdded", "WorkshopAdded", "FacilitatorGranted"}}
    assert found == {
        "MeetingAdded": {"meeting_id": workshop.meeting_id, "year": 2024},
        "WorkshopAdded": {"workshop_id": workshop.id, "theme_id": workshop.theme_id, "year": 2024},
        "FacilitatorGranted": {"user_id": user.id, "scope_key": f"workshop:{workshop.id}"},
    }


def test_navigation_hears_of_a_new_workshop(meetings, session):
    meeting = meetings.add()
    before = topics.version_of(session, topics.SITE)
    meetings.workshop(meeting)
    session.rollback()
    assert topics.version_of(session, topics.SITE) > before


def test_places_of_a_slug_come_with_the_newest_year_first(meetings, session):
    old, new = meetings.workshop(meetings.add(2024)), meetings.workshop(meetings.add(2025))
    assert [place.id for place in queries.places_by_slug(session, "trivsel")] == [new.id, old.id]
    assert queries.place(session, 2024, "trivsel").id == old.id
    assert queries.places_by_slug(session, "findes-ikke") == []


def test_facilitator_names_come_in_the_order_of_the_grants(meetings, session):
    workshop = meetings.workshop(meetings.add())
    for name in ("Åse Holm", "Anne Bjerre"):
        meetings.facilitator(workshop=workshop, name=name)
    assert queries.facilitator_names(session, workshop.id) == ["Åse Holm", "Anne Bjerre"]


def test_meeting_must_end_after_it_begins(meetings):
    from sqlalchemy.exc import IntegrityError

    with pytest.raises(IntegrityError):
        meetings.add(ends_at=datetime.fromisoformat("2023-05-03T18:30:00+02:00"))
