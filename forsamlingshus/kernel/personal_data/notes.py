"""Finds what is only pointed out: addresses, number plates and words of special categories."""

import bisect
import re
from collections.abc import Iterator

from forsamlingshus.kernel.personal_data.findings import Finding, Kind, Level
from forsamlingshus.kernel.personal_data.reading import Reading

# A last word may be small (`Eksempel allé`); more would take the start of the sentence into the address.
_WORD = r"[\w.'\-]{0,30}+"
_STREET = re.compile(
    rf"(?<![\w.'\-])[A-ZÆØÅ]{_WORD}(?: [A-ZÆØÅ]{_WORD}){{0,3}}(?: [a-zæøå]{_WORD})?"
    r" [0-9]{1,3}(?: ?[A-Za-z])?(?![\w\-]|,[0-9])"
)
_TOWN = re.compile(
    r"(?<![\w.])(?:DK[ \-]?)?(?P<code>[1-9][0-9]{3}) (?=[A-ZÆØÅ][a-zæøåé])[^\W\d_]{2,30}+(?: [A-ZÆØÅ]{1,2}\b)?"
)
_LAST_POSTCODE = 9990
# No postcode lies between 2000 Frederiksberg and 2100 København Ø, but all years that are written about do.
_YEARS = range(2001, 2100)
_REACH = 40
_PLATE = re.compile(r"(?<![^\W_])(?!NR|KR)[A-ZÆØÅ]{2} ?[0-9]{2} ?[0-9]{3}(?![^\W_])(?! [0-9])")

# Stems, so that the endings come along. The list names a person's own condition or belief; words that a budget is full
# of (handicap, psykiatri, kirke) are left out, since a warning on every page is read on none.
_STEMS = (
    # health
    "diagnos",
    "sygemeld",
    "kræft(?!er)",
    "depression",
    "demens",
    "sklerose",
    "epilepsi",
    "misbrug",
    "alkoholik",
    "hiv-?(?:positiv|smittet)",
    # religion
    "muslim",
    "jøde",
    "jødisk",
    "religiøs",
    "trosretning",
    # union membership
    "fagforeningsmedlem",
    "medlem af (?:en |min )?fagforening",
    # ethnicity
    "etnisk",
    "hudfarve",
    # sexual orientation
    "homoseksu",
    "biseksu",
    "lesbisk",
    "seksuel orientering",
)
# The look at the first letter spares most words the way through all stems.
_FIRST_LETTERS = "".join(sorted({stem[0] for stem in _STEMS}))
_SENSITIVE = re.compile(rf"\b(?=[{_FIRST_LETTERS}])(?:{'|'.join(_STEMS)})[^\W\d_]{{0,20}}\b", re.IGNORECASE)


def find(reading: Reading) -> Iterator[Finding]:
    """Yield notes in positions of the normal form."""
    text = reading.text
    yield from _addresses(text)
    for kind, pattern in ((Kind.PLATE, _PLATE), (Kind.SENSITIVE, _SENSITIVE)):
        for match in pattern.finditer(text):
            yield Finding(kind, Level.NOTE, match.start(), match.end())


def _addresses(text: str) -> Iterator[Finding]:
    """Yield each street and house number with the first postcode and town in its reach."""
    towns = [town for town in _TOWN.finditer(text) if _is_postcode(int(town["code"]))]
    starts = [town.start() for town in towns]
    for street in _STREET.finditer(text):
        number = bisect.bisect_left(starts, street.end())
        if number < len(towns) and starts[number] - street.end() <= _REACH:
            yield Finding(Kind.ADDRESS, Level.NOTE, street.start(), towns[number].end())


def _is_postcode(number: int) -> bool:
    return number <= _LAST_POSTCODE and number not in _YEARS
