"""Reading outside of sessions: for the few questions that every page asks before anything else."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Dialect, Select, TextClause

from forsamlingshus.kernel import db

Process = Callable[[Any], Any]


class _Plan(NamedTuple):
    """A statement in a driver's own words, and what its values must pass on the way in and out."""

    words: str
    order: Sequence[str] | None
    fixed: Mapping[str, Any]
    given: Mapping[str, Process]
    columns: tuple[tuple[int, Process], ...]


class Glance:
    """A SELECT with named values, put into the driver's words once: a third of what a session's read costs.

    It sees what is committed at the moment it is asked, so nothing that a running transaction wrote, and what a session
    reads later may be newer.
    """

    def __init__(self, statement: Select[*tuple[Any, ...]] | TextClause) -> None:
        self._statement = statement
        self._plans: dict[str, _Plan] = {}

    def ask(self, **values: Any) -> list[tuple[Any, ...]]:
        """The rows as plain tuples, in the order of the statement's columns."""
        engine = db.db.engine
        plan = self._plans.get(engine.dialect.name) or self._planned(engine.dialect)
        for name, process in plan.given.items():
            values[name] = process(values[name])
        values |= plan.fixed
        connection = engine.raw_connection()
        try:
            cursor = connection.cursor()
            self.send(cursor, plan.words, values if plan.order is None else [values[name] for name in plan.order])
            rows = cursor.fetchall()
        finally:
            connection.close()
        return [_processed(row, plan.columns) for row in rows] if plan.columns else list(rows)

    @staticmethod
    def send(cursor: Any, words: str, values: Any) -> None:
        """The one way to the driver; tests listen here, because SQLAlchemy's own events do not see it."""
        cursor.execute(words, values)

    def _planned(self, dialect: Dialect) -> _Plan:
        compiled: Any = self._statement.compile(dialect=dialect)
        given = {name: _way_in(bound.type, dialect) for name, bound in compiled.binds.items()}
        found = self._statement.selected_columns if isinstance(self._statement, Select) else ()
        columns = ((place, _way_out(column.type, dialect)) for place, column in enumerate(found))
        plan = _Plan(
            str(compiled),
            compiled.positiontup,
            {name: value for name, value in compiled.params.items() if value is not None},
            {name: process for name, process in given.items() if process},
            tuple((place, process) for place, process in columns if process),
        )
        return self._plans.setdefault(dialect.name, plan)


def _way_in(kind: Any, dialect: Dialect) -> Process | None:
    process: Process | None = kind.dialect_impl(dialect).bind_processor(dialect)
    return process


def _way_out(kind: Any, dialect: Dialect) -> Process | None:
    process: Process | None = kind.dialect_impl(dialect).result_processor(dialect, None)
    return process


def _processed(row: tuple[Any, ...], columns: tuple[tuple[int, Process], ...]) -> tuple[Any, ...]:
    cells = list(row)
    for place, process in columns:
        cells[place] = process(cells[place])
    return tuple(cells)
