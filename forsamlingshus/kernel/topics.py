"""Topics: one row with a monotonic version for each thing that listeners follow; the version is the only order."""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, Integer, String, TextClause, cast, literal, text
from sqlalchemy.orm import InstrumentedAttribute, Mapped, Session, mapped_column

from forsamlingshus.kernel import db
from forsamlingshus.kernel.glance import Glance

SITE = "process:1"
"""The topic of what stands on many pages: the process, the municipality, people's names. Cached pages depend on it."""


class Topic(db.Base):
    """A name such as `thread:42` and the number of the newest change of what it shows."""

    __tablename__ = "topic"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, default=0)
    page_version: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    """The version of the newest change of more than a number: cached pages have places for numbers (next_number)."""


def is_of(kind: str, number: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """The condition under which a row is joined with its topic, such as `thread:42`."""
    return Topic.name == literal(f"{kind}:") + cast(number, String)


# As text, which costs a write a quarter of what the same statement costs when it is put together for each call.
@lru_cache(maxsize=16)
def _take(count: int) -> TextClause:
    rows = ", ".join(f"(:name{number}, 1, 1)" for number in range(count))
    # Numbered placeholders are all that is put together here.
    words = f"""
        INSERT INTO topic (name, version, page_version) VALUES {rows}
        ON CONFLICT (name) DO UPDATE SET version = topic.version + 1, page_version = topic.version + 1
        RETURNING name, version
    """  # noqa: S608
    return text(words)


_TAKE_FOR_NUMBER = text(
    """
    INSERT INTO topic (name, version, page_version) VALUES (:name, 1, 0)
    ON CONFLICT (name) DO UPDATE SET version = topic.version + 1
    RETURNING version
    """
)


def next_version(session: Session, name: str) -> int:
    """Take the next version of `name` under its row's lock and return it (1 for a topic's first change)."""
    return next_versions(session, [name])[name]


def next_number(session: Session, name: str) -> int:
    """Take the next version for a change of a number alone: cached pages have a place for it and stay as they are."""
    return int(db.connection(session).execute(_TAKE_FOR_NUMBER, {"name": name}).scalar_one())


def next_versions(session: Session, names: Iterable[str]) -> dict[str, int]:
    """Take the next version of several topics, locked in the order of their names, so that writers never deadlock."""
    values = {f"name{number}": name for number, name in enumerate(sorted(set(names)))}
    return {row[0]: row[1] for row in db.connection(session).execute(_take(len(values)), values)}


_READ_ONE = text("SELECT version FROM topic WHERE name = :name")


def version_of(session: Session, name: str) -> int:
    """The newest version of `name`; 0 for a topic that nothing has changed yet."""
    found = db.connection(session).execute(_READ_ONE, {"name": name}).scalar()
    return int(found or 0)


_OF_PAGE = Glance(text("SELECT name, version, page_version FROM topic WHERE name IN (:name, :site)"))
_NOW = Glance(text("SELECT version FROM topic WHERE name = :name"))


def version_now(name: str) -> int:
    """The newest committed version of `name`, asked outside of sessions; 0 when nothing has changed yet."""
    found = _NOW.ask(name=name)
    return int(found[0][0]) if found else 0


class PageVersions(NamedTuple):
    """What a cached page depends on: `page` and `site` name its state, `version` is what its listeners go on from."""

    version: int
    page: int
    site: int


def of_page(name: str) -> PageVersions:
    """The versions of a page's topic and of the site; what is read after them may be newer, never older."""
    found = {row[0]: row for row in _OF_PAGE.ask(name=name, site=SITE)}
    _name, version, page = found.get(name, (name, 0, 0))
    return PageVersions(version, page, found[SITE][1] if SITE in found else 0)


_READ = text("SELECT name, version FROM topic WHERE name IN (:a, :b)")


def two_versions(connection: Connection, first: str, second: str) -> tuple[int, int]:
    """Both versions in one cheap read: what a cached page needs to know before it is served."""
    found = {row[0]: row[1] for row in connection.execute(_READ, {"a": first, "b": second})}
    return found.get(first, 0), found.get(second, 0)


def take_all(session: Session) -> None:
    """Take the next version of every topic: all that anybody looks at was replaced."""
    session.execute(text("UPDATE topic SET version = version + 1, page_version = version + 1"))
