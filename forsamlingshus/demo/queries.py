"""Reading the demo's state."""

from datetime import datetime

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from forsamlingshus.demo.models import DemoState


def state(session: Session) -> DemoState | None:
    """The demo's state; None in a real instance."""
    return session.scalar(select(DemoState).limit(1))


def chapter(session: Session) -> str:
    """The chapter that this instance shows; empty in a real one."""
    found = state(session)
    return found.chapter if found else ""


def chapter_moment(session: Session) -> datetime | None:
    """The moment that a start of this instance returns to; None without a demo or before the first migration."""
    if not inspect(session.get_bind()).has_table(DemoState.__tablename__):
        return None
    found = state(session)
    return found.moment if found else None
