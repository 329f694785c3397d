"""Counting the statements that a piece of work sends to the database."""

from sqlalchemy import event

from forsamlingshus.kernel import db


def counted(app, work):
    """How many statements `work` sends, transaction marks left out."""
    statements = []

    def note(_connection, _cursor, statement, *_rest):
        if not statement.startswith(("BEGIN", "PRAGMA")):
            statements.append(statement)

    with app.app_context():
        engine = db.db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        work()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(statements)
