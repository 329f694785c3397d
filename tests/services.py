"""A PostgreSQL cluster and a Redis server of the tests' own: temporary folders, no network but the loopback."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

NAME = "forsamlingshus"
PATIENCE = 30
MISSING = "PostgreSQL and Redis are not installed: scripts/install-programs.sh says how"


def postgres_programs():
    """The folder of Debian's newest PostgreSQL programs, or of those on the path; None when there are none."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: float(folder.parent.name))
    on_path = shutil.which("initdb")
    found = [folder for folder in folders if (folder / "initdb").exists()]
    return found[-1] if found else on_path and Path(on_path).parent


def server_user():
    """Whom PostgreSQL may run as: it refuses root, so root takes the user of Debian's package, or nobody."""
    if os.getuid():
        return {}
    names = {entry.pw_name for entry in pwd.getpwall()}
    return {"user": "postgres" if "postgres" in names else "nobody", "group": 65534, "extra_groups": []}


def available():
    """True when both can be started here."""
    return bool(postgres_programs() and shutil.which("redis-server"))


class Postgres:
    """A cluster that nobody else uses; reached by a socket in its folder."""

    def __init__(self, durable=False):
        self.folder = Path(tempfile.mkdtemp(prefix="fh-pg-"))
        self._as = server_user()
        if self._as:
            shutil.chown(self.folder, self._as["user"])
        self._databases = 0
        self._programs = postgres_programs()
        data = ["-D", str(self.folder / "data")]
        self._run("initdb", *data, "-U", NAME, "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8")
        # Power cuts are not what the tests are about, so nothing waits for the disk unless somebody measures.
        fsync = f"fsync={'on' if durable else 'off'}"
        options = ["-c", "listen_addresses=", "-c", fsync, "-c", "max_connections=200", "-k", str(self.folder)]
        with (self.folder / "log").open("w", encoding="utf-8") as log:
            self._process = subprocess.Popen(
                [self._programs / "postgres", *data, *options], stdout=log, stderr=log, cwd="/", **self._as
            )
        self._wait()

    def database(self):
        """The address of a new, empty database."""
        self._databases += 1
        name = f"{NAME}{self._databases}"
        self._run("createdb", "-h", str(self.folder), "-U", NAME, name)
        return f"postgresql://{NAME}@/{name}?host={self.folder}"

    def close(self):
        self._process.send_signal(2)  # a fast shutdown: sessions that are still open are ended
        _end(self._process)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, program, *arguments):
        done = subprocess.run(
            [self._programs / program, *arguments], capture_output=True, text=True, check=False, cwd="/", **self._as
        )
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stderr[-2000:]}")

    def _wait(self):
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self._process.poll() is None:
            ready = [self._programs / "pg_isready", "-q", "-h", str(self.folder), "-U", NAME]
            if subprocess.run(ready, check=False, cwd="/").returncode == 0:
                return
            time.sleep(0.05)
        raise RuntimeError(f"PostgreSQL did not start: {(self.folder / 'log').read_text(encoding='utf-8')[-2000:]}")


class Redis:
    """A Redis server without a disk, which can be killed and started again on its port."""

    def __init__(self):
        self._folder = tempfile.mkdtemp(prefix="fh-redis-")
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._process = None
        self.start()

    def start(self):
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self._process = subprocess.Popen(
            ["redis-server", *options], cwd=self._folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.02)
        raise RuntimeError("redis-server did not start")

    def kill(self):
        self._process.kill()
        self._process.wait()

    def close(self):
        if self._process.poll() is None:
            self.kill()
        shutil.rmtree(self._folder, ignore_errors=True)


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def _end(process):
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
