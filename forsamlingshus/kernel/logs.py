"""The log: one line for each record, nothing forged in it, and no CPR number or e-mail address."""

import logging
import threading
import unicodedata

from forsamlingshus.kernel import personal_data
from forsamlingshus.kernel.personal_data import Kind

log = logging.getLogger(__name__)

FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"
MASKED = frozenset({Kind.CPR, Kind.EMAIL})
LONGEST = 20_000
"""Characters of a record that are kept: the end, where an error says what it is."""
_ESCAPED = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


class OneLine(logging.Formatter):
    """Writes a record with its traceback as one line.

    Line breaks stand as \\n, and so does whatever else moves a cursor, turns the writing direction or cannot be
    written: nobody can make a line of their own. An error's words may quote what a person typed, so they are masked.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line. A dump of thirty frames is worth its length; ten thousand say nothing more."""
        text = super().format(record)
        if len(text) > LONGEST:
            text = f"{text[:200]} … {text[-LONGEST:]}"
        return _escaped(_masked(text))


def init() -> None:
    """Give this process its log on standard error, unless a caller has set up another one."""
    threading.excepthook = _log_thread
    handler = logging.StreamHandler()
    handler.setFormatter(OneLine(FORMAT))
    logging.basicConfig(level=logging.INFO, handlers=[handler])


def _log_thread(ended: threading.ExceptHookArgs) -> None:
    """A fault that ends a thread is a record like any other; Python would print it past the log."""
    error = ended.exc_value
    if error is not None and not isinstance(error, SystemExit):
        log.error("thread %s ended by a fault", ended.thread and ended.thread.name, exc_info=error)


def _masked(text: str) -> str:
    for finding in reversed(personal_data.scan(text)):
        if finding.kind in MASKED:
            text = f"{text[: finding.start]}[{finding.kind}]{text[finding.end :]}"
    return text


def _escaped(text: str) -> str:
    return "".join(
        letter.encode("unicode_escape").decode("ascii") if unicodedata.category(letter) in _ESCAPED else letter
        for letter in text
    )
