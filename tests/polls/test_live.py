"""Reach and silence: what travels of a poll, to whom, and that nothing of its result does before it is closed."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from forsamlingshus.contributions import actions as contributions
from forsamlingshus.contributions.models import Contribution, FateKind
from forsamlingshus.inputs import actions as inputs
from forsamlingshus.kernel import permissions
from forsamlingshus.kernel.db import transaction
from forsamlingshus.polls import actions
from forsamlingshus.polls.models import topic_of
from forsamlingshus.process.models import Theme
from forsamlingshus.stages import actions as stage_actions
from forsamlingshus.stages import rules as stages
from forsamlingshus.stages.models import Mode
from tests.polls.conftest import QUESTION
from tests.stages.conftest import heard


@pytest.fixture
def hearers(app, polls, listener, deliver):
    """A phone, a control view and a wall of the plenary, and the phones of a workshop."""
    stage, room = polls.stage, polls.room
    with app.app_context():
        proof = permissions.seal(stages.proof_of(stage))
    found = {
        "phone": listener(topic_of(stage.id)),
        "control": listener(stage.control_topic, polls.client("host")),
        "wall": listener(stage.hall_topic, proof=proof),
        "elsewhere": listener(topic_of(room.id)),
    }
    assert all(answer["ok"] for _socket, answer in found.values())
    deliver()

    def hear():
        deliver()
        return {name: heard(socket) for name, (socket, _answer) in found.items()}

    hear()
    return hear


def test_draft_travels_to_those_who_steer_alone(polls, hearers):
    polls.make()
    heard_now = hearers()
    assert QUESTION in heard_now.pop("control")
    assert set(heard_now.values()) == {""}


def test_opening_and_closing_reach_phones_control_and_wall_of_this_stage_alone(polls, hearers):
    poll = polls.make()
    hearers()
    polls.do(actions.open_poll, poll)
    now = hearers()
    assert all(QUESTION in now[name] for name in ("phone", "control", "wall")) and now["elsewhere"] == ""
    assert "Send dit svar" in now["phone"] and "Svar på din telefon" in now["wall"]
    polls.answer(poll)
    hearers()
    polls.close(poll)
    now = hearers()
    assert "fh-bars" in now["phone"] and "fh-bars" in now["wall"] and now["elsewhere"] == ""
    assert "Lukket" in now["control"]


def test_answer_moves_a_number_and_tells_nobody_what_it_was(polls, hearers):
    poll = polls.opened()
    hearers()
    # There is something to hear: two answers that count otherwise, and of which everybody hears the same.
    for words, who, weights in (("1 svar", "citizen", [1, 0, 0]), ("2 svar", "neighbour", [0, 1, 0])):
        polls.answer(poll, who, weights)
        assert hearers() == {"phone": words, "control": words, "wall": words, "elsewhere": ""}


def test_wall_that_shows_something_else_hears_nothing_of_answers(polls, hearers):
    poll = polls.opened()
    polls.steer(stage_actions.set_mode, mode=Mode.SLIDE)
    hearers()
    polls.answer(poll)
    assert hearers()["wall"] == ""


def test_changed_answer_moves_nothing(polls, hearers):
    poll = polls.opened()
    polls.answer(poll, "citizen", [1, 0, 0])
    assert hearers()["phone"]
    polls.answer(poll, "citizen", [0, 0, 1])
    assert set(hearers().values()) == {""}


def test_what_travels_knows_no_viewer(polls, hearers):
    poll = polls.make()
    hearers()
    polls.do(actions.open_poll, poll)
    html = hearers()["phone"]
    assert " checked" not in html and "csrf" not in html and "Du har svaret" not in html


@pytest.mark.parametrize("name", ["nobody", "citizen", "rival", "host", "staff"])
def test_everybody_may_follow_the_polls_of_a_stage_that_exists(polls, listener, name):
    client = polls.client(name)
    assert listener(topic_of(polls.stage.id), client)[1]["ok"]
    assert not listener(topic_of(999), client)[1]["ok"]


@pytest.fixture
def used(polls, listener, deliver):
    """`used(poll)` quotes a result in an input, and says what its page and the page of another poll got meanwhile."""

    def used(poll, other):
        pages = [listener(one.topic)[0] for one in (poll, other)]
        deliver()
        row = quote_result(polls, poll)
        deliver()
        return row, [heard(page) for page in pages]

    return used


def quote_result(polls, poll, words="Genoptræning: 1 (50 %)."):
    with transaction() as session:
        said = polls.row(session, poll)
        contribution = session.get_one(Contribution, said.contribution_id)
        theme = contribution.theme_id or session.scalar(select(Theme.id).limit(1))
        row = inputs.create_input(session, who=polls.who("staff"), budget_year=2024, theme_id=theme, title="Træning")
        inputs.add_quote(session, who=polls.who("staff"), input=row, contribution=contribution, text=words)
        return row


def test_use_of_a_result_reaches_its_own_page_alone_and_stands_there(polls, used):
    poll, other = polls.closed(), polls.closed(question="Hvornår?")
    page = polls.client("nobody").get(poll.path).get_data(as_text=True)
    assert f'data-topic="{poll.topic}"' in page and "Brugt i" not in page
    row, (here, elsewhere) = used(poll, other)
    assert f"Brugt i input {row.number}." in here and f"/budget/2024/input/{row.number}" in here
    assert elsewhere == ""
    page = polls.client("nobody").get(poll.path).get_data(as_text=True)
    assert f"Brugt i input {row.number}." in page and "<mark" not in page


def test_words_of_a_result_that_a_proposal_uses_are_underlined_once_it_is_public(polls, session, at):
    poll = polls.closed()
    with transaction() as session:
        said = session.get_one(Contribution, polls.row(session, poll).contribution_id)
        contributions.record_fate(
            session,
            contribution_id=said.id,
            kind=FateKind.PROPOSAL,
            ref_id=1,
            number=17,
            title="Flere hold",
            path="/budget/2024/katalog/17",
            public_from=datetime(2023, 8, 14, tzinfo=UTC),
            words=["Genoptræning: 1 (50 %)."],
        )

    def page():
        html = polls.client("nobody").get(poll.path).get_data(as_text=True)
        return html.replace("\N{NO-BREAK SPACE}", " ")

    assert "forslag 17" not in page() and "<mark" not in page()
    at("2023-08-14T12:00:00+02:00")
    assert "Brugt i forslag 17." in page() and "Genoptræning: 1 (50 %).</mark>" in page()


def test_page_that_missed_the_use_reads_it_and_one_that_has_it_nothing(polls):
    poll = polls.closed()
    client = polls.client("nobody")
    assert client.get(f"{poll.path}?efter=0").json == {"version": 0, "changes": []}
    quote_result(polls, poll)
    answer = client.get(f"{poll.path}?efter=0").json
    assert [(row["action"], row["target"]) for row in answer["changes"]] == [("replace", f"poll-used-{poll.id}")]
    assert "Brugt i input" in answer["changes"][0]["html"]
    assert client.get(f"{poll.path}?efter={answer['version']}").json["changes"] == []


def test_result_is_followed_by_everybody_and_a_draft_by_nobody(polls, listener):
    opened, draft = polls.opened(), polls.make()
    for name in ("nobody", "host"):
        assert listener(opened.topic, polls.client(name))[1]["ok"]
        assert not listener(draft.topic, polls.client(name))[1]["ok"]
