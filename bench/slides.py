"""P11, decks: `.venv/bin/python bench/slides.py [--quick] [FILE.pdf]`.

A PDF through our whole job (child processes under limits, text, pictures in the store, a row for each slide) beside
bare pypdfium2 with the same encoder and thumbnail; and a presentation of an office program beside bare LibreOffice,
where that is installed. Without a FILE the demo's decks are put together.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pypdfium2
from figures import calibrate, middle, report, summary
from servers import BENCH, ROOT, instance, run

sys.path.append(str(ROOT))

from tests.slides.packages import pptx

DECKS = ROOT / "forsamlingshus" / "demo" / "decks"
SLIDES = 25
"""Of the presentation for LibreOffice."""


def whole(folder: Path) -> Path:
    """One PDF with all slides of the demo."""
    made = folder / "alle.pdf"
    with pypdfium2.PdfDocument.new() as document:
        for path in sorted(DECKS.glob("*.pdf")):
            document.import_pages(pypdfium2.PdfDocument(path))
        document.save(made)
    return made


def pdf(folder: Path, path: Path, rounds: int) -> None:
    """Ours and bare in turn."""
    ratios, ours, firsts, bare = [], [], [], []
    for number in range(rounds + 1):
        calibrate()
        found = json.loads(run(folder, sys.executable, BENCH / "draw.py", path))
        limit = float(run(folder, sys.executable, BENCH / "bare_slides.py", path))
        if not number:  # the first round warms up
            continue
        ratios.append(limit / found["ready"])
        ours.append(found["pages"] / found["ready"])
        bare.append(found["pages"] / limit)
        firsts.append(found["first"] / found["ready"])
    detail = f"{middle(ours):.1f} of {middle(bare):.1f} pages a second; {found['pages']} pages"
    report("P11 a PDF until it is ready: rate", ratios, goal=">= 0.9", detail=detail)
    report("P11 when the first slide is seen, part of the whole", firsts, goal="<= 1", detail=f"{found['first']:.2f} s")


def office(folder: Path, rounds: int) -> None:
    """A PowerPoint file through our job, and through LibreOffice and the bare loop."""
    program = shutil.which("soffice")
    if program is None:
        print("P11 office left out: LibreOffice is not installed")
        return
    source = folder / "oplaeg.pptx"
    source.write_bytes(pptx(*((f"Slide {number}", f"Noter til {number}") for number in range(SLIDES))))
    ratios, ours, bare = [], [], []
    for number in range(rounds + 1):
        calibrate()
        found = json.loads(run(folder, sys.executable, BENCH / "draw.py", source))
        limit = _bare_office(program, source) + float(
            run(folder, sys.executable, BENCH / "bare_slides.py", source.with_suffix(".pdf"))
        )
        if not number:
            continue
        ratios.append(found["ready"] / limit)
        ours.append(found["ready"])
        bare.append(limit)
    detail = f"{middle(ours):.1f} against {middle(bare):.1f} s for {SLIDES} slides"
    report("P11 a presentation until it is ready: time", ratios, goal="", detail=detail)


def _bare_office(program: str, source: Path) -> float:
    with tempfile.TemporaryDirectory() as profile:
        start = time.perf_counter()
        subprocess.run(
            [program, f"-env:UserInstallation=file://{profile}", "--headless", "--convert-to", "pdf", source.name],
            cwd=source.parent,
            check=True,
            capture_output=True,
        )
        return time.perf_counter() - start


def main() -> None:
    """Measure, print one line for each figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one round of each, to see that everything works")
    parser.add_argument("file", nargs="?", type=Path, help="a PDF to draw instead of the demo's decks")
    chosen = parser.parse_args()
    rounds = 1 if chosen.quick else 5
    with instance() as folder:
        pdf(folder, (chosen.file or whole(folder)).resolve(), rounds)
        office(folder, rounds)
    summary()


if __name__ == "__main__":
    main()
