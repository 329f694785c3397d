"""What programs ask for."""

import json
import logging
from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest

from forsamlingshus.kernel.db import transaction
from forsamlingshus.process import actions as process
from forsamlingshus.site import checks
from forsamlingshus.site.checks import Check

SITE = "http://127.0.0.1:8000"


def plain(client, path):
    answer = client.get(path)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/plain; charset=utf-8")
    return answer.get_data(as_text=True)


def test_robots_keeps_out_of_the_workspace_and_finds_the_sitemap(client):
    lines = plain(client, "/robots.txt").splitlines()
    assert "Disallow: /arbejde/" in lines
    assert f"Sitemap: {SITE}/sitemap.xml" in lines


def locations(client):
    answer = client.get("/sitemap.xml")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/xml; charset=utf-8")
    tree = ElementTree.fromstring(answer.data)
    return [
        element.text.removeprefix(SITE) for element in tree.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")
    ]


def test_sitemap_of_an_empty_instance_has_the_texts(client):
    found = locations(client)
    assert found[:2] == ["/", "/hjaelp"]
    assert len(found) == 9


def test_every_address_of_the_sitemap_answers(client, whole, at):
    at("2023-08-21T08:59:00+02:00")
    before = locations(client)
    assert "/budget/2024/katalog" not in before
    at("2023-08-21T09:00:00+02:00")
    found = locations(client)
    assert set(found) - set(before) == {"/budget/2024/katalog"}
    assert "/budget/2024/temaer/trivsel" in found
    assert [path for path in found if client.get(path).status_code != 200] == []


def test_humans_names_the_municipality(client, session):
    with transaction() as writing:
        process.set_municipality(writing, name="Albertslund Kommune")
    assert "Site: Albertslund Kommune" in plain(client, "/humans.txt")


def test_security_contact_is_valid_and_not_expired(client, session):
    assert f"Contact: {SITE}/kontakt" in plain(client, "/.well-known/security.txt")
    with transaction() as writing:
        process.set_municipality(writing, name="Albertslund Kommune", email="it@example.org")
    lines = dict(line.split(": ", 1) for line in plain(client, "/.well-known/security.txt").splitlines())
    assert lines["Contact"] == "mailto:it@example.org"
    assert 0 < (datetime.fromisoformat(lines["Expires"]) - datetime.now(UTC)).days < 366


REPORT = {
    "csp-report": {
        "effective-directive": "script-src-elem",
        "blocked-uri": "https://evil.example/x.js?session=secret",
        "document-uri": "http://127.0.0.1:8000/budget/2024?token=secret",
    }
}


def report(client, body, **kwargs):
    answer = client.post("/csp", data=body, content_type="application/csp-report", **kwargs)
    assert (answer.status_code, answer.data) == (204, b"")


def test_report_is_one_short_line_without_queries(client, caplog):
    with caplog.at_level(logging.WARNING, "forsamlingshus.site"):
        report(client, json.dumps(REPORT))
    assert caplog.messages == ["blocked content: script-src-elem evil.example at /budget/2024"]


@pytest.mark.parametrize(
    "body",
    [
        "",
        "nej",
        "[]",
        "{}",
        "null",
        "7",
        '{"csp-report": 7}',
        '[{"body": {"blockedURL": "http://[x"}}]',
        "[" * 5000,
        "\xff",
    ],
)
def test_unreadable_report_is_taken_calmly(client, caplog, body):
    with caplog.at_level(logging.WARNING, "forsamlingshus.site"):
        report(client, body)
    assert caplog.messages == ["blocked content: unreadable report"]


def test_report_cannot_forge_lines_of_the_log(client, caplog):
    body = {"csp-report": {"effective-directive": "x\nERROR forged\x1b[31m " + "y" * 500, "blocked-uri": "inline"}}
    with caplog.at_level(logging.WARNING, "forsamlingshus.site"):
        report(client, json.dumps(body))
    (line,) = caplog.messages
    assert line.startswith("blocked content: xERROR forged[31m yyy")
    assert (len(line) <= 220, line.isprintable()) == (True, True)


def test_flood_of_reports_is_not_logged(client, caplog):
    with caplog.at_level(logging.WARNING, "forsamlingshus.site"):
        for _ in range(50):
            report(client, json.dumps(REPORT))
    assert len(caplog.messages) == 20


def test_healthz_answers(client):
    assert plain(client, "/healthz") == "ok\n"


def test_readyz_says_no_more_than_that_something_is_wrong(client, monkeypatch, caplog):
    bad = Check("database", ok=False, found="password=hunter2", mend="x")
    monkeypatch.setattr(checks, "ready", lambda _settings: [bad])
    answer = client.get("/readyz")
    assert (answer.status_code, answer.data) == (503, b"not ready\n")
    monkeypatch.setattr(checks, "ready", lambda _settings: [Check("database", ok=True, found="sqlite")])
    answer = client.get("/readyz")
    assert (answer.status_code, answer.data) == (200, b"ok\n")
