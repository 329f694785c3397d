"""Who may collect, when, and what counts as a quote."""

from forsamlingshus.kernel.html import find_words
from forsamlingshus.kernel.permissions import Who
from forsamlingshus.process.models import Activity

QUOTE_MAX = 2000


def may_collect(who: Who) -> bool:
    """Collecting is the administration's work."""
    return who.is_staff


def is_open(who: Who, year: int) -> bool:
    """True while a phase of the budget year opens collecting."""
    return who.open(year, Activity.COLLECT)


def find_quote(text: str, words: str) -> tuple[int, str] | None:
    """Where `words` stand in `text` and how they read there with single spaces; None when they don't stand there."""
    found = find_words(text, words)
    return (found[0], " ".join(words.split())) if found else None
