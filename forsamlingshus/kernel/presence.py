"""How many follow a topic, told to the pages that show the number; nothing of it is stored."""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

log = logging.getLogger(__name__)

COUNT_EVERY = 2.0
"""Seconds between two messages that say how many follow a topic."""


class Presence:
    """Gathers who came and went, and tells it at most every COUNT_EVERY seconds.

    `counted` names, for the kind of topic that is counted, the kinds whose listeners hear the number; `count(topic)`
    counts, and `tell(topic, name, message)` sends.
    """

    def __init__(
        self,
        counted: Mapping[str, tuple[str, ...]],
        count: Callable[[str], int],
        tell: Callable[[str, str, dict[str, Any]], None],
    ) -> None:
        self._counted, self._count, self._send = counted, count, tell
        self._changed: set[str] = set()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def moved(self, topic: str) -> None:
        """Somebody came or went: the number is another one, or somebody new must hear it."""
        kind, _, number = topic.partition(":")
        changed = {f"{one}:{number}" for one, told in self._counted.items() if kind == one or kind in told}
        if not changed:
            return
        with self._lock:
            self._changed |= changed
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="live-presence", daemon=True)
                self._thread.start()

    def tell(self) -> None:
        """Send the numbers that changed."""
        with self._lock:
            changed, self._changed = self._changed, set()
        for topic in sorted(changed):
            kind, _, number = topic.partition(":")
            message = {"topic": topic, "count": self._count(topic)}
            for told in self._counted[kind]:
                self._send(f"{told}:{number}", "present", message)

    def _run(self) -> None:
        while True:
            time.sleep(COUNT_EVERY)
            try:
                self.tell()
            except Exception:
                log.exception("telling how many are present failed; trying again")
