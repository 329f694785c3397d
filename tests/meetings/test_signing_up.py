"""Signing up: a seat or a number in the queue, moving up, giving back, and the list for the door."""

import re

import pytest
from sqlalchemy import select, text

from forsamlingshus.kernel import clock, db
from forsamlingshus.kernel.db import transaction
from forsamlingshus.kernel.errors import Closed, Forbidden
from forsamlingshus.kernel.permissions import Who
from forsamlingshus.meetings import actions, queries
from forsamlingshus.meetings.models import Meeting, SignUp
from tests.pages import readable
from tests.queries import counted

BEFORE, AFTER = "2023-04-20T12:00:00+02:00", "2023-05-04T12:00:00+02:00"
PAGE, FORM = "/budget/2024/borgermoede", "/budget/2024/borgermoede/tilmelding"
DOOR = "/arbejde/borgermoede/2024/tilmeldte"


@pytest.fixture
def two_seats(meetings, at):
    at(BEFORE)
    return meetings.add(sign_up_required=True, capacity=2)


@pytest.fixture
def come(build):
    """Sign somebody up, and how that stands: the number on the waiting list, or None."""

    def come(meeting, user, name="Et Navn", workshop=None):
        with transaction() as session:
            row = actions.sign_up(
                session, who=build.who(user), meeting=session.merge(meeting), name=name, workshop=workshop
            )
            return row.waiting_no

    return come


@pytest.fixture
def cancel(build):
    def cancel(meeting, user, by=None):
        with transaction() as session:
            row = queries.sign_up_of(session, meeting.id, user.author_id)
            actions.cancel_sign_up(
                session, who=build.who(by or user), meeting=session.get(Meeting, meeting.id), row=row
            )

    return cancel


def numbers(session, meeting):
    """Author → number on the waiting list, None for a seat."""
    session.rollback()
    rows = session.scalars(select(SignUp).where(SignUp.meeting_id == meeting.id))
    return {row.author_id: row.waiting_no for row in rows}


def happened(name):
    with db.db.engine.connect() as connection:
        return connection.execute(text(f"SELECT count(*) FROM event WHERE name = '{name}'")).scalar()


def people(build, count):
    return [build.user() for _ in range(count)]


def test_after_the_last_seat_come_numbers(two_seats, come, build):
    assert [come(two_seats, user) for user in people(build, 4)] == [None, None, 1, 2]


def test_a_seat_given_back_goes_to_number_one_and_the_others_move_up(two_seats, come, cancel, build, session):
    one, two, three, four = people(build, 4)
    for user in (one, two, three, four):
        come(two_seats, user)
    cancel(two_seats, one)
    assert numbers(session, two_seats) == {two.author_id: None, three.author_id: None, four.author_id: 1}
    assert queries.sign_up_of(session, two_seats.id, three.author_id).seated_at is not None
    assert queries.sign_up_of(session, two_seats.id, two.author_id).seated_at is None
    assert (happened("SignUpCancelled"), happened("MovedUp")) == (1, 1)


def test_a_number_given_back_closes_the_gap(two_seats, come, cancel, build, session):
    users = people(build, 5)
    for user in users:
        come(two_seats, user)
    cancel(two_seats, users[2])
    assert [numbers(session, two_seats)[user.author_id] for user in users[3:]] == [1, 2]
    assert happened("MovedUp") == 0


def test_who_signs_up_twice_is_signed_up_once_with_the_newer_words(two_seats, come, build, meetings, session):
    workshop, user = meetings.workshop(two_seats), build.user()
    come(two_seats, user, "Anne")
    come(two_seats, user, "Anne Bjerre", workshop)
    row = session.scalars(select(SignUp)).one()
    assert (row.name, row.workshop_id) == ("Anne Bjerre", workshop.id)
    assert happened("SignedUp") == 1


def test_without_a_number_of_seats_there_is_room_for_everybody(meetings, come, build, at):
    at(BEFORE)
    meeting = meetings.add(sign_up_required=True)
    assert [come(meeting, user) for user in people(build, 3)] == [None] * 3


def test_nobody_cancels_for_somebody_else(two_seats, come, cancel, build):
    one, two = people(build, 2)
    come(two_seats, one)
    with pytest.raises(Forbidden):
        cancel(two_seats, one, by=two)
    cancel(two_seats, one)


def test_signing_up_and_cancelling_end_with_the_beginning(two_seats, come, cancel, build, at):
    one, two = people(build, 2)
    come(two_seats, one)
    at("2023-05-03T18:30:00+02:00")
    with pytest.raises(Closed):
        come(two_seats, two)
    with pytest.raises(Closed):
        cancel(two_seats, one)


def test_guests_do_not_sign_up(two_seats, build):
    guest = Who(now=clock.now(), author_id=build.user().author_id)
    with pytest.raises(Forbidden), transaction() as session:
        actions.sign_up(session, who=guest, meeting=session.merge(two_seats), name="Gæst")


def test_the_last_seat_goes_to_exactly_one_of_many(two_seats, come, build, together, session):
    come(two_seats, build.user())
    users = people(build, 8)
    assert set(together(users, FORM, {"name": "Et Navn", "workshop": "0"}, 8)) == {303}
    found = numbers(session, two_seats)
    waiting = sorted(number for author, number in found.items() if number is not None)
    assert len(found) == 9
    assert waiting == [1, 2, 3, 4, 5, 6, 7]


def test_one_person_who_presses_many_times_has_one_seat(two_seats, build, together, session):
    assert set(together([build.user()], FORM, {"name": "Et Navn", "workshop": "0"}, 16)) == {303}
    assert list(numbers(session, two_seats).values()) == [None]


def test_cancelling_at_once_moves_each_waiting_person_up_once(two_seats, come, build, together, session):
    users = people(build, 6)
    for user in users:
        come(two_seats, user)
    assert set(together(users[:2], f"{FORM}/afbud", {}, 8)) == {303}
    found = numbers(session, two_seats)
    assert [found[user.author_id] for user in users[2:]] == [None, None, 1, 2]
    assert (happened("SignUpCancelled"), happened("MovedUp")) == (2, 2)


def test_signing_up_asks_to_log_in_and_comes_back(client, two_seats, build):
    user = build.user("Anne Bjerre")
    answer = client.get(FORM)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/log-ind?next={FORM.replace('/', '%2F')}")
    client.log_in(user)
    assert 'value="Anne Bjerre"' in readable(client.get(FORM))


def test_status_stands_on_the_form_the_meeting_and_ones_own_page(client, two_seats, come, build, meetings):
    workshop = meetings.workshop(two_seats)
    for user in people(build, 2):
        come(two_seats, user)
    client.log_in(build.user())
    assert "Kom på venteliste" in readable(client.get(PAGE))
    answer = client.send(FORM, {"name": "Anne", "workshop": str(workshop.id)}, follow_redirects=True)
    assert "Du står på ventelisten" in readable(answer)
    for path in (FORM, PAGE, "/min-side"):
        page = readable(client.get(path))
        assert "Du er nummer 1 på ventelisten." in page
        assert "Workshop: Trivsel." in page
    assert 'href="/budget/2024/tidsplan/borgermoede.ics"' in readable(client.get("/min-side"))


def test_strangers_see_free_seats_and_no_names(client, two_seats, come, build):
    come(two_seats, build.user(), "Hemmelig Hansen")
    page = readable(client.get(PAGE))
    assert "1 plads er ledig." in page
    assert "Hemmelig" not in page


def test_cancelling_is_confirmed_first(client, two_seats, come, build, session):
    user = build.user()
    come(two_seats, user)
    client.log_in(user)
    assert "Vil du melde afbud?" in readable(client.get(f"{FORM}/afbud"))
    assert len(numbers(session, two_seats)) == 1
    answer = client.send(f"{FORM}/afbud", follow_redirects=True)
    assert "Du har meldt afbud" in readable(answer)
    assert numbers(session, two_seats) == {}
    assert client.send(f"{FORM}/afbud").headers["Location"] == PAGE


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("", "Skriv dit navn"),
        ("  ", "Skriv dit navn"),
        ("Anne 010180-1237", "Skriv kun navnet, uden numre og adresser"),
        ("Anne, ring 22 33 44 55", "Skriv kun navnet, uden numre og adresser"),
        ("-\u3164-", "Skriv dit navn med bogstaver"),
        ("A" * 81, "1 tegn for lang"),
    ],
)
def test_name_for_the_door_is_a_name(client, two_seats, build, session, name, fault):
    client.log_in(build.user())
    answer = client.send(FORM, {"name": name, "workshop": "0"})
    assert answer.status_code == 422
    assert fault in readable(answer)
    assert numbers(session, two_seats) == {}


def test_workshop_of_another_meeting_is_refused(client, two_seats, build, meetings):
    client.log_in(build.user())
    answer = client.send(FORM, {"name": "Anne", "workshop": "99"})
    assert answer.status_code == 422
    assert "Vælg en fra listen" in readable(answer)


def test_closed_sign_up_says_so_and_refuses(client, two_seats, build, at, session):
    client.log_in(build.user())
    at(AFTER)
    assert "Du kan ikke længere tilmelde dig mødet." in readable(client.get(FORM))
    answer = client.send(FORM, {"name": "Anne", "workshop": "0"})
    assert answer.status_code == 410
    assert numbers(session, two_seats) == {}


def test_too_many_presses_must_wait_and_keep_the_name(client, two_seats, build):
    client.log_in(build.user())
    answers = [client.send(FORM, {"name": "Anne Bjerre", "workshop": "0"}) for _ in range(21)]
    assert [answer.status_code for answer in answers] == [303] * 20 + [429]
    assert "Anne Bjerre" in readable(answers[-1])


def test_door_list_is_alphabetical_with_the_queue_apart(client, two_seats, come, build, meetings):
    workshop = meetings.workshop(two_seats)
    for name in ("Øjvind", "Anne", "Aage", "Bo"):
        come(two_seats, build.user(), name, workshop if name == "Anne" else None)
    client.log_in(build.user(roles=["staff"]))
    page = readable(client.get(DOOR))
    seated, _, waiting = page.partition(">Venteliste<")
    row = re.compile(r"<tr>\s*<td>(.*?)</td>\s*<th scope=\"row\">(.*?)</th>\s*<td>(.*?)</td>", re.DOTALL)
    assert [found[1:] for found in row.findall(seated)] == [("Anne", "Trivsel"), ("Øjvind", "")]
    assert row.findall(waiting) == [("1", "Aage", ""), ("2", "Bo", "")]
    assert seated.count('class="fh-tick"') == 2


def test_attendance_stands_on_the_page_once_the_meeting_is_over(client, two_seats, build, at):
    client.log_in(build.user(roles=["staff"]))
    answer = client.send(DOOR, {"attendance": "mange"})
    assert answer.status_code == 422
    assert "Skriv et helt tal fra 0 til" in readable(answer)
    assert 'value="mange"' in readable(answer)
    client.send(DOOR, {"attendance": "84"})
    assert "84 personer" not in readable(client.get(PAGE))
    at(AFTER)
    assert "84 personer" in readable(client.get(PAGE))
    client.send(DOOR, {"attendance": ""})
    assert "84 personer" not in readable(client.get(PAGE))


def test_pages_ask_as_much_for_many_as_for_one(app, client, two_seats, come, build, meetings):
    workshop = meetings.workshop(two_seats)
    staff = build.user(roles=["staff"])
    client.log_in(staff)
    paths = (DOOR, PAGE, FORM, "/arbejde/borgermoede/2024")
    for user in people(build, 3):
        come(two_seats, user, workshop=workshop)
    few = [counted(app, lambda path=path: client.get(path)) for path in paths]
    for user in people(build, 30):
        come(two_seats, user, workshop=workshop)
    assert [counted(app, lambda path=path: client.get(path)) for path in paths] == few


def test_names_are_deleted_once_the_meeting_is_over(client, two_seats, come, build, at, session):
    for user in people(build, 3):
        come(two_seats, user, "Anne")
    client.log_in(build.user(roles=["staff"]))
    assert f'href="{DOOR}/slet"' not in readable(client.get(DOOR))
    assert client.send(f"{DOOR}/slet").status_code == 403
    assert len(numbers(session, two_seats)) == 3
    at(AFTER)
    assert f'href="{DOOR}/slet"' in readable(client.get(DOOR))
    assert "3 personer tilmeldte sig mødet." in readable(client.get(f"{DOOR}/slet"))
    assert client.send(f"{DOOR}/slet").status_code == 303
    assert numbers(session, two_seats) == {}
    assert "Anne" not in readable(client.get(DOOR)).partition("<main")[2]
