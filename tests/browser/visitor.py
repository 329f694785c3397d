"""Somebody with a browser: pages that are watched, so that no test passes over an error that a visitor would meet."""

import re
import time
from datetime import UTC, datetime

LISTENS = re.compile(r'^43\d*\[\{"ok":true')
PATIENCE = 20
"""Seconds that a busy machine may take for what a quiet one does at once."""
LIVE = "document.querySelectorAll('[data-topic]').length"


def until(page, is_so):
    """Let the page go on until something is so, for as long as one has patience."""
    given_up = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < given_up, f"it never came to that at {page.url}"
        page.wait_for_timeout(20)


class Visitor:
    """One browser context of one person on one server. `page` is the first tab."""

    def __init__(self, context, house, who=None):
        self.context, self.house, self.who = context, house, who
        self.faults, self.expected = [], []
        self._sockets = {}
        context.on("page", self._watch)
        if who:
            context.add_cookies(house.cookies(who))
        self.page = context.new_page()

    def open(self, path, page=None):
        """Go to a path of the server; returns the page."""
        page = page or self.page
        page.goto(self.house.url + path)
        return page

    def stops_the_clock(self):
        """From the next page on its timers stand still until the test says `page.clock.run_for(milliseconds)`."""
        self.page.clock.install(time=datetime(2024, 5, 1, 12, tzinfo=UTC))
        self.page.clock.pause_at(datetime(2024, 5, 1, 13, tzinfo=UTC))

    def expects(self, *patterns):
        """Console lines that belong to what the test does, such as a request that it lets fail."""
        self.expected += [re.compile(pattern) for pattern in patterns]

    def listens(self, page=None):
        """Wait until the server has let this page listen to each of its topics."""
        page = page or self.page
        wanted = page.evaluate(LIVE)
        until(page, lambda: any(socket["acknowledged"] >= wanted for socket in self.sockets(page)[-1:]))

    def sockets(self, page=None):
        """The page's sockets, oldest first, each with `acknowledged` and `closed` (a time or None)."""
        return self._sockets.get(page or self.page, [])

    def unexpected(self):
        """What a visitor would have met: script errors, refused sources, answers that say 'our fault'."""
        return [fault for fault in self.faults if not any(pattern.search(fault) for pattern in self.expected)]

    def _watch(self, page):
        page.on("console", lambda message: self._console(message) if message.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: {error}"))
        page.on("response", lambda answer: self._answer(answer) if answer.status >= 500 else None)
        page.on("websocket", lambda socket: self._socket(page, socket))

    def _console(self, message):
        self.faults.append(f"{message.type}: {message.text} ({message.location.get('url', '')})")

    def _answer(self, answer):
        self.faults.append(f"{answer.status} at {answer.request.method} {answer.url}")

    def _socket(self, page, socket):
        kept = {"acknowledged": 0, "closed": None}
        self._sockets.setdefault(page, []).append(kept)

        def received(frame):
            if isinstance(frame, str) and LISTENS.match(frame):
                kept["acknowledged"] += 1

        socket.on("framereceived", received)
        socket.on("close", lambda _socket: kept.update(closed=time.monotonic()))
