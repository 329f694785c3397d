"""Runs the migrations on the app's own engine; Flask-Migrate's generated file warns on current versions."""

from typing import Any

from alembic import context
from sqlalchemy import Connection

from forsamlingshus.kernel.db import Base, UtcDateTime, db
from forsamlingshus.kernel.html import SafeHtml


def plain_type(kind: str, value: Any, _context: Any) -> str | bool:
    """Migrations name the stored type, so that they outlive our own column types."""
    if kind == "type" and isinstance(value, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(value, SafeHtml):
        return "sa.Text()"
    return False


def run(connection: Connection) -> None:
    """Migrate; on SQLite tables are rebuilt in batch mode."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        render_item=plain_type,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def without_foreign_keys(connection: Connection) -> None:
    """Let SQLite rebuild a table: with the keys in force, dropping the old one would delete what points at it.

    The pragma means nothing inside a transaction, so it goes past SQLAlchemy, which would begin one.
    """
    raw = connection.connection
    raw.execute("PRAGMA foreign_keys=OFF")
    try:
        run(connection)
        if broken := connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall():
            raise RuntimeError(f"the migration left {len(broken)} rows that point at nothing, such as {broken[0]}")
        connection.commit()
    finally:
        connection.rollback()
        raw.execute("PRAGMA foreign_keys=ON")


with db.engine.connect() as connection:
    if connection.dialect.name == "sqlite":
        without_foreign_keys(connection)
    else:
        run(connection)
        connection.commit()
