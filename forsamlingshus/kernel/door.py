"""The door of the live connection: how many may stand in it, and what comes of those that speak no language of ours."""

import logging
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any

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


def close_on_nonsense(engine: Any) -> None:
    """Let `engine`, an Engine.IO server, close the connection that a message comes from which is none."""
    understood = engine.handlers["message"]

    def message(sid: str, data: Any) -> None:
        try:
            understood(sid, data)
        except Exception as error:
            log.debug("a live connection sent no message: %s", type(error).__name__)
            engine.disconnect(sid)

    engine.on("message", message)
