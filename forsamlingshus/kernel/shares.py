"""How many follow a topic in all processes of an instance together: each keeps its own share in Redis, which expires.

A process that was killed says nothing more, so its share is gone EXPIRES seconds later. While Redis is away each
process tells what it counts itself; nobody waits for it.
"""

import logging
import threading
import time
import uuid
from collections.abc import Callable
from typing import Any

from forsamlingshus.kernel import shared

log = logging.getLogger(__name__)

PROCESSES = "forsamlingshus:present"
"""The set of processes that have a share, by the moment of their last word; each has a hash below this name."""
EXPIRES = 8
SAY_EVERY = 2.5
"""Seconds: with those of Presence a killed process is forgotten by every page within 15."""
LET_BE = 5.0
"""Seconds for which Redis is not asked again after it did not answer."""


class Shares:
    """The share of this process, and the sum with those of the others.

    `own()` counts what this process holds, by topic; `moved(topic)` is called when the others' part has changed.
    """

    def __init__(self, url: str, own: Callable[[], dict[str, int]], moved: Callable[[str], None]) -> None:
        self._url, self._own, self._moved = url, own, moved
        self._name = f"{PROCESSES}:{uuid.uuid4().hex}"
        self._client: Any = None
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._asked_again = 0.0
        self._seen: dict[str, int] = {}

    def begin(self) -> None:
        """Say this process's share from now on; begun by its first socket, so after a server's fork."""
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="live-shares", daemon=True)
                self._thread.start()

    def total(self, topic: str, here: int) -> int:
        """How many follow a topic: `here` in this process, and those of the others."""
        others = self._ask(lambda client: self._others(client, [topic]))
        return here + (others or {}).get(topic, 0)

    def say(self) -> None:
        """Store this process's share, and find out whether the others' has changed for those who listen here."""
        own = self._own()
        others = self._ask(lambda client: self._store(client, own))
        for topic, count in (others or {}).items():
            if self._seen.get(topic, 0) != count:
                self._moved(topic)
        if others is not None:
            self._seen = others

    def _store(self, client: Any, own: dict[str, int]) -> dict[str, int]:
        pipe = client.pipeline()
        pipe.delete(self._name)
        if own:
            pipe.hset(self._name, mapping=own)
            pipe.expire(self._name, EXPIRES)
        pipe.zadd(PROCESSES, {self._name: time.time()})
        pipe.zremrangebyscore(PROCESSES, 0, time.time() - 3600)  # the clocks of two machines may differ a little
        pipe.execute()
        return self._others(client, list(own))

    def _others(self, client: Any, topics: list[str]) -> dict[str, int]:
        names = [name for name in map(bytes.decode, client.zrange(PROCESSES, 0, -1)) if name != self._name]
        if not topics or not names:
            return dict.fromkeys(topics, 0)
        pipe = client.pipeline()
        for name in names:
            pipe.hmget(name, topics)
        rows = pipe.execute()
        return {topic: sum(int(row[at] or 0) for row in rows) for at, topic in enumerate(topics)}

    def _ask(self, question: Callable[[Any], dict[str, int]]) -> dict[str, int] | None:
        if time.monotonic() < self._asked_again:
            return None
        try:
            self._client = self._client or shared.connect(self._url)
            return question(self._client)
        except Exception as error:  # refused, cut, loading: all the same, one's own count is told meanwhile
            log.debug("no shares of other processes: %s", error)
            self._asked_again = time.monotonic() + LET_BE
            return None

    def _run(self) -> None:
        while True:
            try:
                self.say()
            except Exception:
                log.exception("saying how many are present here failed; trying again")
            time.sleep(SAY_EVERY)
