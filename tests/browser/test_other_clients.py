"""A program from elsewhere follows a topic with the official client, and gets what a browser gets, and no more."""

import json
import shutil
import subprocess
import threading
from pathlib import Path

import pytest

from tests.browser.house import thread_id

FOLLOWER = Path(__file__).with_name("follower.cjs")
NODE = shutil.which("node")


def has_websocket():
    asked = [NODE, "--experimental-websocket", "-e", "process.exit(typeof WebSocket === 'function' ? 0 : 1)"]
    return NODE is not None and subprocess.run(asked, check=False, capture_output=True).returncode == 0


pytestmark = pytest.mark.skipif(not has_websocket(), reason="no Node with a WebSocket (20.10 or newer)")


class Program:
    """The client under Node, and what it prints."""

    def __init__(self, url, topic, origin=""):
        command = [NODE, "--experimental-websocket", FOLLOWER, url, topic, "da", *([origin] if origin else [])]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.lines, self._more = [], threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for line in self._process.stdout:
            with self._more:
                self.lines.append(json.loads(line))
                self._more.notify_all()

    def wait_for(self, is_there, patience=15):
        with self._more:
            assert self._more.wait_for(lambda: is_there(self.lines), patience), self.lines
        return self.lines

    def end(self):
        self._process.terminate()
        self._process.wait()
        self._reader.join()
        self._process.stdout.close()
        self._process.stderr.close()


@pytest.fixture
def program():
    started = []

    def start(*args, **kwargs):
        started.append(Program(*args, **kwargs))
        return started[-1]

    yield start
    for one in started:
        one.end()


def changes(lines, topic):
    return [message for kind, message in lines if kind == "changes" and message["topic"] == topic]


def frames_of(page, topic):
    """The messages about a topic that a page gets by its socket."""
    found = []

    def received(frame):
        if isinstance(frame, str) and frame.startswith('42["changes",'):
            message = json.loads(frame[2:])[1]
            if message["topic"] == topic:
                found.append(message)

    page.on("websocket", lambda socket: socket.on("framereceived", received))
    return found


def test_official_client_gets_exactly_what_a_browser_gets(house, visitor, program):
    path = house.thread()
    topic = f"thread:{thread_id(path)}"
    reader, writer, other = visitor(house), house.caller(house.person()), house.caller(house.person())
    seen = frames_of(reader.page, topic)
    reader.open(path)
    reader.listens()
    client = program(house.url, topic)
    client.wait_for(lambda lines: lines and lines[0][0] == "answer")
    assert client.lines[0][1]["ok"] is True

    posts = [writer.write(path, f"Hallen skal åbne før, nr. {number}.") for number in range(3)]
    other.send(f"/i/{posts[0]}/vigtigt", {"wanted": "1"})
    last = writer.write(path, "Tak for i aften.")

    newest = house.value("SELECT version FROM topic WHERE name = ?", topic)
    client.wait_for(lambda lines: any(message["last"] == newest for message in changes(lines, topic)))
    reader.page.locator(f"#i-{last}").wait_for()
    assert changes(client.lines, topic) == seen
    targets = [change["target"] for message in seen for change in message["changes"]]
    assert {"thread-posts", "thread-people"} <= set(targets)
    assert [target for target in targets if not target.startswith("thread-")] == [
        *(f"i-{post}" for post in posts),
        f"support-{posts[0]}",
        f"i-{last}",
    ]


@pytest.mark.logs("is not an accepted origin")
def test_foreign_origin_is_refused(house, program):
    topic = f"thread:{thread_id(house.thread())}"
    own = program(house.url, topic, house.url)
    own.wait_for(lambda lines: lines and lines[0][0] == "answer")
    foreign = program(house.url, topic, "https://fremmed.example")
    foreign.wait_for(lambda lines: lines and lines[0][0] == "refused")
    assert [kind for kind, _value in foreign.lines] == ["refused"]


def test_join_to_a_closed_topic_gets_silence(house, program):
    """The queue of a workshop is for its moderators: the program is told no, and hears nothing when a post is held."""
    path = house.thread()
    forum = house.value("SELECT forum_id FROM thread WHERE id = ?", thread_id(path))
    before = house.value("SELECT count(*) FROM event WHERE name = 'PostHeld'")
    closed = program(house.url, f"queue:{forum}")
    public = program(house.url, f"thread:{thread_id(path)}")
    for client in (closed, public):
        client.wait_for(lambda lines: lines and lines[0][0] == "answer")
    assert closed.lines[0][1] == {"ok": False}

    caller = house.caller(house.person())
    caller.held(path, "Ring til min mor på 43 68 68 68.")
    post = caller.write(path, "Tak for svaret.")
    public.wait_for(lambda lines: changes(lines, f"thread:{thread_id(path)}"))
    assert house.value("SELECT count(*) FROM event WHERE name = 'PostHeld'") == before + 1
    assert [
        change["target"]
        for message in changes(public.lines, f"thread:{thread_id(path)}")
        for change in message["changes"]
    ] == [f"i-{post}", "thread-posts", "thread-people"]
    assert len(closed.lines) == 1
