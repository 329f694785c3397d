"""Tells dates, years and amounts from the numbers that belong to a person."""

import re

_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_AMOUNT = re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3}){1,5}(?!\.?[0-9])")
_UNIT = re.compile(
    r"(?:,[0-9]{1,2})? ?(?:kr(?:oner)?|dkk|t\.?kr|mio|mia|million(?:er)?|milliard(?:er)?)\b|,-",
    re.IGNORECASE,
)


def day_exists(day: int, month: int) -> bool:
    """Say whether the month has that day; 29 February counts in every year."""
    return 1 <= month <= 12 and 1 <= day <= _DAYS[month - 1]


def is_year(digits: str) -> bool:
    """Say whether four digits are a year of 1900–2099."""
    return len(digits) == 4 and digits[:2] in ("19", "20")


def is_full_date(digits: str) -> bool:
    """Say whether eight digits are a day of 1900–2099, written YYYYMMDD or DDMMYYYY."""
    year_first = is_year(digits[:4]) and day_exists(int(digits[6:]), int(digits[4:6]))
    return year_first or (is_year(digits[4:]) and day_exists(int(digits[:2]), int(digits[2:4])))


def is_amount(text: str) -> bool:
    """Say whether the text is an amount in thousands, such as `28.000.000`."""
    return _AMOUNT.fullmatch(text) is not None


def starts_as_amount(text: str) -> bool:
    """Say whether the text starts with an amount in thousands, as in `28.000.000 2024`."""
    return _AMOUNT.match(text) is not None


def unit_follows(text: str, end: int) -> bool:
    """Say whether the number that ends at `end` is followed by kr., mio., tkr. or the like."""
    return _UNIT.match(text, end) is not None
