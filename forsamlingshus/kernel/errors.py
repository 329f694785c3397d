"""The three domain errors; the web edge maps each to one page, and nothing that was typed is lost by it."""

from collections.abc import Iterator
from contextlib import contextmanager


class DomainError(Exception):
    """Base of the errors that a rule may raise; `message` is shown to the user and therefore translated."""

    def __init__(self, message: str = "", *, next_url: str = "", next_title: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.next_url = next_url
        self.next_title = next_title


@contextmanager
def leads_to(url: str, title: str = "") -> Iterator[None]:
    """An error that is raised inside, and names no way on itself, leads to this page."""
    try:
        yield
    except DomainError as error:
        if not error.next_url:
            error.next_url, error.next_title = url, title
        raise


class Forbidden(DomainError):
    """This person may not do this, whatever the time (403)."""


class Closed(DomainError):
    """Nobody may do this now; the message says why, `next_url` where the process goes on (410 for writes)."""


class Conflict(DomainError):
    """Somebody changed the thing meanwhile, or it was done already (409)."""
