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

_handlers: Mapping[type[Event], tuple[Handler, ...]] = {}
_witnesses: Mapping[type[Event], tuple[Witness, ...]] = {}


def subscribe(
    handlers: Mapping[type[Event], tuple[Handler, ...]],
    witnesses: Mapping[type[Event], tuple[Witness, ...]] = MappingProxyType({}),
) -> None:
    """Set the constant tables; setting them again replaces them, so a second app delivers nothing twice."""
    global _handlers, _witnesses
    _handlers, _witnesses = handlers, witnesses
    db.after_commit(deliver)


def record(session: Session, event: Event) -> None:
    """Store `event` in the running transaction, with what its witnesses keep, and deliver it once that is committed."""
    data = dataclasses.asdict(event)
    actor_id = data.pop("actor_id")
    row = {"at": clock.now(), "name": type(event).__name__, "actor_id": actor_id, "data": data}
    session.connection().execute(_STORE, row)
    announce(session, event)
    for witness in _witnesses.get(type(event), ()):
        witness(session, event)


def announce(session: Session, event: Event) -> None:
    """Deliver `event` after the commit without storing it: it follows from one that is stored."""
    session.info["events"].append(event)


def deliver(recorded: list[Event]) -> None:
    """Hand each event to its subscribers; one that fails is logged and stops neither the others nor the write."""
    for event in recorded:
        for handler in _handlers.get(type(event), ()):
            try:
                handler(event)
            except Exception:
                log.exception("subscriber failed: %s for %s", handler.__qualname__, type(event).__name__)
