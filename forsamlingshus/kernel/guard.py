"""The guard at work: reads a text as it was typed and as it will be seen. What it blocks is stored nowhere."""

from collections.abc import Collection

from forsamlingshus.kernel import html, personal_data
from forsamlingshus.kernel.personal_data import Finding, Level


def scan(text: str, *, allow: Collection[str] = ()) -> tuple[Finding, ...]:
    """What the guard finds in a text as it was typed and as Markdown shows it.

    Every text is read both ways, so that no field can be rendered in one way and read in the other. What a link leads
    to, and the words that show above it, are read with the rest.
    """
    clean = html.render_markdown(text)
    shown = html.visible_text(clean)
    links = html.link_words(clean)
    return personal_data.scan_markdown(text, f"{shown}\n\n{links}" if links else shown, allow=allow)


def blocks(*texts: str) -> bool:
    """True when one of these Markdown texts holds what surely is a CPR number."""
    return any((personal_data.worst(scan(text)) or 0) >= Level.BLOCK for text in texts)
