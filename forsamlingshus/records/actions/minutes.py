"""Verbs on minutes: make a draft, put other words in it, publish it, and correct what was published."""

from collections.abc import Collection

from sqlalchemy.orm import Session

from forsamlingshus.kernel.errors import Conflict
from forsamlingshus.kernel.events import record
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.permissions import Who, demand
from forsamlingshus.meetings.models import Meeting
from forsamlingshus.records import events, queries, rules
from forsamlingshus.records.actions.draft import text_of
from forsamlingshus.records.models import Correction, Minutes, MinutesPost


def draft_minutes(session: Session, *, who: Who, meeting: Meeting) -> Minutes:
    """Make the draft of a meeting that is over (meetings.queries.meeting_page). A second press changes nothing."""
    demand(rules.may_keep_minutes(who))
    known = queries.minutes_of(session, meeting.id)
    if known is not None:
        return known
    if meeting.stage.closed_at is None:
        raise Conflict(_("End the meeting first"), next_url=meeting.stage.control_path, next_title=meeting.stage.title)
    text = text_of(meeting, queries.facts(session, meeting))
    minutes = Minutes(meeting_id=meeting.id, body=text, edited_at=who.now, posts=[], corrections=[])
    session.add(minutes)
    session.flush()
    record(session, events.MinutesDrafted(meeting_id=meeting.id, actor_id=who.author_id))
    return minutes


def edit_minutes(
    session: Session, *, who: Who, minutes: Minutes, meeting: Meeting, body: str, posts: Collection[int], edition: int
) -> Minutes:
    """Put other words in the minutes and choose their posts. Raises Conflict unless `edition` is the newest one."""
    demand(rules.may_keep_minutes(who))
    _newest(minutes, edition, meeting)
    chosen = queries.readable(session, meeting, posts)
    rows = {row.post_id: row for row in minutes.posts}
    for post_id in chosen - rows.keys():
        minutes.posts.append(MinutesPost(post_id=post_id, chosen=True, public=False))
    for post_id, row in rows.items():
        row.chosen = post_id in chosen
    minutes.body, minutes.edition, minutes.edited_at = body, minutes.edition + 1, who.now
    edited = events.MinutesEdited(meeting_id=meeting.id, edition=minutes.edition, actor_id=who.author_id)
    record(session, edited)
    return minutes


def publish_minutes(
    session: Session, *, who: Who, minutes: Minutes, meeting: Meeting, edition: int, note: str = ""
) -> Minutes:
    """Let everybody read the minutes as they are now.

    When they could read other ones before, that is a correction, and `note` says what was corrected. Raises Conflict
    unless `edition` is the newest one, and when nothing was changed since everybody could read it.
    """
    demand(rules.may_keep_minutes(who))
    _newest(minutes, edition, meeting)
    corrected = minutes.published_at is not None
    if minutes.public_edition == minutes.edition:
        raise Conflict(_("Nothing has changed since it was published"), **_place(meeting))
    if corrected:
        minutes.corrections.append(Correction(at=who.now, note=note))
    else:
        minutes.published_at = who.now
    for row in list(minutes.posts):
        row.public = row.chosen
        if not row.chosen:
            minutes.posts.remove(row)
    minutes.public_body, minutes.public_edition = minutes.body, minutes.edition
    published = events.MinutesPublished(
        meeting_id=meeting.id, edition=minutes.edition, corrected=corrected, actor_id=who.author_id
    )
    record(session, published)
    return minutes


def _newest(minutes: Minutes, edition: int, meeting: Meeting) -> None:
    if minutes.edition != edition:
        raise Conflict(
            _("Somebody has changed the minutes meanwhile. Your text is kept here: compare it with theirs"),
            **_place(meeting),
        )


def _place(meeting: Meeting) -> dict[str, str]:
    return {"next_url": f"{meeting.run_path}/referat", "next_title": _("The minutes")}
