"""What stands in the log after every route was asked by everybody: no addresses, tokens, passwords or CPR numbers."""

import io
import logging
import re

import pytest
from flask.sessions import SecureCookieSessionInterface

from forsamlingshus.accounts.actions import token_hash
from forsamlingshus.kernel import logs
from tests.builders import PASSWORD
from tests.contracts import matrix

CPR = "140245-5019"  # a made-up number: born in a year to come
TYPED = f"Mit nummer er {CPR}, skriv til skjult@example.dk"
WRONG = "et forkert kodeord"
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.\w+")
NUMBER = re.compile(r"\d{6}-?\d{4}")


def leaks(text, secrets):
    """The kinds of what must not stand in a log."""
    found = {kind for kind, values in secrets.items() if any(value and value in text for value in values)}
    return found | ({"address"} if ADDRESS.search(text) else set()) | ({"cpr"} if NUMBER.search(text) else set())


@pytest.fixture(autouse=True)
def clean():
    """The scene stays from test to test."""


@pytest.fixture
def secrets(app, scene):
    reader = SecureCookieSessionInterface().get_signing_serializer(app)
    cookies = [cookie for cookie, _token in scene.cookies.values()]
    tokens = [reader.loads(cookie).get("_user_id") for cookie in cookies]
    assert sum(map(bool, tokens)) == len(scene.cookies) - 1
    return {
        "cookie": cookies,
        "token": tokens,
        "hash": [token_hash(token) for token in tokens if token],
        "csrf": [token for _cookie, token in scene.cookies.values()],
        "password": [PASSWORD, WRONG],
    }


@pytest.fixture
def written():
    """What the process logs, as the production log and as the plain library would write it."""
    ours, plain = logging.StreamHandler(io.StringIO()), logging.StreamHandler(io.StringIO())
    ours.setFormatter(logs.OneLine(logs.FORMAT))
    root, package = logging.getLogger(), logging.getLogger("forsamlingshus")
    levels = root.level, package.level
    root.setLevel(logging.INFO)
    package.setLevel(logging.INFO)
    root.addHandler(ours)
    root.addHandler(plain)
    yield ours.stream, plain.stream
    root.removeHandler(ours)
    root.removeHandler(plain)
    root.setLevel(levels[0])
    package.setLevel(levels[1])


def test_sweep_finds_what_is_planted(secrets, written):
    _ours, plain = written
    log = logging.getLogger("forsamlingshus.kernel.web")
    for kind, values in secrets.items():
        for value in filter(None, values):
            plain.truncate(0)
            log.info("asked with %s", value)
            assert kind in leaks(plain.getvalue(), secrets)
    for kind, value in (("address", "skjult@example.dk"), ("cpr", CPR)):
        plain.truncate(0)
        log.info("typed %s", value)
        assert leaks(plain.getvalue(), secrets) == {kind}


def test_every_route_asked_by_everybody_leaves_no_personal_data(scene, secrets, written):
    ours, plain = written
    for row in matrix.rows():
        form = {**matrix.FORMS.get(row.endpoint, {}), "body": TYPED, "note": TYPED, "name": CPR}
        if row.endpoint == "accounts.check_log_in":
            form = {"email": scene.users["citizen"].email, "password": WRONG}
        for role in ("nobody", "citizen", "staff"):
            scene.ask(role, row.method, row.path, form)
            if row.method == "POST":
                scene.put_back()
    assert "log-in refused" in plain.getvalue()
    assert leaks(plain.getvalue(), secrets) == set()
    assert leaks(ours.getvalue(), secrets) == set()


def test_fault_in_every_view_is_one_line_without_what_was_typed(app, scene, secrets, written, monkeypatch):
    """A fault's words may quote the person; the log neither does so nor grows by more than a line."""
    ours, plain = written
    views = [rule.endpoint for rule in app.url_map.iter_rules() if "GET" in rule.methods]
    asked = [row for row in matrix.rows() if row.method == "GET" and row.endpoint in views]

    def broken(**_arguments):
        raise RuntimeError(f"can't read\n{TYPED}")

    broken.access = "public"
    for row in asked:
        with monkeypatch.context() as patch:
            patch.setitem(app.view_functions, row.endpoint, broken)
            assert scene.ask("citizen", "GET", row.path) == "500", row
    assert leaks(plain.getvalue(), secrets) == {"address", "cpr"}
    assert leaks(ours.getvalue(), secrets) == set()
    faults = [line for line in ours.getvalue().splitlines() if "fault" in line]
    assert len(faults) == len(asked) == len(ours.getvalue().splitlines())
