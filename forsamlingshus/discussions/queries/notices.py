"""Why a forum is closed, and where the process goes on."""

import dataclasses
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from forsamlingshus.discussions import rules
from forsamlingshus.discussions.models import Forum, Thread, ThreadKind
from forsamlingshus.kernel import i18n
from forsamlingshus.kernel.errors import Closed
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.permissions import Who
from forsamlingshus.process import phases, queries
from forsamlingshus.process.models import Activity
from forsamlingshus.process.queries import Opening


@dataclass(frozen=True, slots=True)
class ClosedNotice:
    """The reason in words, and the next open activity with its address."""

    reason: str
    next_title: str
    next_url: str

    def as_error(self) -> Closed:
        """The same as the error that refuses a write."""
        message = _("The discussion is closed. %(reason)s", reason=self.reason)
        return Closed(message, next_url=self.next_url, next_title=self.next_title)


def window_of(session: Session, forum: Forum, now: datetime) -> Opening | None:
    """When one can write in a forum: while the debate of its year is open, and not after the forum was closed."""
    debate = queries.window(phases.openings(session), forum.budget_year, Activity.DISCUSS, now)
    if debate is None or forum.closes_at is None or debate.closes_at <= forum.closes_at:
        return debate
    return dataclasses.replace(debate, closes_at=forum.closes_at)


def closed_notice(session: Session, who: Who, forum: Forum, thread: Thread | None = None) -> ClosedNotice | None:
    """None while the forum, and the thread that is asked about, are open; else why not, and what is open instead."""
    if rules.is_open(who, forum):
        if thread is None or thread.kind != ThreadKind.SLIDE or not thread.closed:
            return None
        gone = _("The slide is not in the newest version of the presentation. You can still read what was written")
        return ClosedNotice(gone, _("Go to %(title)s", title=forum.title), forum.path)
    debate = window_of(session, forum, who.now)
    if forum.closes_at is not None and forum.closes_at <= who.now:
        reason = _("It was closed %(date)s. You can still read it", date=i18n.date_long(forum.closes_at))
    elif debate is None:
        reason = _("No time has been set for the discussion")
    elif debate.opens_at > who.now:
        reason = _(
            "The discussion opens %(date)s %(clock)s",
            date=i18n.date_long(debate.opens_at),
            clock=i18n.clock_time(debate.opens_at),
        )
    else:
        reason = _("The discussion ended %(date)s. You can still read it", date=i18n.date_long(debate.closes_at))
    year = forum.budget_year
    if who.open(year, Activity.RESPOND):
        return ClosedNotice(reason, _("The hearing is open: see how to respond"), f"/budget/{year}#hoering")
    return ClosedNotice(reason, _("See what happens now in Budget %(year)s", year=year), f"/budget/{year}")
