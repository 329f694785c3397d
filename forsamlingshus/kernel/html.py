"""The one sanitiser: small Markdown in, safe HTML out. The only module that knows bleach, nh3 and `Markup`."""

import html
import re
import threading
from bisect import bisect_left
from collections.abc import Iterable
from functools import lru_cache
from itertools import accumulate, groupby
from typing import Any
from urllib.parse import unquote, urlsplit

import nh3
from bleach.linkifier import LinkifyFilter
from bleach.sanitizer import Cleaner
from markdown_it import MarkdownIt
from markupsafe import Markup
from sqlalchemy import Dialect, Text, TypeDecorator

from forsamlingshus.kernel.joints import MONTHS, unbroken

SANITIZER_VERSION = 3
"""Raised when the rules below change; stored beside each text, so that a job can find what to clean again."""

TAGS = frozenset({"p", "br", "strong", "em", "ul", "ol", "li", "a", "blockquote", "code"})
SCHEMES = frozenset({"http", "https", "mailto"})
LINK_REL = "nofollow ugc noopener"
MAX_SOURCE = 20_000
"""Characters; longer text is refused before it is parsed, because cleaning time grows with length."""

_local = threading.local()
# U+E000 and U+E001 frame the places of cached pages (kernel/pages.py), so nobody may type them, nor spell them as an
# entity: Markdown turns `&#xE000;` into the letter. U+202A to U+202E and U+2066 to U+2069 turn the writing direction of
# what stands beside a text too; Arabic and Hebrew do without them.
_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ue000\ue001\ud800-\udfff]"
)

_DATE_FIRST = re.compile(rf"^( {{0,3}}(?:[-*+>] +)*\d{{1,2}})\.(?= {MONTHS})", re.MULTILINE)
"""The full stop after the day of a date that begins a line. Markdown would make a list of it, without its number."""
_TAG = re.compile(r"<[^>]*>")
_PIECES = re.compile(r"<[^>]*>|&[#\w]+;|.", re.DOTALL)
_BREAKS = frozenset({"</p>", "</li>", "</blockquote>", "<br>"})
"""The tags after which a reader begins a new line."""

_LINK_WORDS = re.compile(r'(?:href|title)="([^"]*)"')


def tidy(text: str) -> str:
    """Normalise what a person typed: one kind of line break, no control characters, no white space at the ends."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


@lru_cache(maxsize=32)  # a write is rendered twice, by the guard and by the action
def render_markdown(source: str) -> Markup:
    """Clean HTML of small Markdown. Raises ValueError above MAX_SOURCE characters."""
    if len(source) > MAX_SOURCE:
        raise ValueError(f"text of {len(source)} characters; at most {MAX_SOURCE} are rendered")
    return _clean(_tools().markdown.render(_DATE_FIRST.sub(r"\1\.", source)))


def visible_text(clean_html: str) -> str:
    """The words that a reader sees in `clean_html`, blocks parted by line breaks; no space of them is a special one."""
    return html.unescape(_TAG.sub(_break, str(clean_html))).replace("\N{NO-BREAK SPACE}", " ").strip()


def _break(tag: re.Match[str]) -> str:
    return "\n" if tag[0] in _BREAKS else ""


def link_words(clean_html: str) -> str:
    """What the links in `clean_html` say beside their text: titles, and addresses as they stand and decoded."""
    said = [html.unescape(value) for value in _LINK_WORDS.findall(str(clean_html))]
    return "\n".join(dict.fromkeys(words for value in said for words in (value, unquote(value))))


def mark_words(text: str, words: str) -> Markup:
    """`text` escaped, with the first occurrence of `words` in a <mark>."""
    at = text.find(words)
    if not words or at < 0:
        return Markup(html.escape(text))
    before, after = text[:at], text[at + len(words) :]
    return Markup(f"{html.escape(before)}<mark>{html.escape(words)}</mark>{html.escape(after)}")


def mark_spans(text: str, spans: Iterable[tuple[int, int]]) -> Markup:
    """`text` escaped, with the given spans (start, end; in order, overlaps allowed) in <mark>."""
    pieces, at = [], 0
    for first, end in spans:
        start = max(first, at)
        if start < end:
            pieces += [html.escape(text[at:start]), "<mark>", html.escape(text[start:end]), "</mark>"]
            at = end
    return Markup("".join([*pieces, html.escape(text[at:])]))


def find_words(text: str, words: str) -> tuple[int, int] | None:
    """Start and end of `words` where they first stand in `text`; None when they don't.

    White space counts as one space wherever it stands, because a selection on a page has other line breaks than a text.
    """
    parts = words.split()
    found = re.search(r"\s+".join(map(re.escape, parts)), text) if parts else None
    return found.span() if found else None


def mark_quotes(clean_html: Markup, quotes: Iterable[str], begins: str = "", ends: str = "") -> Markup:
    """Clean HTML with the words of `quotes` in <mark>; a quote that does not stand there (any more) is left out.

    Words that run through several elements get a mark in each. The first and the last one carry in attributes what a
    screen reader is to say, so that it is no part of the text, nor of what somebody selects.
    """
    pieces = _PIECES.findall(str(clean_html))
    said = [_said(piece) for piece in pieces]
    text = "".join(said)
    found = (find_words(text, quote) for quote in quotes)
    places = list(accumulate((len(words) for words in said), initial=0))
    for start, end in _merged(span for span in found if span):
        runs = _runs(pieces, range(bisect_left(places, start), bisect_left(places, end)))
        for run in runs:
            first = f' data-begins="{html.escape(begins)}"' if run is runs[0] else ""
            last = f' data-ends="{html.escape(ends)}"' if run is runs[-1] else ""
            pieces[run[0]] = f"<mark{first}{last}>{pieces[run[0]]}"
            pieces[run[-1]] += "</mark>"
    return Markup("".join(pieces))


def _said(piece: str) -> str:
    """What a reader sees of a tag, an entity or a letter."""
    if piece.startswith("<"):
        return "\n" if piece in _BREAKS else ""
    return html.unescape(piece)


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans in their order, those that touch or overlap made one."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _runs(pieces: list[str], places: Iterable[int]) -> list[list[int]]:
    """The letters of these places, in a list for each stretch without a tag; stretches of white space are left out."""
    stretches = (list(run) for is_tag, run in groupby(places, lambda at: pieces[at].startswith("<")) if not is_tag)
    return [run for run in stretches if any(pieces[at].strip() for at in run)]


def trusted(fragment: str) -> Markup:
    """Mark a fragment that our own templates rendered (and so escaped) as HTML; never for anything a person typed."""
    return Markup(fragment)


class SafeHtml(TypeDecorator[Markup]):
    """A column of clean HTML: refuses a plain string on write, gives `Markup` on read."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Markup | None, dialect: Dialect) -> str | None:
        """What is stored: the words of clean HTML."""
        if value is not None and not isinstance(value, Markup):
            raise TypeError("a string that was never cleaned was about to be stored as HTML")
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Markup | None:
        """What is read: HTML that templates do not escape."""
        return None if value is None else Markup(value)


class _Tools:
    """The parsers of one thread: a bleach Cleaner is not stated to be thread-safe."""

    def __init__(self) -> None:
        self.markdown = MarkdownIt("commonmark", {"html": False}).disable("image")
        # parse_email stays off: it is quadratic or worse, 17 s for 10,000 characters.
        self.with_links = _cleaner(
            lambda source: LinkifyFilter(source, callbacks=[_link], skip_tags={"code"}, parse_email=False)
        )
        self.without_links = _cleaner()


def _cleaner(*filters: Any) -> Cleaner:
    return Cleaner(tags=TAGS, attributes={"a": ["href", "title"]}, protocols=SCHEMES, strip=True, filters=list(filters))


def _tools() -> _Tools:
    if not hasattr(_local, "tools"):
        _local.tools = _Tools()
    tools: _Tools = _local.tools
    return tools


def _link(attributes: dict[Any, str], new: bool = False) -> dict[Any, str] | None:
    """Drop a link whose address is not plainly http(s) or mailto; bleach alone lets `javascript:123` through."""
    href = attributes.get((None, "href"), "")
    if new and href.startswith("http://www."):
        href = "https://" + href.removeprefix("http://")  # bleach writes http for a bare www address
    if not _safe_address(href):
        return None
    return {**attributes, (None, "href"): href}


def _safe_address(href: str) -> bool:
    try:
        parts = urlsplit(href.strip())
    except ValueError:
        return False
    if parts.scheme in {"http", "https"}:
        return bool(parts.hostname)
    return parts.scheme == "mailto" or (not parts.scheme and href.startswith("/") and not href.startswith("//"))


_again = nh3.Cleaner(tags=set(TAGS), attributes={"a": {"href", "title"}}, url_schemes=set(SCHEMES), link_rel=LINK_REL)


# A link that is there, or a dot within a word: without either there is nothing to link, as in most posts.
_MAY_LINK = re.compile(r"<a\b|[\w-]\.\w", re.IGNORECASE)


def _clean(dirty: str) -> Markup:
    tools = _tools()
    cleaner = tools.with_links if _MAY_LINK.search(dirty) else tools.without_links
    return Markup(unbroken(_CONTROL.sub("", _again.clean(cleaner.clean(dirty)))))
