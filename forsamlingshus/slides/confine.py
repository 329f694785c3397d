"""Runs a program under limits and, where the system allows it, with no network and no files but the system's own.

Called as `confine.py LIMITS PROGRAM …`. `LIMITS` is a JSON object as `render.limit_self` takes it; with `room`, the
folder that the program works in, it sees of this machine's files that folder, programs and fonts. The limits hold for
all that the program starts.
"""

import contextlib
import ctypes
import json
import os
import runpy
import sys
from pathlib import Path
from typing import Any

NEW_USER, NEW_NETWORK, NEW_MOUNTS = 0x10000000, 0x40000000, 0x00020000
BIND, RECURSIVE, PRIVATE = 0x1000, 0x4000, 0x40000

SYSTEM = {"usr", "bin", "sbin", "lib", "lib32", "lib64", "libx32", "opt", "nix", "gnu", "dev", "proc", "sys", "etc"}
"""What stays in sight of the top of the tree; whatever else lies there is covered by an empty folder."""
SETTINGS = (
    "alternatives",
    "fonts",
    "ld.so.cache",
    "ld.so.conf",
    "ld.so.conf.d",
    "libreoffice",
    "nsswitch.conf",
    "passwd",
)
"""What stays in sight of /etc."""


def main() -> None:
    """Limit this process, then become the program."""
    limits = json.loads(sys.argv[1])
    runpy.run_path(str(Path(__file__).with_name("render.py")))["limit_self"](limits)
    with contextlib.suppress(OSError, AttributeError):
        leave(limits.get("room"))
    os.execv(sys.argv[2], sys.argv[2:])  # noqa: S606 our own arguments, and no shell


def leave(room: str | None) -> None:
    """Go on in a network and a tree of one's own. Systems may forbid it; it is one wall of several."""
    user, group = os.getuid(), os.getgid()
    library = ctypes.CDLL(None, use_errno=True)
    spaces = NEW_NETWORK | (NEW_MOUNTS if room else 0)
    if user == 0:
        check(library.unshare(spaces))
    else:
        check(library.unshare(NEW_USER | spaces))
        # Known to itself under the same numbers, else its own files would be a stranger's.
        Path("/proc/self/setgroups").write_text("deny")
        for file, number in (("uid_map", user), ("gid_map", group)):
            (Path("/proc/self") / file).write_text(" ".join(map(str, (number, number, 1))))
    if room:
        cover(library, Path(room), Path(sys.argv[2]).resolve())


def cover(library: Any, room: Path, program: Path) -> None:
    """Put empty folders over all that the program has no business with, its room and its own place excepted."""

    def mount(source: str, target: Path, kind: bytes | None, flags: int) -> None:
        check(library.mount(source.encode(), str(target).encode(), kind, flags, None))

    mount("none", Path("/"), None, RECURSIVE | PRIVATE)
    etc = Path("/etc")
    shown = [room, *(etc / name for name in SETTINGS if (etc / name).exists())]
    # Taken in hand before they are covered: a folder that is held can be shown again.
    held = [(path, path.is_dir(), os.open(path, os.O_PATH)) for path in shown]
    tops = [path for path in Path("/").iterdir() if path.is_dir() and not path.is_symlink()]
    for path in (etc, *(path for path in tops if path.name not in SYSTEM and not program.is_relative_to(path))):
        mount("none", path, b"tmpfs", 0)
    for path, is_folder, handle in held:
        if is_folder:
            path.mkdir(parents=True, exist_ok=True)
        else:
            path.touch()
        mount(f"/proc/self/fd/{handle}", path, None, BIND | RECURSIVE)
        os.close(handle)
    # The working folder is still the one underneath.
    os.chdir(room)


def check(result: int) -> None:
    """Raises OSError when the system refused."""
    if result != 0:
        raise OSError(ctypes.get_errno(), "refused")


if __name__ == "__main__":
    main()
