"""The entry of the role jobs: `python worker.py` works off the queue that all processes of an instance share."""

import os
import sys

import config
from forsamlingshus.serving import serve, start

if __name__ == "__main__":
    try:
        settings = config.load(os.environ)
        if settings.role != "jobs":
            raise config.SettingsError(f"worker.py runs the role jobs: set {config.PREFIX}ROLE=jobs.")
    except config.SettingsError as refused:
        sys.exit(f"Forsamlingshuset does not start: {refused}")
    serve(start())
