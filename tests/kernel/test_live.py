"""Topics and the one sender: order, gaps, storms; without a network."""

import threading

import pytest

from forsamlingshus.kernel import live, sender, topics
from forsamlingshus.kernel.db import transaction
from forsamlingshus.kernel.sender import Change
from tests.queries import listened


@pytest.fixture
def emitted(monkeypatch):
    """What would leave the process, for a topic that somebody follows in Danish."""
    sent = []
    monkeypatch.setattr(live.socketio, "emit", lambda name, message, to: sent.append((to, message)))
    monkeypatch.setitem(live._members, "thread:1|da", {"somebody"})
    return sent


def change(version, target="i-1", action="append", words=""):
    return Change("thread:1", version, action, target, lambda lang: f"{words}{lang}")


def test_send_orders_by_version_whatever_the_order_of_commits(emitted):
    live.send("thread:1", [change(3, "c"), change(1, "a"), change(2, "b")])
    ((room, message),) = emitted
    assert room == "thread:1|da"
    assert (message["first"], message["last"]) == (1, 3)
    assert [row["target"] for row in message["changes"]] == ["a", "b", "c"]


def test_send_splits_at_a_gap_so_that_no_client_believes_it_saw_everything(emitted):
    live.send("thread:1", [change(5, "e"), change(1, "a"), change(2, "b")])
    assert [(m["first"], m["last"]) for _room, m in emitted] == [(1, 2), (5, 5)]


def test_send_storm_on_one_target_is_one_number(emitted):
    live.send("thread:1", [change(n, "support-7", "text", str(n)) for n in range(1, 101)])
    ((_room, message),) = emitted
    assert (message["first"], message["last"]) == (1, 100)
    assert [row["html"] for row in message["changes"]] == ["100da"]


def test_send_renders_nothing_for_a_language_without_listeners(emitted):
    rendered = []
    live.send("thread:1", [Change("thread:1", 1, "append", "a", lambda lang: rendered.append(lang) or "")])
    assert rendered == ["da"]


def test_send_without_listeners_is_silent(monkeypatch):
    sent = []
    monkeypatch.setattr(live.socketio, "emit", lambda *args, **kwargs: sent.append(args))
    live.send("thread:999", [change(1)])
    assert sent == []


class Scene:
    """A sender that is asked for its steps one by one, a clock, and what left for whom."""

    def __init__(self, app, monkeypatch, followers=1):
        self.now, self.sent = 100.0, []
        self.followers = [f"s{number}" for number in range(followers)]
        self.sender = sender.Sender(
            app,
            lambda topic, changes: self.sent.append((self.now, "all", [c.version for c in changes])),
            lambda topic, language: self.followers if language == "da" else [],
            lambda message, to: self.sent.append((self.now, sorted(to), message["last"])),
        )
        self.sender._thread = threading.current_thread()  # no thread of its own
        monkeypatch.setattr(sender.time, "monotonic", lambda: self.now)

    def push(self, version, action):
        self.sender.push([Change("a:1", version, action, f"x{version}")])
        return self.sender._pending["a:1"].due - self.now

    def step(self, seconds=0.0):
        self.now += seconds
        if any(waiting.due <= self.now for waiting in self.sender._pending.values()):
            for topic, changes in self.sender._take_due():
                self.sender._begin(topic, changes)
        for topic in list(self.sender._spreads):
            self.sender._go_on(topic, self.now)


def test_numbers_are_gathered_longer_and_leave_with_the_next_post(app, monkeypatch):
    scene = Scene(app, monkeypatch)
    assert scene.push(1, "text") == 0  # the first number after a silence goes at once
    scene.step()
    assert scene.push(2, "text") == pytest.approx(sender.QUIET_FOR_NUMBERS)
    scene.now += 0.1
    assert scene.push(3, "append") == pytest.approx(sender.QUIET - 0.1)
    assert scene.push(4, "text") == pytest.approx(sender.QUIET - 0.1)


def test_number_reaches_many_a_few_at_a_time_and_all_within_a_second_of_the_press(app, monkeypatch):
    scene = Scene(app, monkeypatch, followers=250)
    scene.push(1, "text")
    for _ in range(400):
        scene.step(0.001)
    assert max(len(to) for _at, to, _version in scene.sent) == sender.BATCH
    assert sorted(sid for _at, to, _version in scene.sent for sid in to) == sorted(scene.followers)
    longest = scene.sent[-1][0] - scene.sent[0][0]
    assert 0.2 < longest <= sender.SPREAD
    assert sender.QUIET_FOR_NUMBERS + sender.SPREAD < 1


def test_post_waits_until_everybody_has_the_number_before_it(app, monkeypatch):
    scene = Scene(app, monkeypatch, followers=20)
    scene.push(1, "text")
    scene.step()
    assert len(scene.sent) == 1
    scene.push(2, "append")
    scene.step(sender.QUIET)
    assert [what for _at, what, _version in scene.sent].index("all") == 20 / sender.BATCH
    assert scene.sent[-1][1:] == ("all", [2])


def test_who_was_shut_out_meanwhile_gets_nothing(app, monkeypatch):
    scene = Scene(app, monkeypatch, followers=3 * sender.BATCH)
    scene.push(1, "text")
    scene.step()
    scene.followers = []
    for _ in range(400):
        scene.step(0.001)
    assert len(scene.sent) == 1


def test_fault_in_a_message_stops_neither_the_thread_nor_the_next_message(app, monkeypatch, caplog):
    scene = Scene(app, monkeypatch)
    scene.sender._guarded("a:1", lambda: 1 / 0)
    assert "its listeners will re-read" in caplog.text
    scene.push(2, "append")
    scene.step()
    assert scene.sent[-1][1:] == ("all", [2])


def test_next_version_counts_each_topic_alone(session):
    with transaction() as session:
        assert [topics.next_version(session, "a:1") for _ in range(3)] == [1, 2, 3]
        assert topics.next_version(session, "b:1") == 1
    assert topics.two_versions(session.connection(), "a:1", "c:1") == (3, 0)


def test_number_moves_the_version_that_listeners_follow_and_not_the_page(session):
    with transaction() as session:
        assert topics.next_version(session, "a:1") == 1
        assert topics.next_number(session, "a:1") == 2
        assert topics.next_number(session, "b:1") == 1
    assert topics.of_page("a:1")[:2] == (2, 1)
    assert topics.of_page("b:1")[:2] == (1, 0)
    with transaction() as session:
        topics.next_version(session, "a:1")
    assert topics.of_page("a:1")[:2] == (3, 3)


def test_next_versions_locks_in_the_order_of_names(app, session):
    with listened(app) as sent, transaction() as session:
        taken = topics.next_versions(session, ["thread:2", "forum:1", "queue:1", "forum:1"])
    (values,) = [values for statement, values in sent if "INSERT INTO topic" in statement]
    assert list(values.values() if isinstance(values, dict) else values) == ["forum:1", "queue:1", "thread:2"]
    assert taken == {"forum:1": 1, "queue:1": 1, "thread:2": 1}


@pytest.mark.parametrize(
    "wanted",
    [
        None,
        "thread:1",
        {},
        {"topic": "thread:1"},
        {"topic": "thread:-1", "lang": "da"},
        {"topic": "secret:1", "lang": "da"},
    ]
    + [
        {"topic": "thread:1" + "0" * 20, "lang": "da"},
        {"topic": "thread:١", "lang": "da"},
        {"topic": "thread:01", "lang": "da"},
        {"topic": "thread:1", "lang": "xx"},
        {"topic": "thread:2147483648", "lang": "da"},
        {"topic": "thread:1", "lang": "da", "proof": "\ud800"},
    ],
)
def test_listen_odd_wishes_are_refused(app, wanted):
    client = live.socketio.test_client(app)
    assert client.emit("listen", wanted, callback=True) == {"ok": False}
    client.disconnect()


@pytest.mark.parametrize("words", [(), (None,), ({"topic": "forum:1", "lang": "da"}, 2, 3)])
def test_listen_with_too_few_or_too_many_words_is_answered(app, words):
    client = live.socketio.test_client(app)
    assert client.emit("listen", *words, callback=True) == {"ok": False}
    client.disconnect()


def test_listen_flood_is_refused(app):
    before = live.connected()
    client = live.socketio.test_client(app)
    answers = [client.emit("listen", {"topic": "none:1", "lang": "da"}, callback=True) for _ in range(40)]
    assert answers == [{"ok": False}] * 40
    client.disconnect()
    assert live.connected() == before


@pytest.mark.parametrize("error", [ValueError, KeyError])
def test_listen_of_a_socket_that_closed_meanwhile_is_refused(app, monkeypatch, error):
    def gone(room):
        raise error(room)

    monkeypatch.setitem(live._sockets, "left", "")
    monkeypatch.setattr(live, "join_room", gone)
    assert live._join("left", "none:1|da") is False
    assert "left" not in live._members["none:1|da"]


def test_socket_that_closes_while_it_joins_is_no_listener_for_ever(monkeypatch):
    monkeypatch.setattr(live, "join_room", lambda room: live._sockets.pop("leaving"))
    monkeypatch.setitem(live._sockets, "leaving", "")
    assert live._join("leaving", "none:1|da") is False
    assert not live._members["none:1|da"]
    monkeypatch.setattr(live, "join_room", lambda room: None)
    monkeypatch.setitem(live._sockets, "staying", "")
    assert live._join("staying", "none:1|da") is True
    assert live._members.pop("none:1|da") == {"staying"}
