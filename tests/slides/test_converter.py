"""A deck becomes slides, and whatever else is uploaded becomes one fault, a whole server and no process left behind."""

import os
import signal
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from forsamlingshus.slides import converter
from forsamlingshus.slides.converter import LIMITS, ConversionFailed, Fault, RenderedSlide
from tests.slides.pdfs import HANGS, LASTS_A_SECOND, LOCKED, SHARED, SLIDE, TEXT, deck, photographs, png, says, stream


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "deck.pdf"


@pytest.fixture
def workdir(tmp_path: Path) -> Path:
    folder = tmp_path / "slides"
    folder.mkdir()
    return folder


def children() -> set[int]:
    """Every child of this process, the dead that nobody has waited for too."""
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(fields[1]) == os.getpid():
            found.add(int(stat.parent.name))
    return found


@pytest.fixture(autouse=True)
def _nothing_left_behind(workdir: Path) -> Iterator[None]:
    before, open_before = children(), len(os.listdir("/proc/self/fd"))
    yield
    assert children() == before
    assert len(os.listdir("/proc/self/fd")) <= open_before
    assert list(workdir.glob(".*")) == []


def failure(slides: Iterator[RenderedSlide]) -> tuple[list[int], Fault, int | None]:
    """Which pages came, and what ended it where."""
    done: list[int] = []
    with pytest.raises(ConversionFailed) as caught:
        done.extend(slide.index for slide in slides)
    return done, caught.value.fault, caught.value.page


def test_deck_becomes_slides_with_text(file: Path, workdir: Path) -> None:
    file.write_bytes(deck(TEXT, (says("ene to"), SLIDE + b" /Rotate 90"), (b"1 0 0 rg 0 0 960 540 re f", SLIDE)))

    slides = list(converter.render(file, workdir, pages=3))

    assert [(s.index, s.width, s.height, s.text) for s in slides] == [
        (0, 1600, 900, "Rødgrød"),
        (1, 1600, 2844, "ene to"),
        (2, 1600, 900, ""),
    ]
    assert sorted(workdir.iterdir()) == sorted(path for s in slides for path in (s.image, s.thumbnail))
    for slide, small in zip(slides, [(400, 225), (400, 711), (400, 225)], strict=True):
        with Image.open(slide.image) as image, Image.open(slide.thumbnail) as thumbnail:
            assert (image.format, image.mode, image.size) == ("WEBP", "RGB", (slide.width, slide.height))
            assert (thumbnail.format, thumbnail.size) == ("WEBP", small)
    with Image.open(slides[2].image) as image:
        red, green, blue = image.convert("RGB").getpixel((800, 450))  # type: ignore[misc]
        assert red > 240 > 20 > max(green, blue)


def test_photographs_are_drawn_in_batches_from_any_page(file: Path, workdir: Path) -> None:
    file.write_bytes(photographs(6))
    before, seen, drawn = children(), set(), []

    for slide in converter.render(file, workdir, first=1, pages=5, limits=replace(LIMITS, batch=2)):
        drawn.append((slide.index, slide.width, slide.height))
        seen |= children() - before

    assert drawn == [(index, 1600, 1200) for index in range(1, 6)]
    assert len(seen) == 3


ODD = {b"2000000 2000000": (1600, 1600), b"2000000 1": (1600, 1), b"1 2000000": (1, 16383), b"100 1000": (1581, 15811)}
ODD |= {b".001 .001": (1600, 1600), b"0 0": (1600, 2071), b"595.276 841.89": (1600, 2263)}


@pytest.mark.parametrize(("corner", "size"), ODD.items())
def test_odd_page_sizes_stay_within_limits(file: Path, workdir: Path, corner: bytes, size: tuple[int, int]) -> None:
    file.write_bytes(deck((b"", b"/MediaBox [0 0 %b]" % corner)))
    assert [(slide.width, slide.height) for slide in converter.render(file, workdir, pages=1)] == [size]


def test_probe_tells_pages_and_title(file: Path, workdir: Path) -> None:
    file.write_bytes(deck(TEXT, HANGS))
    assert converter.probe(file, workdir) == converter.Probe(pages=2, title="Budget 2024", words="Budget\n2024")
    assert list(workdir.iterdir()) == []


def test_mark_is_sought_in_the_content() -> None:
    assert [converter.sniff(b"x" * n + b"%PDF-1.4") for n in (0, 1019, 1020)] == [True, True, False]
    assert not converter.sniff(png())


BAD = {
    "png": (png(), Fault.NOT_PDF),
    "no bytes": (b"", Fault.EMPTY),
    "no pages": (deck(), Fault.EMPTY),
    "truncated": (deck(TEXT)[:300], Fault.BROKEN),
    "only a mark": (b"%PDF-1.7\n", Fault.BROKEN),
    "password": (deck(TEXT, trailer=LOCKED % b"Standard"), Fault.ENCRYPTED),
    "unknown protection": (deck(TEXT, trailer=LOCKED % b"Foo"), Fault.ENCRYPTED),
    "too large": (b"%PDF-1.7\n" + bytes(50 * 1024 * 1024), Fault.TOO_LARGE),
    "one page too many": (deck(*[TEXT] * 301), Fault.TOO_MANY_PAGES),
    "one page shared": (SHARED, Fault.TOO_MANY_PAGES),
}


@pytest.mark.parametrize(("content", "fault"), BAD.values(), ids=BAD)
def test_bad_file_is_refused_with_its_fault(file: Path, workdir: Path, content: bytes, fault: Fault) -> None:
    file.write_bytes(content)
    with pytest.raises(ConversionFailed) as caught:
        converter.probe(file, workdir)
    assert (caught.value.fault, caught.value.page) == (fault, None)
    assert failure(converter.render(file, workdir, pages=301))[0] == []


@pytest.mark.parametrize("keys", [b"/MediaBox [0 0 500 500] /CropBox [0 600 500 700]", b"/Type /Nothing"])
def test_page_that_cannot_be_drawn_stops_the_deck(file: Path, workdir: Path, keys: bytes) -> None:
    file.write_bytes(deck(TEXT, (b"", keys), count=2))
    assert failure(converter.render(file, workdir, pages=2)) == ([0], Fault.BROKEN, 1)


def test_enormous_image_is_drawn(file: Path, workdir: Path) -> None:
    keys = b"/Type /XObject /Subtype /Image /Width 20000 /Height 16000 /BitsPerComponent 8 /ColorSpace /DeviceRGB"
    file.write_bytes(deck((b"960 0 0 540 0 0 cm /I Do", SLIDE), extra=stream(bytes(960_000_000), keys)))

    (slide,) = converter.render(file, workdir, pages=1)

    with Image.open(slide.image) as image:
        assert image.convert("L").getextrema() == (0, 0)


@pytest.mark.parametrize("content", [b"q " * 20_000_000, b"0 0 9 9 re f " * 10_000_000], ids=["states", "paths"])
def test_endless_operators_are_too_heavy(file: Path, workdir: Path, content: bytes) -> None:
    file.write_bytes(deck(TEXT, (content, SLIDE)))
    assert failure(converter.render(file, workdir, pages=2)) == ([0], Fault.TOO_HEAVY, 1)


FAULTS = [("cpu", Fault.TOO_HEAVY), ("stall", Fault.TOO_SLOW), ("wall", Fault.TOO_SLOW)]


@pytest.mark.parametrize(("limit", "fault"), FAULTS)
def test_finished_pages_come_before_an_endless_one_fails(file: Path, workdir: Path, limit: str, fault: Fault) -> None:
    file.write_bytes(deck(TEXT, HANGS, TEXT))
    assert failure(converter.render(file, workdir, pages=3, limits=replace(LIMITS, **{limit: 2}))) == ([0], fault, 1)
    assert sorted(path.name for path in workdir.iterdir()) == ["0000.thumbnail.webp", "0000.webp"]


def test_too_large_image_file_is_too_heavy(file: Path, workdir: Path) -> None:
    file.write_bytes(deck(TEXT))
    assert failure(converter.render(file, workdir, pages=1, limits=replace(LIMITS, written=500)))[1] == Fault.TOO_HEAVY


def test_callers_own_time_is_not_held_against_the_deck(file: Path, workdir: Path) -> None:
    file.write_bytes(deck(TEXT, LASTS_A_SECOND))
    slides = converter.render(file, workdir, pages=2, limits=replace(LIMITS, wall=4.0, stall=4.0))
    next(slides)
    time.sleep(4.5)
    assert [slide.index for slide in slides] == [1]


def test_child_is_confined(file: Path, workdir: Path) -> None:
    file.write_bytes(deck(TEXT, HANGS))
    before = children()
    slides = converter.render(file, workdir, pages=2)
    next(slides)

    (pid,) = children() - before
    lines = Path(f"/proc/{pid}/limits").read_text().splitlines()
    limits = {line[:26].strip(): line[26:].split()[0] for line in lines}
    environment = Path(f"/proc/{pid}/environ").read_bytes()
    group, session, folder = os.getpgid(pid), os.getsid(pid), Path(os.readlink(f"/proc/{pid}/cwd"))
    slides.close()  # type: ignore[attr-defined]

    given = {"Max address space": "1073741824", "Max cpu time": "30", "Max file size": "52428800"}
    given |= {"Max core file size": "0", "Max processes": "0", "Max open files": "32"}
    assert {name: limits[name] for name in given} == given
    assert (environment, group, session, folder.parent) == (b"", pid, pid, workdir)
    assert children() == before


def test_killed_child_leaves_what_it_finished(file: Path, workdir: Path) -> None:
    file.write_bytes(deck(TEXT, HANGS))
    before = children()
    slides = converter.render(file, workdir, pages=2)
    first = next(slides)
    (pid,) = children() - before

    os.kill(pid, signal.SIGKILL)

    assert failure(slides) == ([], Fault.CRASHED, 1)
    assert first.image.stat().st_size > 0


IMPATIENT = replace(LIMITS, stall=1.5)
SAYS = "import json, os, sys, time; r = json.loads(sys.argv[1]); os.chdir(r['folder'])\n"
SAYS += "say = lambda **m: print(json.dumps({'width': 9, 'height': 9, 'image': '0000.webp', 'text': ''"
SAYS += (
    ", 'beside': '', 'thumbnail': '0000.thumbnail.webp'} | m), flush=True)\nopen('0000.thumbnail.webp', 'w').close()\n"
)
WROTE = SAYS + "open('0000.webp', 'w').close()\n"
HOSTILE = {
    "silence": ("pass", Fault.CRASHED),
    "nonsense": ("print('{')", Fault.CRASHED),
    "depth": ("print('[' * 100_000)", Fault.CRASHED),
    "unknown fault": (SAYS + "say(fault='x', image=1)", Fault.CRASHED),
    "endless line": ("while True: print('x' * 9999, end='')", Fault.CRASHED),
    "foreign name": (WROTE + "say(image='../deck.pdf')", Fault.CRASHED),
    "link": (SAYS + "os.symlink('/etc/passwd', '0000.webp'); say()", Fault.CRASHED),
    "no file": (SAYS + "say()", Fault.CRASHED),
    "control characters": (WROTE + "say(text='\\0')", Fault.CRASHED),
    "half a character": (WROTE + "say(text='\\ud800')", Fault.CRASHED),
    "too much text": (WROTE + "say(text='x' * 20_001)", Fault.CRASHED),
    "too much beside it": (WROTE + "say(beside='x' * 20_001)", Fault.CRASHED),
    "control characters beside it": (WROTE + "say(beside='\\0')", Fault.CRASHED),
    "nothing beside it": (WROTE + "say(beside=None)", Fault.CRASHED),
    "too wide": (WROTE + "say(width=16_384)", Fault.CRASHED),
    "abort with a word": ("import os; os.write(2, b'free(): invalid pointer'); os.abort()", Fault.CRASHED),
    "abort without": ("import os; os.abort()", Fault.TOO_HEAVY),
    "closed pipes": ("import os, time; os.close(1); os.close(2); time.sleep(99)", Fault.CRASHED),
    "complaints": ("import os\nwhile True: os.write(2, b'x' * 9999)", Fault.TOO_SLOW),
    "blank lines": ("print(flush=True); import time; time.sleep(99)", Fault.CRASHED),
}


@pytest.fixture
def stand_in(file: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file.write_bytes(deck(TEXT))
    monkeypatch.setattr(converter, "RENDERER", file.with_name("stand_in.py"))
    return converter.RENDERER


def test_child_that_keeps_to_the_protocol_is_believed(file: Path, workdir: Path, stand_in: Path) -> None:
    stand_in.write_text(WROTE + "say(text='æ', beside='ø')")
    assert [(slide.text, slide.beside) for slide in converter.render(file, workdir, pages=1)] == [("æ", "ø")]


@pytest.mark.parametrize(("program", "fault"), HOSTILE.values(), ids=HOSTILE)
def test_child_taken_over_is_not(file: Path, workdir: Path, stand_in: Path, program: str, fault: Fault) -> None:
    stand_in.write_text(program)
    assert failure(converter.render(file, workdir, pages=1, limits=IMPATIENT)) == ([], fault, 0)
    assert list(workdir.glob("0000.webp")) == []


def test_what_the_child_started_ends_with_it(file: Path, workdir: Path, stand_in: Path) -> None:
    stand_in.write_text("import os, time; os.fork(); open('../pid', 'a').write(f'{os.getpid()} '); time.sleep(99)")
    assert failure(converter.render(file, workdir, pages=1, limits=IMPATIENT))[1] == Fault.TOO_SLOW

    both = (workdir / "pid").read_text().split()
    time.sleep(0.5)  # The second belongs to init now, which waits for it when it likes.
    assert len(both) == 2
    assert [pid for pid in both if Path(f"/proc/{pid}/exe").exists()] == []
