"""Finds bank accounts: registration and account number, or IBAN."""

import re
from collections.abc import Iterator

from forsamlingshus.kernel.personal_data.findings import Finding, Kind, Level
from forsamlingshus.kernel.personal_data.numerals import is_year, starts_as_amount, unit_follows
from forsamlingshus.kernel.personal_data.reading import Reading

_KEYWORD_TAIL = r"[ .\-]{0,2}(?:nr|nummer|nummeret|en)?[ .:\-]{0,3}"
_DANISH = re.compile(
    rf"(?:\breg(?:istrerings)?|konto){_KEYWORD_TAIL}"
    rf"(?P<number>[0-9]{{4}}[ .,:;/\-\u2010-\u2015]{{0,3}}(?:(?:og )?konto{_KEYWORD_TAIL})?"
    r"(?P<rest>[0-9](?:[ .\-]?[0-9]){5,9}))(?![0-9])",
    re.IGNORECASE,
)
_IBAN = re.compile(
    r"(?<![^\W_])[A-Z]{2}[0-9]{2}(?:[ .\-]?[A-Z0-9]{4}){2,7}(?:[ .\-]?[A-Z0-9]{1,3})?(?![^\W_])", re.IGNORECASE
)
_IBAN_SHORTEST, _IBAN_LONGEST = 15, 34
_DANISH_IBAN = re.compile(r"DK[0-9]{16}")
_SEPARATORS = re.compile(r"[ .\-]")
_LOOK_BACK = 12


def find(reading: Reading) -> Iterator[Finding]:
    """Yield accounts in positions of the normal form."""
    text = reading.text
    for match in _DANISH.finditer(text):
        if not _is_budget_line(text, match):
            yield Finding(Kind.ACCOUNT, Level.HOLD, match.start("number"), match.end("number"))
    for match in _IBAN.finditer(text):
        if _is_iban(text, match):
            yield Finding(Kind.ACCOUNT, Level.HOLD, match.start(), match.end())


def _is_budget_line(text: str, match: re.Match[str]) -> bool:
    """Say whether an account of the chart of accounts is followed by its amount, or by the years of a table."""
    rest = match["rest"]
    years = all(is_year(group) for group in _SEPARATORS.split(rest))
    return years or starts_as_amount(rest) or unit_follows(text, match.end())


def _is_iban(text: str, match: re.Match[str]) -> bool:
    """Say whether the check digits hold (ISO 13616), or whether a mistyped number is still known as one."""
    number = _SEPARATORS.sub("", match.group()).upper()
    if not (_IBAN_SHORTEST <= len(number) <= _IBAN_LONGEST and number.isascii()):
        return False
    if int("".join(str(int(character, 36)) for character in number[4:] + number[:4])) % 97 == 1:
        return True
    before = text[max(0, match.start() - _LOOK_BACK) : match.start()]
    return "iban" in before.casefold() or _DANISH_IBAN.fullmatch(number) is not None
