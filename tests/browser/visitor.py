"""Somebody with a browser: pages that are watched, so that no test passes over an error that a visitor would meet."""

import re
import time

LISTENS = re.compile(r'^43\d*\[\{"ok":true')
LIVE = "document.querySelectorAll('[data-topic]').length"


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

    def expects(self, *patterns):
        """Console lines that belong to what the test does, such as a request that it lets fail."""
        self.expected += [re.compile(pattern) for pattern in patterns]

    def listens(self, page=None):
        """Wait until the server has let this page listen to each of its topics."""
        page = page or self.page
        wanted = page.evaluate(LIVE)
        until = time.monotonic() + 5
        while time.monotonic() < until:
            sockets = self._sockets.get(page, [])
            if sockets and sockets[-1]["acknowledged"] >= wanted:
                return
            page.wait_for_timeout(20)
        raise AssertionError(f"the page at {page.url} does not listen to its {wanted} topics")

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
