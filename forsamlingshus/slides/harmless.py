"""Makes the parts of an office program's package harmless, by what they hold and never by what they are called.

LibreOffice goes by content as well: an SVG whose name ends in .png is drawn as an SVG, together with whatever files of
this machine it names. So a part stays only when its content is known, and XML is written anew from what was read of it.
"""

import base64
import binascii
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

HARMFUL = re.compile(r"(^|/)(vbaProject[^/]*|activeX|Basic|Scripts)(/|\.bin|$)", re.IGNORECASE)
OUTSIDE = re.compile(r"[a-z][a-z0-9+.-]*:|[/\\]|(.*[/\\])?\.\.([/\\]|$)", re.IGNORECASE)
NAMED = re.compile(r"file:|vnd\.sun\.star\.|@import|url\((?!['\"]?#)", re.IGNORECASE)
TELLING = re.compile(r"[:(@%]")
SPACE = re.compile(r"[\s\x00-\x1f\x7f]+")

XML_NAMES = (".xml", ".rels", ".vml", ".rdf")
PICTURE_NAMES = (".png", ".jpg", ".jpeg", ".jfif", ".gif", ".bmp", ".dib", ".tif", ".tiff", ".webp", ".emf", ".wmf")
RASTER = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"BM", b"II*\0", b"MM\0*")
FONT = (b"\0\1\0\0\0", b"OTTO", b"ttcf")
METAFILE = (b"\xd7\xcd\xc6\x9a", b"\1\0\x09\0", b"\2\0\x09\0")
NESTS = re.compile(rb"EMF\+|GDIC|WMFC")
"""How a metafile's remark begins that holds a second picture, of any format: that one would be read by content."""

REFERENCES = frozenset({"href", "src", "image-data"})


class Fault(Exception):
    """The file is refused; the argument is the value of a `converter.Fault`."""


def cleaned(name: str, data: bytes) -> bytes | None:
    """A part without names of anything outside of the package; None for what stays out of the copy.

    Raises Fault or ExpatError for a part that LibreOffice can't do without.
    """
    if HARMFUL.search(name) or "\\" in name or OUTSIDE.match(name):
        return None
    lower = name.lower()
    if lower.endswith(XML_NAMES):
        return inner_relationships(data) if lower.endswith(".rels") else inner_references(data)
    if is_xml(data):
        return None if lower.endswith(PICTURE_NAMES) else drawing(data)
    return data if data.startswith(FONT) else picture(data)


def is_xml(data: bytes) -> bool:
    """True for what may be XML, in whatever encoding."""
    return data[:64].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<")


def drawing(data: bytes) -> bytes | None:
    """An SVG without references; one that can't be read stays out, as office programs keep a second picture beside."""
    try:
        return inner_references(data)
    except (Fault, expat.ExpatError, ValueError, LookupError):
        return None


def picture(data: bytes) -> bytes | None:
    """A picture made of dots, or a metafile without pictures of other formats in it; None for anything else."""
    if data.startswith(RASTER) or (data.startswith(b"RIFF") and data[8:12] == b"WEBP"):
        return data
    if data.startswith(METAFILE) or (data.startswith(b"\1\0\0\0") and data[40:44] == b" EMF"):
        return NESTS.sub(b"\0\0\0\0", data)
    return None


def parse(data: bytes, **handlers: Callable[..., None]) -> None:
    """Read XML. A document type is where bombs and names of files stand; no office program writes one."""
    parser: Any = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse_document_type
    for name, handler in handlers.items():
        setattr(parser, name, handler)
    parser.Parse(data, True)


def refuse_document_type(*_arguments: object) -> None:
    """No honest presentation has one."""
    raise Fault("broken")


def elements(data: bytes) -> list[tuple[str, dict[str, str]]]:
    """The elements of a part in their order, with their attributes."""
    found: list[tuple[str, dict[str, str]]] = []
    parse(data, StartElementHandler=lambda name, attributes: found.append((name, attributes)))
    return found


def inner_relationships(data: bytes) -> bytes:
    """The relationships of a part to others of the package; those to anything else are left out."""
    kept = [
        f"<Relationship {' '.join(f'{key}={quoteattr(value)}' for key, value in attributes.items())}/>"
        for name, attributes in elements(data)
        if name.rpartition(":")[2] == "Relationship" and is_inner(attributes)
    ]
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="{space}">{"".join(kept)}</Relationships>'.encode()
    )


def is_inner(relationship: dict[str, str]) -> bool:
    """True for a relationship to a part of the package that does nothing by itself."""
    target = plainly(relationship.get("Target", ""))
    outside = relationship.get("TargetMode", "Internal").strip().lower() != "internal" or re.match(
        r"[a-z][a-z0-9+.-]*:|//|\\", target, re.I
    )
    return not outside and not HARMFUL.search(target)


def inner_references(data: bytes) -> bytes:
    """The same XML in UTF-8, with each reference that leads out of the package emptied, and without instructions."""
    out = ['<?xml version="1.0" encoding="UTF-8"?>']
    open_elements: list[str] = [""]
    words: list[str] = []

    def say() -> None:
        if words:
            out.append(escape(inner_text(open_elements[-1], "".join(words))))
            words.clear()

    def start(name: str, attributes: dict[str, str]) -> None:
        say()
        open_elements.append(name.rpartition(":")[2])
        shown = "".join(f" {key}={quoteattr(inner_value(key, value))}" for key, value in attributes.items())
        out.append(f"<{name}{shown}>")

    def end(name: str) -> None:
        say()
        open_elements.pop()
        out.append(f"</{name}>")

    parse(data, StartElementHandler=start, EndElementHandler=end, CharacterDataHandler=words.append)
    return "".join(out).encode()


def inner_text(element: str, text: str) -> str:
    """The text of an element; empty where it is a rule, a setting or a picture that leads out of the package."""
    if element == "binary-data":
        return inline(text)
    if element == "style":
        return "" if "\\" in text or NAMED.search(plainly(text)) else text
    return "" if element == "config-item" and leads_out(text) else text


def inner_value(key: str, value: str) -> str:
    """The value of an attribute; empty when it leads out of the package."""
    if key == "xmlns" or key.startswith("xmlns:"):
        return value
    local = key.rpartition(":")[2].lower()
    if local in REFERENCES:
        begin, comma, rest = value.partition(",")
        if begin.strip().lower().startswith("data:"):
            found = inline(rest) if comma else ""
            return f"data:image/png;base64,{found}" if found else ""
        return "" if leads_out(value) else value
    if key == "xml:base" or (local == "formula" and "#" in value) or (local == "style" and "\\" in value):
        return ""
    return "" if TELLING.search(value) and NAMED.search(plainly(value)) else value


def inline(text: str) -> str:
    """A picture that is spelled out in place, spelled anew; what is none becomes nothing."""
    try:
        found = picture(base64.b64decode(SPACE.sub("", unquote(text)), validate=True))
    except (binascii.Error, ValueError):
        return ""
    return base64.b64encode(found).decode() if found else ""


def leads_out(reference: str) -> bool:
    """True for an address, an absolute path or one that climbs."""
    return bool(OUTSIDE.match(plainly(reference)))


def plainly(reference: str) -> str:
    """A reference as whoever follows it may understand it: no spaces, nothing spelled by numbers."""
    return SPACE.sub("", unquote(SPACE.sub("", reference)))
