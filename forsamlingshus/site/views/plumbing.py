"""What programs ask for: robots, sitemap, contacts, reports of blocked content, and whether we are well."""

import json
import logging
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import Response, current_app, render_template, request

from forsamlingshus.kernel import clock, db, web
from forsamlingshus.kernel.limits import Limit, network
from forsamlingshus.kernel.permissions import PUBLIC, access
from forsamlingshus.kernel.web import without_csrf
from forsamlingshus.process import queries as process
from forsamlingshus.site import checks, queries
from forsamlingshus.site.views.base import blueprint
from forsamlingshus.site.views.texts import PAGES

log = logging.getLogger(__name__)

REPORTS = Limit("csp", 20, 1)
"""Reports of one address in a minute; a broken browser extension sends thousands."""
REPORT_MAX = 8_192
"""Bytes of one report that are read."""
WALLS = "/storskaerm/"
PRIVATE = ("/arbejde/", "/styring", "/min-side", "/log-ind", "/opret", "/csp", WALLS)


@blueprint.get("/robots.txt")
@access(PUBLIC)
def robots() -> Response:
    """Everything public may be indexed."""
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in PRIVATE),
        "",
        f"Sitemap: {web.origin()}/sitemap.xml",
        "",
    ]
    return _plain("\n".join(lines))


@blueprint.get("/sitemap.xml")
@access(PUBLIC)
def sitemap() -> Response:
    """The pages that lead to all others."""
    session, now = db.session(), clock.now()
    paths = ["/", *(f"/{name}" for name in PAGES)]
    budget_year = process.current_year(session)
    if budget_year is not None:
        overview = queries.overview(session, budget_year, now)
        paths += [budget_year.path, f"{budget_year.path}/tidsplan"]
        paths += [overview.meeting.path] if overview.meeting else []
        paths += [f"{budget_year.path}/temaer"] if overview.workshops else []
        paths += [workshop.path for workshop in overview.workshops]
        paths += [f"{budget_year.path}/katalog"] if queries.is_public(overview.course, now) else []
    page = render_template("site/sitemap.xml", site=web.origin(), paths=paths)
    return Response(page, content_type="application/xml; charset=utf-8")


@blueprint.get("/humans.txt")
@access(PUBLIC)
def humans() -> Response:
    """Who stands behind the site."""
    municipality = process.municipality(db.session())
    name = municipality.name if municipality else "Forsamlingshuset"
    lines = [f"Site: {name}", f"Contact: {web.origin()}/kontakt", "Language: Danish, English", "Doctype: HTML5"]
    lines += ["Software: Forsamlingshuset (MPL-2.0)", "Components: Flask, SQLAlchemy, dkfds, IBM Plex Sans", ""]
    return _plain("\n".join(lines))


@blueprint.get("/.well-known/security.txt")
@access(PUBLIC)
def security_contact() -> Response:
    """Where to report a weakness (RFC 9116); renewed with every reading, so it never expires unnoticed."""
    municipality = process.municipality(db.session())
    contact = f"mailto:{municipality.email}" if municipality and municipality.email else f"{web.origin()}/kontakt"
    expires = (clock.machine_now() + timedelta(days=180)).strftime("%Y-%m-%dT00:00:00Z")
    lines = [f"Contact: {contact}", f"Expires: {expires}", "Preferred-Languages: da, en"]
    return _plain("\n".join([*lines, f"Canonical: {web.origin()}/.well-known/security.txt", ""]))


@blueprint.post("/csp")
@access(PUBLIC)
@without_csrf
def csp_report() -> tuple[str, int]:
    """Take a browser's report of blocked content: one short line in the log, and never more than a few a minute."""
    if not REPORTS.wait(network(request.remote_addr)):
        body = request.stream.read(REPORT_MAX)
        log.warning("blocked content: %s", _short(body))
    return "", 204


def health_alone() -> Response | None:
    """The role live takes sockets: pages are served, and written to, in the role web."""
    if request.endpoint in {"site.healthz", "site.readyz"}:
        return None
    return Response("This process takes live connections alone.\n", 404, mimetype="text/plain")


@blueprint.get("/healthz")
@access(PUBLIC)
def healthz() -> Response:
    """The process answers."""
    return _plain("ok\n")


@blueprint.get("/readyz")
@access(PUBLIC)
def readyz() -> tuple[Response, int]:
    """The process can serve: database, migrations, data folder, disk. Which of them fails is said in the log alone."""
    failed = [check for check in checks.ready(current_app.config["SETTINGS"]) if not check.ok]
    for check in failed:
        log.error("not ready: %s: %s", check.name, check.found)
    return (_plain("not ready\n"), 503) if failed else (_plain("ok\n"), 200)


def _short(body: bytes) -> str:
    """Directive, blocked host and page of a report, without queries; strangers write it, so its letters are sifted."""
    try:
        report: Any = json.loads(body)
        found = report["csp-report"] if isinstance(report, dict) else report[0]["body"]
        directive = str(found.get("effective-directive") or found.get("effectiveDirective") or "")
        blocked = str(found.get("blocked-uri") or found.get("blockedURL") or "")
        page = str(found.get("document-uri") or found.get("documentURL") or "")
        line = f"{directive} {urlsplit(blocked).hostname or blocked} at {_without_key(urlsplit(page).path)}"
    except (ValueError, LookupError, AttributeError, TypeError, RecursionError):
        line = "unreadable report"
    return "".join(letter for letter in line if letter.isascii() and letter.isprintable())[:200]


def _without_key(path: str) -> str:
    """The address of a wall's page is its key, which no log may hold."""
    return f"{WALLS}..." if path.lower().startswith(WALLS) else path


def _plain(text: str) -> Response:
    return Response(text, content_type="text/plain; charset=utf-8")
