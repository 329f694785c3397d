"""Unexpected faults: one line in the log under a number that the person can quote; strangers learn nothing else."""

import logging
import secrets

from flask import Response, request

from forsamlingshus.kernel.i18n import gettext as _

log = logging.getLogger(__name__)

PAGES = {status: status for status in (400, 403, 404, 409, 410, 413, 429, 503)} | {405: 404}
"""Which error page a status is shown with; any other fault of the asker is something that we could not read."""
TOLD = frozenset({"Allow", "Content-Range", "Retry-After"})
"""Headers of an error that its page keeps: they tell the browser what would have worked."""


def record(error: Exception) -> str:
    """Log the fault; returns its number."""
    number = secrets.token_hex(4).upper()
    log.error("fault %s at %s %s", number, request.method, request.endpoint, exc_info=error)
    return number


def bare_page(number: str) -> Response:
    """The number alone: for a fault in what every page is built from, the page that says so included."""
    sentence = _("Error no. %(number)s. Try again shortly", number=number)
    return Response(f"{sentence}\n", 500, content_type="text/plain; charset=utf-8")
