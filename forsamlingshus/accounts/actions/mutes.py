"""Verbs that take the word from an account or guest for a while, and give it back."""

from datetime import datetime

from sqlalchemy.orm import Session

from forsamlingshus.accounts import events, queries, rules
from forsamlingshus.accounts.models import Mute
from forsamlingshus.kernel.errors import Conflict
from forsamlingshus.kernel.events import record
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.permissions import Who, demand


def mute(
    session: Session,
    *,
    who: Who,
    author_id: int,
    scope_key: str,
    reason_code: str,
    until: datetime | None,
    anonymous_no: int | None = None,
) -> Mute:
    """Let somebody read but not write in the place `scope_key` (permissions.EVERYWHERE: nowhere) until then.

    `until` is domain time; None holds until somebody lifts it. `anonymous_no` as in the model. Raises Conflict when
    that is so already; a mute for an anonymous question stands beside others, or the refusal would tell whose it is.
    """
    demand(rules.may_mute(who, scope_key))
    demand(author_id != who.author_id, _("You cannot mute yourself"))
    demand(who.is_staff or not queries.is_staff(session, author_id), _("Only staff may decide about staff"))
    known = queries.mutes_of(session, author_id, who.now)
    if any((row.scope_key, row.anonymous_no) == (scope_key, anonymous_no) for row in known):
        raise Conflict(_("Somebody has already muted this person"))
    row = Mute(
        author_id=author_id,
        scope_key=scope_key,
        reason_code=reason_code,
        anonymous_no=anonymous_no,
        created_at=who.now,
        until=until,
        by_id=who.author_id,
    )
    session.add(row)
    session.flush()
    muted = events.Muted(
        mute_id=row.id,
        author_id=author_id,
        scope_key=scope_key,
        reason_code=reason_code,
        anonymous_no=anonymous_no,
        actor_id=who.author_id,
    )
    record(session, muted)
    return row


def lift_mute(session: Session, *, who: Who, mute: Mute) -> Mute:
    """Give the word back. Raises Conflict when somebody did, or when the time was up."""
    demand(rules.may_mute(who, mute.scope_key))
    session.refresh(mute)
    if not mute.holds(who.now):
        raise Conflict(_("This person may write again already"))
    mute.lifted_at, mute.lifted_by_id = who.now, who.author_id
    lifted = events.MuteLifted(
        mute_id=mute.id,
        author_id=mute.author_id,
        scope_key=mute.scope_key,
        anonymous_no=mute.anonymous_no,
        actor_id=who.author_id,
    )
    record(session, lifted)
    return mute
