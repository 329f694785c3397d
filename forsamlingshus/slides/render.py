"""Draws the pages of one PDF as WebP images: a child program that limits itself before it reads a foreign byte.

Called with one JSON object as its only argument (see `Request`). Answers with one JSON object a line on stdout:
`{"pages", "title", "words"}` to a probe, `{"index", "width", "height", "image", "thumbnail", "text", "beside"}` for
each finished page, or `{"fault"}`, the value of a `converter.Fault`, as its last line. PDFium is C++ and reads hostile
files: the web process never imports it, and believes nothing that this program says without checking.
"""

import contextlib
import ctypes
import errno
import html
import importlib
import json
import logging
import math
import re
import resource
import sys
import unicodedata
import urllib.parse
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NotRequired, TypedDict

WIDTH = 1600
SIDE = 16_383  # px, the most that WebP can hold
AREA = 25_000_000  # px
THUMBNAIL = (400, 1600)  # px, the box a thumbnail fits in
WEBP: dict[str, Any] = {"format": "WEBP", "quality": 80, "method": 2}
TEXT = 20_000  # characters
TITLE = 200
PROPERTIES = ("Title", "Author", "Subject", "Keywords", "Creator", "Producer")
PACKET = 100_000  # bytes of a packet of XMP that are read
ANNOTATIONS = 2_000  # of a page; more are refused, for nobody would have read them
OPTIONS = 200  # of a list in a form
SIGNATURES = 50
SIGNED = 100_000  # bytes of a signature with its certificates

# What stands between the tags of XMP, or in their attributes; the random numbers of programs are nobody's.
SAID = re.compile(r'>([^<>]+)<|="([^"<>]*)"')
METADATA = re.compile(rb"/Metadata\b.{0,300}?>>\s*stream\r?\n", re.DOTALL)
# The words in a certificate: letters of one byte, or of two.
PRINTED = re.compile(rb"[\x20-\x7e\xa0-\xff]{4,}|(?:\x00[\x20-\x7e\xa0-\xff]){4,}")
SAYS = ("Contents", "RC", "T", "TU", "Subj", "V", "DV")  # what an annotation or a field of a form says, and is called
UUID = re.compile(r"[0-9a-fA-F]{8}-?(?:[0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}")

# PDFium writes U+FFFE where a hyphen broke a word at the end of a line.
SUSPENDED_HYPHEN = re.compile(r"\ufffe(?=(?:og|eller|samt|til)\b)")
WORD_BREAK = re.compile(r"\ufffe(?=[a-zß-öø-ÿ])")  # not before a capital or a figure: Lolland-Falster
UNWANTED = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


class Request(TypedDict):
    """What to do: `mode` is "probe" or "draw"; limits are bytes and CPU seconds; images go into `folder`."""

    mode: str
    pdf: str
    first: int
    count: int
    folder: str
    memory: int
    cpu: int
    written: int
    files: NotRequired[int]
    processes: NotRequired[int | None]


def main() -> None:
    """Do what the argument asks, and name the fault of a file that can't be read."""
    request: Request = json.loads(sys.argv[1])
    limit_self(request)
    logging.disable()  # On stderr the parent expects last words only.
    # The wrapper of PDFium has no type information, and it must not be loaded before the limits stand.
    pdfium: Any = importlib.import_module("pypdfium2")
    faults = {
        pdfium.raw.FPDF_ERR_PASSWORD: "encrypted",
        pdfium.raw.FPDF_ERR_SECURITY: "encrypted",
        pdfium.raw.FPDF_ERR_SUCCESS: "empty",  # The file opens, but has no page.
    }
    try:
        with pdfium.PdfDocument(Path(request["pdf"])) as document:
            if request["mode"] == "probe":
                words = words_about(pdfium, document, Path(request["pdf"]).read_bytes())
                say(pages=len(document), title=title_of(document), words=words)
            else:
                draw(pdfium, document, request)
    except pdfium.PdfiumError as error:
        say(fault=faults.get(error.err_code, "broken"))
    except MemoryError:
        say(fault="too_heavy")
    except OSError as error:
        if error.errno != errno.EFBIG:
            raise
        say(fault="too_heavy")


def limit_self(request: Request) -> None:
    """Limit this process for good: never more, and no process of its own unless it says so (root is above that)."""
    wanted = {
        resource.RLIMIT_AS: request["memory"],
        resource.RLIMIT_CPU: request["cpu"],
        resource.RLIMIT_FSIZE: request["written"],
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: request.get("files", 32),
        resource.RLIMIT_NPROC: request.get("processes", 0),
    }
    for kind, value in wanted.items():
        if value is None:
            continue
        _, hard = resource.getrlimit(kind)
        soft = value if hard == resource.RLIM_INFINITY else min(value, hard)
        # At the soft CPU limit comes SIGXCPU, which tells the parent why; at the hard one only SIGKILL.
        spare = 2 if kind == resource.RLIMIT_CPU and hard == resource.RLIM_INFINITY else 0
        resource.setrlimit(kind, (soft, soft + spare))


def say(**message: object) -> None:
    """Answer the parent with one line."""
    # ASCII keeps the line whole whatever the locale; the flush lets the parent show each page at once.
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def title_of(document: Any) -> str:
    """The title on one line, empty when there is none."""
    with contextlib.suppress(UnicodeError):
        return " ".join(cleaned(document.get_metadata_value("Title")).split())[:TITLE]
    return ""


def words_about(pdfium: Any, document: Any, content: bytes) -> str:
    """What the file says about itself, for whoever looks for personal data: properties, who signed it, and XMP."""
    said = [value for key in PROPERTIES if (value := property_of(document, key))]
    said += signatures(pdfium, document)
    for packet in packets(content):
        said += [html.unescape(value) for pair in SAID.findall(packet) for value in pair if value.strip()]
    return cleaned(UUID.sub("", "\n".join(dict.fromkeys(said))))


def packets(content: bytes) -> Iterator[str]:
    """The packets of XMP, as they stand in the file and as they are packed in it."""
    packed = (unpacked(content[found.end() : found.end() + PACKET]) for found in METADATA.finditer(content))
    for source in (content, *packed):
        start = source.find(b"<rdf:RDF")
        while start >= 0:
            end = source.find(b"</rdf:RDF", start, start + PACKET)
            yield source[start : end if end >= 0 else start + PACKET].decode("utf-8", "replace")
            start = source.find(b"<rdf:RDF", start + 1)


def unpacked(data: bytes) -> bytes:
    """A packed stream, as much of it as is read; nothing of what is no such stream."""
    with contextlib.suppress(zlib.error):
        return zlib.decompressobj().decompress(data, PACKET)
    return b""


def signatures(pdfium: Any, document: Any) -> Iterator[str]:
    """What the signatures of a file say: their reasons, and the names and numbers in their certificates."""
    raw = pdfium.raw
    for index in range(min(raw.FPDF_GetSignatureCount(document), SIGNATURES)):
        signature = raw.FPDF_GetSignatureObject(document, index)
        yield wide(lambda *at, of=signature: raw.FPDFSignatureObj_GetReason(of, *at))
        length = min(raw.FPDFSignatureObj_GetContents(signature, None, 0), SIGNED)
        room = ctypes.create_string_buffer(max(1, length))
        raw.FPDFSignatureObj_GetContents(signature, room, length)
        for printed in PRINTED.findall(room.raw):
            yield printed.decode("utf-16-be" if printed.startswith(b"\x00") else "utf-8", "replace")


def property_of(document: Any, key: str) -> str:
    """One of the file's properties; empty when it is missing or cannot be read."""
    with contextlib.suppress(UnicodeError):
        return str(document.get_metadata_value(key))
    return ""


def draw(pdfium: Any, document: Any, request: Request) -> None:
    """Write both images of each page, then tell of it."""
    folder = Path(request["folder"])
    # Filled-in fields are drawn as any reader draws them; a broken form only loses its fields.
    with contextlib.suppress(pdfium.PdfiumError):
        document.init_forms()
    for index in range(request["first"], request["first"] + request["count"]):
        page = document[index]
        image = picture(pdfium, document, page)
        width, height = image.size
        names = f"{index:04d}.webp", f"{index:04d}.thumbnail.webp"
        image.save(folder / names[0], **WEBP)
        image.thumbnail(THUMBNAIL)
        image.save(folder / names[1], **WEBP)
        words = {"text": text_of(pdfium, page), "beside": beside(pdfium, document, page)}
        say(index=index, width=width, height=height, image=names[0], thumbnail=names[1], **words)
        page.close()


def picture(pdfium: Any, document: Any, page: Any) -> Any:
    """The page on white, as a `PIL.Image`."""
    size = page.get_size()
    if min(size) <= 0:
        raise pdfium.PdfiumError("The page has no extent.")
    width, height = pixels(*size)
    # Pillow shares the memory of an RGBX bitmap; any other order of the colours is copied first.
    bitmap = pdfium.PdfBitmap.new_native(width, height, pdfium.raw.FPDFBitmap_BGRx, rev_byteorder=True)
    bitmap.fill_rect((255, 255, 255, 255), 0, 0, width, height)
    # Not `page.render`: it takes a scale and rounds up, so it can end one pixel beyond the limits.
    flags = pdfium.raw.FPDF_ANNOT | pdfium.raw.FPDF_REVERSE_BYTE_ORDER
    arguments = (bitmap, page, 0, 0, width, height, 0, flags)
    pdfium.raw.FPDF_RenderPageBitmap(*arguments)
    if document.formenv:
        pdfium.raw.FPDF_FFLDraw(document.formenv, *arguments)
    return bitmap.to_pil()


def pixels(width: float, height: float) -> tuple[int, int]:
    """Width and height in px of a page given in points: 1600 wide unless that makes it too high or too large."""
    scale = min(WIDTH / width, SIDE / height, math.sqrt(AREA / width / height))
    across = max(1, round(width * scale))
    down = max(1, round(height * scale))
    return across, min(down, SIDE, AREA // across)


def beside(pdfium: Any, document: Any, page: Any) -> str:
    """What annotations, form fields and links of a page say beside its text: the file goes out with them."""
    raw, said = pdfium.raw, []
    count = raw.FPDFPage_GetAnnotCount(page)
    if count > ANNOTATIONS:
        raise MemoryError
    for index in range(count):
        annotation = raw.FPDFPage_GetAnnot(page, index)
        if annotation:
            said += [words for words in words_of(raw, document, annotation) if words.strip()]
            raw.FPDFPage_CloseAnnot(annotation)
    words = "\n".join(dict.fromkeys(said))
    if len(words) > TEXT:
        raise MemoryError  # what is not read whole is refused: personal data could stand behind it
    return cleaned(words)


def words_of(raw: Any, document: Any, annotation: Any) -> Iterator[str]:
    """Everything that one annotation says."""
    for key in SAYS:
        yield wide(lambda *at, key=key: raw.FPDFAnnot_GetStringValue(annotation, key.encode(), *at))
    action = raw.FPDFLink_GetAction(raw.FPDFAnnot_GetLink(annotation))
    if action:
        room = ctypes.create_string_buffer(TEXT)
        raw.FPDFAction_GetURIPath(document, action, room, TEXT)
        address = room.value.decode("utf-8", "replace")
        yield from (address, urllib.parse.unquote(address))
    if not document.formenv:
        return
    yield wide(lambda *at: raw.FPDFAnnot_GetFormFieldValue(document.formenv, annotation, *at))
    yield wide(lambda *at: raw.FPDFAnnot_GetFormFieldName(document.formenv, annotation, *at))
    for number in range(min(raw.FPDFAnnot_GetOptionCount(document.formenv, annotation), OPTIONS)):
        yield wide(lambda *at, no=number: raw.FPDFAnnot_GetOptionLabel(document.formenv, annotation, no, *at))


def wide(fetch: Callable[..., int]) -> str:
    """Text that PDFium writes into a buffer as UTF-16; `fetch` takes the buffer and its bytes, and returns how many."""
    length = fetch(None, 0)
    if length > 4 * TEXT:
        raise MemoryError
    room = ctypes.create_string_buffer(max(2, length))
    fetch(ctypes.cast(room, ctypes.POINTER(ctypes.c_ushort)), length)
    return room.raw[:length].decode("utf-16-le", "replace").rstrip("\0")


def text_of(pdfium: Any, page: Any) -> str:
    """The page's whole text layer, hidden and off-page text too, for whoever looks for personal data."""
    try:
        layer = page.get_textpage()
        # Half of what is fetched may be spaces and marks that are cleaned away.
        return cleaned(layer.get_text_range(0, min(layer.count_chars(), 2 * TEXT)))
    except (pdfium.PdfiumError, RecursionError):
        return ""  # The wrapper steps over odd characters by recursion. The picture is still worth having.


def cleaned(text: str) -> str:
    """Lines ending in LF, broken words joined, accents composed, nothing that a database or a page would choke on."""
    text = WORD_BREAK.sub("", SUSPENDED_HYPHEN.sub("- ", text)).replace("\ufffe", "-").replace("\t", " ")
    lines = "\n".join(line.rstrip() for line in text.splitlines())
    return unicodedata.normalize("NFC", UNWANTED.sub("", lines).strip()[:TEXT])[:TEXT]


if __name__ == "__main__":
    main()
