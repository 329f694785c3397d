"""The guard at work: reads a text as it was typed and as it will be seen. What it blocks is stored nowhere."""

from collections.abc import Collection

from forsamlingshus.kernel import html, personal_data
from forsamlingshus.kernel.personal_data import Finding, Level


def scan(text: str, *, markdown: bool, allow: Collection[str] = ()) -> tuple[Finding, ...]:
    """What the guard finds in a text as it was typed, and for Markdown also as it will be read."""
    if not markdown:
        return personal_data.scan(text, allow=allow)
    return personal_data.scan_markdown(text, html.visible_text(html.render_markdown(text)), allow=allow)


def blocks(*texts: str) -> bool:
    """True when one of these Markdown texts holds what surely is a CPR number."""
    return any((personal_data.worst(scan(text, markdown=True)) or 0) >= Level.BLOCK for text in texts)
