"""Verbs of planning: staff write the meeting, its programme and its workshops anew, and count who came."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from forsamlingshus.discussions import actions as discussions
from forsamlingshus.discussions import queries as discussion_queries
from forsamlingshus.discussions.models import Forum
from forsamlingshus.kernel import clock
from forsamlingshus.kernel.errors import Conflict
from forsamlingshus.kernel.events import record
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.permissions import Who, demand
from forsamlingshus.meetings import events, queries, rules
from forsamlingshus.meetings.actions.setting_up import put_on_timeline
from forsamlingshus.meetings.actions.signing_up import fill_seats
from forsamlingshus.meetings.models import AgendaItem, Meeting, Prompt, Workshop
from forsamlingshus.process import actions as process
from forsamlingshus.process import queries as process_queries
from forsamlingshus.slides import actions as slides
from forsamlingshus.stages import actions as stages
from forsamlingshus.stages.models import Stage

Edited = Meeting | AgendaItem | Workshop


def change_meeting(session: Session, *, who: Who, meeting: Meeting, seen: int, **facts: Any) -> Meeting:
    """Write the facts of a meeting anew; timeline, stages and decks are told, and the programme moves with the day.

    `seen` is the edition that the writer began from: Conflict when somebody has saved another one meanwhile. More
    seats go to those who wait; fewer take none from anybody.
    """
    demand(rules.may_plan(who))
    day = clock.local(meeting.starts_at).date()
    changed = _write(meeting, seen, facts, _("Somebody has changed the meeting meanwhile."))
    for item in session.scalars(select(AgendaItem).where(AgendaItem.meeting_id == meeting.id)):
        if item.starts_at is not None and "starts_at" in changed:
            item.starts_at = _moved(item.starts_at, day, meeting.starts_at)
    if rules.MOVES.intersection(changed):
        meeting.moved_at = who.now
    _tell_places(session, meeting)
    budget_year = process_queries.year_of(session, meeting.year)
    assert budget_year is not None  # the meeting's own
    put_on_timeline(session, budget_year, meeting)
    fill_seats(session, meeting=meeting, now=who.now)
    record(session, events.MeetingChanged(meeting_id=meeting.id, changed=changed, actor_id=who.author_id))
    return meeting


def _write(row: Edited, seen: int, words: Mapping[str, Any], changed_meanwhile: str) -> tuple[str, ...]:
    """Write the words that are other ones now, and return their names; Conflict when another edition was seen."""
    if row.edition != seen:
        raise Conflict(changed_meanwhile)
    changed = tuple(name for name, value in words.items() if getattr(row, name) != value)
    for name in changed:
        setattr(row, name, words[name])
    row.edition += 1
    return changed


def _moved(moment: datetime, old_day: date, starts_at: datetime) -> datetime:
    """The same hour as many days later as the meeting is."""
    local = clock.local(moment)
    return local + (clock.local(starts_at).date() - old_day)


def _tell_places(session: Session, meeting: Meeting) -> None:
    """Tell forum, stage and decks of the meeting, and the stages of its workshops, what they show of it."""
    plenary = session.get_one(Stage, meeting.stage_id)
    forum = session.get_one(Forum, plenary.forum_id)
    discussions.rename_forum(session, forum=forum, title_da=meeting.title_da, title_en=meeting.title_en)
    slides.rename_place(session, scope_key=meeting.scope_key, place_title=meeting.title_da)
    names = {"title_da": meeting.title_da, "title_en": meeting.title_en}
    stages.plan_stage(session, stage=plenary, starts_at=meeting.starts_at, **names)
    for workshop in queries.workshops_of(session, meeting.year):
        names = {"title_da": workshop.title_da, "title_en": workshop.title_en}
        stages.plan_stage(session, stage=workshop.stage, starts_at=meeting.starts_at, **names)


def change_agenda_item(session: Session, *, who: Who, item: AgendaItem, seen: int, **words: Any) -> AgendaItem:
    """Write a point of the programme anew. Raises Conflict when somebody has saved it since `seen`."""
    demand(rules.may_plan(who))
    _write(item, seen, words, _("Somebody has changed the point meanwhile."))
    _note_agenda(session, who, item, "changed")
    return item


def move_agenda_item(session: Session, *, who: Who, item: AgendaItem, up: bool) -> AgendaItem:
    """Let a point change places with the one above or below it; at the end of the list nothing happens."""
    demand(rules.may_plan(who))
    order = list(
        session.scalars(select(AgendaItem).where(AgendaItem.meeting_id == item.meeting_id).order_by(AgendaItem.no))
    )
    here = order.index(item)
    there = here - 1 if up else here + 1
    if not 0 <= there < len(order):
        return item
    other = order[there]
    mine, theirs = item.no, other.no
    item.no = 0  # no two may hold one number, not even in the middle of this
    session.flush()
    other.no = mine
    session.flush()
    item.no = theirs
    _note_agenda(session, who, item, "moved")
    return item


def remove_agenda_item(session: Session, *, who: Who, item: AgendaItem, seen: int) -> None:
    """Take a point out of the programme. Raises Conflict when somebody has saved it since `seen`."""
    demand(rules.may_plan(who))
    if item.edition != seen:
        raise Conflict(_("Somebody has changed the point meanwhile."))
    _note_agenda(session, who, item, "removed")
    session.delete(item)


def _note_agenda(session: Session, who: Who, item: AgendaItem, how: str) -> None:
    session.flush()
    changed = events.AgendaChanged(meeting_id=item.meeting_id, item_id=item.id, how=how, actor_id=who.author_id)
    record(session, changed)


def change_workshop(
    session: Session,
    *,
    who: Who,
    workshop: Workshop,
    meeting: Meeting,
    seen: int,
    prompts: Sequence[tuple[str, str]],
    **words: Any,
) -> Workshop:
    """Write a workshop anew; forum, stage and decks are told. `prompts` are pairs (Danish, English) in their order.

    Raises Conflict when somebody has saved it since `seen`, or when a prompt that some thread answers would be gone.
    """
    demand(rules.may_plan(who))
    if not rules.keeps_prompts(discussion_queries.last_prompt(session, workshop.forum_id), prompts):
        raise Conflict(_("Somebody has begun to answer a question that you want to remove."))
    changed = _write(workshop, seen, words, _("Somebody has changed the workshop meanwhile."))
    if [(prompt.text_da, prompt.text_en) for prompt in workshop.prompts] != list(prompts):
        changed += ("prompts",)
        _write_prompts(session, workshop, prompts)
    names = {"title_da": workshop.title_da, "title_en": workshop.title_en}
    discussions.rename_forum(session, forum=workshop.forum, prompts=prompts, **names)
    stages.plan_stage(session, stage=workshop.stage, starts_at=meeting.starts_at, **names)
    slides.rename_place(session, scope_key=workshop.scope_key, place_title=workshop.title_da)
    process.changed(session)
    record(session, events.WorkshopChanged(workshop_id=workshop.id, changed=changed, actor_id=who.author_id))
    return workshop


def _write_prompts(session: Session, workshop: Workshop, prompts: Sequence[tuple[str, str]]) -> None:
    known = {prompt.no: prompt for prompt in workshop.prompts}
    for number, (danish, english) in enumerate(prompts, 1):
        prompt = known.pop(number, None)
        if prompt is None:
            session.add(Prompt(workshop_id=workshop.id, no=number, text_da=danish, text_en=english))
        else:
            prompt.text_da, prompt.text_en = danish, english
    for prompt in known.values():
        session.delete(prompt)
    session.flush()
    session.expire(workshop, ["prompts"])


def count_attendance(session: Session, *, who: Who, meeting: Meeting, count: int | None) -> Meeting:
    """Write down how many people came; None takes the number back."""
    demand(rules.may_plan(who))
    meeting.attendance = count
    counted = events.AttendanceCounted(meeting_id=meeting.id, count=count, actor_id=who.author_id)
    record(session, counted)
    return meeting
