"""Looks after the log-in sessions behind open sockets: one that ended in another process takes its sockets along."""

import logging
import threading
import time
from collections.abc import Callable, Mapping

from flask import Flask

from forsamlingshus.kernel import permissions

log = logging.getLogger(__name__)

CHECK_EVERY = 2.0
"""Seconds between two looks: logged out means closed within 5 s."""


class SessionWatcher:
    """Closes an app's sockets whose log-in session ended in another process (a command, for one).

    Its own sockets alone: sessions of another app stand in another database, where they seem to have ended. `sockets`
    names the session of each socket of the process, under `lock`; `close` closes those of one session.
    """

    def __init__(
        self, app: Flask, sockets: Mapping[str, str], lock: threading.Lock, close: Callable[[str], None]
    ) -> None:
        self._app, self._sockets, self._lock, self._close = app, sockets, lock, close
        self._sids: set[str] = set()
        self._thread: threading.Thread | None = None

    def watch(self, sid: str) -> None:
        """Look after one more socket; the first one starts the thread."""
        with self._lock:
            self._sids.add(sid)
        self.start()

    def start(self) -> None:
        """Begin to look, once."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="live-sessions", daemon=True)
            self._thread.start()

    def look(self) -> None:
        """Close the sockets of the log-in sessions that have ended."""
        with self._lock:
            self._sids &= self._sockets.keys()
            held = {self._sockets[sid] for sid in self._sids if self._sockets[sid]}
        if held:
            with self._app.app_context():
                for token in held - permissions.living_sessions(held):
                    self._close(token)

    def _run(self) -> None:
        while True:
            time.sleep(CHECK_EVERY)
            try:
                self.look()
            except Exception:
                log.exception("checking the sessions behind open sockets failed; trying again")
