"""PDFs written by hand, from an honest deck to the worst that somebody may upload."""

import io
import zlib

from PIL import Image

SLIDE = b"/MediaBox [0 0 960 540]"
ENDLESS = SLIDE + b" /Resources << /Shading << /S << /ShadingType 1 /ColorSpace /DeviceGray /Function 5 0 R"
ENDLESS += b" /Matrix [960 0 0 540 0 0] >> >> >>"
CATALOGUE = b"<< /Type /Catalog /Pages 2 0 R >>"


def pdf(*objects: bytes, trailer: bytes = b"") -> bytes:
    """A file of these objects, numbered from 1, the first its catalogue."""
    out = bytearray(b"%PDF-1.7\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    end = (len(objects) + 1, table, len(objects) + 1, trailer, len(out))
    return bytes(
        out + b"xref\n0 %d\n0000000000 65535 f \n%btrailer << /Size %d /Root 1 0 R %b >>\nstartxref\n%d\n%%%%EOF" % end
    )


def stream(data: bytes, keys: bytes = b"") -> bytes:
    packed = zlib.compress(data, 1)
    return b"<< %b /Filter /FlateDecode /Length %d >>\nstream\n%b\nendstream" % (keys, len(packed), packed)


def says(words: str) -> bytes:
    return b"BT /F 40 Tf 50 400 Td (%b) Tj ET" % words.encode("cp1252")


def deck(*pages: tuple[bytes, bytes], count: int | None = None, trailer: bytes = b"", extra: bytes = b"null") -> bytes:
    """A PDF of pages given as content and keys; `extra` is the image /I.

    Objects: 3 the title, 4 the font /F, 5 a function that takes minutes, 6 the image.
    """
    kids = b" ".join(b"%d 0 R" % (7 + 2 * i) for i in range(len(pages)))
    objects = [
        CATALOGUE,
        b"<< /Type /Pages /Kids [%b] /Count %d /Resources << /Font << /F 4 0 R >> /XObject << /I 6 0 R >> >> >>"
        % (kids, len(pages) if count is None else count),
        b"<< /Title (Budget\n2024) >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        stream(b"{ %b pop }" % (b"exch sin exch cos " * 10_000), b"/FunctionType 4 /Domain [0 1 0 1] /Range [0 1]"),
        extra,
    ]
    for i, (content, keys) in enumerate(pages):
        objects += [b"<< /Type /Page /Parent 2 0 R /Contents %d 0 R %b >>" % (8 + 2 * i, keys), stream(content)]
    return pdf(*objects, trailer=b"/Info 3 0 R " + trailer)


def photographs(count: int) -> bytes:
    out = io.BytesIO()
    pages = [Image.new("RGB", (320, 240), (40 * i, 90, 160)) for i in range(count)]
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:])
    return out.getvalue()


def png() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (20, 20)).save(out, "PNG")
    return out.getvalue()


TEXT = (says("Rødgrød"), SLIDE)
HANGS = (b"/S sh", ENDLESS)
LASTS_A_SECOND = (b"0 0 96 54 re W n /S sh", ENDLESS)
LOCKED = b"/ID [<00> <00>] /Encrypt << /Filter /%b /V 1 /R 2 /P -4 /O <" + b"41" * 32 + b"> /U <" + b"42" * 32 + b"> >>"
SHARED = pdf(
    CATALOGUE,
    b"<< /Type /Pages /Count 50000 /Kids [%b] >>" % (b"3 0 R " * 50_000),
    b"<< /Type /Page /Parent 2 0 R >>",
)
