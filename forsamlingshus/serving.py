"""What a process does before and beside its pages: it starts, or says in one sentence why it does not."""

import gc
import logging
import sys

from flask import Flask

import config
from forsamlingshus.app import NAMED_FILES, SWEEPS, create_app
from forsamlingshus.kernel import cli, db, files, jobs
from forsamlingshus.site import checks

log = logging.getLogger(__name__)

NEEDED_TO_SERVE = frozenset({"database", "migrations", "data folder"})
CANNOT_START = 3
"""The exit code that tells gunicorn not to try again."""


def start() -> Flask:
    """The app of a process: what keeps it from being built is one sentence and an exit code, not a traceback."""
    try:
        return create_app()
    except config.SettingsError as error:
        refused = str(error)
    except cli.BROKEN as error:
        refused = cli.trouble(error)
    sys.stderr.write(f"Forsamlingshuset does not start: {refused}\n")
    raise SystemExit(CANNOT_START)


def serve(app: Flask) -> None:
    """Start what a serving process runs beside its pages: jobs, what a dead worker left behind, others' events.

    Ends the process with one sentence when the database or the data folder is not fit to serve from.
    """
    settings: config.Settings = app.config["SETTINGS"]
    with app.app_context():
        for check in checks.ready(settings):
            if check.name in NEEDED_TO_SERVE and not check.ok:
                log.critical("Forsamlingshuset does not start: %s: %s. %s", check.name, check.found, check.mend)
                raise SystemExit(CANNOT_START)
    logging.getLogger("huey").setLevel(logging.WARNING)  # a line for each slide deck is no news
    if settings.role in {"all", "jobs"}:
        with app.app_context():
            files.sweep(db.session(), settings.data_dir, NAMED_FILES)
    if "forsamlingshus.tail" in app.extensions:
        app.extensions["forsamlingshus.tail"].start()
    queue: jobs.Jobs = app.extensions["forsamlingshus.jobs"]
    if settings.role == "jobs":
        jobs.work_until_told_to_stop(queue, _unfinished)
    elif settings.role == "all":
        queue.begin(_unfinished)
    gc.collect()  # what stands in memory now stays for good: walking through it took a fifth of a post's time
    gc.freeze()


def _unfinished() -> list[tuple[str, int]]:
    return [found for sweep in SWEEPS for found in sweep(db.session())]
