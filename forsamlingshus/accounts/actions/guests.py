"""Verbs on guests: people at one meeting who have an author and a cookie, and no account."""

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from forsamlingshus.accounts import events
from forsamlingshus.accounts.actions.base import flush, new_token, token_hash
from forsamlingshus.accounts.models import Author, AuthorKind, Guest
from forsamlingshus.kernel import clock, topics
from forsamlingshus.kernel.errors import Conflict
from forsamlingshus.kernel.events import record
from forsamlingshus.kernel.i18n import gettext as _

MOST_GUESTS = 5_000
"""Guests of one meeting at a time: far more than any hall holds, and a bound for a machine of many addresses."""


def join_as_guest(session: Session, *, scope_key: str, name: str, days: int) -> str:
    """Let somebody take part in the meeting with that key; returns the 256-bit token that only the cookie will know.

    Whoever gives no `name` is called by a number, "Gæst 27". Raises Conflict while the meeting has MOST_GUESTS.
    """
    token, now = new_token(), clock.machine_now()
    here = Guest.scope_key == scope_key
    living = here & Guest.ended_at.is_(None) & (Guest.expires_at > now)
    if (session.scalar(select(func.count(Guest.id)).where(living)) or 0) >= MOST_GUESTS:
        raise Conflict(_("So many have joined this meeting that we take no more without a user. Sign in instead"))
    number = (session.scalar(select(func.max(Guest.number)).where(here)) or 0) + 1
    # No name_key: two guests may be called Mette, and a name that a guest took is free for an account.
    author = Author(kind=AuthorKind.GUEST, name=name or f"Gæst {number}", name_key=None)
    guest = Guest(
        token_hash=token_hash(token),
        author=author,
        scope_key=scope_key,
        number=number,
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    session.add(guest)
    flush(session, _("Somebody joined in the same moment. Try again"))
    record(session, events.GuestJoined(guest_id=guest.id, scope_key=scope_key, actor_id=author.id))
    return token


def rename_guest(session: Session, *, author_id: int, name: str) -> Author:
    """Another name for a guest; without a `name` the number again. Posts point at the author, so they follow."""
    guest = session.scalars(select(Guest).where(Guest.author_id == author_id)).one()
    guest.author.name = name or f"Gæst {guest.number}"
    topics.next_version(session, topics.SITE)  # the name stands on many cached pages
    record(session, events.NameChanged(author_id=author_id, actor_id=author_id))
    return guest.author


def end_guest(session: Session, *, author_id: int, reason: str, actor_id: int | None = None) -> list[str]:
    """End a guest's session: the cookie opens nothing any more, what was written stays.

    Returns the token hash when one ended, so that its sockets can be closed after the commit.
    """
    guest = session.scalar(select(Guest).where(Guest.author_id == author_id, Guest.ended_at.is_(None)))
    if guest is None:
        return []
    guest.ended_at = clock.machine_now()
    record(session, events.GuestEnded(guest_id=guest.id, reason=reason, actor_id=actor_id))
    return [guest.token_hash]
