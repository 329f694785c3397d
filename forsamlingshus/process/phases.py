"""Phases and the municipality's lines in memory: read again only when the process changed, so they cost no query."""

from datetime import datetime

from flask import g
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from forsamlingshus.kernel import db, i18n, topics
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.pages import Cache
from forsamlingshus.process import queries
from forsamlingshus.process.models import Activity
from forsamlingshus.process.queries import Opening

_cache: Cache[tuple[Opening, ...]] = Cache(8)
_lines: Cache[list[str]] = Cache(8)


def openings(session: Session) -> tuple[Opening, ...]:
    """Every opening of every year, as this session sees them."""
    version = topics.version_of(session, queries.TOPIC)
    session.info["process_version"] = version
    return _cache.get_or((database_of(session), version), lambda: queries.openings(session))


def openings_at(version: int) -> tuple[Opening, ...]:
    """The same, for a request that has read the `version` of the process's topic before it opened a session."""
    return _cache.get_or((db.db.engine, version), lambda: queries.openings(db.session()))


def closed_reason(session: Session, year: int, activity: Activity, now: datetime) -> str:
    """Why an activity is not open in a budget year, in one sentence."""
    opening = queries.window(openings(session), year, activity, now)
    if opening is None:
        return str(_("No time has been set for it in this budget year."))
    if opening.opens_at > now:
        date, time = i18n.date_long(opening.opens_at), i18n.clock_time(opening.opens_at)
        return str(_("It opens %(date)s %(clock)s.", date=date, clock=time))
    return str(_("It ended %(date)s.", date=i18n.date_long(opening.closes_at)))


def public_lines(session: Session) -> list[str]:
    """The municipality's own published lines, such as the phone number that anybody may quote."""

    def read() -> list[str]:
        municipality = queries.municipality(session)
        return list(municipality.public_lines) if municipality else []

    return _lines.get_or((database_of(session), version_seen(session)), read)


def version_seen(session: Session) -> int:
    """The version that this session, or before it the request, went by when it asked for openings.

    Not one that another session has seen: with that number, what is read here could be kept as newer than it is.
    """
    seen: int | None = session.info.get("process_version", g.get("site_version"))
    return topics.version_of(session, queries.TOPIC) if seen is None else seen


def database_of(session: Session) -> Engine:
    """Which database a session talks to: what is kept in memory must not pass from one to another."""
    return session.get_bind().engine
