"""Jumping from one chapter of the demo to another, in a serving process."""

from datetime import timedelta

import pytest

from forsamlingshus.demo import loader, queries, texts
from forsamlingshus.demo.loader import cast
from forsamlingshus.kernel import clock, limits
from tests.demo.conftest import rows
from tests.demo.test_commands import versions

TEXTS = texts.read()


def email(account):
    return f"{account}@{cast.DOMAIN}"


@pytest.fixture
def enter(app, meeting_night):
    """A browser in which an account of the demo is logged in."""
    limits.forget_all()

    def enter(account):
        client = app.test_client()
        assert client.log_in(email(account), meeting_night.password).status_code == 303
        return client

    return enter


@pytest.fixture
def drawn(app, monkeypatch):
    asked = []
    monkeypatch.setattr(app.extensions["forsamlingshus.jobs"], "run", lambda *job: asked.append(job))
    return asked


def jump(client, chapter):
    return client.send("/demo/kapitel", {"chapter": chapter}, token_from="/min-side/indstillinger")


def test_staff_jump_and_everything_is_new(enter, meeting_night, client, session, drawn):
    staff, before = enter("medarbejder"), versions(session)
    page = staff.get("/demo").get_data(as_text=True)
    assert page.count('name="chapter"') == 2 and "flask demo load" not in page
    assert jump(staff, "efter-moedet").status_code == 303
    session.rollback()
    session.expire_all()
    assert queries.chapter(session) == "efter-moedet"
    assert abs(clock.now() - TEXTS.moment("efter-moedet")) < timedelta(minutes=2)
    after = versions(session)
    assert all(after[name] > version for name, version in before.items())
    assert {name for name, _deck in drawn} == {"render_deck"} and len(drawn) == 5
    assert staff.get("/arbejde/input").status_code == 303  # the log-in belonged to the chapter before
    assert client.get("/budget/2024/borgermoede/referat").status_code == 200
    assert client.log_in(email("medarbejder"), meeting_night.password).status_code == 303


@pytest.mark.parametrize("account", ["borger", "facilitator", "byraad"])
def test_others_read_the_command_and_may_not_jump(enter, session, account):
    person = enter(account)
    page = person.get("/demo").get_data(as_text=True)
    assert 'name="chapter"' not in page and "flask demo load --chapter efter-moedet" in page
    before = rows(session, but={"login_session"})
    assert jump(person, "efter-moedet").status_code == 403
    assert rows(session, but={"login_session"}) == before


def test_nobody_jumps_without_a_log_in(enter, client, session):
    assert client.get("/demo").status_code == 200
    assert client.post("/demo/kapitel", data={"chapter": "katalog"}).status_code == 303
    assert queries.chapter(session) == "borgermoede"


def test_the_same_chapter_again_and_nonsense_change_nothing(enter, session):
    admin = enter("admin")
    before = rows(session, but={"login_session"})
    assert jump(admin, "borgermoede").headers["Location"] == "/demo"
    assert jump(admin, "findes-ikke").status_code == 404
    assert rows(session, but={"login_session"}) == before


def test_a_jump_that_fails_leaves_chapter_and_clock(enter, session, monkeypatch):
    admin = enter("admin")
    before = rows(session, but={"login_session"})

    def fail(*args, **kwargs):
        clock.start_at(TEXTS.moment("katalog"))
        raise RuntimeError("disk full")

    monkeypatch.setattr(loader, "load", fail)
    assert jump(admin, "katalog").status_code == 500
    assert rows(session, but={"login_session"}) == before
    assert abs(clock.now() - TEXTS.moment("borgermoede")) < timedelta(minutes=2)


def test_a_real_instance_has_no_such_page(client, build):
    user = build.user(roles=["staff"])
    assert client.get("/demo").status_code == 404
    client.log_in(user)
    assert client.send("/demo/kapitel", {"chapter": "katalog"}).status_code == 404
