"""Reach and silence: who hears what of a stage. Each silence first proves that there was something to hear."""

import pytest

from forsamlingshus.discussions.models import PostState
from forsamlingshus.kernel import live as kernel_live
from forsamlingshus.kernel import permissions
from forsamlingshus.kernel.presence import Presence
from forsamlingshus.stages import actions, rules
from tests.stages.conftest import heard

PEOPLE = ("nobody", "citizen", "rival", "host", "staff")


def proof(app, stage):
    with app.app_context():
        return permissions.seal(rules.proof_of(stage))


def test_slide_reaches_phones_control_and_wall_of_this_stage_alone(app, hall, listener, deliver):
    deck, stage, room = hall.ready("En", "To"), hall.stage, hall.room
    phone, _ = listener(stage.topic)
    control, _ = listener(stage.control_topic, hall.client("host"))
    wall, _ = listener(stage.hall_topic, proof=proof(app, stage))
    elsewhere, answer = listener(room.topic)
    assert answer["ok"]
    deliver()
    hall.show(deck, 2)
    deliver()
    here = [heard(socket) for socket in (phone, control, wall)]
    assert all("Slide 2 af 2" in html for html in here)
    assert f'id="show-stage-{stage.id}"' in here[0] and f'id="panel-{stage.id}"' in here[1]
    assert f'id="hall-{stage.id}"' in here[2]
    assert heard(elsewhere) == ""


@pytest.mark.parametrize("name", PEOPLE)
def test_gates(app, hall, listener, name):
    stage, client = hall.stage, hall.client(name)
    leads = name in {"host", "staff"}
    assert listener(stage.topic, client)[1]["ok"]
    assert listener(stage.control_topic, client)[1]["ok"] is leads
    assert listener(stage.newest_topic, client)[1]["ok"] is leads
    assert listener(stage.hall_topic, client)[1]["ok"] is leads
    assert listener(f"thread:{stage.thread_id}", client)[1]["ok"]


def test_stage_that_does_not_exist_is_closed(app, hall, listener):
    for kind in ("stage", "control", "projector"):
        assert not listener(f"{kind}:999", hall.client("staff"))[1]["ok"]


def test_held_question_reaches_those_who_lead_and_nobody_else(app, hall, listener, deliver):
    stage = hall.stage
    control, _ = listener(stage.control_topic, hall.client("host"))
    others = [
        listener(stage.topic),
        listener(f"thread:{stage.thread_id}"),
        listener(stage.hall_topic, proof=proof(app, stage)),
    ]
    assert all(answer["ok"] for _socket, answer in others)
    deliver()
    post = hall.ask("Kun for ordstyreren", held=True)
    assert hall.whole(post).state == PostState.HELD
    deliver()
    assert "Kun for ordstyreren" in heard(control)
    assert [heard(socket) for socket, _answer in others] == ["", "", ""]


def test_each_control_view_hears_the_questions_in_its_own_order(app, hall, listener, deliver):
    stage, host = hall.stage, hall.client("host")
    usual, _ = listener(stage.control_topic, host)
    newest, _ = listener(stage.newest_topic, host)
    hall.want(hall.ask("Først spurgt"))
    hall.ask("Sidst spurgt")
    deliver()
    first, second = heard(usual), heard(newest)
    assert first.rindex("Først spurgt") < first.rindex("Sidst spurgt")
    assert second.rindex("Først spurgt") > second.rindex("Sidst spurgt")
    assert f'id="asked-{stage.id}-nyeste"' in second and f'id="panel-{stage.id}"' not in second


def test_question_its_support_and_its_fate_reach_all_three(app, hall, listener, deliver):
    stage = hall.stage
    phone, _ = listener(f"thread:{stage.thread_id}")
    control, _ = listener(stage.control_topic, hall.client("host"))
    wall, _ = listener(stage.hall_topic, proof=proof(app, stage))
    post = hall.ask("Hvad koster en time?")
    deliver()
    assert all("Hvad koster en time?" in heard(socket) for socket in (phone, control, wall))
    hall.want(post)
    deliver()
    assert heard(phone) == "1"
    assert "<b>1</b>" in heard(control) and "<b>1</b>" in heard(wall)
    hall.settle(post, "answered")
    deliver()
    assert "Besvaret på mødet" in heard(phone)
    assert "Hvad koster en time?" not in heard(wall)


def test_anonymous_name_travels_to_nobody(app, hall, listener, deliver):
    stage = hall.stage
    hall.steer(actions.show_names, shown=True)
    sockets = [listener(f"thread:{stage.thread_id}")[0], listener(stage.hall_topic, proof=proof(app, stage))[0]]
    deliver()
    hall.ask("Hvem er jeg?", anonymous=True)
    deliver()
    for html in map(heard, sockets):
        assert "Anonym" in html and "Anne Bjerre" not in html


def test_wall_listens_with_a_proof_and_not_with_a_forged_old_or_foreign_one(app, hall, listener, machine_time):
    stage, room = hall.stage, hall.room
    good = proof(app, stage)
    assert listener(stage.hall_topic, proof=good)[1]["ok"]
    for wrong in (good[:-2] + "xx", proof(app, room), "", None, 7, "x" * 5000, rules.proof_of(stage)):
        assert not listener(stage.hall_topic, proof=wrong)[1]["ok"], wrong
    assert not listener(stage.control_topic, proof=good)[1]["ok"]
    machine_time.shift(60 * 60 * 25)
    assert not listener(stage.hall_topic, proof=good)[1]["ok"]


def test_new_key_throws_the_wall_out_and_its_proof_is_worth_nothing(app, hall, listener, deliver):
    stage = hall.stage
    old = proof(app, stage)
    wall, answer = listener(stage.hall_topic, proof=old)
    assert answer["ok"]
    hall.steer(actions.renew_display_key)
    deliver()
    assert [row["name"] for row in wall.get_received()] == ["reset"]
    assert not listener(stage.hall_topic, proof=old)[1]["ok"]
    hall.ask("Efter den nye nøgle")
    deliver()
    assert heard(wall) == ""
    assert listener(hall.stage.hall_topic, proof=proof(app, hall.stage))[1]["ok"]


def test_storm_of_supports_is_rendered_once_for_the_wall(app, hall, listener, pushed, monkeypatch):
    post, stage = hall.ask(), hall.stage
    wall, _ = listener(stage.hall_topic, proof=proof(app, stage))
    pushed.clear()
    for name in ("neighbour", "staff", "rival", "host"):
        hall.want(post, name)
    for_wall = [change for change in pushed if change.topic == stage.hall_topic]
    assert len(for_wall) == 4
    with app.app_context():
        kernel_live.send(stage.hall_topic, for_wall)
    (message,) = [row["args"][0] for row in wall.get_received() if row["name"] == "changes"]
    assert len(message["changes"]) == 1 and message["last"] - message["first"] == 3


def test_presence_counts_people_of_the_stage_and_tells_all_three_pages(app, hall, listener):
    stage = hall.stage
    phones = [listener(stage.topic)[0] for _ in range(3)]
    listener(stage.hall_topic, proof=proof(app, stage))
    assert kernel_live.listeners(stage.topic) == 3
    told = []
    presence = Presence(
        {"stage": ("stage", "control", "projector")},
        kernel_live.listeners,
        lambda topic, name, message: told.append((topic, name, message["count"])),
    )
    phones[0].disconnect()
    presence._thread = object()  # no thread of its own: the test tells
    presence.moved(stage.topic)
    presence.moved(stage.hall_topic)
    presence.moved("thread:1")
    presence.tell()
    assert told == [(f"{kind}:{stage.id}", "present", 2) for kind in ("stage", "control", "projector")]
    presence.tell()
    assert len(told) == 3
