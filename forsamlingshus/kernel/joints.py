"""Keeps a number and its unit on one line: a line that ends with "28" or "kl." reads wrong."""

import re

_UNITS = (
    r"mio\b|mia\b|million|milliard|kr\b|kroner\b|tkr\b|t\.kr\b|pct\b|procent\b|[%‰€]|°C|"
    r"(?:km|m|cm|mm)(?:[²³]|\b)|(?:kg|g|ton|ha|l|kW|kWh|MW|MWh)\b"
)
MONTHS = (
    r"(?:januar|februar|marts|april|maj|juni|juli|august|september|oktober|november|december|January|February|March|"
    r"April|May|June|July|August|September|October|November|December)\b"
)
"""A pattern of a month's name, Danish or English."""
_EMPHASIS = r"(?:</?(?:strong|em)>)*"
_JOINT = re.compile(
    rf"""
    <code>[^<]*</code> | <[^<>]*>  # what stands in code and in attributes stays as it is
    | \d {_EMPHASIS} [ \n] (?= {_EMPHASIS} (?:{_UNITS}) )
    | \b(?:mio|mia)\. {_EMPHASIS} [ \n] (?= {_EMPHASIS} kr(?:\b|oner) )
    | (?<!\d)\d{{1,2}} \.? {_EMPHASIS} [ \n] (?= {_EMPHASIS} {MONTHS} )
    | (?: \b(?:kl|nr|stk)\. | § ) {_EMPHASIS} [ \n] (?= {_EMPHASIS} \d )
    """,
    re.VERBOSE,
)


def unbroken(text: str) -> str:
    """Plain text or clean HTML with a no-break space between each number and its unit, month or abbreviation.

    For what is shown, never for what is stored as somebody's words.
    """
    return _JOINT.sub(_joined, text)


def _joined(found: re.Match[str]) -> str:
    return found[0] if found[0].startswith("<") else f"{found[0][:-1]}\N{NO-BREAK SPACE}"
