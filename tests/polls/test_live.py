"""Reach and silence: what travels of a poll, to whom, and that nothing of its result does before it is closed."""

import pytest

from forsamlingshus.kernel import permissions
from forsamlingshus.polls import actions
from forsamlingshus.polls.models import topic_of
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
