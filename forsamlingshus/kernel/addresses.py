"""Addresses of this site: the words of titles in them, and which of those that a form carries along are our own."""

import re
import unicodedata
from urllib.parse import urlsplit

_DANISH = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})
MAX_SLUG = 60
# Half a letter (a lone surrogate) can't be written into a header at all.
_UNSAFE = re.compile(r"[\x00-\x20\x7f\\\ud800-\udfff]")
MAX_PATH = 500
"""Characters of a path that a form may carry along."""


def slug(title: str, otherwise: str) -> str:
    """The words of a title as they stand in an address: `Skal hallen åbne?` → `skal-hallen-aabne`.

    `otherwise` stands for a title without a single letter or digit of ours.
    """
    plain = unicodedata.normalize("NFKD", title.lower().translate(_DANISH)).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:MAX_SLUG].strip("-") or otherwise


def own_path(target: str | None) -> str:
    """`target` when it is a plain path on this site, else an empty string."""
    if not target or len(target) > MAX_PATH or not target.startswith("/") or target.startswith(("//", "/\\")):
        return ""
    if _UNSAFE.search(target):
        return ""
    try:
        parts = urlsplit(target)
    except ValueError:
        return ""
    return "" if parts.scheme or parts.netloc else target


def page_before(referrer: str | None, origin: str) -> str:
    """The page of ours on which a button stood, as the browser names it to the own site alone; else an empty string."""
    if not referrer or not referrer.startswith(f"{origin}/"):
        return ""
    return own_path(referrer.removeprefix(origin).partition("#")[0])


def small_number(text: str | None) -> int | None:
    """A number from an address or field; None for anything that is none or that no column could hold."""
    if not text or not text.isascii() or not text.isdigit() or len(text) > 9:
        return None
    return int(text)
