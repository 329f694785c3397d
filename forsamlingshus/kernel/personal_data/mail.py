"""Finds e-mail addresses, also those spelled out to escape the machines."""

import re
from collections.abc import Iterator

from forsamlingshus.kernel.personal_data.findings import Finding, Kind, Level
from forsamlingshus.kernel.personal_data.reading import Reading

_AT = re.compile(
    r" ?(?:(?P<sign>@)|[(\[{<] ?(?:(?P<letter>a)|@|at|snabel[ \-]?a) ?[)\]}>]|snabel[ \-]?a\b) ?|(?P<word> at )",
    re.IGNORECASE,
)
_LABEL = r"[^\W_][\w\-]{0,62}+"
_SPELLED = r" ?[(\[{] ?(?:\.|punktum|dot) ?[)\]}] ?| (?:punktum|dot) "
_DOMAIN = re.compile(
    rf"(?P<first>{_LABEL})(?:(?:\.|{_SPELLED}){_LABEL}){{0,4}}(?:\.|(?P<spelled>{_SPELLED}))"
    r"(?P<top>xn--[a-z0-9\-]{1,59}|[^\W\d_]{2,24})",
    re.IGNORECASE,
)
# Where the sign may be something else (a mention, an item of a list, the word "at") the end must be a usual one.
_USUAL_TOPS = re.compile(
    "dk|com|net|org|eu|nu|info|biz|io|me|gl|fo|no|se|fi|is|de|uk|nl|be|fr|es|it|pl|at|ch|us", re.IGNORECASE
)
_LONGEST_LOCAL = 64
_MOST_LOCAL_PARTS = 4


def find(reading: Reading) -> Iterator[Finding]:
    """Yield e-mail addresses in positions of the normal form."""
    text = reading.text
    for at in _AT.finditer(text):
        domain = _DOMAIN.match(text, at.end())
        if domain is None or not _belong_together(at, domain):
            continue
        start = _local_start(text, at.start(), spelled=at["sign"] is None)
        if start < at.start():
            yield Finding(Kind.EMAIL, Level.HOLD, start, domain.end())


def _belong_together(at: re.Match[str], domain: re.Match[str]) -> bool:
    """Say whether the sign and the domain are an address, and not a mention or a piece of ordinary Danish."""
    sign = at.group()
    if at["word"]:
        # "At sætte punktum nu" is an idiom, and .nu a domain that Danes use.
        doubtful = True
        possible = domain["spelled"] is not None and domain["first"].casefold() not in ("sætte", "sættes")
    elif at["letter"]:
        doubtful, possible = sign != sign.strip(), True
    else:
        # `tak @navn.efternavn` is a mention.
        doubtful, possible = sign == " @", True
    return possible and (not doubtful or _USUAL_TOPS.fullmatch(domain["top"]) is not None)


def _local_start(text: str, end: int, *, spelled: bool) -> int:
    """Return where the part before the sign starts, which is `end` if there is none."""
    start = _word_start(text, end)
    for _ in range(_MOST_LOCAL_PARTS if spelled and start < end else 0):
        for dot in (" punktum ", " dot "):
            if text.endswith(dot, 0, start):
                start = _word_start(text, start - len(dot))
    return start


def _word_start(text: str, end: int) -> int:
    start = end
    while start > max(0, end - _LONGEST_LOCAL) and (text[start - 1].isalnum() or text[start - 1] in "._%+-"):
        start -= 1
    # Markdown's emphasis and a list's dash touch the address without belonging to it.
    while start < end and not text[start].isalnum():
        start += 1
    return start
