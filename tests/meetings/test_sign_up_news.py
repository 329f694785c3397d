"""Whoever moves up from the waiting list, or signed up for a meeting that moves, is told until they say they saw it."""

import dataclasses
from datetime import timedelta

import pytest

from forsamlingshus.kernel import clock
from forsamlingshus.kernel.db import transaction
from forsamlingshus.kernel.errors import Forbidden
from forsamlingshus.meetings import actions, queries, rules
from forsamlingshus.meetings.models import Meeting
from tests.meetings.test_signing_up import AFTER, FORM, PAGE, cancel, come, people, two_seats  # noqa: F401 fixtures
from tests.pages import readable
from tests.queries import counted

MINE, SEAT, MOVED = "/min-side", "Du har fået en plads til Borgermøde.", "er flyttet til et andet tidspunkt eller sted."
PLACES = (MINE, PAGE, FORM)


@pytest.fixture
def three(two_seats, come, cancel, build, at):  # noqa: F811
    """Two with a seat; the third waits, and moves up a day later when the first one cancels."""
    users = people(build, 3)
    for user in users:
        come(two_seats, user)
    at("2023-04-21T12:00:00+02:00")

    def move_up():
        cancel(two_seats, users[0])

    return users, move_up


@pytest.fixture
def change(build, two_seats):  # noqa: F811
    """Staff write the meeting anew."""

    staff, meeting_id = build.who(build.user(roles=["staff"]), roles=["staff"]), two_seats.id

    def change(**facts):
        with transaction() as session:
            meeting, who = session.get_one(Meeting, meeting_id), dataclasses.replace(staff, now=clock.now())
            actions.change_meeting(session, who=who, meeting=meeting, seen=meeting.edition, **facts)

    return change


def told(client, words):
    """On which of the pages those words stand."""
    return [path for path in PLACES if words in readable(client.get(path))]


def press(client, **more):
    page = client.get(MINE).get_data(as_text=True)
    until = page.partition('name="until" value="')[2].partition('"')[0]
    return client.send(f"{FORM}/set", {"until": until, **more})


def test_who_moves_up_is_told_on_three_pages_until_they_have_seen_it(app, client, three):
    (_first, second, third), move_up = three
    client.log_in(third)
    assert told(client, SEAT) == []
    move_up()
    assert told(client, SEAT) == list(PLACES)
    other = app.test_client()
    other.log_in(second)
    assert told(other, SEAT) == []
    assert SEAT not in readable(app.test_client().get(PAGE))
    answer = press(client, back="me")
    assert (answer.status_code, answer.headers["Location"]) == (303, MINE)
    assert told(client, SEAT) == []


def test_press_on_the_page_of_the_meeting_leads_back_to_it(client, three):
    client.log_in(three[0][2])
    three[1]()
    assert press(client).headers["Location"] == PAGE


def test_more_seats_are_told_as_well(client, three, change):
    client.log_in(three[0][2])
    change(capacity=3)
    assert told(client, SEAT) == list(PLACES)


@pytest.mark.parametrize(
    "facts",
    [{"starts_at": "later"}, {"place": "Biblioteket"}, {"address": "Nyvej 2"}],
    ids=["hour", "place", "address"],
)
def test_who_signed_up_before_is_told_that_the_meeting_moved(app, client, three, change, session, build, facts):
    if "starts_at" in facts:
        meeting = queries.meeting_of(session, 2024)
        facts = {"starts_at": meeting.starts_at + timedelta(days=1), "ends_at": meeting.ends_at + timedelta(days=1)}
    client.log_in(three[0][1])
    change(**facts)
    assert told(client, MOVED) == list(PLACES)
    stranger = app.test_client()
    stranger.log_in(build.user())
    assert told(stranger, MOVED) == []


def test_who_signs_up_afterwards_is_not_told_what_they_could_read(app, client, two_seats, come, build, change, at):  # noqa: F811
    change(place="Biblioteket")
    at("2023-04-22T12:00:00+02:00")
    user = build.user()
    come(two_seats, user)
    client.log_in(user)
    assert told(client, MOVED) == []
    change(place="Rådhuset")
    assert told(client, MOVED) == list(PLACES)


def test_other_words_about_the_meeting_are_no_news(client, three, change):
    client.log_in(three[0][1])
    change(lead_da="Kom og hør.", capacity=2)
    assert told(client, MOVED) == []


def test_what_happens_after_the_page_was_read_is_still_told(client, three, change, at):
    client.log_in(three[0][2])
    three[1]()
    read = client.get(MINE).get_data(as_text=True).partition('name="until" value="')[2].partition('"')[0]
    at("2023-04-22T12:00:00+02:00")
    change(place="Biblioteket")
    client.send(f"{FORM}/set", {"until": read})
    assert (told(client, SEAT), told(client, MOVED)) == ([], list(PLACES))


@pytest.mark.parametrize("until", ["", "i går", "2023-04-21", "2999-01-01T00:00:00+00:00", "0001-01-01T00:00:00+14:00"])
def test_odd_moments_hide_nothing_that_is_still_to_come(client, three, change, at, until):
    client.log_in(three[0][2])
    assert client.send(f"{FORM}/set", {"until": until}).status_code == 303
    at("2023-04-22T12:00:00+02:00")
    three[1]()
    assert told(client, SEAT) == list(PLACES)


def test_nobody_puts_away_what_somebody_else_is_told(app, client, three, session, build):
    (_first, second, third), move_up = three
    move_up()
    other = app.test_client()
    other.log_in(second)
    other.send(f"{FORM}/set", {"until": clock.now().isoformat()})
    client.log_in(third)
    assert told(client, SEAT) == list(PLACES)
    row = queries.sign_up_of(session, queries.meeting_of(session, 2024).id, third.author_id)
    with pytest.raises(Forbidden), transaction() as writing:
        actions.see_news(writing, who=build.who(second), row=writing.merge(row), until=clock.now())


def test_who_never_signed_up_and_presses_is_led_back(client, two_seats, build):  # noqa: F811
    client.log_in(build.user())
    assert client.send(f"{FORM}/set", {"until": clock.now().isoformat()}).headers["Location"] == PAGE


def test_after_the_meeting_nobody_is_told(client, three, at):
    client.log_in(three[0][2])
    three[1]()
    assert told(client, SEAT) == list(PLACES)
    at(AFTER)
    assert told(client, SEAT) == []


def test_news_cost_no_query(app, client, three):
    client.log_in(three[0][2])
    told(client, SEAT)  # what the process keeps is read once
    before = [counted(app, lambda path=path: client.get(path)) for path in PLACES]
    three[1]()
    assert [counted(app, lambda path=path: client.get(path)) for path in PLACES] == before


def test_who_waits_again_has_no_seat_to_be_told_of(two_seats, come, build, session):  # noqa: F811
    user = build.user()
    come(two_seats, user)
    row = queries.sign_up_of(session, two_seats.id, user.author_id)
    assert rules.news_of(row, two_seats) is None
    row.seated_at = row.created_at + timedelta(hours=1)
    assert rules.news_of(row, two_seats).seat
    row.waiting_no = 1
    assert rules.news_of(row, two_seats) is None
    session.rollback()
