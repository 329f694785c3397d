"""Empty tables, the machine's clock and nothing kept in memory: how every test begins."""

from sqlalchemy import text

from forsamlingshus.kernel import clock, db, limits, pages


def empty():
    """Forget all that was written before; needs an app context."""
    clock.start_at(None)
    limits.forget_all()
    pages.forget_all()
    with db.db.engine.begin() as connection:
        connection.execute(text("PRAGMA defer_foreign_keys=ON"))
        for table in reversed(db.Base.metadata.sorted_tables):
            connection.execute(table.delete())
