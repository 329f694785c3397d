"""What the guard reports: a kind, a level and a place, never the text itself."""

import enum
from collections.abc import Iterable
from dataclasses import dataclass


class Level(enum.IntEnum):
    """How much a finding weighs: shown to the author, held back for review, or refused."""

    NOTE = 1
    HOLD = 2
    BLOCK = 3


class Kind(enum.StrEnum):
    """What a finding looks like."""

    CPR = "cpr"
    PHONE = "phone"
    EMAIL = "email"
    ACCOUNT = "account"
    ADDRESS = "address"
    PLATE = "plate"
    SENSITIVE = "sensitive"


@dataclass(frozen=True, slots=True)
class Finding:
    """One place in a text, `text[start:end]`. It carries no text, so that it can be logged and stored."""

    kind: Kind
    level: Level
    start: int
    end: int


def worst(findings: Iterable[Finding]) -> Level | None:
    """Return the highest level among the findings, or None if there are none."""
    return max((finding.level for finding in findings), default=None)


def excerpt(text: str, finding: Finding) -> str:
    """Return the matched original text. Show it to its author only: it belongs in no log and no mail."""
    return text[finding.start : finding.end]
