"""Events: an action records what happened in its own transaction; after the commit each subscriber hears of it."""

import dataclasses
import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import JSON, Index, insert
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


# The audit trail is written by every action, so its row takes no way round the unit of work.
_STORE = insert(EventRow)

Handlers = Mapping[type[Event], tuple[Handler, ...]]
Witnesses = Mapping[type[Event], tuple[Witness, ...]]

_handlers: Handlers = {}
_witnesses: Witnesses = {}
_nudges: Nudges | None = None


def subscribe(handlers: Handlers, witnesses: Witnesses = MappingProxyType({}), nudges: Nudges | None = None) -> None:
    """Set the constant tables; setting them again replaces them, so a second app delivers nothing twice.

    With `nudges` other processes are told of each transaction's events, and their `Tail` delivers those there.
    """
    global _handlers, _witnesses, _nudges
    _handlers, _witnesses, _nudges = handlers, witnesses, nudges
    db.after_commit(_after_commit)


def handled_by(handlers: Handlers, chosen: Callable[[Handler], bool]) -> Handlers:
    """The part of a table of handlers that is chosen."""
    found = {kind: tuple(handler for handler in row if chosen(handler)) for kind, row in handlers.items()}
    return {kind: row for kind, row in found.items() if row}


def record(session: Session, event: Event) -> None:
    """Store `event` in the running transaction, with what its witnesses keep, and deliver it once that is committed."""
    _store(session, event)
    session.info["events"].append(event)
    for witness in _witnesses.get(type(event), ()):
        witness(session, event)


def announce(session: Session, event: Event) -> None:
    """Deliver `event` after the commit without storing it: it follows from one that is stored.

    Where several processes share the instance it takes a row as well, for that is how the others hear of it.
    """
    if _nudges is not None:
        _store(session, event)
    session.info["events"].append(event)


def _store(session: Session, event: Event) -> None:
    data = dataclasses.asdict(event)
    actor_id = data.pop("actor_id")
    row = {"at": clock.now(), "name": type(event).__name__, "actor_id": actor_id, "data": data}
    db.connection(session).execute(_STORE, row)


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
