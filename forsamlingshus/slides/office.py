"""Turns a presentation of PowerPoint or ODP into a PDF by LibreOffice, where it is installed, behind several walls.

First `unpack.py` makes a copy without macros and without names of anything outside; then LibreOffice reads the copy
with a profile of its own, in a folder that is thrown away, under limits of memory, processor, file size and time.
"""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from forsamlingshus.slides.converter import UNCLEAN, ConversionFailed, Fault
from forsamlingshus.slides.models import FileType

OLE = b"\xd0\xcf\x11\xe0"
"""How files of old office programs begin, and those that are locked with a password."""
ZIP = b"PK\x03\x04"
ODP_MARK = b"mimetypeapplication/vnd.oasis.opendocument.presentation"
NOTES = 5_000

CONFINE = Path(__file__).with_name("confine.py")
UNPACK = (
    f"import sys; sys.path.append({str(Path(__file__).parents[2])!r})\n"
    "from forsamlingshus.slides import unpack; unpack.main()"
)
"""In isolated mode nothing of ours is on the import path, so the child program puts it there: last, behind Python's."""

SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{}</oor:items>"""
SETTING = '<item oor:path="/org.openoffice.{}"><prop oor:name="{}" oor:op="fuse"><value>{}</value></prop></item>'
SAFE = (
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    # Whatever asks for the network all the same is sent to a port at which nobody listens.
    ("Inet/Settings", "ooInetProxyType", "1"),
    ("Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPSProxyPort", "9"),
)


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds and bytes that one program may take."""

    wall: float
    memory: int
    cpu: int
    written: int


UNPACKING = Limits(wall=30.0, memory=1536 * 1024 * 1024, cpu=20, written=200 * 1024 * 1024)
CONVERTING = Limits(wall=120.0, memory=4 * 1024 * 1024 * 1024, cpu=100, written=200 * 1024 * 1024)
"""LibreOffice needs 6 s and 214 MB for 25 slides, and address space for far more than it uses."""


def program() -> str | None:
    """Where LibreOffice is."""
    return shutil.which("soffice")


def available() -> bool:
    """True where presentations of office programs can be read."""
    return program() is not None


def sniff(head: bytes) -> FileType | None:
    """What the first bytes of a file may be; whether it is that is found out when it is unpacked."""
    if not head.startswith(ZIP):
        return None
    return FileType.ODP if ODP_MARK in head[:200] else FileType.PPTX


def is_old(head: bytes) -> bool:
    """True for the files of old programs, and of newer ones that are locked with a password."""
    return head.startswith(OLE)


def to_pdf(source: Path, kind: FileType, folder: Path, *, converting: Limits = CONVERTING) -> tuple[Path, list[str]]:
    """Make a PDF of a presentation in `folder`; returns it and the notes, one text for each slide that is shown.

    Raises ConversionFailed.
    """
    soffice = program()
    if soffice is None:
        raise ConversionFailed(Fault.NO_OFFICE)
    with tempfile.TemporaryDirectory(prefix=".office-", dir=folder) as name:
        room = Path(name).resolve()
        notes = _unpack(source, kind, room)
        made = _convert(soffice, room, kind, converting)
        pdf = folder / "made.pdf"
        made.replace(pdf)
    return pdf, notes


def _unpack(source: Path, kind: FileType, room: Path) -> list[str]:
    request = {"source": str(source.resolve()), "kind": kind, "folder": str(room)}
    _run([sys.executable, "-I", "-c", UNPACK, json.dumps(request)], room, UNPACKING, {})
    result = room / "result.json"
    if result.is_symlink() or not result.is_file():
        raise ConversionFailed(Fault.CRASHED)
    match json.loads(result.read_bytes()):
        case {"fault": str(fault)} if fault in list(Fault):
            raise ConversionFailed(Fault(fault))
        case {"notes": list(notes)} if all(isinstance(text, str) for text in notes):
            return [UNCLEAN.sub("", text)[:NOTES] for text in notes]
    raise ConversionFailed(Fault.CRASHED)


def _convert(soffice: str, room: Path, kind: FileType, limits: Limits) -> Path:
    profile = room / "profile"
    (profile / "user").mkdir(parents=True)
    items = "".join(SETTING.format(*setting) for setting in SAFE)
    (profile / "user" / "registrymodifications.xcu").write_text(SETTINGS.format(items))
    arguments = [f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", "--nologo", "--nolockcheck"]
    arguments += ["--convert-to", "pdf:impress_pdf_Export", "--outdir", str(room / "out"), str(room / f"clean.{kind}")]
    nowhere = "http://127.0.0.1:9"
    environment = {"HOME": str(room), "TMPDIR": str(room), "LANG": "C.UTF-8", "SAL_USE_VCLPLUGIN": "svp"}
    environment |= {"PATH": "/usr/bin:/bin", "http_proxy": nowhere, "https_proxy": nowhere}
    _run([soffice, *arguments], room, limits, environment, alone=True)
    made = room / "out" / "clean.pdf"
    if made.is_symlink() or not made.is_file():
        raise ConversionFailed(Fault.BROKEN)
    return made


def _run(command: list[str], room: Path, limits: Limits, environment: dict[str, str], *, alone: bool = False) -> None:
    """Run a program to its end, at most for its time; whatever it started is gone afterwards.

    One that runs `alone` sees no files but those in `room` and the system's own, where the system can do that.
    """
    allowed = {"memory": limits.memory, "cpu": limits.cpu, "written": limits.written, "files": 1024, "processes": None}
    asked = allowed | ({"room": str(room)} if alone else {})
    with subprocess.Popen(  # noqa: S603 a list of arguments, without a shell
        [sys.executable, "-I", str(CONFINE), json.dumps(asked), *command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=room,
        env=environment,
        start_new_session=True,
    ) as process:
        try:
            status = process.wait(limits.wall)
        except subprocess.TimeoutExpired:
            raise ConversionFailed(Fault.TOO_SLOW) from None
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
    if status in {-signal.SIGXCPU, -signal.SIGXFSZ, -signal.SIGKILL}:
        raise ConversionFailed(Fault.TOO_HEAVY)
