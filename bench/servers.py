"""Starts the deployed server and the bare limits on free ports of the loopback, and reads what their workers use."""

import os
import resource
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType

BENCH = Path(__file__).resolve().parent
ROOT = BENCH.parent
BIN = Path(sys.executable).parent
OURS = ROOT / "deploy" / "gunicorn.conf.py"
BARE = BENCH / "bare_gunicorn.py"
PATIENCE = 60
"""Seconds that a server may take to answer for the first time."""


@contextmanager
def instance(**settings: str) -> Iterator[Path]:
    """A data folder with an empty, migrated database; gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="forsamlingshus-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        if any((ROOT / "migrations" / "versions").glob("*.py")):
            run(folder, BIN / "flask", "--app", "wsgi", "db", "upgrade", **settings)
        yield folder


def run(data_dir: Path, *command: str | Path, **settings: str) -> str:
    """Run a command on the instance and return what it printed; its complaints are shown when it fails."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=ROOT,
        env=environment(data_dir, settings),
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )
    if done.returncode:
        sys.exit(f"{command[0]} failed:\n{done.stderr[-3000:]}")
    return done.stdout


def environment(data_dir: Path, settings: Mapping[str, str]) -> dict[str, str]:
    """This process's environment with the settings of the instance (`role="web"`), and none of the caller's."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FORSAMLINGSHUS_")}
    given = {f"FORSAMLINGSHUS_{name.upper()}": value for name, value in settings.items()}
    return kept | given | {"FORSAMLINGSHUS_DATA_DIR": str(data_dir), "PYTHONPATH": f"{ROOT}{os.pathsep}{BENCH}"}


def allow_many_sockets(wanted: int) -> None:
    """Let this process, and the servers that it starts, hold so many open files; ends the run where they may not."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < wanted:
        sys.exit(f"{wanted} open files are needed, the system allows {hard}: raise it with ulimit -Hn")
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


class Server:
    """One gunicorn with one worker. `with Server("wsgi:app", OURS, folder, threads="640") as ours: ours.port`."""

    def __init__(self, target: str, config: Path, data_dir: Path, **settings: str) -> None:
        self._target, self._config, self._data_dir, self._settings = target, config, data_dir, settings
        self.port = _free_port()
        self._log = data_dir / f"{self.port}.log"
        self.url = f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> "Server":
        with self._log.open("wb") as complaints:
            self._process = subprocess.Popen(
                [str(BIN / "gunicorn"), "--config", str(self._config), self._target],
                cwd=ROOT,
                env=environment(self._data_dir, {**self._settings, "port": str(self.port)}),
                stdout=complaints,
                stderr=complaints,
            )
        if not self._answers():
            self._stop()
            sys.exit(f"{self._target} did not start:\n{self._complaints()}")
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text().split()
        self.worker = int(children[0])
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stop()
        if kind is not None and (complaints := self._complaints()):
            print(f"{self._target} said:\n{complaints}", file=sys.stderr)

    def cpu(self) -> float:
        """Seconds of CPU that the worker has used, all threads together."""
        # The clock id of another process, made as clock_getcpuclockid(3) does: /proc/<pid>/stat counts in 10 ms steps.
        return time.clock_gettime((~self.worker << 3) | 2)

    def memory(self) -> float:
        """MB of memory that are the worker's own."""
        rows = Path(f"/proc/{self.worker}/smaps_rollup").read_text().splitlines()
        return sum(int(row.split()[1]) for row in rows if row.startswith("Private_")) / 1024

    def _complaints(self) -> str:
        return self._log.read_text(errors="replace")[-3000:]

    def _answers(self) -> bool:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and self._process.poll() is None:
            try:
                urllib.request.urlopen(f"{self.url}/static/none", timeout=5).close()
            except urllib.error.HTTPError:
                return True
            except OSError:
                time.sleep(0.1)
            else:
                return True
        return False

    def _stop(self) -> None:
        self._process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(10)
            return
        self._process.kill()
        self._process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
