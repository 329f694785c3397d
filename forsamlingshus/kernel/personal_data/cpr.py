"""Finds CPR numbers, replacement numbers (day + 60) and local replacement numbers."""

import operator
import re
from collections.abc import Iterator

from forsamlingshus.kernel.personal_data.findings import Finding, Kind, Level
from forsamlingshus.kernel.personal_data.numerals import day_exists, is_amount
from forsamlingshus.kernel.personal_data.reading import Reading

_S = r"[ \-\u2010-\u2015\u2043\u2212./_:\u00b7]"
_GAP = _S + "{0,3}"
_JOINED = re.compile(rf"(?<![0-9])[0-9]{{6}}{_GAP}[0-9]{{4}}(?![0-9])")
_GROUPED = re.compile(rf"(?<![0-9])(?<![0-9]{_S})[0-9]{{2}}{_GAP}[0-9]{{2}}{_GAP}[0-9]{{2}}{_GAP}[0-9]{{4}}(?![0-9])")
_LONGEST_ROW = 500
_ROW_OVERLAP = 9 * 4
_ROW = re.compile(rf"(?<![0-9])[0-9](?:{_S}{{1,3}}[0-9]){{9,{_LONGEST_ROW - 1}}}(?![0-9])")
_LOCAL = re.compile(rf"(?<![0-9])[0-9]{{6}}{_GAP}(?=[0-9]{{0,3}}[A-Z])(?=[A-Z]{{0,3}}[0-9])[0-9A-Z]{{4}}(?![^\W_])")
# Said to be one, it may be grouped in any way, and be the first of a row: `cprnr 1: 0102 (0312) 34`.
_NAMED = re.compile(
    r"(?:cpr|personnummer|personnr)[^0-9]{0,20}(?:[0-9]{1,2}[^0-9]{1,5})?([0-9](?:[\W_]{0,4}[0-9]){9})(?![0-9])",
    re.IGNORECASE,
)
# The days as a CPR number starts with them, DDMM, and with 60 added as in replacement numbers.
_DATES = frozenset(
    f"{day + extra:02}{month:02}"
    for day in range(1, 32)
    for month in range(1, 13)
    for extra in (0, 60)
    if day_exists(day, month)
)
_SEPARATORS, _NO_DIGIT = re.compile(_S), re.compile("[^0-9]")
_WEIGHTS = (4, 3, 2, 7, 6, 5, 4, 3, 2, 1)


def find(reading: Reading) -> Iterator[Finding]:
    """Yield the five shapes in positions of the normal form; the same number may come more than once."""
    for match in _JOINED.finditer(reading.text):
        yield from _dated(match)
    # This shape alone looks at what stands before it, so it is read once more with the rows kept apart.
    for text in {reading.text, reading.lines}:
        for match in _overlapping(_GROUPED, text):
            yield from _dated(match)
    yield from _rows(reading.text)
    for match in _LOCAL.finditer(reading.text):
        yield Finding(Kind.CPR, Level.HOLD, match.start(), match.end())
    for match in _NAMED.finditer(reading.text):
        if not is_amount(match.group(1)):
            level = _level(_NO_DIGIT.sub("", match.group(1))) or Level.HOLD
            yield Finding(Kind.CPR, level, match.start(1), match.end(1))


def _dated(match: re.Match[str]) -> Iterator[Finding]:
    level = _level(_SEPARATORS.sub("", match.group()))
    if level is not None:
        yield Finding(Kind.CPR, level, match.start(), match.end())


def _overlapping(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Yield matches that may overlap, since one that is no date must not hide one that is."""
    position = 0
    while match := pattern.search(text, position):
        yield match
        position = match.start() + 1


def _rows(text: str) -> Iterator[Finding]:
    """Yield rows of ten or more single digits; which ten of a longer row are the number cannot be told."""
    position = 0
    while row := _ROW.search(text, position):
        digits = _SEPARATORS.sub("", row.group())
        tens = {digits[start : start + 10] for start in range(len(digits) - 9)}
        levels = [level for ten in tens if (level := _level(ten)) is not None]
        if levels:
            yield Finding(Kind.CPR, max(levels), row.start(), row.end())
        # The next row after a cut one starts so early that no ten digits are parted by the cut.
        position = row.end() - _ROW_OVERLAP if len(digits) == _LONGEST_ROW else row.end()


def _level(digits: str) -> Level | None:
    """Return the level of ten digits, or None if they start with no date.

    Valid numbers outside modulus 11 exist since 1 October 2007, so it may raise the level but never lower it.
    """
    if digits[:4] not in _DATES:
        return None
    total = sum(map(operator.mul, _WEIGHTS, map(int, digits)))
    return Level.BLOCK if total % 11 == 0 or digits.startswith("0101") else Level.HOLD
