"""What the verbs of this slice share: tokens, and unique columns that tell in words."""

import hashlib
import secrets

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from forsamlingshus.kernel.errors import Conflict


def new_token() -> str:
    """256 random bits, which only the cookie will know."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What is stored of a session's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def flush(session: Session, taken: str) -> None:
    """Write what waits; raises Conflict with the sentence `taken` when a unique column is held by somebody else."""
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict(taken) from error
