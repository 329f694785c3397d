"""gunicorn for the embedded default: one process with threads; sockets and pages share its one budget of threads."""

import os
import sys
from typing import Any

from config import SettingsError, load

try:
    settings = load(os.environ)
except SettingsError as refused:
    sys.exit(f"Forsamlingshuset does not start: {refused}")

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


def post_worker_init(worker: Any) -> None:
    """Start the job consumer after the fork, never at import."""
    from forsamlingshus.app import serve

    serve(worker.app.wsgi())
