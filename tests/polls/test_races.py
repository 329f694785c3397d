"""Many at once: one answer of a person, one open poll of a stage, and no answer that is counted after the end."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from forsamlingshus.kernel import db
from tests.conftest import AT_ONCE
from tests.discussions.test_races import unlimited, value

__all__ = ["unlimited"]


def test_two_hundred_answers_of_one_person_are_one(polls, together, session):
    poll = polls.opened()
    assert together([polls.citizen], poll.path, {"choice": "2"}, 200) == [303] * 200
    assert value("SELECT count(*) FROM poll_answer") == 1
    assert value("SELECT answer_count FROM poll") == 1
    polls.close(poll)
    assert polls.row(session, poll).result == [0, 1, 0]


def test_answers_of_several_people_are_counted_once_each(polls, build, together, session):
    poll = polls.opened("spread")
    people = [build.user() for _ in range(5)]
    assert set(together(people, poll.path, {"points_1": "7", "points_3": "3"}, 50)) == {303}
    assert value("SELECT answer_count FROM poll") == 5
    polls.close(poll)
    assert polls.row(session, poll).result == [35, 0, 15]


def test_of_two_polls_that_are_opened_at_once_one_is(polls, together):
    first, second = polls.make(), polls.make(question="Og så?")
    paths = [f"{polls.stage.control_path}/afstemning/{poll.no}/aaben" for poll in (first, second)]
    client = polls.client("host")
    token = client.token("/min-side/indstillinger")  # which the cookie must know
    cookie = client.get_cookie("fh_session").value

    def send(path):
        browser = polls.app.test_client()
        browser.set_cookie("fh_session", cookie)
        return browser.post(path, data={"csrf_token": token}).status_code

    db.session().rollback()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        statuses = sorted(pool.map(send, paths * 4))
    assert statuses == [303] + [409] * 7
    assert value("SELECT count(*) FROM poll WHERE opened_at IS NOT NULL") == 1


def test_answers_that_meet_the_end_are_counted_or_told(polls, build, session):
    poll, people = polls.opened(), [build.user() for _ in range(12)]
    answering, ending = poll.path, f"{polls.stage.control_path}/afstemning/1/luk"
    entries = []
    for user in [*people[:6], polls.host, *people[6:]]:
        client = polls.app.test_client()
        client.log_in(user)
        path = ending if user is polls.host else answering
        token = client.token("/min-side/indstillinger")
        entries.append((client.get_cookie("fh_session").value, token, path))

    def send(entry):
        cookie, token, path = entry
        browser = polls.app.test_client()
        browser.set_cookie("fh_session", cookie)
        return path == answering, browser.post(path, data={"choice": "1", "csrf_token": token}).status_code

    db.session().rollback()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        statuses = [status for answers, status in pool.map(send, entries) if answers]
    assert set(statuses) <= {303, 410}
    row = polls.row(session, poll)
    assert (row.result[0], row.answer_count) == (statuses.count(303), statuses.count(303))
    with db.db.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM poll_answer")).scalar() == 0


pytestmark = pytest.mark.usefixtures("unlimited")
