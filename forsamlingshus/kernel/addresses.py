"""The words of addresses: Danish titles as lower-case letters, digits and hyphens."""

import re
import unicodedata

_DANISH = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})
MAX_SLUG = 60


def slug(title: str, otherwise: str) -> str:
    """The words of a title as they stand in an address: `Skal hallen åbne?` → `skal-hallen-aabne`.

    `otherwise` stands for a title without a single letter or digit of ours.
    """
    plain = unicodedata.normalize("NFKD", title.lower().translate(_DANISH)).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:MAX_SLUG].strip("-") or otherwise
