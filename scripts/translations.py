"""Lists strings without a Danish translation and translations that nothing uses: `python scripts/translations.py`."""

import sys
from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[1]
KEYWORDS = {"_": None, "_l": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
METHODS = [("**.py", "python"), ("**.html", "jinja2")]
OPTIONS = {"**.html": {"trimmed": "true", "silent": "false"}}

Message = str | tuple[str, ...]


def used() -> dict[Message, str]:
    """Every string in code and templates, with the place where it stands."""
    found: dict[Message, str] = {}
    for folder in ("forsamlingshus", "templates"):
        for file, line, message, *_rest in extract_from_dir(ROOT / folder, METHODS, OPTIONS, KEYWORDS):
            found.setdefault(message, f"{folder}/{file}:{line}")
    return found


def translated() -> dict[Message, str]:
    """Every translated string, with the file that holds it."""
    found: dict[Message, str] = {}
    for path in sorted((ROOT / "forsamlingshus" / "translations" / "da").glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale="da"):
                words = message.string if isinstance(message.string, tuple) else (message.string,)
                if message.id and all(words):
                    found[message.id] = path.name
    return found


def main() -> int:
    """Print what is missing and what is unused; 1 when anything is."""
    here, there = used(), translated()
    # A plural's singular form may also be used alone, so strings are compared by their first form.
    missing = {message: place for message, place in here.items() if message not in there}
    unused = {message: file for message, file in there.items() if message not in here}
    for message, place in missing.items():
        print(f"missing  {place}: {message!r}")
    for message, file in unused.items():
        print(f"unused   {file}: {message!r}")
    print(f"{len(here)} strings, {len(missing)} missing, {len(unused)} unused")
    return int(bool(missing or unused))


if __name__ == "__main__":
    sys.exit(main())
