"""Counting the statements that a piece of work sends to the database."""

from contextlib import contextmanager

from sqlalchemy import event

from forsamlingshus.kernel import db
from forsamlingshus.kernel.glance import Glance


def counted(app, work):
    """How many statements `work` sends, transaction marks left out."""
    with listened(app) as sent:
        work()
    return len([statement for statement, _values in sent if not statement.startswith(("BEGIN", "PRAGMA"))])


@contextmanager
def listened(app):
    """Each statement that is sent meanwhile, with its values; by a session or past it."""
    sent = []

    def note(_connection, _cursor, statement, values, *_rest):
        sent.append((statement, values))

    with app.app_context():
        engine = db.db.engine
    event.listen(engine, "before_cursor_execute", note)
    send = Glance.send
    Glance.send = staticmethod(
        lambda cursor, words, values: (sent.append((words, values)), send(cursor, words, values))
    )
    try:
        yield sent
    finally:
        Glance.send = staticmethod(send)
        event.remove(engine, "before_cursor_execute", note)
