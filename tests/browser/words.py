"""The words on the pages: `da("Next slide")` as the translations have them now, so that a better word breaks no test."""

import re
from functools import cache

from babel.messages.pofile import read_po

from tests.browser.house import ROOT

FOLDER = ROOT / "forsamlingshus" / "translations" / "da"


@cache
def _catalogue():
    found = {}
    for path in sorted(FOLDER.glob("*.po")):
        with path.open("rb") as file:
            found |= {
                message.id: message.string for message in read_po(file) if isinstance(message.id, str) and message.id
            }
    return found


def da(message, **values):
    """The Danish words of an English message id. Raises KeyError when nobody has translated it."""
    text = _catalogue()[message]
    return text % values if values else text


def like(message, **values):
    """The same as a pattern, in which a value that is not given may be anything."""
    parts = re.split(r"%\((\w+)\)s", _catalogue()[message])
    values = {name: re.escape(str(value)) for name, value in values.items()}
    return re.compile(
        "".join(values.get(part, ".*") if number % 2 else re.escape(part) for number, part in enumerate(parts))
    )
