"""Runs every detector over a text, or over both faces of a Markdown text."""

import bisect
import re
import urllib.parse
from collections.abc import Collection, Iterable, Iterator
from itertools import accumulate, chain

from forsamlingshus.kernel.personal_data import account, cpr, mail, notes, phone
from forsamlingshus.kernel.personal_data.findings import Finding, Kind, Level, excerpt
from forsamlingshus.kernel.personal_data.reading import plain, read

_Identity = tuple[Kind, Level, str]
_DETECTORS = (mail.find, notes.find)
_DETECTORS_OF_NUMBERS = (cpr.find, phone.find, account.find)
_DIGIT = re.compile("[0-9]")
# In any text a word with a percent sign is read as a URL: a relative link has no scheme to know it by.
_WORD = re.compile(r"[^\s<>()\[\]\"]{1,2000}")
_FENCE = " | "


def scan(text: str, *, allow: Collection[str] = ()) -> tuple[Finding, ...]:
    """Return the findings in the text, sorted by start; two of the same kind never overlap.

    `allow` holds the municipality's own published lines, addresses and mailboxes. A finding is dropped if its text
    equals one of them, white space and case apart.
    """
    reading = read(text)
    found = []
    for detector in (*_DETECTORS_OF_NUMBERS, *_DETECTORS) if _DIGIT.search(reading.text) else _DETECTORS:
        for finding in detector(reading):
            start, end = reading.span(finding.start, finding.end)
            found.append(Finding(finding.kind, finding.level, start, end))
    allowed = {plain(line) for line in allow}
    return tuple(finding for finding in _merged(found) if not allowed or plain(excerpt(text, finding)) not in allowed)


def scan_markdown(source: str, visible: str, *, allow: Collection[str] = ()) -> tuple[Finding, ...]:
    """Return the findings in a Markdown text, read as source and as the visible text (and links) of its cleaned html.

    Spans are in the source. What only a percent-decoded URL shows has the span of the URL. What only the visible text
    shows (`0102**03**-1234`) has no place of its own: for each kind it is one finding over the whole source, which may
    then overlap the findings of that kind that have a place.
    """
    found = list(scan(source, allow=allow))
    known = {_identity(source, finding) for finding in found}
    found.extend(_in_urls(source, known, allow))
    hidden: dict[Kind, Level] = {}
    for finding in scan(visible, allow=allow) if visible != source else ():
        if _identity(visible, finding) not in known:
            hidden[finding.kind] = max(finding.level, hidden.get(finding.kind, finding.level))
    whole = [Finding(kind, level, 0, len(source)) for kind, level in hidden.items()]
    return tuple(sorted((*_merged(found), *whole), key=_place))


def _in_urls(source: str, known: set[_Identity], allow: Collection[str]) -> Iterator[Finding]:
    """Yield what only the percent-decoded URLs show, with the span of the URL, and know it from then on."""
    words = [word for word in _WORD.finditer(source) if "%" in word.group()]
    decoded = [urllib.parse.unquote(word.group()) for word in words]
    # One scan of all of them, with a sign between that is part of no shape: a scan for each takes too long.
    starts = list(accumulate((len(url) + len(_FENCE) for url in decoded), initial=0))
    joined = _FENCE.join(decoded)
    for finding in scan(joined, allow=allow):
        identity = _identity(joined, finding)
        if identity not in known:
            known.add(identity)
            first = words[bisect.bisect_right(starts, finding.start) - 1]
            last = words[bisect.bisect_right(starts, finding.end - 1) - 1]
            yield Finding(finding.kind, finding.level, first.start(), last.end())


def _merged(findings: Iterable[Finding]) -> list[Finding]:
    """Join overlapping findings of a kind to one with the highest level, and sort by place."""
    rows: dict[Kind, list[Finding]] = {}
    for finding in sorted(findings, key=_place):
        row = rows.setdefault(finding.kind, [])
        if row and finding.start < row[-1].end:
            last = row.pop()
            level, end = max(last.level, finding.level), max(last.end, finding.end)
            row.append(Finding(finding.kind, level, last.start, end))
        else:
            row.append(finding)
    return sorted(chain.from_iterable(rows.values()), key=_place)


def _place(finding: Finding) -> tuple[int, int, Kind]:
    return finding.start, finding.end, finding.kind


def _identity(text: str, finding: Finding) -> _Identity:
    """Return what makes two findings the same one in different versions of a text: emphasis and separators apart."""
    letters = "".join(character for character in plain(excerpt(text, finding)) if character.isalnum())
    return finding.kind, finding.level, letters
