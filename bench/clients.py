"""The client side: a visitor who logs in through the real form, one request at a time, and load by wrk."""

import http.client
import re
import shutil
import subprocess
import sys
import threading
import time
from urllib.parse import urlencode

RESTS = 10
"""Seconds after which a kept connection is opened anew; the server closes it after twenty."""
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


class Visitor:
    """One keep-alive connection with the cookies of one browser."""

    def __init__(self, port: int, cookie: str = "", token: str = "") -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookie, self.token = cookie, token
        self.location = ""
        self._used_at = 0.0

    def get(self, path: str) -> bytes:
        """The body of a page; anything but 200 ends the run."""
        return self._ask("GET", path, None, {}, {200})

    def post(self, path: str, fields: dict[str, str], *, by_script: bool = False) -> bytes:
        """Send a form, as a browser does or as the page's script does; a refusal ends the run.

        Cookies of the answer are dropped: nobody follows the redirect, so notices would pile up in them.
        """
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        if by_script:
            headers["X-Requested-With"] = "fetch"
        body = urlencode({"csrf_token": self.token, **fields}).encode()
        return self._ask("POST", path, body, headers, {200, 303})

    def send(self, path: str, body: bytes, kind: str = "application/json") -> bytes:
        """Post a ready body to a bare limit."""
        return self._ask("POST", path, body, {"Content-Type": kind}, {200})

    def log_in(self, email: str, password: str) -> "Visitor":
        """Log in through the form."""
        self._begin_from("/log-ind")
        self.post("/log-ind", {"email": email, "password": password, "next": "/"})
        self._keep_cookie()
        self._begin_from("/min-side")
        return self

    def _begin_from(self, path: str) -> None:
        found = _TOKEN.search(self.get(path).decode())
        if not found:
            sys.exit(f"no CSRF token on {path}: was the log-in refused?")
        self.token = found.group(1)
        self._keep_cookie()

    def _keep_cookie(self) -> None:
        for name, value in self._answer.getheaders():
            if name.lower() == "set-cookie" and value.startswith("fh_session="):
                self.cookie = value.partition(";")[0]

    def _ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str], wanted: set[int]) -> bytes:
        if self.cookie:
            headers["Cookie"] = self.cookie
        if time.monotonic() - self._used_at > RESTS:
            self._connection.close()  # the server may be doing the same: a browser would notice and send again
        self._used_at = time.monotonic()
        self._connection.request(method, path, body, headers)
        self._answer = self._connection.getresponse()
        content = self._answer.read()
        if self._answer.status not in wanted:
            sys.exit(f"{method} {path} was answered with {self._answer.status}: {content[:300]!r}")
        self.location = self._answer.getheader("Location", "")
        return content


class Writers:
    """Accounts that are logged in and take turns, because one may write twelve posts a minute."""

    PER_MINUTE = 12

    def __init__(self, port: int, emails: list[str], password: str, posts: int) -> None:
        needed = -(-posts // self.PER_MINUTE)
        if needed > len(emails):
            sys.exit(f"{posts} posts need {needed} accounts, {len(emails)} are there")
        self._visitors = [Visitor(port).log_in(email, password) for email in emails[:needed]]
        self._written = 0

    def next(self) -> Visitor:
        """Somebody who may write one more post now."""
        visitor = self._visitors[self._written // self.PER_MINUTE]
        self._written += 1
        return visitor


def load(url: str, *, connections: int, seconds: float, cookie: str = "") -> tuple[int, float]:
    """Ask for one page as fast as it comes: how many answers in how many seconds. By wrk, else by threads."""
    if not shutil.which("wrk"):
        return _load_by_threads(url, connections, seconds, cookie)
    headers = ["-H", f"Cookie: {cookie}"] if cookie else []
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds:.0f}s", "--timeout", "30s", *headers, url]
    said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=seconds + 60).stdout
    found = re.search(r"(\d+) requests in ([\d.]+)(ms|s|m)\b", said)
    if not found or "Non-2xx" in said or "Socket errors" in said:
        sys.exit(f"wrk met errors at {url}:\n{said}")
    unit = {"ms": 0.001, "s": 1.0, "m": 60.0}[found.group(3)]
    return int(found.group(1)), float(found.group(2)) * unit


def _load_by_threads(url: str, connections: int, seconds: float, cookie: str) -> tuple[int, float]:
    port, _slash, path = url.removeprefix("http://127.0.0.1:").partition("/")
    counts = [0] * connections
    start = time.monotonic()

    def ask(number: int) -> None:
        visitor = Visitor(int(port), cookie)
        while time.monotonic() < start + seconds:
            visitor.get(f"/{path}")
            counts[number] += 1

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts), time.monotonic() - start
