"""People without a browser: they write as the page's form does, and follow a topic as the page's script does."""

import json
import re
import socket
import struct
import threading
import time
import uuid

import requests
import websocket

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
GAP = 0.3
BROKEN = (OSError, websocket.WebSocketException)


class Writer:
    """An account that writes, and writes again what was not acknowledged."""

    def __init__(self, url, email, password):
        self.url = url
        self._session = requests.Session()
        answer = self.send("/log-ind", {"email": email, "password": password})
        assert answer.status_code == 303, answer.text[:2000]
        self._token = None
        self.token()

    @property
    def cookie(self):
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in self._session.cookies)

    def token(self):
        if getattr(self, "_token", None) is None:
            self._token = TOKEN.search(self._session.get(f"{self.url}/log-ind", timeout=20).text)[1]
        return self._token

    def send(self, path, data, *, url=None):
        given = {**data, "csrf_token": self.token()}
        return self._session.post((url or self.url) + path, data=given, timeout=20, allow_redirects=False)

    def write(self, path, body, *, url=None, client_id=None):
        """One try; returns the post's id."""
        answer = self.send(path, {"body": body, "client_id": client_id or str(uuid.uuid4())}, url=url)
        assert answer.status_code == 303, (answer.status_code, answer.text[:3000])
        return int(answer.headers["Location"].rpartition("#i-")[2])

    def write_until_stored(self, path, body, *, patience=180):
        """As a phone does when the net goes: the same write again until it is acknowledged; returns id and tries."""
        client_id, tries, until = str(uuid.uuid4()), 0, time.monotonic() + patience
        while True:
            tries += 1
            try:
                return self.write(path, body, client_id=client_id), tries
            except requests.RequestException:
                if time.monotonic() > until:
                    raise
                time.sleep(0.1)

    def support(self, post_id, want=1, *, url=None):
        answer = self.send(f"/i/{post_id}/vigtigt", {"wanted": str(want)}, url=url)
        assert answer.status_code == 303, (answer.status_code, answer.text[:1000])


class Listener:
    """One follower of a thread. `log` holds the posts in the order in which they were put on the page."""

    def __init__(self, live_url, page_url, thread, *, cookie="", posts=(), version=0):
        self._address = f"{live_url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket"
        self._reread_at = f"{page_url}{thread['path']}"
        self._topic = thread["topic"]
        self._cookie = cookie
        self.log = list(posts)
        self.numbers = {}
        self.version = version
        self.refused = self.closed_by_server = self.rereads = self.connects = 0
        self.heard = []
        self.joined = threading.Event()
        self._early = []
        self._gap_since = None
        self._ended = False
        self._socket = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def cut(self):
        """Tear the connection as a lost net does: no goodbye."""
        here = self._socket
        if here is not None and here.sock is not None:
            try:
                here.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                here.sock.close()
            except OSError:
                pass

    def leave(self):
        self._ended = True
        self.cut()
        self._thread.join(10)

    def _run(self):
        while not self._ended:
            try:
                self._follow()
            except BROKEN:
                pass
            except requests.RequestException:
                pass  # no answer to a re-read: the next connect asks again
            self.joined.clear()
            if not self._ended:
                time.sleep(0.2)

    def _follow(self):
        self._socket = websocket.create_connection(self._address, timeout=5, cookie=self._cookie or None)
        self._socket.settimeout(0.05)
        self.connects += 1
        try:
            while not self._ended:
                self._close_gap()
                try:
                    said = self._socket.recv()
                except websocket.WebSocketTimeoutException:
                    continue
                if said == "":
                    self.closed_by_server += 1
                    return
                self._hear(said)
        finally:
            self._socket.close(timeout=0)

    def _hear(self, said):
        if said == "2":
            self._socket.send("3")
        elif said.startswith("0"):
            self._socket.send("40")
        elif said.startswith("44"):
            raise websocket.WebSocketException(said)
        elif said.startswith("40"):
            self._listen()
        elif said.startswith("41"):
            self.closed_by_server += 1
            raise websocket.WebSocketException(said)
        elif said.startswith("43"):
            answer = json.loads(said[said.index("[") :])[0]
            if not answer["ok"]:
                self.refused += 1
            elif answer["version"] > self.version:
                self._reread()
            if answer["ok"]:
                self.joined.set()
        elif said.startswith("42"):
            name, message = json.loads(said[2:])
            self.heard.append((name, message))
            if name == "reset":
                self._listen()
            elif name == "changes":
                self._receive(message)

    def _listen(self):
        self._socket.send("421" + json.dumps(["listen", {"topic": self._topic, "lang": "da"}]))

    def _receive(self, message):
        if message["last"] <= self.version:
            return
        if message["first"] > self.version + 1:
            self._early.append(message)
            self._gap_since = self._gap_since or time.monotonic()
            return
        self._apply(message["changes"], message["last"])
        self._early.sort(key=lambda early: early["first"])
        fitting = [early for early in self._early if early["first"] <= self.version + 1]
        if fitting:
            self._early.remove(fitting[0])
            self._receive(fitting[0])
        if not self._early:
            self._gap_since = None

    def _apply(self, changes, version):
        for change in changes:
            if change["action"] in {"append", "put"}:
                post_id = int(change["target"].removeprefix("i-"))
                if post_id not in self.log:
                    self.log.append(post_id)
                if "support" in change:  # a re-read brings the number as well
                    self.numbers[f"support-{post_id}"] = str(change["support"])
            elif change["action"] == "text" and change["target"].startswith("support-"):
                self.numbers[change["target"]] = change["html"]
        self.version = max(self.version, version)

    def _close_gap(self):
        if self._gap_since is not None and time.monotonic() - self._gap_since > GAP:
            self._reread()

    def _reread(self):
        self.rereads += 1
        asked = {"headers": {"X-Requested-With": "fetch", "Cookie": self._cookie}, "timeout": 20}
        answer = requests.get(self._reread_at, params={"efter": self.version}, **asked)
        if not answer.ok:
            return
        found = answer.json()
        assert "reload" not in found, "the test sends too much between two re-reads"
        self._gap_since = None
        self._apply(found["changes"], found["version"])
        self._early = [early for early in self._early if early["last"] > self.version]


def until(is_done, patience=15):
    """Wait for something to become true; returns the seconds it took, or fails."""
    begun = time.monotonic()
    while time.monotonic() - begun < patience:
        if is_done():
            return time.monotonic() - begun
        time.sleep(0.02)
    raise AssertionError(f"not within {patience} s")


def all_at_once(work, things):
    """Run `work(thing)` for all things at the same moment, each in a thread; returns the results in order."""
    results, gate = [None] * len(things), threading.Barrier(len(things))

    def run(number, thing):
        gate.wait()
        try:
            results[number] = work(thing)
        except Exception as error:
            results[number] = error

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(things)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for result in results:
        if isinstance(result, Exception):
            raise result
    return results
