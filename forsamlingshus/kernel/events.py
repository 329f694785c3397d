"""Events: an action records what happened in its own transaction; after the commit each subscriber hears of it."""

import dataclasses
import logging
import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from flask import Flask
from sqlalchemy import JSON, Index, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from forsamlingshus.kernel import clock, db
from forsamlingshus.kernel.shared import Nudges

log = logging.getLogger(__name__)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened, in the past tense. Holds ids and facts, never bodies or personal data."""

    actor_id: int | None = None


Handler = Callable[[Any], None]
Witness = Callable[[Session, Any], None]
"""Stores, in the event's own transaction, what a higher slice keeps of it."""


class EventRow(db.Base):
    """The stored event: audit trail, timeline and source of notices at once."""

    __tablename__ = "event"
    __table_args__ = (Index(None, "name", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(db.UtcDateTime)
    name: Mapped[str]
    actor_id: Mapped[int | None]
    data: Mapped[dict[str, Any]] = mapped_column(JSON)


Handlers = Mapping[type[Event], tuple[Handler, ...]]
Witnesses = Mapping[type[Event], tuple[Witness, ...]]

_handlers: Handlers = {}
_witnesses: Witnesses = {}
_nudges: Nudges | None = None


def subscribe(
    handlers: Handlers, witnesses: Witnesses = MappingProxyType({}), nudges: Nudges | None = None
) -> None:
    """Set the constant tables; setting them again replaces them, so a second app delivers nothing twice.

    With `nudges` other processes are told of each transaction's events, and their `Tail` delivers those there.
    """
    global _handlers, _witnesses, _nudges
    _handlers, _witnesses, _nudges = handlers, witnesses, nudges
    db.after_commit(_after_commit)


def record(session: Session, event: Event) -> None:
    """Store `event` in the running transaction, with what its witnesses keep, and deliver it once that is committed."""
    data = dataclasses.asdict(event)
    actor_id = data.pop("actor_id")
    session.add(EventRow(at=clock.now(), name=type(event).__name__, actor_id=actor_id, data=data))
    announce(session, event)
    for witness in _witnesses.get(type(event), ()):
        witness(session, event)


def announce(session: Session, event: Event) -> None:
    """Deliver `event` after the commit without storing it: it follows from one that is stored."""
    session.info["events"].append(event)


def _after_commit(recorded: list[Event]) -> None:
    deliver(recorded, _handlers)
    if recorded and _nudges is not None:
        _nudges.tell()


def deliver(recorded: list[Event], handlers: Handlers) -> None:
    """Hand each event to its subscribers; one that fails is logged and stops neither the others nor the write."""
    for event in recorded:
        for handler in handlers.get(type(event), ()):
            try:
                handler(event)
            except Exception:
                log.exception("subscriber failed: %s for %s", handler.__qualname__, type(event).__name__)
                db.session().rollback()  # after a fault of the database nothing could be read for the others


LOOK_EVERY = 1.0
"""Seconds after which a tail looks by itself: so long does an event take while Redis is away."""
AT_ONCE = 500


class Tail:
    """Follows the events that any process of this instance stores, and delivers them to the subscribers of this one.

    Writers take turns (`db.transaction`), so events become visible in the order of their ids and none is passed over.
    """

    def __init__(self, app: Flask, handlers: Handlers, nudges: Nudges) -> None:
        self._app = app
        self._handlers = handlers
        self._kinds = {kind.__name__: kind for kind in handlers}
        self._nudges = nudges
        self._last = 0
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Follow from now on, in a thread of its own (after a fork, never at import)."""
        with self._app.app_context():
            self._last = self._newest()
        self._nudges.listen()
        self._thread = threading.Thread(target=self._run, name="event-tail", daemon=True)
        self._thread.start()

    def look(self) -> None:
        """Deliver what was stored since the last look."""
        while True:
            with self._app.app_context():
                newest = self._newest()
                if newest <= self._last:
                    self._last = newest  # less only when a demo was loaded anew, whose events begin at 1
                    return
                rows = db.session().scalars(
                    select(EventRow).where(EventRow.id > self._last).order_by(EventRow.id).limit(AT_ONCE)
                )
                for row in rows.all():
                    self._last = row.id
                    if row.name in self._kinds:
                        deliver([self._kinds[row.name](**row.data, actor_id=row.actor_id)], self._handlers)

    def _newest(self) -> int:
        return db.session().scalar(select(func.max(EventRow.id))) or 0

    def _run(self) -> None:
        while True:
            self._nudges.told.wait(LOOK_EVERY)
            self._nudges.told.clear()
            try:
                self.look()
            except Exception:
                log.exception("reading the events of other processes failed; trying again")
