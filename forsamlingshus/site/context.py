"""What every page shows around its content: navigation, municipality and the demo banner."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask, g, request
from sqlalchemy.orm import Session

from forsamlingshus.kernel import clock, db, permissions
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.permissions import Who
from forsamlingshus.kernel.web import NavItem
from forsamlingshus.process import phases
from forsamlingshus.site import queries
from forsamlingshus.site.queries import Frame

Chapter = Callable[[Session], str]
"""The chapter that a demo shows, or an empty string; the demo lies above the site, so the wiring hands it in."""


@dataclass(frozen=True, slots=True)
class Demo:
    """What the banner tells: the demo's date, and its chapter."""

    moment: datetime
    chapter: str


def init(app: Flask, chapter: Chapter) -> None:
    """Give every template the site's frame."""
    app.context_processor(lambda: _frame(chapter))


def _frame(chapter: Chapter) -> dict[str, Any]:
    session = db.session()
    frame = queries.frame(session, phases.version_seen(session), chapter)
    now = clock.now()
    return {
        "nav": marked(nav(frame, now), g.get("section") or request.path),
        "work_nav": marked(work_nav(permissions.who()), request.path),
        "demo": Demo(clock.local(now), frame.chapter) if frame.chapter else None,
        "municipality": frame.municipality,
    }


def nav(frame: Frame, now: datetime) -> list[NavItem]:
    """The sections that exist at `now`: nothing leads to an empty page."""
    if frame.year is None:
        return []
    year = f"/budget/{frame.year}"
    published = frame.published_at is not None and frame.published_at <= now
    return [
        NavItem(f"Budget {frame.year}", year),
        *([NavItem(_("Themes"), f"{year}/temaer")] if frame.has_workshops else []),
        *([NavItem(_("Citizen meeting"), f"{year}/borgermoede")] if frame.has_meeting else []),
        *([NavItem(_("Catalogue"), f"{year}/katalog")] if published else []),
    ]


def work_nav(who: Who) -> list[NavItem]:
    """What staff and facilitators work with."""
    items = []
    if who.is_staff or who.is_facilitator:
        items = [NavItem(_("Meeting control"), "/styring"), NavItem(_("Moderation"), "/arbejde/moderation")]
    if who.is_staff:
        items += [NavItem(_("Input"), "/arbejde/input"), NavItem(_("Proposals"), "/arbejde/forslag")]
    return items


def marked(items: list[NavItem], path: str) -> list[NavItem]:
    """The items with the one marked that `path` lies in: the longest address that it begins with."""
    inside = [item.url for item in items if path == item.url or path.startswith(f"{item.url}/")]
    here = max(inside, key=len, default=None)
    return [NavItem(item.title, item.url, item.url == here) for item in items]
