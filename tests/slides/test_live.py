"""Reach and silence: who hears what of a deck. Each silence first proves that there was something to hear."""

import re

import pytest

from forsamlingshus.kernel import db
from forsamlingshus.kernel import live as kernel_live
from forsamlingshus.kernel.db import transaction
from forsamlingshus.slides import actions, live, partials, queries
from forsamlingshus.slides.models import Deck
from forsamlingshus.stages import live as stages_live
from tests.slides.test_views import STATES


@pytest.fixture
def thrown_out(monkeypatch):
    """The topics whose listeners must ask again."""
    topics = []
    monkeypatch.setattr(kernel_live, "reset", topics.append)
    return topics


@pytest.fixture
def listener(app):
    """Sockets that follow a topic, and what they were answered."""
    sockets = []

    def listen(topic, client=None):
        db.session().rollback()  # the socket reads with the test's own session, which may stand before the log-in
        socket = kernel_live.socketio.test_client(app, flask_test_client=client)
        sockets.append(socket)
        return socket, socket.emit("listen", {"topic": topic, "lang": "da"}, callback=True)

    yield listen
    for socket in sockets:
        if socket.is_connected():
            socket.disconnect()


def heard(socket):
    return [row["args"][0] for row in socket.get_received() if row["name"] == "changes"]


def deliver(app, changes):
    """Send what was pushed, as the sender's thread would."""
    with app.app_context():
        for topic in {change.topic for change in changes}:
            kernel_live.send(topic, [change for change in changes if change.topic == topic])
    changes.clear()


def targets(changes):
    """What pages of the deck itself do; those of its stage have tests of their own."""
    return [change.target for change in changes if change.topic.startswith("deck:")]


def test_shown_slide_reaches_who_listens_to_the_deck_and_nobody_else(app, decks, pushed, listener):
    here, elsewhere = decks.ready("En", "To"), decks.ready(title="Et andet")
    near, near_answer = listener(here.topic)
    far, far_answer = listener(elsewhere.topic)
    assert near_answer["ok"] and far_answer["ok"]
    pushed.clear()
    shown = decks.present(here, 2)
    deliver(app, pushed)
    (message,) = heard(near)
    assert (message["first"], message["last"]) == (shown.version - 1, shown.version)
    stage = next(row for row in message["changes"] if row["target"] == f"stage-deck-{here.id}")
    assert stage["action"] == "replace"
    assert "<p>To</p>" in stage["html"] and 'data-no="2"' in stage["html"] and 'data-showing="2"' in stage["html"]
    assert heard(far) == []


PEOPLE = ("nobody", "citizen", "rival", "host", "staff")


@pytest.mark.parametrize("state", STATES)
def test_deck_that_is_not_public_is_closed_to_outsiders(app, decks, pushed, listener, state):
    deck = STATES[state](decks)
    for topic, changes in (
        (deck.topic, partials.public_changes(deck, deck.version + 1)),
        (deck.presenter_topic, partials.presenter_changes(deck, deck.version + 1)),
    ):
        sockets = {name: listener(topic, decks.client(name)) for name in PEOPLE}
        assert {name for name, (_socket, answer) in sockets.items() if answer["ok"]} == {"host", "staff"}
        deliver(app, changes)
        assert {name for name, (socket, _answer) in sockets.items() if heard(socket)} == {"host", "staff"}


def test_presenters_pages_of_a_public_deck_reach_presenters_alone(app, decks, pushed, listener):
    deck = decks.ready(name="udkast fra Vibeke.pdf")
    public = {name: listener(deck.topic, decks.client(name)) for name in PEOPLE}
    private = {name: listener(deck.presenter_topic, decks.client(name)) for name in PEOPLE}
    assert all(answer == {"ok": True, "version": deck.version} for _socket, answer in public.values())
    assert {name for name, (_socket, answer) in private.items() if answer["ok"]} == {"host", "staff"}
    assert private["host"][1]["version"] == deck.version
    pushed.clear()
    decks.present(deck, 2)
    deliver(app, pushed)
    told = {name: heard(socket) for name, (socket, _answer) in public.items()}
    assert all(messages and "udkast fra Vibeke" not in str(messages) for messages in told.values())
    assert {row["target"] for row in told["nobody"][0]["changes"]} == {
        f"follow-deck-{deck.id}",
        f"stage-deck-{deck.id}",
    }
    told = {name: heard(socket) for name, (socket, _answer) in private.items()}
    assert {name for name, messages in told.items() if messages} == {"host", "staff"}
    assert "udkast fra Vibeke" in str(told["host"]) and "control-deck" in str(told["host"])


def test_public_deck_is_open_to_everybody(decks, listener):
    deck = decks.ready()
    answers = [listener(deck.topic, decks.client(name))[1] for name in PEOPLE]
    assert answers == [{"ok": True, "version": deck.version}] * len(PEOPLE)


def test_hidden_deck_falls_silent_for_those_who_listened(app, decks, pushed, listener):
    deck = decks.present(decks.ready())
    public, answer = listener(deck.topic)
    inside, _answer = listener(deck.topic, decks.client("host"))
    assert answer["ok"]
    pushed.clear()
    decks.present(deck, 2)
    deliver(app, pushed)
    assert heard(public) and heard(inside)

    decks.do(actions.hide_deck, deck, who=decks.who())
    assert public.emit("listen", {"topic": deck.topic, "lang": "da"}, callback=True) == {"ok": False}
    assert inside.emit("listen", {"topic": deck.topic, "lang": "da"}, callback=True)["ok"] is True
    pushed.clear()
    path = f"{deck.path}/1"  # no slide moves in a hidden deck, but those who lead the place write about it
    assert decks.client("host").send(path, {"body": "Kun mellem os"}, token_from=path).status_code == 303
    deliver(app, pushed)
    assert heard(public) == []
    assert heard(inside)


def test_hiding_and_removing_throw_listeners_out_of_deck_and_talks(decks, session, thrown_out):
    hidden, removed, held = decks.ready("En", "To"), decks.ready(title="B"), decks.ready("Ring 43 68 68 68")
    ours, theirs = ([talk.thread.topic for talk in queries.talks(session, deck.id)] for deck in (hidden, held))
    assert thrown_out == [held.topic, held.presenter_topic, *theirs]
    thrown_out.clear()
    decks.do(actions.hide_deck, hidden, who=decks.who())
    decks.do(actions.remove_deck, removed, who=decks.who())
    assert thrown_out == [hidden.topic, hidden.presenter_topic, *ours, removed.topic, removed.presenter_topic]


def test_deck_that_does_not_exist_is_closed(decks, listener):
    assert listener("deck:999999")[1] == {"ok": False}


def test_upload_asks_for_the_slides_to_be_drawn(decks, nudges):
    deck = decks.upload()
    assert nudges == [("render_deck", deck.id)]


def test_progress_touches_the_row_alone_until_the_deck_is_ready(decks, pushed):
    deck = decks.draw(decks.upload(), "En", pages=2)
    assert set(targets(pushed)) == {f"row-deck-{deck.id}"}
    assert "Laver slide 2 af 2" in pushed[-1].render("da")
    decks.draw(deck, "To", first=2, pages=2)
    with transaction() as session:
        actions.finish_deck(session, deck_id=deck.id)
    ready = next(change for change in reversed(pushed) if change.target == f"row-deck-{deck.id}")
    assert "Klar" in ready.render("da") and "Ready" in ready.render("en")
    assert 'data-say="Oplægget er klar"' in ready.render("da")


def test_failure_is_told_in_the_row(decks, pushed):
    decks.failed("too_many_pages")
    assert "mere end 300 slides" in pushed[-1].render("da")
    assert "more than 300 slides" in pushed[-1].render("en")


def test_start_and_stop_reach_the_bar_and_the_panel(decks, pushed):
    deck = decks.ready()
    pushed.clear()
    decks.present(deck)
    assert targets(pushed) == [f"{part}-deck-{deck.id}" for part in ("follow", "stage", "row", "control")]
    assert "Gå til oplægget (slide 1)" in pushed[0].render("da")
    pushed.clear()
    with transaction() as session:
        actions.stop_presenting(session, who=decks.who(), deck_id=deck.id)
    assert targets(pushed) == [f"{part}-deck-{deck.id}" for part in ("follow", "row", "control")]
    assert pushed[0].render("da").split(">")[0].endswith("hidden")


def test_rehearsal_moves_nobodys_stage(decks, pushed):
    deck = decks.ready()
    pushed.clear()
    with transaction() as session:
        actions.show_slide(session, who=decks.who(), deck_id=deck.id, no=2)
    assert f"control-deck-{deck.id}" in targets(pushed)
    assert f"stage-deck-{deck.id}" not in targets(pushed)


def test_many_presses_become_one_message_with_the_last_slide(app, decks, pushed, listener):
    deck = decks.ready("En", "To", "Tre")
    socket, _answer = listener(deck.topic)
    pushed.clear()
    decks.present(deck)
    for no in (2, 3, 2, 3):
        decks.present(deck, no)
    deliver(app, pushed)
    (message,) = heard(socket)
    stages = [row for row in message["changes"] if row["target"] == f"stage-deck-{deck.id}"]
    assert len(stages) == 1 and 'data-no="3"' in stages[0]["html"]


@pytest.mark.parametrize("part", ["follow", "stage", "row", "control"])
def test_partials_know_no_viewer_and_both_languages(app, decks, part):
    deck = decks.present(decks.ready("Dansk tekst", "To"))
    changes = [*partials.public_changes(deck, 1), *partials.presenter_changes(deck, 1)]
    change = next(change for change in changes if change.target == f"{part}-deck-{deck.id}")
    with app.app_context():  # as the sender's thread renders it: without a request
        danish, english = change.render("da"), change.render("en")
    assert danish != english
    for html in (danish, english):
        assert f'id="{change.target}"' in html
        assert "csrf" not in html and decks.host.author.name not in html
    if part != "follow":
        assert 'lang="da"' in english and 'lang="da"' not in danish


def test_change_of_a_deck_that_is_gone_is_empty(app, decks):
    deck = decks.failed()
    (change,) = partials.presenter_changes(deck, 9)
    decks.do(actions.remove_deck, deck, who=decks.who())
    with app.app_context():
        assert change.render("da") == ""


def test_gates_cover_every_topic_that_is_pushed(decks, pushed):
    decks.present(decks.ready())
    kinds = {re.sub(r":\d+", "", change.topic) for change in pushed}
    assert kinds - set(stages_live.GATES) == set(live.GATES) == {"deck", "deck/presenter"}


def test_sentence_for_each_fault_and_each_caution(app, decks):
    from forsamlingshus.kernel import pages
    from forsamlingshus.kernel.personal_data import Kind
    from forsamlingshus.slides.converter import Fault

    with app.app_context():
        for fault in Fault:
            danish, english = (
                pages.partial("slides/_fault.html", lang, deck=Deck(fault=fault)) for lang in ("da", "en")
            )
            assert danish.strip() and danish != english, fault
        for caution in ("cpr?", *(set(Kind) - {Kind.ADDRESS, Kind.PLATE, Kind.SENSITIVE})):
            assert pages.partial("slides/_caution.html", "da", caution=str(caution)).strip(), caution
