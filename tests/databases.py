"""Empty tables, and copies of whole databases, on SQLite and PostgreSQL."""

import sqlite3

from sqlalchemy import text

from forsamlingshus.kernel import db

# Numbers begin anew, as they do in SQLite's empty tables.
_FROM_ONE = """
    DO $$ DECLARE name text; BEGIN
      FOR name IN SELECT quote_ident(sequencename) FROM pg_sequences
        WHERE schemaname = 'public' AND last_value IS NOT NULL
      LOOP PERFORM setval(name, 1, false); END LOOP;
    END $$"""


def empty(connection):
    """Delete every row; foreign keys wait until all tables are empty."""
    tables = list(reversed(db.Base.metadata.sorted_tables))
    if connection.dialect.name == "sqlite":
        connection.execute(text("PRAGMA defer_foreign_keys=ON"))
        for table in tables:
            connection.execute(table.delete())
        return
    emptied = "".join(f'DELETE FROM "{table.name}";' for table in tables)  # in one round trip
    connection.exec_driver_sql(f"SET LOCAL session_replication_role = replica; {emptied}")
    connection.exec_driver_sql(_FROM_ONE)


class Copy:
    """All rows of the app's database as they are now; `restore` makes it so again."""

    def __init__(self):
        if db.db.engine.dialect.name == "sqlite":
            self._kept = sqlite3.connect(":memory:", check_same_thread=False)
            _backup(lambda here: here.backup(self._kept))
            return
        with db.db.engine.connect() as connection:
            self._rows = [
                (table, [dict(row) for row in connection.execute(table.select()).mappings()])
                for table in db.Base.metadata.sorted_tables
            ]

    def restore(self):
        if db.db.engine.dialect.name == "sqlite":
            _backup(self._kept.backup)
            return
        with db.db.engine.begin() as connection:
            empty(connection)
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
            for table, rows in self._rows:
                if rows:
                    connection.execute(table.insert(), rows)
                if rows and "id" in table.columns:
                    last = max(row["id"] for row in rows)
                    connection.exec_driver_sql(
                        f"SELECT setval(pg_get_serial_sequence('\"{table.name}\"', 'id'), {last})"
                    )


def _backup(work):
    raw = db.db.engine.raw_connection()
    try:
        work(raw.driver_connection)
    finally:
        raw.close()
