"""What the site shows on pages of lower slices: on one's own page, what one's roles are for here."""

from typing import Any

from flask import render_template

from forsamlingshus.kernel import clock, db, permissions
from forsamlingshus.meetings import queries as meetings
from forsamlingshus.process import queries as process
from forsamlingshus.process.models import Activity
from forsamlingshus.site import context, queries

COUNCIL_DATES = frozenset({"theme_meeting", "first_reading", "agreement_signed", "second_reading"})
"""The kinds of dates of the process that are the council's own work."""


def my_page_slot(account: Any) -> str:
    """What the reader's roles are for, with the pages that exist for them now."""
    session, who, now = db.session(), permissions.who(), clock.now()
    year = process.current_year(session)
    overview = queries.overview(session, year, now) if year else None
    return render_template(
        "site/_my_roles.html",
        year=year,
        open_debate=year is not None and who.open(year.year, Activity.DISCUSS),
        has_workshops=overview is not None and bool(overview.workshops),
        published=overview is not None and queries.is_public(overview.course, now),
        council_dates=[one for one in process.upcoming(year, now) if one.kind in COUNCIL_DATES] if year else [],
        places=meetings.runnable(session, who) if who.is_facilitator else [],
        work=context.work_nav(who) if who.is_staff else [],
    )
