"""The route list is a file: a new route without a declared access, or one that nobody wrote down, fails."""

import json
import re
from datetime import timedelta

import pytest

from forsamlingshus.kernel import clock, permissions
from forsamlingshus.kernel.db import transaction
from forsamlingshus.meetings import actions as meetings
from forsamlingshus.process import queries as process
from tests.contracts.routes import FILE, routes

KEPT = json.loads(FILE.read_text(encoding="utf-8"))
NO_TOKEN_NEEDED = {
    "site.csp_report": "browsers send reports without a token; it only logs a line",
    "accounts.log_in_from_box": "carries a draft to the log-in page and changes nothing",
    "accounts.create_from_box": "carries a draft to the sign-up page and changes nothing",
}
ARGUMENTS = {"int": "1", "string": "x", "default": "x", "path": "x"}
FIXED = {"/robots.txt", "/sitemap.xml", "/humans.txt", "/.well-known/security.txt"}


def address(rule):
    """An address of the route with made-up arguments."""
    return re.sub(r"<(?:(\w+)(?:\([^)]*\))?:)?\w+>", lambda found: ARGUMENTS[found.group(1) or "default"], rule)


def test_route_list_is_what_the_app_has(app):
    assert routes(app) == KEPT


def test_every_route_declares_its_access(app):
    undeclared = [name for name, route in routes(app).items() if route["access"] not in permissions.ACCESS]
    assert undeclared == []


def test_paths_are_danish_words_without_special_letters(app):
    words = re.compile(
        r"(/([a-z0-9-]+(\.[a-z]+)?|<(int|string):\w+>(-<(int|string):\w+>|-<\w+>)?(\.\w+)?|<\w+>(\.\w+)?))*/?"
    )
    odd = [rule.rule for rule in app.url_map.iter_rules() if rule.rule not in FIXED and not words.fullmatch(rule.rule)]
    assert odd == []


def test_exceptions_from_the_token_are_the_known_ones(app):
    assert {route["endpoint"] for route in routes(app).values() if route.get("no_csrf")} == set(NO_TOKEN_NEEDED)


WRITES = [(name, route) for name, route in KEPT.items() if "POST" in route["methods"]]


@pytest.mark.parametrize(("name", "route"), WRITES, ids=[name for name, _route in WRITES])
def test_write_without_token_is_refused(app, build, name, route):
    """Refused as somebody who passes the access: the token alone stands in the way."""
    if route["endpoint"] in NO_TOKEN_NEEDED:
        pytest.skip(NO_TOKEN_NEEDED[route["endpoint"]])
    client = app.test_client()
    if route["access"] != "public":
        client.log_in(build.user(roles=["staff", "admin"]))
    answer = client.post(address(name.split()[0]), data={"body": "Bevar mine ord"})
    assert answer.status_code == 400
    assert "Bevar mine ord" in answer.get_data(as_text=True)


@pytest.mark.parametrize(("name", "route"), WRITES, ids=[name for name, _route in WRITES])
def test_write_by_nobody_changes_nothing(client, name, route):
    if route["access"] == "public":
        pytest.skip("open to everybody")
    answer = client.post(address(name.split()[0]), data={"csrf_token": client.token()})
    assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (303, "/log-ind")


@pytest.fixture
def guest(client, session, build):
    """A guest of a meeting that goes on."""
    build.year()
    now = clock.now()
    with transaction() as session:
        meeting = meetings.add_meeting(
            session,
            budget_year=process.year_of(session, 2024),
            slug="borgermoede",
            title_da="Borgermøde",
            title_en="Citizen meeting",
            starts_at=now - timedelta(hours=1),
            ends_at=now + timedelta(hours=1),
            place="Rådhuset",
        )
    client.join(meeting)
    return client


@pytest.mark.parametrize(("name", "route"), WRITES, ids=[name for name, _route in WRITES])
def test_write_by_a_guest_needs_the_token_where_guests_may_write_and_is_refused_elsewhere(guest, name, route):
    path = address(name.split()[0])
    if route["access"] == "writer":
        assert guest.post(path, data={"body": "Mine ord"}).status_code == 400
    elif route["access"] != "public":
        answer = guest.post(path, data={"csrf_token": guest.token("/gaest")})
        assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (303, "/log-ind")
        fetched = guest.post(path, headers={"X-Requested-With": "fetch"})
        assert fetched.status_code == 403
    else:
        pytest.skip("open to everybody")


READS = [(n, r) for n, r in KEPT.items() if "GET" in r["methods"] and r["access"] not in {"public", "writer"}]


@pytest.mark.parametrize(("name", "route"), READS, ids=[name for name, _route in READS])
def test_pages_of_accounts_lead_a_guest_to_log_in(guest, name, route):
    answer = guest.get(address(name.split()[0]))
    assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (303, "/log-ind")


GUARDED = [(name, route) for name, route in KEPT.items() if route["access"] in {"staff", "scoped", "admin"}]


@pytest.mark.parametrize(("name", "route"), GUARDED, ids=[name for name, _route in GUARDED])
@pytest.mark.parametrize("roles", [(), ("council",), ("admin",)], ids=["citizen", "council", "admin"])
def test_work_pages_are_closed_to_other_roles(app, build, name, route, roles):
    if route["access"] == "admin" and "admin" in roles:
        pytest.skip("an administrator's page")
    client = app.test_client()
    client.log_in(build.user(roles=roles))
    path = address(name.split()[0])
    if "GET" in route["methods"]:
        assert client.get(path).status_code == 403
    if "POST" in route["methods"]:
        assert client.send(path, token_from="/min-side/indstillinger").status_code == 403
