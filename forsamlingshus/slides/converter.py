"""Turns a PDF into pictures and text, page by page, in short-lived child processes that a hostile file may break."""

import contextlib
import enum
import json
import logging
import os
import re
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

log = logging.getLogger(__name__)

RENDERER = Path(__file__).with_name("render.py")
MARK_WITHIN = 1024  # bytes; readers of PDF accept that much before the mark
LINE = 512 * 1024  # bytes; twice 20,000 characters take at most 480,000 as JSON
COMPLAINT = 4096  # bytes kept of what the child writes to stderr
GRACE = 2.0  # seconds for a child that has closed its pipes to be gone
SIDE, TEXT = 16_383, 20_000  # px and characters, as render.py promises
UNCLEAN = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


class Fault(enum.StrEnum):
    """Why a PDF gave no slides. Each member has one sentence for the person who uploaded it."""

    NOT_PDF = "not_pdf"  # the content is something else, whatever the name says
    ENCRYPTED = "encrypted"  # a password or an unknown protection; one that opens without a password is drawn
    BROKEN = "broken"  # damaged or cut off
    EMPTY = "empty"  # no bytes, or no pages
    TOO_LARGE = "too_large"
    TOO_MANY_PAGES = "too_many_pages"
    TOO_SLOW = "too_slow"  # no page finished in time
    PRIVATE = "private"  # its properties seem to hold personal data, and go out with the original
    TOO_HEAVY = "too_heavy"  # out of memory, processor time or file size
    NOT_SLIDES = "not_slides"  # a package of an office program that holds no presentation
    SHOW = "show"  # a show that plays itself, or a template
    NO_OFFICE = "no_office"  # nothing here reads files of office programs
    CRASHED = "crashed"  # the child ended otherwise, or answered nonsense


class ConversionFailed(Exception):
    """The PDF as a whole is refused; `page` is the 0-based page it failed at, None when no page had been asked for."""

    def __init__(self, fault: Fault, page: int | None = None) -> None:
        super().__init__(fault, page)
        self.fault = fault
        self.page = page


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes, pages and seconds; `memory`, `cpu` and `written` (a file) are what the child may take of the machine."""

    file: int = 50 * 1024 * 1024
    pages: int = 300
    batch: int = 50
    stall: float = 15.0
    wall: float = 60.0
    memory: int = 1024 * 1024 * 1024
    cpu: int = 30  # 50 photographs of 12 Mpx take 8 s
    written: int = 50 * 1024 * 1024


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Probe:
    """What a PDF says of itself; the title may be empty, and so may `words`, which holds all its properties."""

    pages: int
    title: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class RenderedSlide:
    """One finished page: 0-based index, size of the image in px, two WebP files and the text layer.

    `beside` is what annotations, form fields and links say: no page of ours shows it, but it goes out with the file.
    """

    index: int
    width: int
    height: int
    image: Path
    thumbnail: Path
    text: str
    beside: str = ""


def sniff(head: bytes) -> bool:
    """Whether the first bytes of a file look like a PDF; its name and declared type are never asked."""
    return b"%PDF-" in head[:MARK_WITHIN]


def probe(pdf: Path, workdir: Path, *, limits: Limits = LIMITS) -> Probe:
    """Count the pages before any is drawn. Nothing is left in `workdir`. Raises ConversionFailed."""
    _admit(pdf, limits)
    with _child("probe", pdf, workdir, limits=limits) as child:
        match child.receive():
            case {"pages": int(pages), "title": str(title), "words": str(words)} if (
                pages > 0 and len(words) <= TEXT and not UNCLEAN.search(title + words)
            ):
                if pages > limits.pages:
                    raise ConversionFailed(Fault.TOO_MANY_PAGES)
                return Probe(pages, title, words)
        raise child.nonsense()


def render(pdf: Path, workdir: Path, *, first: int = 0, pages: int, limits: Limits = LIMITS) -> Iterator[RenderedSlide]:
    """Draw `pages` pages from the 0-based page `first` on into `workdir`, and yield each as soon as it is done.

    Raises ConversionFailed at the page that can't be drawn; what was yielded before stays. Nothing else is left in
    `workdir`. Closing the iterator stops the child. The caller's own time between two slides is not held against it.
    """
    _admit(pdf, limits)
    end = first + pages
    if end > limits.pages:
        raise ConversionFailed(Fault.TOO_MANY_PAGES)
    for start in range(first, end, limits.batch):
        count = min(limits.batch, end - start)
        with _child("draw", pdf, workdir, first=start, count=count, limits=limits) as child:
            for index in range(start, start + count):
                child.page = index
                yield _slide(child, index, workdir)


def _admit(pdf: Path, limits: Limits) -> None:
    size = pdf.stat().st_size
    if size == 0:
        raise ConversionFailed(Fault.EMPTY)
    if size > limits.file:
        raise ConversionFailed(Fault.TOO_LARGE)
    with pdf.open("rb") as file:
        if not sniff(file.read(MARK_WITHIN)):
            raise ConversionFailed(Fault.NOT_PDF)


def _slide(child: "_Child", index: int, workdir: Path) -> RenderedSlide:
    image, thumbnail = f"{index:04d}.webp", f"{index:04d}.thumbnail.webp"
    match child.receive():
        case {
            "image": str(a),
            "thumbnail": str(b),
            "width": int(width),
            "height": int(height),
            "text": str(text),
            "beside": str(beside),
        } if (
            (a, b) == (image, thumbnail)
            and 0 < min(width, height) <= max(width, height) <= SIDE
            and max(len(text), len(beside)) <= TEXT
            and not UNCLEAN.search(text + beside)
        ):
            child.hand_over(image, workdir)
            child.hand_over(thumbnail, workdir)
            return RenderedSlide(index, width, height, workdir / image, workdir / thumbnail, text, beside)
    raise child.nonsense()


@contextlib.contextmanager
def _child(
    mode: str, pdf: Path, workdir: Path, *, first: int = 0, count: int = 0, limits: Limits
) -> Iterator["_Child"]:
    """One run of the renderer in a folder of its own; at the end its whole process group and the folder are gone."""
    # Inside `workdir` a finished file can be moved out by renaming, so that nobody sees half of one.
    with tempfile.TemporaryDirectory(prefix=".drawing-", dir=workdir) as name:
        folder = Path(name).resolve()
        request = {"mode": mode, "pdf": str(pdf.resolve()), "first": first, "count": count, "folder": str(folder)}
        allowed = {"memory": limits.memory, "cpu": limits.cpu, "written": limits.written}
        # -I leaves the working folder, PYTHON* variables and the user's packages out of the import path; not even
        # this package is on it, so the program is named by its file. No preexec_fn: the parent has threads.
        with subprocess.Popen(  # noqa: S603 our own program, without a shell
            [sys.executable, "-I", str(RENDERER), json.dumps(request | allowed)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=folder,
            env={},
            start_new_session=True,
        ) as process:
            child = _Child(process, folder, limits)
            try:
                yield child
            finally:
                child.close()


class _Child:
    """A running renderer, seen from outside. It has read a hostile file, so each of its words is doubted."""

    page: int | None = None
    talking = True

    def __init__(self, process: subprocess.Popen[bytes], folder: Path, limits: Limits) -> None:
        self.process = process
        self.folder = folder
        self.stall = limits.stall
        self.left = limits.wall
        self.heard = b""
        self.complaint = b""
        self.pipes = selectors.DefaultSelector()
        for pipe, name in ((process.stdout, "stdout"), (process.stderr, "stderr")):
            assert pipe is not None
            self.pipes.register(pipe, selectors.EVENT_READ, name)

    def receive(self) -> dict[str, object]:
        """Wait for the next line at most as long as the page and the batch still have. Raises ConversionFailed."""
        began = time.monotonic()
        deadline = began + min(self.stall, self.left)
        while b"\n" not in self.heard:
            if not self.talking:
                raise ConversionFailed(self.verdict(), self.page)
            if len(self.heard) > LINE:
                raise self.nonsense()
            if time.monotonic() >= deadline:
                raise ConversionFailed(Fault.TOO_SLOW, self.page)
            self.listen(deadline)
        self.left -= time.monotonic() - began
        line, _, self.heard = self.heard.partition(b"\n")
        return self.understood(line)

    def listen(self, deadline: float) -> None:
        """Take in what the child says, or wait for it until the deadline, whatever the child does."""
        for key, _ in self.pipes.select(max(0.0, deadline - time.monotonic())):
            chunk = os.read(key.fd, 65536)
            if not chunk:
                self.pipes.unregister(key.fileobj)
                self.talking = self.talking and key.data != "stdout"
            elif key.data == "stdout":
                self.heard += chunk
            else:
                self.complaint = (self.complaint + chunk)[-COMPLAINT:]

    def understood(self, line: bytes) -> dict[str, object]:
        try:
            message = json.loads(line)
        except (ValueError, RecursionError):
            raise self.nonsense() from None
        match message:
            case {"fault": str(fault)} if fault in list(Fault):
                raise ConversionFailed(Fault(fault), self.page)
            case dict():
                return message
        raise self.nonsense()

    def verdict(self) -> Fault:
        """Why a child has fallen silent."""
        # Both pipes close just before it is gone; then its status stands, and the kill comes too late to change it.
        deadline = time.monotonic() + GRACE
        while self.pipes.get_map() and time.monotonic() < deadline:
            self.listen(deadline)
        self.kill()
        status = self.process.returncode
        # PDFium gives up without a word when memory runs out; a damaged heap and a false assumption do say something.
        out_of_memory = not self.complaint or b"bad_alloc" in self.complaint
        if status == -signal.SIGXCPU or (status == -signal.SIGABRT and out_of_memory):
            return Fault.TOO_HEAVY
        if status == 1 and b"MemoryError" in self.complaint:
            return Fault.TOO_HEAVY
        log.warning("Slide renderer ended with status %s: %r", status, self.complaint)
        return Fault.CRASHED

    def nonsense(self) -> ConversionFailed:
        log.warning("Slide renderer broke its protocol at page %s", self.page)
        return ConversionFailed(Fault.CRASHED, self.page)

    def hand_over(self, name: str, workdir: Path) -> None:
        """Move a finished file out; a link could point at any file of ours that the web would then show."""
        source = self.folder / name
        if source.is_symlink() or not source.is_file():
            raise self.nonsense()
        source.replace(workdir / name)

    def kill(self) -> None:
        if self.process.returncode is None:
            # Not yet waited for, the leader keeps its number: the group can't be anybody else's.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def close(self) -> None:
        self.kill()
        self.pipes.close()
