"""What is made of the meeting in the week after it: words of the evening, summaries of the workshops, the minutes."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from forsamlingshus.demo.loader.stage import Stage
from forsamlingshus.demo.told import EveningText
from forsamlingshus.discussions import actions as discussions
from forsamlingshus.discussions.models import Thread
from forsamlingshus.meetings import queries as meetings
from forsamlingshus.meetings.models import Workshop
from forsamlingshus.records import actions, queries

WRITTEN = timedelta(hours=20)
"""How long before its publication the first point of a summary is written."""


def plan(stage: Stage) -> None:
    """Plan what was written during the workshops, their summaries, and the minutes with their correction."""
    for evening in stage.texts.after.workshops:
        for post in evening.posts:
            stage.at(post["at"], partial(_write, stage, evening, post))
        for number, point in enumerate(evening.points):
            moment = evening.published_at - WRITTEN + number * timedelta(minutes=12)
            stage.at(moment, partial(_sum_up, stage, evening, point))
        stage.at(evening.published_at, partial(_publish_summary, stage, evening))
    minutes = stage.texts.after.minutes
    for moment, promise, note in (
        (minutes["published_at"], minutes["promise"], ""),
        (minutes["corrected_at"], minutes["corrected_promise"], minutes["correction"]),
    ):
        lead = minutes["lead"].format(promise=promise)
        stage.at(moment, partial(_publish_minutes, stage, minutes, lead, note))
    stage.at(minutes["drafted_at"], partial(_draft, stage, minutes))


def _write(stage: Stage, evening: EveningText, text: Mapping[str, Any]) -> None:
    thread = stage.session.get_one(Thread, stage.posts[text["after"]].thread_id)
    stage.posts[text["key"]] = discussions.write_post(
        stage.session,
        who=stage.who(text["author"]),
        thread=thread,
        forum=stage.forums[evening.slug],
        body=text["text"],
        client_id=text["key"],
    )


def _workshop(stage: Stage, evening: EveningText) -> Workshop:
    found = meetings.workshop_page(stage.session, stage.year.year, evening.slug)
    assert found is not None
    return found


def _sum_up(stage: Stage, evening: EveningText, point: Mapping[str, Any]) -> None:
    actions.write_point(
        stage.session,
        who=stage.who(evening.host),
        workshop=_workshop(stage, evening),
        body=point["text"],
        posts=[stage.posts[key].id for key in point["posts"]],
    )


def _publish_summary(stage: Stage, evening: EveningText) -> None:
    workshop = _workshop(stage, evening)
    summary = queries.summary_of(stage.session, workshop.id)
    assert summary is not None
    actions.publish_summary(stage.session, who=stage.who(evening.host), workshop=workshop, summary=summary)


def _draft(stage: Stage, minutes: Mapping[str, Any]) -> None:
    meeting = meetings.meeting_page(stage.session, stage.year.year)
    assert meeting is not None
    actions.draft_minutes(stage.session, who=stage.who(minutes["author"]), meeting=meeting)


def _publish_minutes(stage: Stage, texts: Mapping[str, Any], lead: str, note: str) -> None:
    """Put the words of the staff before the draft's own, choose the posts, and publish."""
    meeting = meetings.meeting_page(stage.session, stage.year.year)
    assert meeting is not None
    minutes = queries.minutes_of(stage.session, meeting.id)
    assert minutes is not None
    # What stands before the first heading is written anew; its first line is the draft's own.
    who, (opening, heading, rest) = stage.who(texts["author"]), minutes.body.partition("\n\n## ")
    actions.edit_minutes(
        stage.session,
        who=who,
        minutes=minutes,
        meeting=meeting,
        body=f"{opening.splitlines()[0]}\n\n{lead}{heading}{rest}",
        posts=[stage.posts[key].id for key in texts["posts"]],
        edition=minutes.edition,
    )
    actions.publish_minutes(
        stage.session, who=who, minutes=minutes, meeting=meeting, edition=minutes.edition, note=note
    )
