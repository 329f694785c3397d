"""Verbs of taking part: a seat or a number in the queue, giving it back and moving up, and joining as a guest.

There is one writer at a time (docs/decisions/0012), so who counts the seats in a transaction counts the last word.
"""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from forsamlingshus.accounts import actions as accounts
from forsamlingshus.kernel.errors import Closed
from forsamlingshus.kernel.events import record
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.permissions import Who, demand
from forsamlingshus.meetings import events, queries, rules
from forsamlingshus.meetings.models import Meeting, SignUp, Workshop


def sign_up(session: Session, *, who: Who, meeting: Meeting, name: str, workshop: Workshop | None = None) -> SignUp:
    """Sign up for a meeting, and for one of its workshops if one is named; who is signed up changes name and workshop.

    After the last seat it is a number on the waiting list. Raises Closed when signing up is over or there is none.
    """
    demand(who.is_authenticated and who.author_id is not None)
    assert who.author_id is not None
    if not rules.signs_up(meeting, who.now):
        raise Closed(
            _("You can no longer sign up for this meeting."), next_url=meeting.path, next_title=_("See the meeting")
        )
    workshop_id = workshop.id if workshop else None
    found = queries.sign_up_of(session, meeting.id, who.author_id)
    if found is not None:
        found.name, found.workshop_id = name, workshop_id
        return found
    seats = queries.seats(session, meeting.id)
    row = SignUp(
        meeting_id=meeting.id,
        author_id=who.author_id,
        workshop_id=workshop_id,
        name=name,
        waiting_no=seats.waiting + 1 if rules.free_seats(meeting, seats.taken) == 0 else None,
        created_at=who.now,
    )
    session.add(row)
    session.flush()
    signed_up = events.SignedUp(
        sign_up_id=row.id, meeting_id=meeting.id, waiting_no=row.waiting_no, actor_id=who.author_id
    )
    record(session, signed_up)
    return row


def join_meeting(session: Session, *, who: Who, meeting: Meeting, name: str, days: int) -> str:
    """Take part in a meeting as a guest; returns the token that only the cookie will know.

    Raises Closed outside the hours of its doors, and when it takes no guests, however recently that was chosen.
    """
    if not rules.may_join(meeting, who.now):
        raise Closed(
            _("You cannot join this meeting without a user now. Everyone can read along"),
            next_url=meeting.path,
            next_title=_("See the meeting"),
        )
    return accounts.join_as_guest(session, scope_key=meeting.scope_key, name=name, days=days)


def cancel_sign_up(session: Session, *, who: Who, meeting: Meeting, row: SignUp) -> None:
    """Do not come after all; who waits longest gets the seat in the same transaction.

    Raises Closed when it is too late to matter.
    """
    demand(row.author_id == who.author_id and row.meeting_id == meeting.id)
    if not rules.may_cancel(meeting, who.now):
        raise Closed(_("The meeting has begun, so your seat can go to nobody else."), next_url=meeting.path)
    record(session, events.SignUpCancelled(sign_up_id=row.id, meeting_id=meeting.id, actor_id=who.author_id))
    session.delete(row)
    session.flush()
    fill_seats(session, meeting=meeting, now=who.now)


def see_news(session: Session, *, who: Who, row: SignUp, until: datetime) -> SignUp:
    """Say that one has seen what there was to tell up to `until` (aware); what happened since is still told."""
    demand(row.author_id == who.author_id)
    row.seen_at = max(row.seen_at or row.created_at, min(until, who.now))
    return row


def fill_seats(session: Session, *, meeting: Meeting, now: datetime) -> list[SignUp]:
    """Give the free seats to those who wait, in the order of their numbers, and number the others anew."""
    waiting = queries.waiting_list(session, meeting.id)
    free = rules.free_seats(meeting, queries.seats(session, meeting.id).taken) if waiting else 0
    lucky = waiting if free is None else waiting[:free]
    for row in lucky:
        row.waiting_no, row.seated_at = None, now
        record(session, events.MovedUp(sign_up_id=row.id, meeting_id=meeting.id))
    for number, row in enumerate(waiting[len(lucky) :], 1):
        row.waiting_no = number
    session.flush()
    return lucky


def forget_sign_ups(session: Session, *, who: Who, meeting: Meeting) -> int:
    """Delete the names of all who signed up, once the meeting is over; returns how many there were."""
    demand(rules.may_forget(who, meeting))
    count = queries.seats(session, meeting.id)
    session.execute(delete(SignUp).where(SignUp.meeting_id == meeting.id))
    forgotten = events.SignUpsForgotten(meeting_id=meeting.id, count=sum(count), actor_id=who.author_id)
    record(session, forgotten)
    return sum(count)
