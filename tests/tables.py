"""Empty tables, the machine's clock and nothing kept in memory: how every test begins."""

from forsamlingshus.kernel import clock, db, limits, pages
from tests import databases


def empty():
    """Forget all that was written before; needs an app context."""
    clock.start_at(None)
    limits.forget_all()
    pages.forget_all()
    with db.db.engine.begin() as connection:
        databases.empty(connection)
