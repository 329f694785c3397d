"""Reads a text in its normal form and remembers where each character stood in the original."""

import bisect
import functools
import re
import unicodedata
from dataclasses import dataclass

# Sorting the marks on one letter takes quadratic time, so a letter never takes more of them along than this.
_MOST_MARKS = 8
# One Arabic ligature unfolds to eighteen characters and would make a text that many times longer. What unfolds to more
# than three is a unit of measure, a number in brackets, or has no Latin letter and no digit in it.
_LONGEST_PIECE = 3
# What NFKC leaves alone, with single blanks between: nearly all of a Danish text, read a row at a time.
_PLAIN = re.compile("[!-~À-ÿ](?:[!-~À-ÿ]| (?=[!-~À-ÿ])){0,500}")
_FIRST_MARK = "\u0300"
# Drawn as nothing: Hangul fillers. Drawn as a gap: the fillers for typing, and the empty Braille cell.
_UNSEEN, _BLANK = frozenset("\u115f\u1160"), frozenset("\u3164\uffa0\u2800")
# Cf: format characters. Mn and Me: marks that joined no letter, such as a line under or a ring round each digit.
_DROPPED = frozenset({"Cf", "Mn", "Me"})
_BREAKS = frozenset("\t\n\v\f\r\x1c\x1d\x1e\x85\u2028\u2029")


@dataclass(frozen=True, slots=True)
class Reading:
    """The normal form of a text, in two versions of the same length.

    In `text` any run of white space is one blank. In `lines` the blank is a line feed where the original had a line
    break, a tab or a wide gap: there a row of numbers ends, as in a list of phone numbers or a table.
    The text was read in pieces: each is at one of `positions` in the normal form, and was from `starts` to `ends`.
    """

    text: str
    lines: str
    positions: list[int]
    starts: list[int]
    ends: list[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span in the original of the span `start:end` (not empty) in the normal form."""
        return self._place(start)[0], self._place(end - 1)[1]

    def _place(self, position: int) -> tuple[int, int]:
        """Return the span in the original of one character of the normal form."""
        piece = bisect.bisect_right(self.positions, position) - 1
        first, start, end = self.positions[piece], self.starts[piece], self.ends[piece]
        after = self.positions[piece + 1] if piece + 1 < len(self.positions) else len(self.text)
        if after - first != end - start:
            return start, end
        return start + position - first, start + position - first + 1


def read(original: str) -> Reading:
    """Normalise: NFKC, no format characters or loose marks, digits of any script as 0–9, white space as one blank."""
    text: list[str] = []
    lines: list[str] = []
    positions: list[int] = []
    starts: list[int] = []
    ends: list[int] = []
    length = len(original)
    start = size = 0
    while start < length:
        row = _PLAIN.match(original, start) if original[start] < _FIRST_MARK else None
        end = row.end() if row else start
        if start < end < length and original[end] >= _FIRST_MARK:
            # The last character of the row may have marks behind it and is then left for NFKC.
            end -= 1
        if start < end:
            piece = original[start:end]
        else:
            end = _piece_end(original, start, length)
            piece = _fold(original[start:end])
        if piece == " " and text and text[-1] == " ":
            lines[-1] = "\n"
            ends[-1] = end
        elif piece:
            text.append(piece)
            lines.append("\n" if original[start] in _BREAKS else piece)
            positions.append(size)
            starts.append(start)
            ends.append(end)
            size += len(piece)
        start = end
    return Reading("".join(text), "".join(lines), positions, starts, ends)


def plain(original: str) -> str:
    """Return the form in which two texts are compared: normalised, trimmed and without case."""
    return read(original).text.strip().casefold()


def _piece_end(original: str, start: int, length: int) -> int:
    """Return where the character at `start` ends with the combining marks that NFKC may join to it."""
    end = start + 1
    while end < length and end - start <= _MOST_MARKS and original[end] >= _FIRST_MARK:
        if not unicodedata.combining(original[end]):
            break
        end += 1
    return end


@functools.lru_cache(maxsize=4096)
def _fold(piece: str) -> str:
    """Return the normal form of one character with its marks: a blank, nothing, or one or more other characters."""
    if piece.isspace() or piece in _BLANK:
        return " "
    folded: list[str] = []
    # The blanks inside an unfolded character (some accents and ligatures have them) part nothing.
    for character in unicodedata.normalize("NFKC", piece)[:_LONGEST_PIECE]:
        if character.isdecimal():
            folded.append(str(unicodedata.decimal(character)))
        elif not (character.isspace() or character in _UNSEEN or unicodedata.category(character) in _DROPPED):
            folded.append(character)
    return "".join(folded)
