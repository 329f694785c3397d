"""gunicorn for every role: one process with threads by default; several, and gevent for sockets, on PostgreSQL."""

import importlib.util
import os
import sys
from typing import Any

from gunicorn.glogging import Logger

from config import SettingsError, load
from forsamlingshus.kernel.logs import OneLine


def refuse(sentence: str) -> None:
    """End with one sentence that says why."""
    sys.exit(f"Forsamlingshuset does not start: {sentence}")


try:
    settings = load(os.environ)
except SettingsError as refused:
    refuse(str(refused))
if settings.role == "jobs":
    refuse("gunicorn serves the roles all, web and live; the role jobs is python worker.py.")

PAGES = 64
"""Threads that are kept for pages."""
RESTING = 600
"""Connections that stay open between two requests: without room for them every picture is a new connection."""


class OneLineLogger(Logger):  # type: ignore[misc]
    """The server's own messages, which may quote what a stranger sent, in the form of ours."""

    def setup(self, cfg: Any) -> None:
        """Set up as usual, then write one line a record."""
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(OneLine(self.error_fmt, self.datefmt))


logger_class = OneLineLogger
bind = f"127.0.0.1:{settings.port}"
workers = settings.workers
worker_class = "gevent" if settings.role == "live" else "gthread"
threads = PAGES if settings.role == "web" else settings.threads
worker_connections = RESTING + (settings.socket_cap + PAGES if settings.role == "live" else threads)
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
    if given.workers > 1 and (settings.on_sqlite or not settings.redis_url or settings.role == "all"):
        refuse("several workers need PostgreSQL, Redis and the role web or live (FORSAMLINGSHUS_ROLE).")
    if given.worker_class_str != worker_class:
        why = "SQLite freezes under gevent" if settings.on_sqlite else "the role decides it"
        refuse(f"the worker class of the role {settings.role} must be {worker_class} ({why}).")
    if settings.role == "all" and settings.socket_cap > given.threads - PAGES:
        refuse(f"{settings.socket_cap} sockets need {settings.socket_cap + PAGES} threads.")
    for unwanted in ("geventwebsocket", "eventlet"):
        if importlib.util.find_spec(unwanted):
            refuse(f"uninstall {unwanted}, which breaks live updates.")


def post_worker_init(worker: Any) -> None:
    """Start what runs beside the pages after the fork, never at import."""
    from forsamlingshus.serving import serve

    serve(worker.app.wsgi())
