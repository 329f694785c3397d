"""The bare limit of P11: `python bench/bare_slides.py PDF` prints the seconds that pypdfium2 needs for all pages.

The same width, encoder and thumbnail as ours, in one loop of one process, with no limits, no text and nothing stored.
"""

import io
import sys
import time

import pypdfium2

from forsamlingshus.slides.render import THUMBNAIL, WEBP, WIDTH


def main(path: str) -> None:
    """Draw every page."""
    start = time.perf_counter()
    with pypdfium2.PdfDocument(path) as document:
        for page in document:
            image = page.render(scale=WIDTH / page.get_width()).to_pil()
            image.save(io.BytesIO(), **WEBP)
            image.thumbnail(THUMBNAIL)
            image.save(io.BytesIO(), **WEBP)
    print(time.perf_counter() - start)


if __name__ == "__main__":
    main(sys.argv[1])
