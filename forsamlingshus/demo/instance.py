"""What kind of instance this is: without tables, empty, a demo, or somebody's real one, which the demo leaves alone."""

import os
import secrets
from pathlib import Path

from sqlalchemy import func, inspect, literal, select
from sqlalchemy.orm import Session

from forsamlingshus.demo.models import DemoState
from forsamlingshus.kernel.db import Base
from forsamlingshus.kernel.errors import Conflict
from forsamlingshus.kernel.topics import Topic

# Letters and digits that nobody mixes up when they read them from one screen and type them on another.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def has_tables(session: Session) -> bool:
    """True once the migrations have run."""
    return inspect(session.get_bind()).has_table(DemoState.__tablename__)


def is_empty(session: Session) -> bool:
    """True when no table holds a row."""
    return all(
        session.execute(select(literal(1)).select_from(table).limit(1)).first() is None
        for table in Base.metadata.sorted_tables
    )


def demand_empty(session: Session) -> None:
    """Raise Conflict when any table holds a row: a real instance is never mixed with invented people."""
    if not is_empty(session):
        raise Conflict("This instance holds data of its own; load the demo into an empty one.")


def clear(session: Session) -> None:
    """Remove every row of a demo instance.

    The topics keep their numbers: whoever still looks at an old page must never take a new version for an old one.
    """
    for table in reversed(Base.metadata.sorted_tables):
        if table is not Topic.__table__:
            session.execute(table.delete())
            if session.get_bind().dialect.name == "postgresql" and "id" in table.columns:
                # Numbers begin anew, as they do in SQLite's empty tables: the demo's addresses stay what they are.
                sequence = func.pg_get_serial_sequence(f'"{table.name}"', "id")
                session.execute(select(func.setval(sequence, 1, False)))


def password(given: str, data_dir: Path) -> str:
    """The password of the demo accounts: the one given by the setting, else a random one kept in the data folder."""
    if given:
        return given
    kept = data_dir / "demo_password"
    if not kept.exists():
        groups = ("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(3))
        data_dir.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write("-".join(groups) + "\n")
    return kept.read_text(encoding="ascii").strip()
