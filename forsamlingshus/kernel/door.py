"""The door of the live connection: how many may stand in it, and what comes of those that speak no language of ours."""

import logging
import re
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from forsamlingshus.kernel import frames
from forsamlingshus.kernel.limits import TokenBucket

log = logging.getLogger(__name__)

PATH = "/socket.io"
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Door:
    """Counts connections where each takes a thread of the server.

    A stranger can open one and never join, so counting those who joined would leave no thread for pages.
    """

    def __init__(self, app: Wsgi, cap: int, headers: Mapping[str, str]) -> None:
        self._app = app
        self._cap = cap
        self._headers = [*headers.items(), ("Cache-Control", "no-store")]
        self._open = 0
        self._lock = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Pass on what is no live connection, and each one that there is a thread for."""
        if not environ.get("PATH_INFO", "").startswith(PATH):
            return self._app(environ, start_response)
        environ.pop(frames.COMPRESSION, None)
        with self._lock:
            enters = self._open < self._cap
            self._open += enters

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            return start_response(status, [*headers, *self._headers], *rest)

        if not enters:
            start("503 Service Unavailable", [("Content-Type", "text/plain"), ("Retry-After", "60")])
            return [b"No room\n"]
        try:
            return self._app(environ, start)
        except (OSError, StopIteration):
            raise
        except Exception as error:  # anybody can send bytes that are no message; they are worth no traceback
            log.debug("a live connection broke off: %s", type(error).__name__)
            raise StopIteration from None  # by which the server closes a connection without an answer
        finally:
            with self._lock:
                self._open -= enters


class Ear:
    """Hears what live connections say before the library does, and closes those that say what no page of ours does.

    A page joins once and then says `listen`, with words that `live` judges; more is not understood. The library would
    start a thread for each event, run the handlers of `connect` and `disconnect` for whoever sends these names, and
    log a traceback for what it cannot read.
    """

    def __init__(self, engine: Any) -> None:
        self._engine = engine
        self._understood, self._ended = engine.handlers["message"], engine.handlers["disconnect"]
        self._buckets: dict[str, TokenBucket] = {}
        engine.on("message", self.hear)
        engine.on("disconnect", self.forget)

    def hear(self, sid: str, data: Any) -> None:
        """One message of a connection."""
        try:
            self._demand_sense(sid, data)
            self._understood(sid, data)
        except Exception as error:
            log.debug("a live connection sent no message: %s", type(error).__name__)
            self._engine.disconnect(sid)

    def forget(self, sid: str, *reason: Any) -> None:
        """The connection has ended."""
        self._buckets.pop(sid, None)
        self._ended(sid, *reason)

    def _demand_sense(self, sid: str, data: Any) -> None:
        if not isinstance(data, str):
            raise ValueError("bytes")
        if data.startswith(JOIN):
            if sid in self._buckets:
                raise ValueError("joined already")
            self._buckets[sid] = TokenBucket(burst=60, per_second=2)
        elif not (sid in self._buckets and self._buckets[sid].take() and SENSE.match(data)):
            raise ValueError("no sense, or too much of it")


JOIN = "0"
SENSE = re.compile(r"1$|2[0-9]{0,9}\[\"listen\"[],]")
"""What a page says once it has joined, in Socket.IO's language: that it leaves, or what it wants to listen to."""
