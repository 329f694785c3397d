"""Jobs: a nudge to do work that a row already asks for; a lost nudge loses nothing, because start sweeps up rows."""

import json
import logging
import signal
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from flask import Flask
from huey import RedisHuey, SqliteHuey
from huey.registry import Message
from huey.serializer import Serializer

from forsamlingshus.kernel import shared

log = logging.getLogger(__name__)

Job = Callable[[int], None]
SWEEP_EVERY = 15.0
"""Seconds between two looks for rows whose nudge was lost, in the role jobs."""


class JsonSerializer(Serializer):  # type: ignore[misc]
    """Messages as JSON: huey's default is pickle, and a pickle that somebody else wrote is code."""

    def _serialize(self, data: Any) -> bytes:
        return json.dumps(list(data) if isinstance(data, Message) else data, default=str).encode()

    def _deserialize(self, data: bytes) -> Any:
        loaded = json.loads(data)
        if not isinstance(loaded, list):
            return loaded
        fields = dict(zip(Message._fields, loaded, strict=True))
        fields["args"] = tuple(fields["args"])
        return Message(**{**fields, "eta": None, "expires": None, "expires_resolved": None})


class Jobs:
    """The queue. `run` names a job and the id of its row; nothing else travels.

    It belongs to one process, which keeps it in the data folder, or with `redis_url` to all processes of an instance.
    """

    def __init__(
        self,
        app: Flask,
        data_dir: Path,
        jobs: Mapping[str, Job],
        *,
        immediate: bool = False,
        redis_url: str = "",
    ) -> None:
        self._app = app
        self._jobs = jobs
        self._immediate = immediate
        self._consumer: Any = None
        self._lock = threading.Lock()
        self._huey: Any = None
        if not immediate:
            self._huey = _queue(data_dir, redis_url)
            self._task = self._huey.task(name="work")(self.work)

    def run(self, name: str, row_id: int) -> None:
        """Ask for a job once the transaction that made its row is committed."""
        if name not in self._jobs:
            raise KeyError(name)
        if self._immediate:
            self.work(name, row_id)
        else:
            self._task(name, row_id)

    def work(self, name: str, row_id: int) -> None:
        """Do a job now, in this thread, with the app's context."""
        with self._app.app_context():
            try:
                self._jobs[name](row_id)
            except Exception:
                log.exception("job %s %s failed; its row keeps the state", name, row_id)

    def sweep(self, unfinished: Callable[[], list[tuple[str, int]]]) -> None:
        """Ask for the jobs of the rows that `unfinished` names, unless some wait already: those may be the same."""
        if self._huey is None or not self._huey.pending_count():
            self._ask_for(unfinished)

    def begin(self, unfinished: Callable[[], list[tuple[str, int]]]) -> None:
        """Work in this process from now on, first of all on the rows that `unfinished` names."""
        self.start()
        self._ask_for(unfinished)

    def _ask_for(self, unfinished: Callable[[], list[tuple[str, int]]]) -> None:
        with self._app.app_context():
            for name, row_id in unfinished():
                self.run(name, row_id)

    def start(self) -> None:
        """Start the consumer thread of this process (after a fork, never at import)."""
        with self._lock:
            if self._consumer is None and self._huey is not None:
                self._consumer = _Consumer(self._huey)
                self._consumer.start()

    def stop(self) -> None:
        """Stop the consumer thread and wait for the job that it is doing."""
        with self._lock:
            if self._consumer is not None:
                self._consumer.stop()
                self._consumer = None


def work_until_told_to_stop(queue: Jobs, unfinished: Callable[[], list[tuple[str, int]]]) -> None:
    """What the role jobs does: work off the queue and look for rows whose nudge was lost, until SIGTERM."""
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stopped.set())
    said_once = _SaidOnce()
    for part in ("Worker", "Scheduler"):
        logging.getLogger(f"huey.consumer.{part}").addFilter(said_once)
    queue.start()
    while not stopped.is_set():
        try:
            queue.sweep(unfinished)
        except Exception as error:  # Redis or the database is away
            log.warning("looking for unfinished work failed, trying again: %s", error)
        stopped.wait(SWEEP_EVERY)
    queue.stop()


class _SaidOnce(logging.Filter):
    """huey tells of each second that Redis is away, with a traceback; once a minute without one is enough."""

    _said_at = -60.0

    def filter(self, record: logging.LogRecord) -> bool:
        if not str(record.msg).startswith("Error reading"):  # from queue, or schedule
            return True
        if time.monotonic() - self._said_at < 60:
            return False
        self._said_at = time.monotonic()
        record.levelno, record.levelname, record.exc_info = logging.WARNING, "WARNING", None
        record.msg = "Redis is away: no work is taken up until it is back"
        return True


def _queue(data_dir: Path, redis_url: str) -> Any:
    kept = {"results": False, "serializer": JsonSerializer()}
    if not redis_url:
        data_dir.mkdir(parents=True, exist_ok=True)
        return SqliteHuey(filename=str(data_dir / "jobs.db"), fsync=False, **kept)
    return RedisHuey("forsamlingshus", connection_pool=shared.connect(redis_url).connection_pool, **kept)


class _Consumer:
    """huey's consumer without its signal handlers, which only work in the main thread."""

    def __init__(self, huey: Any) -> None:
        self._consumer = huey.create_consumer(
            workers=1,
            worker_type="thread",
            periodic=False,
            check_worker_health=False,
            initial_delay=0.05,
            max_delay=0.5,
        )
        self._consumer._set_signal_handlers = lambda: None

    def start(self) -> None:
        self._consumer.start()

    def stop(self) -> None:
        self._consumer.stop(graceful=True)
