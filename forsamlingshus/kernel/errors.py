"""The three domain errors; the web edge maps each to one page, and nothing that was typed is lost by it."""


class DomainError(Exception):
    """Base of the errors that a rule may raise; `message` is shown to the user and therefore translated."""

    def __init__(self, message: str = "", *, next_url: str = "", next_title: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.next_url = next_url
        self.next_title = next_title


class Forbidden(DomainError):
    """This person may not do this, whatever the time (403)."""


class Closed(DomainError):
    """Nobody may do this now; the message says why, `next_url` where the process goes on (410 for writes)."""


class Conflict(DomainError):
    """Somebody changed the thing meanwhile, or it was done already (409)."""
