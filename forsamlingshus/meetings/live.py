"""What the meetings slice shows on pages of lower slices."""

from typing import Any

from flask import current_app, render_template

from forsamlingshus.kernel import clock, db, i18n, pages, permissions
from forsamlingshus.meetings import queries, rules
from forsamlingshus.stages.models import Stage


def guest_slot(scope_key: str) -> str:
    """A link to the meeting that a guest joined."""
    meeting = queries.meeting_with_key(db.session(), scope_key)
    return render_template("meetings/_guest_slot.html", meeting=meeting) if meeting else ""


def my_sign_ups_slot(account: Any) -> str:
    """On one's own page: the meetings that one has signed up for, and how that stands."""
    now = permissions.who().now
    rows = queries.coming_sign_ups(db.session(), account.author_id, now)
    changeable = {row.id for row in rows if rules.may_cancel(row.meeting, now)}
    news = {row.id: rules.news_of(row, row.meeting) for row in rows}
    return render_template("meetings/_my_sign_ups.html", rows=rows, open=changeable, news=news) if rows else ""


def stage_join_slot(stage: Stage) -> str:
    """The way in without an account, while guests may come in."""
    meeting = queries.meeting_of_stage(db.session(), stage)
    if meeting is None or not rules.may_join(meeting, clock.now()):
        return ""
    return render_template("meetings/_stage_join.html", meeting=meeting)


def control_guests_slot(stage: Stage) -> str:
    """What guests may do, for those who steer; the same for each of them, so a workshop's control view only says it."""
    meeting = queries.meeting_of_stage(db.session(), stage)
    if meeting is None:
        return ""
    plenary = meeting.stage_id == stage.id
    return pages.partial(
        "meetings/_control_guests.html", i18n.language(), stage=stage, meeting=meeting, plenary=plenary
    )


def control_ways_slot(stage: Stage) -> str:
    """Links from a control view to the code, the poster and the notes of its meeting."""
    meeting = queries.meeting_of_stage(db.session(), stage)
    if meeting is None:
        return ""
    slug = stage.control_path.split("/")[3]
    plenary = meeting.stage_id == stage.id
    return render_template("meetings/_control_ways.html", meeting=meeting, slug=slug, plenary=plenary)


def hall_code_slot(stage: Stage) -> str:
    """Where to join, in the wall's top strip."""
    return _joining("meetings/_hall_code.html", stage)


def hall_join_slot(stage: Stage) -> str:
    """How to join, as large as the wall allows."""
    return _joining("meetings/_hall_join.html", stage)


def _joining(template: str, stage: Stage) -> str:
    meeting = queries.meeting_of_stage(db.session(), stage)
    if meeting is None:
        return ""
    # The address of the settings, as on the poster: what the hall types must not be the host that some request named.
    host = current_app.config["SETTINGS"].public_url.partition("://")[2]
    return render_template(template, meeting=meeting, host=host)
