"""What the records slice shows on pages of lower slices."""

from flask import render_template

from forsamlingshus.kernel import db, permissions
from forsamlingshus.meetings.models import Meeting, Workshop
from forsamlingshus.records import queries, rules
from forsamlingshus.stages.models import Stage


def stage_after_slot(stage: Stage) -> str:
    """On the control view of a meeting that is over: what is made of it now."""
    is_workshop = stage.scope_key.startswith("workshop:")
    return render_template(
        "records/_stage_after.html",
        stage=stage,
        work=stage.control_path.removesuffix("/live"),
        is_workshop=is_workshop,
        keeps_minutes=not is_workshop and rules.may_keep_minutes(permissions.who()),
    )


def stage_over_slot(stage: Stage) -> str:
    """On the live page of a meeting that is over: the way to its record."""
    return render_template("records/_stage_over.html", stage=stage)


def meeting_slot(meeting: Meeting) -> str:
    """On the meeting's page, once it is over: replay and minutes."""
    found = queries.minutes_of(db.session(), meeting.id)
    minutes = found if found is not None and found.published_at is not None else None
    if meeting.stage.closed_at is None and minutes is None:
        return ""
    return render_template("records/_meeting.html", meeting=meeting, minutes=minutes)


def workshop_slot(workshop: Workshop) -> str:
    """On the workshop's page: its summary, once it is published, and its replay, once it is over."""
    session = db.session()
    summary = queries.summary_of(session, workshop.id)
    if summary is not None and summary.published_at is None:
        summary = None
    if summary is None and workshop.stage.closed_at is None:
        return ""
    rows = queries.told(session, summary) if summary else []
    return render_template("records/_workshop.html", workshop=workshop, summary=summary, rows=rows)
