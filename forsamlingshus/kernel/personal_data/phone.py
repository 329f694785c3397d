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

# Case numbers (`sag 2024-5678`) have the shape of a phone number and stand after their name like the rest.
_OTHER_NUMBER = re.compile(
    r"\b(?:"
    r"(?:cvr|ean|gln)(?:[ \-]?[^\W\d_]{0,12}(?:nr|nummer(?:et)?)(?: er)?)?"
    r"|(?:se|p)[ .\-]?(?:nr|nummer(?:et)?)|(?-i:SE)|kr|dkk"
    r"|(?:sag(?:s|en)?|journal)[ .\-]?(?:nr|nummer|id)?|j\.? ?nr"
    r")[ .:]{0,3}(?:dk)?[ \-]?$",
    re.IGNORECASE,
)
_LOOK_BACK = 32


def find(reading: Reading) -> Iterator[Finding]:
    """Yield phone numbers in positions of the normal form; the same number may come more than once."""
    # A number may stand right after or before another one on the next line, and may itself be broken over two.
    for text in {reading.text, reading.lines}:
        for match in _DANISH.finditer(text):
            yield _finding(match)
        for match in _FOREIGN.finditer(text):
            # `+28.000.000` is how a budget writes a rise.
            if not (starts_as_amount(match["rest"]) or unit_follows(reading.text, match.end())):
                yield _finding(match)
        for match in _BARE.finditer(text):
            if not _is_other_number(reading.text, match):
                yield _finding(match)


def _is_other_number(text: str, match: re.Match[str]) -> bool:
    """Say whether eight digits without prefix are a company, an amount, a date, two years or a case."""
    digits = match.group()
    start, end = match.span()
    if is_full_date(digits) if digits.isdecimal() else is_year(digits[:4]) and is_year(digits[5:]):
        return True
    before = text[max(0, start - _LOOK_BACK) : start]
    # The tax number is the CVR number behind the letters DK, touching.
    return before.endswith("DK") or unit_follows(text, end) or _OTHER_NUMBER.search(before) is not None


def _finding(match: re.Match[str]) -> Finding:
    return Finding(Kind.PHONE, Level.HOLD, match.start(), match.end())
