"""The tail: a process that holds sockets follows the events that any process of its instance stores."""

import logging
import threading

from flask import Flask
from sqlalchemy import func, select

from forsamlingshus.kernel import db, events
from forsamlingshus.kernel.events import EventRow
from forsamlingshus.kernel.shared import Nudges

log = logging.getLogger(__name__)

LOOK_EVERY = 1.0
"""Seconds after which a tail looks by itself: so long does an event take while Redis is away."""
AT_ONCE = 500


class Tail:
    """Follows the events that any process of this instance stores, and delivers them to the subscribers of this one.

    Writers take turns (`db.transaction`), so events become visible in the order of their ids and none is passed over.
    """

    def __init__(self, app: Flask, handlers: events.Handlers, nudges: Nudges) -> None:
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
                        events.deliver([self._kinds[row.name](**row.data, actor_id=row.actor_id)], self._handlers)

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
