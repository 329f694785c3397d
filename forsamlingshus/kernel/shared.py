"""What the processes of one instance share through Redis: a nudge that events were stored, and how to connect.

Redis holds nothing of record. While it is away nudges are lost, and who waits for one looks by itself a moment later.
"""

import importlib
import logging
import threading
import time
from typing import Any

log = logging.getLogger(__name__)

CHANNEL = "forsamlingshus:events"
TIMEOUTS: dict[str, Any] = {"socket_connect_timeout": 1, "socket_timeout": 3}
"""Seconds after which Redis counts as away; nobody who posts waits for it."""
TRY_AGAIN = 1.0


def connect(url: str) -> Any:
    """A client of Redis; it connects on its first command, so after a server's fork."""
    return importlib.import_module("redis").Redis.from_url(url, **TIMEOUTS)


class Nudges:
    """Tells the processes that hold sockets that somebody stored events, and wakes this one when it is told."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._to_tell = threading.Event()
        self.told = threading.Event()
        """Set when some process stored events since it was last cleared."""
        self._lock = threading.Lock()
        self._started: set[str] = set()

    def tell(self) -> None:
        """Nudge after a commit. A thread of its own does it: a write never waits for Redis."""
        self._start("nudge-teller", self._tell)
        self._to_tell.set()

    def listen(self) -> None:
        """Let `told` be set from now on."""
        self._start("nudge-listener", self._listen)

    def _start(self, name: str, run: Any) -> None:
        with self._lock:  # started here, so after a server's fork and only where it is needed
            if name not in self._started:
                self._started.add(name)
                threading.Thread(target=self._forever, args=(run,), name=name, daemon=True).start()

    def _forever(self, run: Any) -> None:
        away = False
        while True:
            client = connect(self._url)
            try:
                for _told in run(client):
                    if away:
                        log.info("Redis is back")
                    away = False
            except Exception as error:  # refused, cut, loading: all the same, it is tried again
                if not away:
                    log.warning("Redis is away: %s", error)
                away = True
                time.sleep(TRY_AGAIN)
            finally:
                client.close()

    def _tell(self, client: Any) -> Any:
        while True:
            self._to_tell.wait()
            self._to_tell.clear()
            client.publish(CHANNEL, "")
            yield True

    def _listen(self, client: Any) -> Any:
        channel = client.pubsub(ignore_subscribe_messages=True)
        channel.subscribe(CHANNEL)
        self.told.set()  # what was told before is found by looking
        while True:
            if channel.get_message(timeout=2) is not None:
                self.told.set()
            yield True
