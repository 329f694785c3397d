"""What other pages show of the inputs."""

from types import SimpleNamespace

import pytest

from forsamlingshus.discussions.events import PostShown
from forsamlingshus.inputs import live
from forsamlingshus.kernel import clock
from forsamlingshus.kernel.db import transaction
from forsamlingshus.kernel.sender import Change
from tests.discussions.test_live import deliver, heard, listener
from tests.queries import counted


def thread(number=1):
    return SimpleNamespace(id=number)


def workshop(collecting):
    return SimpleNamespace(theme_id=collecting.theme.id, year=2024)


def test_post_slot_links_to_the_quote_page_without_a_query(app, collecting):
    html = []
    post = SimpleNamespace(id=3, contribution_id=7)
    assert counted(app, lambda: html.append(live.post_slot(post))) == 0
    assert 'href="/arbejde/input/citat/7"' in html[0]


def test_thread_slot_shows_inputs_that_quote_it_and_no_others(collecting):
    assert live.thread_slot(thread()) == ""
    row, other = collecting.input("Herfra"), collecting.input("Andetsteds")
    collecting.quote(row, collecting.said(topic="thread:1"))
    collecting.quote(other, collecting.said(topic="thread:2"))
    html = live.thread_slot(thread())
    assert "Herfra" in html
    assert row.path in html
    assert "Andetsteds" not in html


def test_thread_slot_names_a_proposal_only_once_it_is_public(collecting, at):
    row = collecting.input()
    collecting.quote(row, collecting.said())
    at("2023-08-21T11:59:00+02:00")
    opening = clock.now().replace(second=59, microsecond=999999)
    collecting.use(row, 17, title="Svømmehal", public_from=opening)
    assert "Svømmehal" not in live.thread_slot(thread())
    at("2023-08-21T12:00:00+02:00")
    assert "Svømmehal" in live.thread_slot(thread())


def test_thread_slot_is_silent_about_a_hidden_post(collecting):
    said, row = collecting.said(), collecting.input()
    collecting.quote(row, said)
    assert live.thread_slot(thread()) != ""
    with transaction() as session:
        session.get_one(type(said), said.id).public = False
    assert live.thread_slot(thread()) == ""


def test_workshop_slot_counts_used_and_not_used_of_its_theme(collecting, build):
    assert live.workshop_slot(workshop(collecting)) == ""
    collecting.said("Andet tema", theme=build.theme(collecting.year, slug="groen"))
    collecting.said("Skjult", public=False)
    collecting.said("Ubrugt")
    collecting.quote(collecting.input(), collecting.said())
    html = " ".join(live.workshop_slot(workshop(collecting)).split())
    assert "<dt>Brugt i input</dt> <dd>1 bidrag</dd> <dt>Ikke brugt endnu</dt> <dd>1 bidrag</dd>" in html


# ------------------------------------------------------------- the board


@pytest.fixture
def pushed(app, monkeypatch):
    """What is handed to the sender."""
    changes = []
    monkeypatch.setattr(app.extensions["forsamlingshus.sender"], "push", changes.extend)
    return changes


TOPICS = ("contributions:2024", "inputs:2024")


def shown(version=1):
    return PostShown(
        post_id=1,
        thread_id=1,
        version=1,
        forum_id=1,
        forum_version=1,
        budget_year=2024,
        said_version=version,
        posts=1,
        people=1,
    )


def test_a_new_post_reaches_the_boards_of_its_year_without_its_words(app, collecting, staff, pushed):
    board, answer = listener(app, "contributions:2024", staff)
    older, older_answer = listener(app, "contributions:2023", staff)
    assert answer["ok"] and older_answer["ok"]
    live.on_said(shown())
    deliver(app, pushed)
    (message,) = heard(board)
    assert message["changes"] == [{"action": "refresh", "target": "contributions:2024", "parent": "", "html": ""}]
    assert heard(older) == []


def test_every_act_of_collecting_reaches_the_other_boards(app, collecting, staff, pushed):
    board, answer = listener(app, "inputs:2024", staff)
    said_only, _answer = listener(app, "contributions:2024", staff)
    assert answer["ok"]
    row = collecting.input()
    quote = collecting.quote(row, collecting.said())
    collecting.unquote(quote)
    assert [change.topic for change in pushed if change.topic in TOPICS] == ["inputs:2024"] * 3
    deliver(app, [change for change in pushed if change.topic in TOPICS])
    assert [(message["first"], message["last"]) for message in heard(board)] == [(1, 3)]
    assert heard(said_only) == []


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("roles", [None, [], ["council"], ["admin"]])
def test_boards_are_closed_to_everybody_but_staff(app, collecting, staff, topic, roles):
    assert listener(app, topic, staff)[1]["ok"] is True
    client = app.test_client()
    if roles is not None:
        client.log_in(collecting.build.user(roles=roles))
    socket, answer = listener(app, topic, client)
    assert answer == {"ok": False}
    deliver(app, [Change(topic, 9, "refresh", topic)])
    assert heard(socket) == []
