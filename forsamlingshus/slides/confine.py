"""Runs a program under limits and, where the system allows it, without a network: `confine.py LIMITS PROGRAM …`.

`LIMITS` is a JSON object as `render.limit_self` takes it. The limits hold for all that the program starts.
"""

import contextlib
import ctypes
import json
import os
import runpy
import sys
from pathlib import Path

NEW_USER, NEW_NETWORK = 0x10000000, 0x40000000


def main() -> None:
    """Limit this process, then become the program."""
    runpy.run_path(str(Path(__file__).with_name("render.py")))["limit_self"](json.loads(sys.argv[1]))
    with contextlib.suppress(OSError, AttributeError):
        leave_network()
    os.execv(sys.argv[2], sys.argv[2:])  # noqa: S606 our own arguments, and no shell


def leave_network() -> None:
    """Go on in a network of one's own, with nothing in it. Systems may forbid it; it is one wall of several."""
    user, group = os.getuid(), os.getgid()
    if user == 0:
        ctypes.CDLL(None).unshare(NEW_NETWORK)
    elif ctypes.CDLL(None).unshare(NEW_USER | NEW_NETWORK) == 0:
        # Known to itself under the same numbers, else its own files would be a stranger's.
        Path("/proc/self/setgroups").write_text("deny")
        for file, number in (("uid_map", user), ("gid_map", group)):
            (Path("/proc/self") / file).write_text(" ".join(map(str, (number, number, 1))))


if __name__ == "__main__":
    main()
