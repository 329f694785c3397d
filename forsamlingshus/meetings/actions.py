"""Verbs on meetings: set up the meeting, its programme and its workshops, and say who facilitates."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from forsamlingshus.accounts import actions as accounts
from forsamlingshus.accounts.models import User
from forsamlingshus.discussions import actions as discussions
from forsamlingshus.kernel.errors import Conflict
from forsamlingshus.kernel.events import record
from forsamlingshus.meetings import events, queries
from forsamlingshus.meetings.models import AgendaItem, Facilitator, Meeting, Prompt, Workshop
from forsamlingshus.process import actions as process
from forsamlingshus.process.models import BudgetYear, Precision, Theme


def add_meeting(
    session: Session,
    *,
    budget_year: BudgetYear,
    slug: str,
    title_da: str,
    title_en: str,
    starts_at: datetime,
    ends_at: datetime,
    place: str,
    lead_da: str = "",
    lead_en: str = "",
    sign_up_required: bool = False,
) -> Meeting:
    """Set up the citizen meeting of a year and put it on the timeline under the key `slug`.

    Both moments are aware, the first before the second. Raises Conflict when the year has a meeting.
    """
    if queries.meeting_of(session, budget_year.year) is not None:
        raise Conflict(f"Budget {budget_year.year} already has a citizen meeting.")
    meeting = Meeting(
        budget_year_id=budget_year.id,
        year=budget_year.year,
        slug=slug,
        title_da=title_da,
        title_en=title_en,
        lead_da=lead_da,
        lead_en=lead_en,
        starts_at=starts_at,
        ends_at=ends_at,
        place=place,
        sign_up_required=sign_up_required,
    )
    session.add(meeting)
    session.flush()
    process.add_milestone(
        session,
        budget_year=budget_year,
        key=slug,
        kind="meeting",
        title_da=title_da,
        title_en=title_en,
        starts_at=starts_at,
        ends_at=ends_at,
        precision=Precision.MOMENT,
        certain=True,
        place=place,
        path=meeting.path,
    )
    record(session, events.MeetingAdded(meeting_id=meeting.id, year=meeting.year))
    return meeting


def add_agenda_item(
    session: Session,
    *,
    meeting: Meeting,
    title_da: str,
    title_en: str,
    starts_at: datetime | None = None,
    speaker: str = "",
) -> AgendaItem:
    """Add a point at the end of the programme; `starts_at` and `speaker` where they are known."""
    known = session.scalars(select(AgendaItem.no).where(AgendaItem.meeting_id == meeting.id)).all()
    item = AgendaItem(
        meeting_id=meeting.id,
        no=len(known) + 1,
        starts_at=starts_at,
        title_da=title_da,
        title_en=title_en,
        speaker=speaker,
    )
    session.add(item)
    return item


def add_workshop(
    session: Session,
    *,
    meeting: Meeting,
    theme: Theme,
    lead_da: str = "",
    lead_en: str = "",
    question_da: str = "",
    question_en: str = "",
    prompts: Iterable[tuple[str, str]] = (),
    hold_first: bool = False,
) -> Workshop:
    """Set up the workshop of a theme and open its forum; `prompts` are pairs (Danish, English).

    With `hold_first` each post waits until it is released. Raises Conflict when the theme has a workshop.
    """
    if session.scalar(select(Workshop.id).where(Workshop.theme_id == theme.id)) is not None:
        raise Conflict(f"The theme {theme.slug} already has a workshop.")
    prompts = list(prompts)
    forum = discussions.open_forum(
        session,
        budget_year=meeting.year,
        theme_id=theme.id,
        scope_key="",
        path=f"/budget/{meeting.year}/temaer/{theme.slug}",
        title_da=theme.name_da,
        title_en=theme.name_en,
        hold_first=hold_first,
        prompts=prompts,
    )
    known = session.scalars(select(Workshop.no).where(Workshop.meeting_id == meeting.id)).all()
    workshop = Workshop(
        meeting_id=meeting.id,
        theme_id=theme.id,
        forum_id=forum.id,
        no=len(known) + 1,
        year=meeting.year,
        slug=theme.slug,
        lead_da=lead_da,
        lead_en=lead_en,
        question_da=question_da,
        question_en=question_en,
        prompts=[Prompt(no=no, text_da=da, text_en=en) for no, (da, en) in enumerate(prompts, 1)],
    )
    session.add(workshop)
    session.flush()
    forum.scope_key = workshop.scope_key  # the key holds the workshop's id, which the forum had to precede
    process.changed(session)
    record(session, events.WorkshopAdded(workshop_id=workshop.id, theme_id=theme.id, year=meeting.year))
    return workshop


def grant_facilitator(
    session: Session, *, user: User, meeting: Meeting | None = None, workshop: Workshop | None = None
) -> Facilitator:
    """Let a user facilitate one meeting or one workshop. Raises Conflict when that is so already."""
    place = _one(meeting, workshop)
    if queries.grant_of(session, user.id, place) is not None:
        raise Conflict(f"{user.email} already facilitates {place.slug}.")
    grant = Facilitator(
        user_id=user.id, meeting_id=meeting.id if meeting else None, workshop_id=workshop.id if workshop else None
    )
    session.add(grant)
    process.changed(session)
    record(session, events.FacilitatorGranted(user_id=user.id, scope_key=place.scope_key))
    return grant


def revoke_facilitator(
    session: Session, *, user: User, meeting: Meeting | None = None, workshop: Workshop | None = None
) -> None:
    """Take the grant back and end the sessions that had it: their sockets still heard what only facilitators hear.

    Raises Conflict when there is none.
    """
    place = _one(meeting, workshop)
    grant = queries.grant_of(session, user.id, place)
    if grant is None:
        raise Conflict(f"{user.email} does not facilitate {place.slug}.")
    session.delete(grant)
    process.changed(session)
    record(session, events.FacilitatorRevoked(user_id=user.id, scope_key=place.scope_key))
    accounts.end_sessions(session, user_id=user.id, reason="role")


def _one(meeting: Meeting | None, workshop: Workshop | None) -> Meeting | Workshop:
    place = meeting or workshop
    if place is None or (meeting and workshop):
        raise ValueError("a grant is for one meeting or for one workshop")
    return place
