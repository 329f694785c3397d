"""Rules of money: how it is added up, read, written and named. No sum is ever typed."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from forsamlingshus.kernel.i18n import gettext as _

MAX_TKR = 99_999_999
"""The largest amount, either sign: about a hundred billion kroner, well inside any integer column."""

MINUS = "\u2212"
_DIGITS = re.compile(r"0|[1-9][0-9]{0,2}(?:\.[0-9]{3})+|[1-9][0-9]*")


@dataclass(frozen=True, slots=True)
class Sums:
    """What one line or many of them come to, in 1.000 kr.: each year, and once fully phased in."""

    by_year: Mapping[int, int] = field(default_factory=dict)
    full_phase_in: int = 0

    def of(self, year: int) -> int:
        """The sum of one year; 0 where nothing is set."""
        return self.by_year.get(year, 0)


NOTHING = Sums()


def add_up(many: Iterable[Sums]) -> Sums:
    """The sums of sums."""
    by_year: dict[int, int] = {}
    full = 0
    for sums in many:
        full += sums.full_phase_in
        for year, tkr in sums.by_year.items():
            by_year[year] = by_year.get(year, 0) + tkr
    return Sums(by_year, full)


def parse_tkr(text: str) -> int:
    """1.000 kr. of a Danish number: 1.250, -1.250, -1250, (1.250), −1250 and 1.250- all read plainly.

    Raises ValueError for anything that could mean two things, such as 1,25 or 1.25.
    """
    negative, digits = _signed(text.strip())
    if len(digits) > 20 or not _DIGITS.fullmatch(digits):
        raise ValueError(f"not an amount in 1.000 kr.: {text[:40]!r}")
    tkr = int(digits.replace(".", ""))
    if tkr > MAX_TKR:
        raise ValueError(f"more than {MAX_TKR} thousand kroner: {text[:40]!r}")
    return -tkr if negative else tkr


def _signed(text: str) -> tuple[bool, str]:
    if text[:1] in {"-", MINUS}:
        return True, text[1:]
    if text.endswith("-"):
        return True, text[:-1]
    if text.startswith("(") and text.endswith(")"):
        return True, text[1:-1]
    return False, text


def danish(tkr: int) -> str:
    """-1.250 in every language: what a field for amounts holds, since 1,250 would read as a decimal there."""
    return f"{tkr:,}".replace(",", ".")


def word(tkr: int) -> str:
    """The word beside the sign, so that nobody has to guess what a minus means."""
    if tkr < 0:
        return str(_("saving"))
    return str(_("extra expenditure") if tkr > 0 else _("no change"))
