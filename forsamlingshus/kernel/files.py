"""Files: stored under the hash of their content in the data folder; names that people gave never touch the disk."""

import hashlib
import logging
import shutil
import tempfile
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from sqlalchemy.orm import Session

log = logging.getLogger(__name__)

CHUNK = 1 << 20
INCOMING, WORK = "incoming-", "work-"
GRACE = 3600
"""Seconds that a file may lie without a row: it is stored first and named by the transaction that follows."""

Named = Callable[[Session, Collection[str]], set[str]]
"""Tells which of some keys a slice's rows name."""


class TooLarge(Exception):
    """The stream is longer than allowed."""


@dataclass(frozen=True, slots=True)
class FileStore:
    """A folder of immutable files; the key is 64 hexadecimal digits (SHA-256), the place is derived from it."""

    root: Path

    def put(self, stream: BinaryIO, *, limit: int) -> tuple[str, int]:
        """Store a stream; returns its key and size in bytes. Raises TooLarge above `limit` bytes, and keeps nothing."""
        self.root.mkdir(parents=True, exist_ok=True)
        digest, size = hashlib.sha256(), 0
        with tempfile.NamedTemporaryFile(dir=self.root, prefix=INCOMING, delete=False) as kept:
            temporary = Path(kept.name)
            try:
                while chunk := stream.read(CHUNK):
                    size += len(chunk)
                    if size > limit:
                        raise TooLarge
                    digest.update(chunk)
                    kept.write(chunk)
            except BaseException:
                temporary.unlink()
                raise
        return self._move(temporary, digest.hexdigest()), size

    def put_file(self, path: Path) -> str:
        """Store a copy of a file that we made ourselves; returns its key."""
        with path.open("rb") as stream:
            return self.put(stream, limit=path.stat().st_size)[0]

    def keys(self, before: float) -> Iterator[str]:
        """The keys of what was stored before that moment (seconds since 1970)."""
        for path in self.root.glob("??/*"):
            if path.stat().st_mtime < before:
                yield path.name

    def remove(self, key: str) -> None:
        """Forget a file."""
        self.path(key).unlink(missing_ok=True)

    def path(self, key: str) -> Path:
        """Where the file with that key lies. Raises ValueError for anything that is not a key."""
        if len(key) != 64 or not set(key) <= set("0123456789abcdef"):
            raise ValueError("not a file key")
        return self.root / key[:2] / key

    def _move(self, temporary: Path, key: str) -> str:
        place = self.path(key)
        place.parent.mkdir(exist_ok=True)
        temporary.chmod(0o640)
        temporary.replace(place)
        return key


@contextmanager
def work_folder(parent: Path) -> Iterator[Path]:
    """A folder for a job's intermediate files, removed afterwards whatever happens."""
    parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=parent, prefix=WORK))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def store(data_dir: Path) -> FileStore:
    """The store of one instance."""
    return FileStore(data_dir / "files")


def sweep(session: Session, data_dir: Path, named: Collection[Named]) -> int:
    """Remove what a killed process left: halves of uploads, work folders, and files that no row names; tells how many.

    Only for a start, before the first job: a folder that is in use looks no different from one that was left.
    """
    files, before = store(data_dir), time.time() - GRACE
    halves = [path for path in files.root.glob(f"{INCOMING}*") if path.stat().st_mtime < before]
    folders = list((data_dir / "work").glob(f"{WORK}*"))
    keys = set(files.keys(before))
    for is_named in named:
        keys -= is_named(session, keys)
    for path in halves:
        path.unlink(missing_ok=True)
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
    for key in keys:
        files.remove(key)
    swept = len(halves) + len(folders) + len(keys)
    if swept:
        log.warning("removed %s files and folders that a killed process had left", swept)
    return swept
