"""Speaker notes: on the control view of those who steer, live, and nowhere else."""

from forsamlingshus.kernel.db import transaction
from forsamlingshus.slides import actions as slides
from forsamlingshus.slides import queries
from forsamlingshus.slides.models import Deck
from tests.stages.conftest import heard
from tests.stages.test_live import proof

SECRET = "Sig ikke prisen endnu"
"""Letters that JSON spells as they are, for it is looked for in answers of both kinds."""


def note(hall, deck, no=1, words=SECRET):
    with transaction() as session:
        slides.describe_slide(
            session,
            who=hall.who("staff"),
            deck=session.get_one(Deck, deck.id),
            slide=queries.slide_at(session, deck.id, no),
            alt="",
            notes=words,
        )


def read(client, path):
    return client.get(path, buffered=True).get_data(as_text=True)


def test_notes_stand_on_the_control_view_while_their_slide_is_shown(hall):
    deck = hall.ready("En", "To")
    note(hall, deck)
    hall.show(deck, 1)
    path = hall.stage.control_path
    assert SECRET in read(hall.client("host"), path)
    hall.show(deck, 2)
    assert SECRET not in read(hall.client("host"), path)


def test_notes_stand_on_no_page_and_in_no_answer_for_others(hall, client):
    deck = hall.ready("En", "To")
    note(hall, deck)
    hall.show(deck, 1)
    stage = hall.stage
    assert SECRET in read(hall.client("host"), f"{stage.control_path}?efter=0")  # there is something to keep
    pages = [deck.path, f"{deck.path}/1", f"{deck.path}/1?foelg=1", f"{deck.path}?efter=0", f"{deck.path}/1?efter=0"]
    pages += [stage.path, f"{stage.path}?del=scene&efter=0", stage.hall_path, f"{stage.hall_path}?efter=0"]
    pages += [stage.place_path, deck.control_path, f"{deck.control_path}/slide/1"]
    for reader in (client, hall.client("citizen"), hall.client("rival")):
        assert [path for path in pages if SECRET in read(reader, path)] == []


def test_notes_reach_those_who_steer_and_no_follower(app, hall, listener, deliver):
    deck, stage = hall.ready("En", "To"), hall.stage
    hall.show(deck, 1)
    control, _ = listener(stage.control_topic, hall.client("host"))
    others = [
        listener(stage.topic),
        listener(deck.topic),
        listener(stage.hall_topic, proof=proof(app, stage)),
        listener(f"thread:{stage.thread_id}"),
    ]
    assert all(answer["ok"] for _socket, answer in others)
    deliver()
    note(hall, deck)
    deliver()
    assert SECRET in heard(control)
    hall.show(deck, 2)
    hall.show(deck, 1)
    deliver()
    rest = [heard(socket) for socket, _answer in others]
    assert "Slide 1 af 2" in rest[0] and "Slide 1 af 2" in rest[1]
    assert all(SECRET not in html for html in rest)


def test_notes_are_written_beside_the_words_for_the_picture(hall):
    deck, host = hall.ready("En"), hall.client("host")
    path = f"{deck.control_path}/slide/1"
    answer = host.post(path, data={"csrf_token": host.token(path), "alt": "", "notes": f"{SECRET}\r\nOg smil"})
    assert answer.status_code == 303
    assert SECRET in read(host, path)
    assert "Og smil" in read(host, path)
    too_long = host.post(path, data={"csrf_token": host.token(path), "alt": "", "notes": "x" * 5001})
    assert too_long.status_code == 422
    assert "x" * 5001 in too_long.get_data(as_text=True)
