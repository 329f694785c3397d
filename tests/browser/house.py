"""A real server under test: data folder, port and log of its own, and callers that speak plain HTTP to it."""

import os
import re
import secrets
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from itertools import count
from pathlib import Path

import requests

from tests.browser.prepare import email_of

ROOT = Path(__file__).resolve().parents[2]
PEOPLE = 320
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
CONFIRMED = re.compile(r'name="confirmed" value="([^"]+)"')
FORUMS = "/budget/2024/temaer"


class House:
    """One server and its demo chapter. `prepare` begins in the background, `open` waits for it."""

    def __init__(self, folder, chapter):
        self.chapter = chapter
        self.folder = folder
        self.password = secrets.token_urlsafe(12)
        self.log = folder / "server.log"
        self._people, self._threads = iter(range(PEOPLE)), count(1)
        self._cookies = {}
        self._callers = []
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        kept = {name: value for name, value in os.environ.items() if not name.startswith("FORSAMLINGSHUS_")}
        self._environ = kept | {
            "FORSAMLINGSHUS_DATA_DIR": str(folder / "data"),
            "FORSAMLINGSHUS_DEMO_PASSWORD": self.password,
            "FORSAMLINGSHUS_PORT": str(self.port),
        }

    def prepare(self):
        self._preparing = self._start(
            "prepare.log", sys.executable, "-m", "tests.browser.prepare", self.chapter, str(PEOPLE)
        )

    def open(self):
        """Serve, and come back when every slide is drawn as well: from then on the machine is quiet."""
        self.serve()
        self.wait(lambda: not self.rows("SELECT id FROM deck WHERE state IN ('waiting', 'drawing')"))

    def serve(self):
        """Serve, and come back when pages are answered."""
        if self._preparing.wait(300):
            raise RuntimeError((self.folder / "prepare.log").read_text(encoding="utf-8"))
        program = Path(sys.executable).with_name("gunicorn")
        self._serving = self._start("server.log", program, "--config", "deploy/gunicorn.conf.py", "wsgi:app")
        self.wait(lambda: requests.get(f"{self.url}/readyz", timeout=5).ok)

    def kill(self):
        """End the server and all that it started, without a word: kill -9."""
        os.killpg(self._serving.pid, signal.SIGKILL)
        self._serving.wait()

    def close(self):
        for caller in self._callers:
            caller.close()
        for process in (self._preparing, getattr(self, "_serving", None)):
            if process is not None and process.poll() is None:
                process.terminate()
                try:
                    process.wait(10)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()

    def _start(self, log, *command):
        with (self.folder / log).open("w", encoding="utf-8") as file:
            return subprocess.Popen(
                command, cwd=ROOT, env=self._environ, stdout=file, stderr=subprocess.STDOUT, start_new_session=True
            )

    def wait(self, is_done):
        """Until something is so; the server must live meanwhile."""
        until = time.monotonic() + 300
        while time.monotonic() < until:
            if self._serving.poll() is not None:
                break
            try:
                if is_done():
                    return
            except requests.RequestException:
                pass
            time.sleep(0.1)
        raise RuntimeError(f"the server did not get ready:\n{self.log.read_text(encoding='utf-8')[-4000:]}")

    def rows(self, query, *values):
        """What the database says now."""
        with closing(sqlite3.connect(f"file:{self.folder}/data/forsamlingshus.db?mode=ro", uri=True)) as connection:
            return connection.execute(query, values).fetchall()

    def value(self, query, *values):
        return self.rows(query, *values)[0][0]

    def person(self):
        """The address of an account that no other test uses."""
        return email_of(next(self._people))

    def caller(self, who=None):
        """Somebody who speaks plain HTTP; logged in as `who`, an address or the name of a demo account."""
        caller = Caller(self)
        self._callers.append(caller)
        if who:
            caller.log_in(who)
        return caller

    def cookies(self, who):
        """The cookies of a log-in session of `who`, the same for every test that does not log out."""
        if who not in self._cookies:
            self._cookies[who] = self.caller(who).cookies
        return self._cookies[who]

    def thread(self, *, theme="rehabilitering-og-sundhed", by=None, body="Her begynder en samtale om hverdagen."):
        """A thread of the test's own; returns its path."""
        number = next(self._threads)
        caller = self.caller(by or self.person())
        answer = caller.send(
            f"{FORUMS}/{theme}/ny", {"title": f"Hvad med hverdagen nr. {number}?", "body": body, "prompt_no": 0}
        )
        see_other(answer)
        return answer.headers["Location"].partition("#")[0]

    def deck(self):
        """The path of a deck of the demo, not presented: whatever the test before left it like."""
        slug = self.value("SELECT slug FROM deck WHERE file_name = 'en-enklere-kommune.pdf'")
        see_other(self.caller("medarbejder").send(f"/styring/oplaeg/2024/{slug}/stop"))
        return f"/budget/2024/oplaeg/{slug}"

    def open_sign_up(self):
        """Let people sign up while the meeting goes on, with one free seat more than those who wait now take."""
        names = ("title_da", "title_en", "place", "address", "lead_da", "lead_en", "edition")
        words = dict(zip(names, self.rows(f"SELECT {', '.join(names)} FROM meeting")[0], strict=True))
        hours = {"day": "3.5.2023", "starts": "18.30", "ends": "20.30", "sign_up_until": "3.5.2023 20.30"}
        seats = self.value("SELECT count(*) FROM sign_up") + 1
        see_other(
            self.caller("medarbejder").send(
                "/arbejde/borgermoede/2024/ret", {**words, **hours, "sign_up_required": "y", "capacity": str(seats)}
            )
        )

    def posts(self, path):
        """The ids of a thread's posts in the order of reading."""
        number = thread_id(path)
        found = self.rows("SELECT id FROM post WHERE thread_id = ? ORDER BY root_position, position", number)
        return [row[0] for row in found]


class Caller:
    """A person without a browser."""

    def __init__(self, house):
        self.house = house
        self._session = requests.Session()
        # A kept connection is closed by the server after a while, and a busy machine would then send into the void.
        self._session.headers["Connection"] = "close"
        self._token = None

    @property
    def cookies(self):
        return [{"name": cookie.name, "value": cookie.value, "url": self.house.url} for cookie in self._session.cookies]

    def close(self):
        self._session.close()

    def get(self, path, **kwargs):
        return self._session.get(self.house.url + path, timeout=60, **kwargs)

    def log_in(self, who):
        email = who if "@" in who else f"{who}@forsamlingshus.example"
        answer = self.send("/log-ind", {"email": email, "password": self.house.password})
        see_other(answer)
        self._token = None
        self.token()  # the page that says "you are signed in"

    def token(self):
        if self._token is None:
            self._token = TOKEN.search(self.get("/log-ind").text)[1]
        return self._token

    def send(self, path, data=None, **kwargs):
        """POST a form with the token; redirects are not followed."""
        given = {**(data or {}), "csrf_token": self.token()}
        return self._session.post(self.house.url + path, data=given, timeout=60, allow_redirects=False, **kwargs)

    def write(self, path, body):
        """A post in a thread; returns its id."""
        answer = self.send(path, {"body": body})
        see_other(answer)
        return int(answer.headers["Location"].rpartition("#i-")[2])

    def held(self, path, body):
        """A post that the guard doubts: confirmed, so it waits for a moderator."""
        asked = self.send(path, {"body": body})
        confirmed = CONFIRMED.search(asked.text)[1]
        see_other(self.send(path, {"body": body, "confirmed": confirmed, "confirm_box": "1"}))


def see_other(answer):
    """Refuse anything but the answer to a write that went well, with what the page says instead."""
    if answer.status_code != 303:
        said = " ".join(re.sub(r"<[^>]*>", " ", answer.text.partition("<main")[2].partition("</main>")[0]).split())
        raise AssertionError(f"{answer.status_code} for {answer.request.method} {answer.url}: {said[:600]}")


def thread_id(path):
    return int(re.search(r"/(\d+)-[^/]*$", path)[1])
