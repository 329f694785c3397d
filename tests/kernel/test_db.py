"""The one write path: commit on success, roll back on any error, events after the commit, subscribers apart."""

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import select, text

from forsamlingshus.accounts.models import Author
from forsamlingshus.discussions.models import Forum, Question
from forsamlingshus.kernel import db, events
from forsamlingshus.kernel.events import Event, EventRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened(Event):
    """Something for the tests below."""

    number: int


@pytest.fixture
def subscribers(app):
    """Set subscribers for a test and put the app's own back afterwards."""
    from forsamlingshus.app import SUBSCRIBERS

    yield events.subscribe
    events.subscribe(SUBSCRIBERS)


def test_transaction_commits_and_delivers_afterwards(session, subscribers):
    heard = []
    subscribers({Happened: (lambda event: heard.append((event.number, session.scalar(select(Author.name)))),)})
    with db.transaction() as inside:
        inside.add(Author(kind="account", name="Anne"))
        events.record(inside, Happened(number=7))
        assert heard == []
    assert heard == [(7, "Anne")]
    assert session.scalar(select(EventRow.data)) == {"number": 7}


def test_transaction_rolls_back_and_delivers_nothing(session, subscribers):
    heard = []
    subscribers({Happened: (heard.append,)})
    with pytest.raises(RuntimeError), db.transaction() as inside:
        inside.add(Author(kind="account", name="Anne"))
        events.record(inside, Happened(number=7))
        inside.flush()
        raise RuntimeError
    assert heard == []
    assert session.scalar(select(Author.name)) is None


def test_subscriber_that_fails_stops_neither_the_others_nor_the_write(session, subscribers, caplog):
    heard = []

    def broken(event):
        raise ZeroDivisionError

    subscribers({Happened: (broken, heard.append)})
    with db.transaction() as inside:
        events.record(inside, Happened(number=1))
    assert [event.number for event in heard] == [1]
    assert "subscriber failed" in caplog.text


def test_transaction_does_not_nest(session):
    with pytest.raises(RuntimeError), db.transaction(), db.transaction():
        pass


@pytest.mark.sqlite
def test_transaction_takes_the_write_lock_at_once(app, session):
    with db.transaction() as inside:
        assert inside.connection().get_execution_options()["begin"] == "IMMEDIATE"
    assert session.scalar(text("PRAGMA foreign_keys")) == 1
    assert session.scalar(text("PRAGMA journal_mode")) == "wal"
    assert session.scalar(text("PRAGMA synchronous")) == 2


def test_subscribing_again_replaces_the_table(session, subscribers):
    heard = []
    subscribers({Happened: (heard.append,)})
    subscribers({Happened: (heard.append,)})
    with db.transaction() as inside:
        events.record(inside, Happened(number=1))
    assert len(heard) == 1


def test_moments_are_stored_in_utc_and_come_back_aware():
    column = db.UtcDateTime()
    moment = datetime(2023, 5, 3, 18, 30, tzinfo=timezone(timedelta(hours=2)))
    assert column.process_bind_param(moment, None).hour == 16
    assert column.process_result_value(datetime(2023, 5, 3, 16, 30), None) == moment
    with pytest.raises(ValueError):
        column.process_bind_param(datetime(2023, 5, 3), None)


def test_writers_wait_for_each_other_and_lose_nothing(app, session):
    def write(number):
        with app.app_context():
            for _ in range(5):
                with db.transaction() as session:
                    seen = session.scalar(text("SELECT count(*) FROM author"))
                    session.add(Author(kind="account", name=f"{number}-{seen}"))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert session.scalar(text("SELECT count(*) FROM author")) == 40


def test_failed_write_lets_the_next_one_in(session):
    with pytest.raises(RuntimeError), db.transaction():
        raise RuntimeError
    with db.transaction() as inside:
        inside.add(Author(kind="account", name="Anne"))
    assert session.scalar(select(Author.name)) == "Anne"


def test_stored_row_is_what_the_session_would_have_stored_and_read(session):
    with db.transaction() as inside:
        author = Author(kind="account", name="Anne")
        db.store(inside, author)
        assert inside.get(Author, author.id) is author
        author.name = "Anne B."  # known to the session from here on, so a change is written
    session.rollback()
    session.expire_all()
    kept = session.scalars(select(Author)).one()
    assert (kept.id, kept.kind, kept.name, kept.is_demo) == (author.id, "account", "Anne B.", False)


@pytest.mark.parametrize("row", [Forum(prompts=[]), Question(post_id=1)])
def test_row_that_needs_more_than_one_plain_statement_is_not_stored_that_way(session, row):
    with pytest.raises(TypeError, match="use the session"), db.transaction() as inside:
        db.store(inside, row)
