"""The published lists of open redirects, through every place that takes an address to go on to."""

import os
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest

from forsamlingshus.kernel.addresses import own_path
from tests.accounts.helpers import CREATE
from tests.builders import PASSWORD

FOLDER = os.environ.get("CORPORA")
HOME = "https://forsamlingshus.example"

pytestmark = pytest.mark.skipif(not FOLDER, reason="CORPORA names no folder of test data")


def lines():
    """Each line of each list, as it stands: blanks are part of a case."""
    found = []
    for path in sorted((Path(FOLDER) / "open-redirect").glob("*.txt")) if FOLDER else []:
        found += [line.decode("utf-8", "replace") for line in path.read_bytes().split(b"\n") if line]
    return found


def host_of(location):
    """Where a browser goes from the log-in page: it drops tabs and line breaks, and reads a backslash as a slash."""
    read = location.strip("\x00\x20").replace("\t", "").replace("\n", "").replace("\r", "").replace("\\", "/")
    return urlsplit(urljoin(f"{HOME}/log-ind", read))


def test_lists_are_there_and_would_lead_astray():
    cases = lines()
    assert len(cases) > 100
    hosts = {host_of(case).netloc for case in cases if not case.startswith("/%")}
    assert len(hosts - {"forsamlingshus.example"}) > 3


def test_own_path_keeps_every_line_at_home():
    for case in lines():
        for target in (case, f"/{case}", case.strip()):
            kept = host_of(own_path(target) or "/")
            assert (kept.scheme, kept.netloc) == ("https", "forsamlingshus.example"), target


@pytest.fixture
def cheap(monkeypatch):
    """A log-in for each line: the cost of a hash is another test's matter."""
    from argon2 import PasswordHasher

    from forsamlingshus.accounts import passwords

    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def account(cheap, build):
    return build.user()


def test_log_in_leads_home_for_every_line(app, account):
    for case in lines():
        given = {"email": account.email, "password": PASSWORD, "next": case}
        answer = app.test_client().send("/log-ind", given)
        assert answer.status_code == 303, case
        kept = host_of(answer.headers["Location"])
        assert (kept.scheme, kept.netloc) == ("https", "forsamlingshus.example"), case


def test_log_in_page_hands_on_only_own_paths(client):
    for case in lines():
        page = client.get("/log-ind", query_string={"next": case})
        assert page.status_code == 200, case
        posted = client.post("/log-ind/fra-debat", data={"next": case, "box": "thread:1", "body": "Ord"})
        assert posted.status_code == 200, case
        for html in (page, posted):
            hidden = html.get_data(as_text=True).partition('name="next" value="')[2].partition('"')[0]
            assert host_of(hidden or "/").netloc == "forsamlingshus.example", case


def test_new_account_leads_home(app, cheap, build):
    for number, case in enumerate(lines()[:40]):
        given = CREATE | {"email": f"nr{number}@example.org", "name": f"Nummer {number}", "next": case}
        answer = app.test_client().send("/opret", given, environ_base={"REMOTE_ADDR": f"192.0.2.{number}"})
        assert answer.status_code == 303, case
        assert host_of(answer.headers["Location"]).netloc == "forsamlingshus.example", case


def test_saved_draft_leads_home(client, account):
    client.log_in(account)
    token = client.token("/min-side")
    for case in lines():
        given = {"csrf_token": token, "box": "thread:1", "path": case, "body": "Ord"}
        answer = client.post("/min-side/kladder/gem", data=given)
        if answer.status_code == 303:
            assert host_of(answer.headers["Location"]).netloc == "forsamlingshus.example", case
        else:
            assert answer.status_code == 400, case
