"""Finds what is only pointed out: addresses, number plates and words of special categories."""

import re
from collections.abc import Iterator

from forsamlingshus.kernel.personal_data.findings import Finding, Kind, Level
from forsamlingshus.kernel.personal_data.reading import Reading

# A last word may be small (`Eksempel allé`); more would take the start of the sentence into the address.
_WORD = r"[\w.'\-]{0,30}+"
_STREET = re.compile(
    rf"(?<![\w.'\-])[A-ZÆØÅ]{_WORD}(?: [A-ZÆØÅ]{_WORD}){{0,3}}(?: [a-zæøå]{_WORD})?"
    r" [0-9]{1,3}(?: ?[A-Za-z])?(?![\w\-])"
)
_TOWN = re.compile(
    r"(?<![\w.])(?:DK[ \-]?)?(?P<code>[1-9][0-9]{3}) (?=[A-ZÆØÅ][a-zæøåé])[^\W\d_]{2,30}+(?: [A-ZÆØÅ]{1,2}\b)?"
)
_LAST_POSTCODE = 9990
_REACH = 40
_LONGEST_TOWN = 48
_PLATE = re.compile(r"(?<![^\W_])(?!NR|KR)[A-ZÆØÅ]{2} ?[0-9]{2} ?[0-9]{3}(?![^\W_])(?! [0-9])")

# Stems, so that the endings come along. The list names a person's own condition or belief; words that a budget is full
# of (handicap, psykiatri, kirke) are left out, since a warning on every page is read on none.
_STEMS = (
    # health
    "diagnos",
    "sygemeld",
    "kræft",
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
_SENSITIVE = re.compile(rf"\b(?:{'|'.join(_STEMS)})[^\W\d_]{{0,20}}\b", re.IGNORECASE)


def find(reading: Reading) -> Iterator[Finding]:
    """Yield notes in positions of the normal form."""
    text = reading.text
    for match in _STREET.finditer(text):
        town = _town_after(text, match.end())
        if town is not None:
            yield Finding(Kind.ADDRESS, Level.NOTE, match.start(), town.end())
    for kind, pattern in ((Kind.PLATE, _PLATE), (Kind.SENSITIVE, _SENSITIVE)):
        for match in pattern.finditer(text):
            yield Finding(kind, Level.NOTE, match.start(), match.end())


def _town_after(text: str, end: int) -> re.Match[str] | None:
    """Return the postcode and town that start within reach of the house number, if there are any."""
    for town in _TOWN.finditer(text, end, end + _REACH + _LONGEST_TOWN):
        if town.start() - end > _REACH:
            break
        if int(town["code"]) <= _LAST_POSTCODE:
            return town
    return None
