"""The database: declarative base, column types, engine settings, and the one place that commits."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from typing import Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, DateTime, Dialect, Engine, Insert, MetaData, TypeDecorator, event, insert, inspect
from sqlalchemy.orm import DeclarativeBase, Session, make_transient_to_detached
from sqlalchemy.sql.schema import ScalarElementColumnDefault

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Base of every model; constraint names are fixed so that migrations can find them on any database."""

    metadata = MetaData(naming_convention=NAMING)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant, stored in UTC; SQLite forgets the zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """What is stored: the instant in UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone was about to be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """What is read: the instant with its zone."""
        return value if value is None or value.tzinfo else value.replace(tzinfo=UTC)


WRITERS = 20_261_125
"""The number of PostgreSQL's advisory lock that makes writers take turns; nothing else uses advisory locks."""
CONNECTIONS = 16
"""To PostgreSQL, for each process at most: six processes stay below the 97 that it grants as installed."""

db = SQLAlchemy(metadata=Base.metadata, session_options={"expire_on_commit": False})

# Writers of this process wait for each other here: a queue is fair and costs nothing, while SQLite lets a writer sleep
# and try again, so that under load some wait for seconds.
_writing = threading.Lock()

# Called after each commit with the events of that transaction; bound by kernel.events, which imports this module.
_after_commit: list[Callable[[list[Any]], None]] = []


def after_commit(deliver: Callable[[list[Any]], None]) -> None:
    """Name the one function that gets a transaction's events once they are stored."""
    _after_commit[:] = [deliver]


def init(app: Flask) -> None:
    """Bind the database to the app and set up each new connection."""
    db.init_app(app)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            event.listen(db.engine, "connect", _set_up_sqlite)
            event.listen(db.engine, "begin", _begin_sqlite)
        else:
            event.listen(db.engine, "begin", _begin_postgresql)


def session() -> Session:
    """The session of the current request, job or command."""
    return db.session()


@contextmanager
def transaction() -> Iterator[Session]:
    """Run a write: begins a write transaction, commits on success, rolls back on any error, then delivers the events.

    Whatever was read before is stale inside: load what you change in here. (On SQLite a read that turns into a write
    after a foreign commit fails at once, whatever the busy timeout, so the write lock is taken first.) There is one
    writer at a time on PostgreSQL too (docs/decisions/0012): an action never changes what somebody else changes now.
    """
    current = session()
    if "events" in current.info:
        raise RuntimeError("transactions do not nest: pass the session on instead")
    current.rollback()
    recorded: list[Any] = []
    current.info["events"] = recorded
    with _writing:
        try:
            current.info["connection"] = current.connection(execution_options={"begin": "IMMEDIATE"})
            yield current
            current.commit()
        except BaseException:
            current.rollback()
            raise
        finally:
            current.info.pop("events", None)
            current.info.pop("connection", None)
    for deliver in _after_commit:
        deliver(recorded)


def connection(session: Session) -> Connection:
    """The session's connection, for statements that need none of its objects (asking the session costs as much)."""
    known: Connection | None = session.info.get("connection")
    return session.connection() if known is None or known.closed else known


def store(session: Session, row: Base) -> None:
    """Insert a new row with one statement, built once for its class; the session then knows it as if it had been read.

    For what every post pays, since the unit of work costs several times the statement. It follows no relationship: what
    `row` refers to is stored already, and what refers to it comes afterwards.
    """
    columns, statement = _insertion(type(row))
    values = row.__dict__
    for key, default in columns:
        if key not in values:
            setattr(row, key, default)
    given = {key: values[key] for key, _default in columns}
    row.id = connection(session).execute(statement, given).scalar_one()  # type: ignore[attr-defined]
    make_transient_to_detached(row)
    session.add(row)


@cache
def _insertion(kind: type[Base]) -> tuple[tuple[tuple[str, Any], ...], Insert]:
    """The columns of a class beside its id, each with what stands there unless said otherwise, and the statement.

    Raises TypeError for a class that needs more: another key than `id`, or a default that is computed.
    """
    mapper = inspect(kind)
    columns = []
    for name, column in mapper.columns.items():
        if name != column.name or (column.primary_key and name != "id"):
            raise TypeError(f"{kind.__name__}.{name} is no plain column with the key `id`: use the session")
        if column.default is not None and not isinstance(column.default, ScalarElementColumnDefault):
            raise TypeError(f"the default of {kind.__name__}.{name} is computed: use the session")
        if name != "id":
            columns.append((name, column.default.arg if column.default is not None else None))
    return tuple(columns), insert(kind.__table__).returning(mapper.columns["id"])  # type: ignore[arg-type]


def _set_up_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver would begin transactions of its own, and too late
    cursor = connection.cursor()
    # A hall that presses at once waits its turn, on a slow machine too: late is better than "our fault".
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "busy_timeout=20000",
        "foreign_keys=ON",
        "cache_size=-32000",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql(f"BEGIN {connection.get_execution_options().get('begin', '')}")


def _begin_postgresql(connection: Connection) -> None:
    # Reading sees one moment, as in SQLite. Writing sees what the writer before it stored, once that one is done.
    if "begin" in connection.get_execution_options():
        connection.exec_driver_sql(
            f"SET TRANSACTION ISOLATION LEVEL READ COMMITTED; SELECT pg_advisory_xact_lock({WRITERS})"
        )


def engine_options(url: str) -> dict[str, Any]:
    """The engine settings that fit one process with hundreds of threads, of which most wait for their sockets."""
    if url.startswith("sqlite"):
        return {
            "hide_parameters": True,
            "pool_size": 16,
            "max_overflow": 48,
            "pool_timeout": 30,
            "connect_args": {"check_same_thread": False},
        }
    return {
        "hide_parameters": True,
        "pool_pre_ping": True,
        "pool_size": CONNECTIONS // 2,
        "max_overflow": CONNECTIONS // 2,
        "pool_timeout": 15,
        "isolation_level": "REPEATABLE READ",
        "connect_args": {
            "connect_timeout": 5,
            "application_name": "forsamlingshuset",
            "options": "-c lock_timeout=10s -c idle_in_transaction_session_timeout=120s -c timezone=UTC",
        },
    }


__all__ = [
    "Base",
    "Engine",
    "Session",
    "UtcDateTime",
    "after_commit",
    "connection",
    "db",
    "engine_options",
    "init",
    "session",
    "store",
    "transaction",
]
