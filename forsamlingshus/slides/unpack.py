"""Makes a presentation of an office program harmless, and reads its speaker notes: a child program.

Called with one JSON object as its only argument (see `Request`). Writes `clean.pptx` or `clean.odp` into the folder,
with nothing in it that runs, and nothing that names a thing outside of it (`harmless.py`); and `result.json`:
`{"notes": [text, …]}`, one text for each slide that is shown, or `{"fault"}`, the value of a `converter.Fault`. It runs
under the limits of `confine.py`, for it unpacks and parses hostile files.
"""

import json
import posixpath
import sys
import zipfile
import zlib
from pathlib import Path
from typing import TypedDict
from xml.parsers import expat

from forsamlingshus.slides.harmless import Fault, cleaned, elements, parse

PARTS = 10_000
UNPACKED = 400 * 1024 * 1024  # bytes of all parts together, counted as they come and not as the file says
NOTES = 5_000  # characters of a slide's notes
SLIDES = 2_000

POWERPOINT = "application/vnd.openxmlformats-officedocument.presentationml."
MACROS = "application/vnd.ms-powerpoint."
OPEN_DOCUMENT = "application/vnd.oasis.opendocument.presentation"

Parts = dict[str, bytes]


class Request(TypedDict):
    """`kind` is pptx or odp; both results go into `folder`."""

    source: str
    kind: str
    folder: str


def main() -> None:
    """Do what the argument asks, and name the fault of a file that can't be used."""
    request: Request = json.loads(sys.argv[1])
    folder = Path(request["folder"])
    try:
        result: dict[str, object] = {"notes": unpack(Path(request["source"]), request["kind"], folder)}
    except Fault as fault:
        result = {"fault": str(fault)}
    except MemoryError:
        result = {"fault": "too_heavy"}
    except (zipfile.BadZipFile, zlib.error, expat.ExpatError, NotImplementedError, EOFError, ValueError, KeyError):
        result = {"fault": "broken"}
    (folder / "result.json").write_text(json.dumps(result))


def unpack(source: Path, kind: str, folder: Path) -> list[str]:
    """Write the harmless copy; returns the notes, one text for each slide that is shown."""
    with zipfile.ZipFile(source) as package:
        parts = read(package)
    powerpoint = kind == "pptx"
    (demand_powerpoint if powerpoint else demand_open_document)(parts)
    clean = {} if powerpoint else {"mimetype": parts.pop("mimetype")}
    for name, data in parts.items():
        harmless = cleaned(name, data)
        if harmless is not None:
            clean[name] = harmless
    with zipfile.ZipFile(folder / f"clean.{kind}", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as copy:
        for name, data in clean.items():
            # An ODF package is known by its first part, which stands in it as it is.
            copy.writestr(name, data, zipfile.ZIP_STORED if name == "mimetype" else None)
    notes = powerpoint_notes(clean) if powerpoint else open_document_notes(clean)
    return [text[:NOTES] for text in notes][:SLIDES]


def read(package: zipfile.ZipFile) -> Parts:
    """All parts by name, the first of each; stops where there is more than an honest file holds."""
    parts: Parts = {}
    left = UNPACKED
    if len(package.infolist()) > PARTS:
        raise Fault("too_heavy")
    for part in package.infolist():
        if part.flag_bits & 1:
            raise Fault("encrypted")
        if part.is_dir() or part.filename in parts:
            continue
        with package.open(part) as file:
            data = file.read(left + 1)
        left -= len(data)
        if left < 0:
            raise Fault("too_heavy")
        parts[part.filename] = data
    return parts


def demand_powerpoint(parts: Parts) -> None:
    """Refuse what is no presentation: other documents, templates, and shows that play themselves."""
    kinds = [attributes.get("ContentType", "") for _name, attributes in elements(parts["[Content_Types].xml"])]
    if any(kind.startswith((POWERPOINT + "presentation.main", MACROS + "presentation.macro")) for kind in kinds):
        return
    shows = tuple(base + what for base in (POWERPOINT, MACROS) for what in ("slideshow.", "template."))
    raise Fault("show" if any(kind.startswith(shows) for kind in kinds) else "not_slides")


def demand_open_document(parts: Parts) -> None:
    """Refuse what is no presentation, and what is locked."""
    mimetype = parts["mimetype"].decode("ascii").strip()
    if mimetype != OPEN_DOCUMENT:
        raise Fault("show" if mimetype.startswith(OPEN_DOCUMENT) else "not_slides")
    if b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
        raise Fault("encrypted")


def powerpoint_notes(parts: Parts) -> list[str]:
    """The notes of the slides that are shown, in their order."""
    main = next((name for kind, name in targets(parts, "").values() if kind.endswith("/officeDocument")), "")
    slides = targets(parts, main)
    order = [
        next((value for key, value in attributes.items() if key.endswith(":id")), "")
        for name, attributes in elements(parts[main])
        if name.rpartition(":")[2] == "sldId"
    ]
    found = []
    for slide in (slides[key][1] for key in order if key in slides):
        _name, attributes = elements(parts[slide])[0]
        if attributes.get("show") in {"0", "false"}:
            continue
        pages = [target for kind, target in targets(parts, slide).values() if kind.endswith("/notesSlide")]
        found.append(said_in(parts[pages[0]]) if pages and pages[0] in parts else "")
    return found


def targets(parts: Parts, name: str) -> dict[str, tuple[str, str]]:
    """The relationships of a part: kind and name of the other part, by id."""
    folder, file = posixpath.split(name)
    rels = parts.get(posixpath.join(folder, "_rels", f"{file}.rels"), b"<Relationships/>")
    return {
        attributes.get("Id", ""): (
            attributes.get("Type", ""),
            posixpath.normpath(posixpath.join("/", folder, attributes.get("Target", ""))).lstrip("/"),
        )
        for element, attributes in elements(rels)
        if element.rpartition(":")[2] == "Relationship"
    }


def said_in(page: bytes) -> str:
    """The text of a notes page without its header, footer, date and number: those stand in other placeholders."""
    lines: list[str] = []
    state = {"body": False, "text": False}

    def start(name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(":")[2]
        if tag == "sp":
            state["body"] = False
        elif tag == "ph":
            state["body"] = attributes.get("type") == "body"
        elif tag in {"p", "br"} and state["body"]:
            lines.append("")
        state["text"] = tag == "t"

    def text(words: str) -> None:
        if state["body"] and state["text"] and lines:
            lines[-1] += words

    def end(_name: str) -> None:
        state["text"] = False

    parse(page, StartElementHandler=start, EndElementHandler=end, CharacterDataHandler=text)
    return plain(lines)


def open_document_notes(parts: Parts) -> list[str]:
    """The notes of the slides that are shown, in their order."""
    hidden: set[str] = set()
    pages: list[list[str]] = []
    state = {"style": "", "shown": False, "depth": 0}

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == "style:style":
            state["style"] = attributes.get("style:name", "")
        elif name == "style:drawing-page-properties" and attributes.get("presentation:visibility") == "hidden":
            hidden.add(str(state["style"]))
        elif name == "draw:page":
            state["shown"] = attributes.get("draw:style-name", "") not in hidden
            if state["shown"]:
                pages.append([])
        elif name == "presentation:notes":
            state["depth"] = 1
        elif state["depth"] and name in {"text:p", "text:line-break"} and state["shown"]:
            pages[-1].append("")
        elif state["depth"] and name in {"text:s", "text:tab"} and state["shown"] and pages[-1]:
            pages[-1][-1] += " "

    def end(name: str) -> None:
        if name == "presentation:notes":
            state["depth"] = 0

    def text(words: str) -> None:
        if state["depth"] and state["shown"] and pages and pages[-1]:
            pages[-1][-1] += words

    parse(parts["content.xml"], StartElementHandler=start, EndElementHandler=end, CharacterDataHandler=text)
    return [plain(lines) for lines in pages]


def plain(lines: list[str]) -> str:
    """Lines as one text, without what a database or a page would choke on."""
    kept = ("".join(letter for letter in line if letter.isprintable()).strip() for line in lines)
    return "\n".join(kept).strip()
