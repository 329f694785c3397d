"""The one sender of a process: gathers each topic's changes, renders them and sends them in the order of versions."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from flask import Flask

log = logging.getLogger(__name__)

QUIET = 0.25
"""Seconds: a topic that was silent for so long is sent at once, else its changes are gathered (4 messages a second)."""
QUIET_FOR_NUMBERS = 0.6
"""The same while nothing but numbers changes: a hall that presses at once leaves the server time for its pages."""
SPREAD = 0.3
"""Seconds over which a message of numbers alone reaches its followers: hundreds of sockets at once stop every page."""
BATCH = 5
"""Sockets that such a message reaches at a time; with fewer followers than that nothing is spread."""
LANGUAGES = ("da", "en")

Render = Callable[[str], str]
Message = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a page: what to do with which element, and the partial that the page itself uses.

    `action` is append (`target` at the end of `parent`), replace, remove, text (the words of an element) or refresh
    (read the page's part anew); `render(lang)` gives the HTML or words, when the change is sent and not before. Two
    changes of the same `target` in one message: the newer one is enough.
    """

    topic: str
    version: int
    action: str
    target: str
    render: Render = lambda _lang: ""
    parent: str = ""


@dataclass(slots=True)
class _Pending:
    changes: list[Change] = field(default_factory=list)
    due: float = 0.0


@dataclass(slots=True)
class _Spread:
    """What is left of a message that goes out in batches: when the next one is due, and how long to wait after it."""

    batches: deque[tuple[Message, str, list[str]]]
    due: float
    pause: float


class Sender:
    """Takes changes of committed writes and sends them from a thread of its own.

    `send` sends all of a topic's changes to all who follow it, `audience` names the sockets that follow a topic in a
    language, `emit` sends a message to some of them.
    """

    def __init__(
        self,
        app: Flask,
        send: Callable[[str, list[Change]], None],
        audience: Callable[[str, str], list[str]],
        emit: Callable[[Message, list[str]], None],
    ) -> None:
        self._app, self._send, self._audience, self._emit = app, send, audience, emit
        self._pending: dict[str, _Pending] = {}
        self._spreads: dict[str, _Spread] = {}
        self._sent_at: dict[str, float] = {}
        self._wake = threading.Condition()
        self._thread: threading.Thread | None = None

    def push(self, changes: list[Change]) -> None:
        """Take changes; they leave at once when their topic was quiet, else after QUIET seconds.

        What nobody listens to is dropped: who begins to listen from now on is answered with a version that covers it.
        """
        changes = [change for change in changes if any(self._audience(change.topic, lang) for lang in LANGUAGES)]
        if not changes:
            return
        with self._wake:
            if self._thread is None:  # started here, so after a server's fork and only where something is sent
                self._thread = threading.Thread(target=self._run, name="live-sender", daemon=True)
                self._thread.start()
            now = time.monotonic()
            for change in changes:
                quiet = QUIET_FOR_NUMBERS if change.action == "text" else QUIET
                due = max(now, self._sent_at.get(change.topic, 0.0) + quiet)
                waiting = self._pending.setdefault(change.topic, _Pending(due=due))
                waiting.due = min(waiting.due, due)
                waiting.changes.append(change)
            self._wake.notify()

    def _run(self) -> None:
        while True:
            for topic, changes in self._take_due():
                self._guarded(topic, partial(self._begin, topic, changes))
            for topic in list(self._spreads):
                self._guarded(topic, partial(self._go_on, topic, time.monotonic()))

    def _guarded(self, topic: str, work: Callable[[], None]) -> None:
        try:
            with self._app.app_context():
                work()
        except Exception:
            self._spreads.pop(topic, None)
            log.exception("sending %s failed; its listeners will re-read", topic)

    def _take_due(self) -> list[tuple[str, list[Change]]]:
        """The topics whose time has come; returns without any when a batch is due first."""
        with self._wake:
            while True:
                now = time.monotonic()
                due = [name for name, waiting in self._pending.items() if waiting.due <= now]
                if due:
                    self._forget(now)
                    self._sent_at.update(dict.fromkeys(due, now))
                    return [(name, self._pending.pop(name).changes) for name in due]
                next_batch = min((spread.due for spread in self._spreads.values()), default=now + 60)
                if next_batch <= now:
                    return []
                next_due = min((waiting.due for waiting in self._pending.values()), default=now + 60)
                self._wake.wait(timeout=min(next_due, next_batch) - now)

    def _forget(self, now: float) -> None:
        if len(self._sent_at) > 1000:
            self._sent_at = {name: at for name, at in self._sent_at.items() if now - at < QUIET_FOR_NUMBERS}

    def _begin(self, topic: str, changes: list[Change]) -> None:
        """Send a topic's changes: at once when there is more than numbers to say, else a few followers at a time."""
        while topic in self._spreads:  # nobody may hear the newer before the older
            self._go_on(topic, self._spreads[topic].due)
        if any(change.action != "text" for change in changes):
            self._send(topic, changes)
            return
        batches: deque[tuple[Message, str, list[str]]] = deque()
        for language in LANGUAGES:
            sids = self._audience(topic, language)
            for message in messages(topic, changes, language) if sids else ():
                batches.extend((message, language, sids[at : at + BATCH]) for at in range(0, len(sids), BATCH))
        if batches:
            self._spreads[topic] = _Spread(batches, due=time.monotonic(), pause=SPREAD / len(batches))

    def _go_on(self, topic: str, now: float) -> None:
        """Send the batch that is due, to those of it who still listen: somebody may have been shut out meanwhile."""
        spread = self._spreads[topic]
        if spread.due > now:
            return
        message, language, sids = spread.batches.popleft()
        spread.due += spread.pause
        if not spread.batches:
            del self._spreads[topic]
        still = set(self._audience(topic, language)).intersection(sids)
        if still:
            self._emit(message, list(still))


def messages(topic: str, changes: list[Change], language: str) -> Iterator[Message]:
    """The messages that tell of `changes`, in runs without a gap; each change is rendered once."""
    for run in _runs(sorted(changes, key=lambda change: change.version)):
        newest = {change.target: change for change in run}
        yield {
            "topic": topic,
            "first": run[0].version,
            "last": run[-1].version,
            "changes": [
                {
                    "action": change.action,
                    "target": change.target,
                    "parent": change.parent,
                    "html": change.render(language),
                }
                for change in run
                if newest[change.target] is change
            ],
        }


def _runs(changes: list[Change]) -> list[list[Change]]:
    """Split at each gap in the versions: a client must never believe that it has seen what is still on its way."""
    runs: list[list[Change]] = []
    for change in changes:
        if runs and change.version <= runs[-1][-1].version + 1:
            runs[-1].append(change)
        else:
            runs.append([change])
    return runs
