"""Decks with faults: from a number comes always the same one, so that a test can name it and a person make it again."""

import io
import random
import re
import warnings
import zipfile
import zlib
from xml.etree import ElementTree

NUMBERS = (b"0", b"-1", b"1", b"255", b"65536", b"2147483647", b"-2147483648", b"4294967296", b"99999999999999999999")
NUMBER = re.compile(rb"\d+")
FLATE = re.compile(rb"(/FlateDecode.{0,200}?stream\r?\n)(.+?)(\r?\nendstream)", re.DOTALL)


def mutated(data, number, others=()):
    """`data` with one to three faults; `others` are files whose parts may come into it."""
    dice = random.Random(f"deck {number}")
    zipped = zipfile.is_zipfile(io.BytesIO(data))
    for _ in range(dice.choice((1, 1, 2, 3))):
        if zipped and dice.random() < 0.9:
            data = _package(data, dice)
            zipped = zipfile.is_zipfile(io.BytesIO(data))
        elif data.startswith(b"%PDF") and dice.random() < 0.3:
            data = _packed_stream(data, dice)
        else:
            data = dice.choice(FAULTS)(data, dice, others)
    return data


def _bytes_changed(data, dice, _others):
    changed = bytearray(data)
    for _ in range(dice.choice((1, 5, 50, 500))):
        if changed:
            changed[dice.randrange(len(changed))] = dice.randrange(256)
    return bytes(changed)


def _cut_off(data, dice, _others):
    return data[: dice.randrange(len(data) + 1)]


def _piece(data, dice):
    start = dice.randrange(len(data) + 1)
    return start, min(len(data), start + dice.choice((1, 16, 256, 4096)))


def _piece_gone(data, dice, _others):
    start, end = _piece(data, dice)
    return data[:start] + data[end:]


def _piece_twice(data, dice, _others):
    start, end = _piece(data, dice)
    return data[:end] + data[start:end] * dice.choice((1, 3, 50)) + data[end:]


def _piece_empty(data, dice, _others):
    start, end = _piece(data, dice)
    return data[:start] + bytes(end - start) + data[end:]


def _piece_elsewhere(data, dice, _others):
    start, end = _piece(data, dice)
    rest = data[:start] + data[end:]
    place = dice.randrange(len(rest) + 1)
    return rest[:place] + data[start:end] + rest[place:]


def _other_numbers(data, dice, _others):
    share = dice.choice((0.005, 0.05, 0.5))
    return NUMBER.sub(lambda found: dice.choice(NUMBERS) if dice.random() < share else found[0], data)


def _end_of_another(data, dice, others):
    other = dice.choice(others) if others else data[::-1]
    return data[: dice.randrange(len(data) + 1)] + other[dice.randrange(len(other) + 1) :]


FAULTS = (
    _bytes_changed,
    _cut_off,
    _piece_gone,
    _piece_twice,
    _piece_empty,
    _piece_elsewhere,
    _other_numbers,
    _end_of_another,
)


def _packed_stream(data, dice):
    """A fault inside a packed part of a PDF, packed again, so that it is met behind the packing."""
    found = list(FLATE.finditer(data))
    if not found:
        return _bytes_changed(data, dice, ())
    part = dice.choice(found)
    try:
        plain = zlib.decompress(part[2])
    except zlib.error:
        return _bytes_changed(data, dice, ())
    packed = zlib.compress(dice.choice(FAULTS)(plain, dice, ()))
    return data[: part.start(2)] + packed + data[part.end(2) :]


def _tree(content, dice):
    """A fault that leaves XML well formed, so that it comes as far as the program that draws."""
    try:
        root = ElementTree.fromstring(content)
    except ElementTree.ParseError:
        return _other_numbers(content, dice, ())
    for _ in range(dice.choice((1, 1, 3, 10))):
        inner = list(root.iter())
        element = dice.choice(inner)
        match dice.randrange(5):
            case 0 if element.attrib:
                name = dice.choice(sorted(element.attrib))
                element.set(name, _another(element.get(name), dice))
            case 1 if len(element):
                element.remove(dice.choice(list(element)))
            case 2 if len(element):
                element.extend([dice.choice(list(element))] * dice.choice((1, 50)))
            case 3:
                dice.choice(inner).append(ElementTree.Element(dice.choice(inner).tag, dict(element.attrib)))
            case _:
                element.text = dice.choice(("", "æ" * 10_000, "\u202e\u0301", "-1"))
        if len(list(root.iter())) > 5_000:
            break
    return ElementTree.tostring(root, "utf-8", xml_declaration=True)


def _another(value, dice):
    if dice.random() < 0.3:
        return value[::-1]
    return re.sub(r"\d+", lambda _found: dice.choice(NUMBERS).decode(), value)


def _package(data, dice):
    """A fault in one part of a package, or a part that is missing, empty, doubled or under the name of another."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = [(name, package.read(name)) for name in package.namelist()]
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError):
        return _bytes_changed(data, dice, ())
    if not parts:
        return data
    place = dice.randrange(len(parts))
    name, content = parts[place]
    match dice.randrange(14):
        case 0:
            del parts[place]
        case 1:
            parts[place] = (name, b"")
        case 2:
            parts[place] = (dice.choice(parts)[0] + "x", content)
        case 3:
            parts[place] = (name, dice.choice(parts)[1])
        case 4:
            parts[place] = (name, dice.choice(FAULTS)(content, dice, ()))
        case _:
            parts[place] = (name, _tree(content, dice))
    out = io.BytesIO()
    with warnings.catch_warnings(action="ignore"), zipfile.ZipFile(out, "w") as package:  # of two parts with one name
        for part, what in parts:
            kind = zipfile.ZIP_STORED if part == "mimetype" else zipfile.ZIP_DEFLATED
            package.writestr(zipfile.ZipInfo(part), what, kind)  # without the hour, which would make another file
    return out.getvalue()
