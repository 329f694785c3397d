"""Reading past the session: what is committed, in the types of the columns, counted by the tests' counter."""

from datetime import UTC, datetime

from sqlalchemy import bindparam, select, text

from forsamlingshus.kernel import clock, db, topics
from forsamlingshus.kernel.db import transaction
from forsamlingshus.kernel.events import EventRow
from forsamlingshus.kernel.glance import Glance
from tests.queries import counted

VERSION = Glance(text("SELECT version FROM topic WHERE name = :name OR name = :name || 'x'"))


def test_glance_sees_what_is_committed_and_nothing_else(session):
    with transaction() as session:
        topics.next_version(session, "a:1")
        assert VERSION.ask(name="a:1") == []
        assert topics.version_of(session, "a:1") == 1
    assert VERSION.ask(name="a:1") == [(1,)]


def test_glance_gives_and_takes_the_types_of_the_columns(session, at):
    at("2023-05-03T18:35:00+02:00")
    with transaction() as session:
        session.add(EventRow(at=clock.now(), name="Said", actor_id=None, data={"post": 1}))
    after = Glance(select(EventRow.at, EventRow.data).where(EventRow.at > bindparam("since")).limit(1))
    ((moment, data),) = after.ask(since=datetime(2023, 5, 3, 16, 34, tzinfo=UTC))
    assert (moment.utcoffset() is not None, data) == (True, {"post": 1})
    assert after.ask(since=moment) == []


def test_glance_leaves_no_connection_open(app, session):
    before = db.db.engine.pool.checkedout()
    VERSION.ask(name="a:1")
    assert db.db.engine.pool.checkedout() == before


def test_glance_is_counted_like_any_statement(app, session):
    assert counted(app, lambda: VERSION.ask(name="a:1")) == 1
