"""The door of the live connection: its cap, and what comes of those that send nonsense."""

import logging
import threading

import pytest

from forsamlingshus.app import create_app
from forsamlingshus.kernel import live, logs
from forsamlingshus.kernel.door import Door, Ear


def asked(door, path="/socket.io/"):
    """The status and headers of an answer."""
    heard = []
    body = b"".join(door({"PATH_INFO": path}, lambda status, headers: heard.append((status, dict(headers)))))
    return *heard[0], body


def answering(_environ, start_response):
    start_response("200 OK", [])
    return [b"ok"]


def test_a_connection_counts_before_it_joins_and_until_it_ends():
    """Each holds a thread, whatever it says or leaves unsaid; pages keep theirs."""
    inside, leave = threading.Barrier(3), threading.Event()

    def staying(environ, start_response):
        if "slow" in environ:
            inside.wait(10)
            leave.wait(10)
        return answering(environ, start_response)

    door = Door(staying, 2, {})
    held = [
        threading.Thread(target=door, args=({"PATH_INFO": "/socket.io/", "slow": 1}, lambda *_given: None))
        for _n in range(2)
    ]
    for one in held:
        one.start()
    inside.wait(10)
    status, headers, body = asked(door)
    assert (status, headers["Retry-After"], body) == ("503 Service Unavailable", "60", b"No room\n")
    assert asked(door, "/hjaelp")[0] == "200 OK"
    leave.set()
    for one in held:
        one.join()
    assert [asked(door)[0] for _n in range(5)] == ["200 OK"] * 5


def test_bytes_that_are_no_message_close_the_connection_and_free_its_place(caplog):
    def broken(_environ, _start_response):
        raise ValueError("invalid literal for int() with base 10: 'x'")

    door = Door(broken, 1, {})
    for _n in range(3):
        with pytest.raises(StopIteration):
            asked(door)
    assert caplog.records == []


@pytest.mark.parametrize("ended", [StopIteration, OSError])
def test_an_end_that_the_server_knows_passes(ended):
    def leaving(_environ, _start_response):
        raise ended

    door = Door(leaving, 1, {})
    for _n in range(2):
        with pytest.raises(ended):
            asked(door)


class Engine:
    """An Engine.IO server as the door knows it."""

    def __init__(self, understood):
        self.ended = []
        self.handlers = {"message": understood, "disconnect": lambda sid, *reason: self.ended.append(sid)}
        self.closed = []
        self.disconnect = self.closed.append

    def on(self, name, handler):
        self.handlers[name] = handler

    def say(self, *messages, sid="a"):
        for words in messages:
            self.handlers["message"](sid, words)


@pytest.fixture
def heard():
    return []


@pytest.fixture
def engine(heard):
    """A connection that is heard; `heard` is what reaches the library."""
    engine = Engine(lambda sid, data: heard.append(data))
    Ear(engine)
    return engine


@pytest.mark.parametrize("words", ["", "2", "2[", "2[]", "1", "x", "9", "2" + "[" * 5000, "510000-[]", "51-[{}]"])
def test_nonsense_closes_its_connection_without_a_traceback(app, caplog, words):
    engine = Engine(live.socketio.server._handle_eio_message)
    Ear(engine)
    engine.say(words)
    assert engine.closed == ["a"]
    assert caplog.records == []


LISTEN = '21["listen",{"topic":"thread:1","lang":"da"}]'


def test_a_page_joins_once_listens_and_leaves(engine, heard):
    engine.say("0", LISTEN, '2["listen"]', "1")
    assert (heard, engine.closed) == (["0", LISTEN, '2["listen"]', "1"], [])


@pytest.mark.parametrize(
    "words",
    [
        "0",  # a second one would stay behind when the connection ends
        '2["connect",1]',
        '20["disconnect",0]',
        '2[["x"],1]',
        '2["listening",1]',
        '2/other,["listen",1]',
        '31["listen"]',
        "4",
        b"0",
    ],
)
def test_what_no_page_says_never_reaches_the_library(engine, heard, words):
    engine.say("0", words)
    assert (heard, engine.closed) == (["0"], ["a"])


def test_who_says_too_much_is_closed_before_a_thread_starts_for_it(engine, heard):
    engine.say("0", *[LISTEN] * 200)
    assert len(heard) < 70
    assert "a" in engine.closed


def test_a_connection_that_ended_is_forgotten(engine, heard):
    engine.say("0")
    engine.handlers["disconnect"]("a", "reason")
    engine.say("0")
    assert (heard, engine.closed, engine.ended) == (["0", "0"], [], ["a"])


def test_refusals_of_the_live_connection_and_static_files_bear_the_headers_too(tmp_path):
    settings = {"PUBLIC_URL": "https://budget.example", "SECRET_KEY": "k" * 40, "DATA_DIR": str(tmp_path)}
    app = create_app({f"FORSAMLINGSHUS_{name}": value for name, value in settings.items()})
    with app.test_request_context("/", base_url="https://budget.example"):
        script = app.jinja_env.globals["static_url"]("js/main.js")
    for path in ("/socket.io/", script):
        headers = app.test_client().get(path, base_url="https://budget.example", buffered=True).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Content-Security-Policy"] == "default-src 'none'"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Strict-Transport-Security"].startswith("max-age=31536000")


def test_the_app_stands_behind_the_door(app):
    assert isinstance(app.wsgi_app, Door)
    assert live.socketio.server.eio.handlers["message"].__module__ == "forsamlingshus.kernel.door"


def test_fault_that_ends_a_thread_is_one_record(app, caplog, capsys):
    def fall():
        raise ZeroDivisionError("deep")

    assert threading.excepthook is logs._log_thread
    with caplog.at_level(logging.ERROR):
        thread = threading.Thread(target=fall, name="answer", daemon=True)
        thread.start()
        thread.join()
    assert [record.getMessage() for record in caplog.records] == ["thread answer ended by a fault"]
    assert "ZeroDivisionError" not in capsys.readouterr().err
