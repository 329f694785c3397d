"""Finds phone numbers, Danish ones of eight digits and foreign ones with + or 00."""

import re
from collections.abc import Iterator

from forsamlingshus.kernel.personal_data.findings import Finding, Kind, Level
from forsamlingshus.kernel.personal_data.numerals import is_full_date, is_year, starts_as_amount, unit_follows
from forsamlingshus.kernel.personal_data.reading import Reading

# U+2011, the hyphen that word processors put in so that a number is not broken, is U+2010 after NFKC.
_GAP = r"[ .\-\u2010]"
_PAIRS = rf"(?P<gap>{_GAP})[0-9]{{2}}(?P=gap)[0-9]{{2}}(?P=gap)[0-9]{{2}}"
_EIGHT = rf"[2-9][0-9](?:[0-9]{{6}}|{_PAIRS}|[0-9]{{2}}{_GAP}[0-9]{{4}})"
_BARE = re.compile(rf"(?<![0-9])(?<![0-9]{_GAP}){_EIGHT}(?!{_GAP}?[0-9])")
# The minutes of `20:00` and the decimals of `250,00` are no prefix.
_ZEROS = r"(?<![0-9])(?<![0-9][ .\-\u2010:,])00"
_DANISH = re.compile(rf"(?:\(\+ ?45\)|(?<![0-9])\+ ?45|{_ZEROS}45){_GAP}{{0,2}}{_EIGHT}(?![0-9])")
_FOREIGN = re.compile(
    rf"(?:(?<![0-9])\+ ?|{_ZEROS} ?)(?!45\)?{_GAP}{{0,2}}{_EIGHT}(?![0-9]))"
    r"(?P<rest>[1-9](?:[ .\-\u2010()/]{0,3}[0-9]){7,14})(?![0-9])"
)

_OTHER_NUMBER = re.compile(
    r"\b(?:"
    r"(?:cvr|ean|gln)(?:[ \-]?[^\W\d_]{0,12}(?:nr|nummer(?:et)?)(?: er)?)?"
    r"|(?:se|p)[ .\-]?(?:nr|nummer(?:et)?)|(?-i:SE)|kr|dkk"
    r")[ .:]{0,3}(?:dk)?[ \-]?$",
    re.IGNORECASE,
)
# What an archive numbers by year has the shape of a phone number: `sag 2024-5678`, `EMN-2024-5678`.
_CASE = re.compile(
    r"(?:(?<![^\W_])[A-Z]{2,8}-|\b(?i:(?:sag(?:s|en)?|journal)[ .\-]?(?:nr|nummer|id)?|j\.? ?nr)[ .:]{0,3})$"
)
_LOOK_BACK = 32


def find(reading: Reading) -> Iterator[Finding]:
    """Yield phone numbers in positions of the normal form; the same number may come more than once."""
    # A number may stand right after or before another one on the next line, and may itself be broken over two.
    for text in {reading.text, reading.lines}:
        for match in _DANISH.finditer(text):
            yield _finding(match)
        for match in _FOREIGN.finditer(text):
            if not _is_no_foreign_number(reading.text, match):
                yield _finding(match)
        for match in _BARE.finditer(text):
            if not _is_other_number(reading.text, match):
                yield _finding(match)


def _is_no_foreign_number(text: str, match: re.Match[str]) -> bool:
    """Say whether a plus and digits are a rise in a budget (`+28.000.000`), or a date behind a plus."""
    digits = re.sub("[^0-9]", "", match["rest"])
    date = len(digits) == 8 and is_full_date(digits)
    return date or starts_as_amount(match["rest"]) or unit_follows(text, match.end())


def _is_other_number(text: str, match: re.Match[str]) -> bool:
    """Say whether eight digits without prefix are a company, an amount, a date, two years or a case."""
    digits = match.group()
    start, end = match.span()
    before = text[max(0, start - _LOOK_BACK) : start]
    if digits.isdecimal():
        # The tax number is the CVR number behind the letters DK, touching.
        other = is_full_date(digits) or before.endswith("DK")
    else:
        year = is_year(digits[:4])
        other = year and (is_year(digits[5:]) or (digits[4] == "-" and _CASE.search(before) is not None))
    return other or unit_follows(text, end) or _OTHER_NUMBER.search(before) is not None


def _finding(match: re.Match[str]) -> Finding:
    return Finding(Kind.PHONE, Level.HOLD, match.start(), match.end())
