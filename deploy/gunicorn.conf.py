"""gunicorn for the embedded default: one process with threads; sockets and pages share its one budget of threads."""

import importlib.util
import os
import sys
from typing import Any

from gunicorn.glogging import Logger

from config import SettingsError, load
from forsamlingshus.kernel.logs import OneLine

try:
    settings = load(os.environ)
except SettingsError as refused:
    sys.exit(f"Forsamlingshuset does not start: {refused}")


class OneLineLogger(Logger):  # type: ignore[misc]
    """The server's own messages, which may quote what a stranger sent, in the form of ours."""

    def setup(self, cfg: Any) -> None:
        """Set up as usual, then write one line a record."""
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(OneLine(self.error_fmt, self.datefmt))


logger_class = OneLineLogger
bind = f"127.0.0.1:{settings.port}"
workers = 1
worker_class = "gthread"
threads = settings.threads
# gunicorn 27 would open a control socket in the user's home.
no_control_socket = True
accesslog = None
errorlog = "-"
loglevel = "warning"
graceful_timeout = 3
timeout = 60
keepalive = 20


def on_starting(server: Any) -> None:
    """Refuse what is unsafe together, with a sentence that says why, before a worker starts."""
    given = server.cfg
    if given.workers > 1:
        sys.exit("Forsamlingshuset does not start: several workers need PostgreSQL and Redis; this version runs one.")
    if given.worker_class_str != "gthread":
        sys.exit("Forsamlingshuset does not start: the worker class must be gthread (SQLite freezes under gevent).")
    if settings.socket_cap > given.threads - 64:
        sys.exit(
            f"Forsamlingshuset does not start: {settings.socket_cap} sockets need {settings.socket_cap + 64} threads."
        )
    for unwanted in ("geventwebsocket", "eventlet"):
        if importlib.util.find_spec(unwanted):
            sys.exit(f"Forsamlingshuset does not start: uninstall {unwanted}, which breaks live updates.")


def post_worker_init(worker: Any) -> None:
    """Start the job consumer after the fork, never at import."""
    from forsamlingshus.app import serve

    serve(worker.app.wsgi())
