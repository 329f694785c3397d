"""Real processes on one instance: they are started, killed and started again, and the database is asked directly."""

import json
import os
import secrets
import signal
import subprocess
import sys
import time
from pathlib import Path

import requests
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from tests.services import free_port

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
GUNICORN = (BIN / "gunicorn", "--config", "deploy/gunicorn.conf.py")
PATIENCE = 60


class Server:
    """One process of an instance: gunicorn with a role of its own, or the worker."""

    def __init__(self, town, name, *command, **settings):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = town.folder / f"{name}.log"
        self._command = command
        given = {f"FORSAMLINGSHUS_{key.upper()}": str(value) for key, value in settings.items()}
        self._environ = town.environ | given | {"FORSAMLINGSHUS_PORT": str(self.port)}
        self._process = None

    def start(self):
        with self.log.open("a", encoding="utf-8") as log:
            # A group of its own, so that a kill ends master and workers in one blow, as a power cut would.
            self._process = subprocess.Popen(
                self._command, cwd=ROOT, env=self._environ, stdout=log, stderr=log, start_new_session=True
            )
        return self

    def answers(self):
        """Wait until pages are served; returns the seconds that took."""
        begun = time.monotonic()
        while time.monotonic() < begun + PATIENCE and self._process.poll() is None:
            try:
                if requests.get(f"{self.url}/readyz", timeout=5).ok:
                    return time.monotonic() - begun
            except requests.RequestException:
                pass
            time.sleep(0.02)
        raise RuntimeError(f"no answer:\n{self.log.read_text(encoding='utf-8')[-3000:]}")

    def kill(self):
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def stop(self):
        if self._process is None or self._process.poll() is not None:
            return
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self.kill()


class Town:
    """An instance with accounts and threads, and the processes that serve it."""

    def __init__(self, folder, *, accounts, threads=1, **settings):
        self.folder = folder
        # Python may keep what it compiled, as it does for a service: a start takes a third of the time.
        ours = ("FORSAMLINGSHUS_", "PYTHONDONTWRITEBYTECODE")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        self.environ = kept | {
            "FORSAMLINGSHUS_DATA_DIR": str(folder / "data"),
            "FORSAMLINGSHUS_SECRET_KEY": secrets.token_urlsafe(48),
            **{f"FORSAMLINGSHUS_{key.upper()}": str(value) for key, value in settings.items()},
        }
        seed = [sys.executable, "-m", "tests.processes.seed", str(accounts), str(threads)]
        done = subprocess.run(seed, cwd=ROOT, env=self.environ, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(done.stderr[-3000:])
        self.seeded = json.loads(done.stdout.splitlines()[-1])
        url = settings.get("database_url", f"sqlite:///{folder / 'data' / 'forsamlingshus.db'}")
        self._engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"), poolclass=NullPool)
        self._servers = []

    @property
    def thread(self):
        return self.seeded["threads"][0]

    def serve(self, role, name=None, **settings):
        """Start a process of that role (it is waited for with `answers`)."""
        command = {
            "all": (*GUNICORN, "wsgi:app"),
            "web": (*GUNICORN, "wsgi:app"),
            "live": (*GUNICORN, "wsgi_live:app"),
            "jobs": (sys.executable, "worker.py"),
        }[role]
        server = Server(self, name or role, *command, role=role, **settings)
        self._servers.append(server)
        return server.start()

    def rows(self, query, **values):
        """What the database says now."""
        with self._engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(query), values)]

    def posts(self, thread):
        """The ids of a thread's posts in their order on the page."""
        query = "SELECT id FROM post WHERE thread_id = :id AND position IS NOT NULL ORDER BY position"
        return [row[0] for row in self.rows(query, id=thread["id"])]

    def upload(self, pages, **settings):
        """A deck that waits to be drawn; returns its id."""
        given = {f"FORSAMLINGSHUS_{key.upper()}": str(value) for key, value in settings.items()}
        program = [sys.executable, "-m", "tests.processes.upload", str(pages)]
        done = subprocess.run(program, cwd=ROOT, env=self.environ | given, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(done.stderr[-3000:])
        return int(done.stdout.splitlines()[-1])

    def deck(self, deck_id):
        """State of a deck, its pages, and how many of them are drawn."""
        query = """SELECT state, page_count, (SELECT count(*) FROM slide WHERE deck_id = deck.id AND image_key != '')
            FROM deck WHERE id = :id"""
        return self.rows(query, id=deck_id)[0]

    def faults(self):
        """Lines of the logs that tell of a fault."""
        lines = [line for server in self._servers for line in server.log.read_text(encoding="utf-8").splitlines()]
        return [line for line in lines if " ERROR " in line or line.startswith("Traceback")]

    def close(self):
        for server in self._servers:
            server.stop()
        self._engine.dispose()
