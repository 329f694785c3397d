"""Topics: one row with a monotonic version for each thing that listeners follow; the version is the only order."""

from collections.abc import Iterable

from sqlalchemy import Connection, Integer, String, literal_column, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from forsamlingshus.kernel import db

SITE = "process:1"
"""The topic of what stands on many pages: the process, the municipality, people's names. Cached pages depend on it."""


class Topic(db.Base):
    """A name such as `thread:42` and the number of the newest change of what it shows."""

    __tablename__ = "topic"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, default=0)


def next_version(session: Session, name: str) -> int:
    """Take the next version of `name` under its row's lock and return it (1 for a topic's first change)."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement = (
        insert(Topic)
        .values(name=name, version=1)
        .on_conflict_do_update(index_elements=["name"], set_={"version": literal_column("topic.version + 1")})
        .returning(Topic.version)
    )
    return int(session.execute(statement).scalar_one())


def next_versions(session: Session, names: Iterable[str]) -> dict[str, int]:
    """Take the next version of several topics, locked in the order of their names, so that writers never deadlock."""
    return {name: next_version(session, name) for name in sorted(set(names))}


_READ_ONE = text("SELECT version FROM topic WHERE name = :name")


def version_of(session: Session, name: str) -> int:
    """The newest version of `name`; 0 for a topic that nothing has changed yet."""
    found = session.connection().execute(_READ_ONE, {"name": name}).scalar()
    return int(found or 0)


_READ = text("SELECT name, version FROM topic WHERE name IN (:a, :b)")


def two_versions(connection: Connection, first: str, second: str) -> tuple[int, int]:
    """Both versions in one cheap read: what a cached page needs to know before it is served."""
    found = {row[0]: row[1] for row in connection.execute(_READ, {"a": first, "b": second})}
    return found.get(first, 0), found.get(second, 0)
