"""Verbs on meetings: set up the meeting, its programme and its workshops, and say who facilitates.

Commands and pages call them. Commands speak English, so a page puts a Conflict of these into words of its own.
"""

import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from forsamlingshus.accounts import actions as accounts
from forsamlingshus.accounts.models import User
from forsamlingshus.discussions import actions as discussions
from forsamlingshus.discussions.models import Forum
from forsamlingshus.kernel.errors import Conflict
from forsamlingshus.kernel.events import record
from forsamlingshus.kernel.permissions import Who, demand
from forsamlingshus.meetings import events, queries, rules
from forsamlingshus.meetings.models import AgendaItem, Facilitator, GuestPolicy, Meeting, Prompt, Workshop
from forsamlingshus.process import actions as process
from forsamlingshus.process.models import BudgetYear, Precision, Theme
from forsamlingshus.stages import actions as stages
from forsamlingshus.stages.models import Stage


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
    join_code: str = "",
    who: Who | None = None,
    **facts: Any,
) -> Meeting:
    """Set up the citizen meeting of a year and put it on the timeline under the key `slug`.

    Both moments are aware, the first before the second. It gets a random `join_code` unless one is given. `facts` are
    other columns, such as `address` and `capacity`. Without `who` it is a command that asks. Raises Conflict when the
    year has a meeting, or another meeting the code.
    """
    _demand_planner(who)
    if queries.meeting_of(session, budget_year.year) is not None:
        raise Conflict(f"Budget {budget_year.year} already has a citizen meeting.")
    path = f"/budget/{budget_year.year}/borgermoede"
    forum = discussions.open_forum(
        session,
        budget_year=budget_year.year,
        theme_id=None,
        scope_key="",
        path=path,
        title_da=title_da,
        title_en=title_en,
    )
    stage = _open_stage(session, forum, path, slug, starts_at)
    meeting = Meeting(
        budget_year_id=budget_year.id,
        year=budget_year.year,
        stage_id=stage.id,
        slug=slug,
        title_da=title_da,
        title_en=title_en,
        lead_da=lead_da,
        lead_en=lead_en,
        starts_at=starts_at,
        ends_at=ends_at,
        place=place,
        **facts,
        join_code=_free_code(session, join_code),
    )
    session.add(meeting)
    session.flush()
    stage.scope_key = forum.scope_key = meeting.scope_key  # the key holds the meeting's id, which both had to precede
    put_on_timeline(session, budget_year, meeting)
    record(session, events.MeetingAdded(meeting_id=meeting.id, year=meeting.year, actor_id=_actor(who)))
    return meeting


def _demand_planner(who: Who | None) -> None:
    demand(who is None or rules.may_plan(who))


def _actor(who: Who | None) -> int | None:
    return who.author_id if who else None


def put_on_timeline(session: Session, budget_year: BudgetYear, meeting: Meeting) -> None:
    """Let the timeline, and with it the calendar file, tell when and where the meeting is."""
    process.add_milestone(
        session,
        budget_year=budget_year,
        key=meeting.slug,
        kind="meeting",
        title_da=meeting.title_da,
        title_en=meeting.title_en,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        precision=Precision.MOMENT,
        certain=True,
        place=", ".join(filter(None, (meeting.place, meeting.address))),
        path=meeting.path,
    )


def _open_stage(session: Session, forum: Forum, path: str, slug: str, starts_at: datetime) -> Stage:
    """The live page, control view and wall of the plenary or of a workshop; each begins with the meeting."""
    return stages.open_stage(
        session,
        scope_key="",
        forum=forum,
        title_da=forum.title_da,
        title_en=forum.title_en,
        place_path=path,
        control_path=f"/styring/{forum.budget_year}/{slug}/live",
        starts_at=starts_at,
    )


def _free_code(session: Session, wanted: str = "") -> str:
    """`wanted`, or a random code that no meeting has. Raises Conflict when `wanted` is taken or no code."""
    if wanted:
        code = rules.plain_code(wanted)
        if not rules.is_code(code):
            raise Conflict(f"{wanted} is no join code: take 5 of {rules.CODE_LETTERS}.")
        if queries.meeting_by_code(session, code) is not None:
            raise Conflict(f"Another meeting has the join code {code}.")
        return code
    while True:
        code = "".join(secrets.choice(rules.CODE_LETTERS) for _letter in range(rules.CODE_LENGTH))
        if queries.meeting_by_code(session, code) is None:
            return code


def change_code(session: Session, *, meeting: Meeting, join_code: str = "", actor_id: int | None = None) -> str:
    """Give a meeting another join code, random unless one is given; the old one leads nowhere from then on."""
    meeting.join_code = _free_code(session, join_code)
    process.changed(session)
    record(session, events.JoinCodeChanged(meeting_id=meeting.id, actor_id=actor_id))
    return meeting.join_code


def set_guest_policy(session: Session, *, who: Who, meeting: Meeting, policy: GuestPolicy) -> Meeting:
    """Say what people without an account may do at the meeting; it holds from their next request on.

    The control views of plenary and workshops say it as well, so they move.
    """
    demand(rules.may_run(who, meeting))
    if meeting.guests != policy:
        meeting.guests = policy
        process.changed(session)
        changed = events.GuestPolicyChanged(meeting_id=meeting.id, policy=policy, actor_id=who.author_id)
        record(session, changed)
        for stage in queries.stages_of(session, meeting):
            stages.moved(session, stage, wall=False, actor_id=who.author_id)
    return meeting


def add_agenda_item(
    session: Session,
    *,
    meeting: Meeting,
    title_da: str,
    title_en: str,
    who: Who | None = None,
    **words: Any,
) -> AgendaItem:
    """Add a point at the end of the programme; `words` are other columns, such as `room`. No `who` for a command."""
    _demand_planner(who)
    last = session.scalar(select(func.max(AgendaItem.no)).where(AgendaItem.meeting_id == meeting.id))
    item = AgendaItem(meeting_id=meeting.id, no=(last or 0) + 1, title_da=title_da, title_en=title_en, **words)
    session.add(item)
    session.flush()
    record(
        session,
        events.AgendaChanged(meeting_id=meeting.id, item_id=item.id, how="added", actor_id=_actor(who)),
    )
    return item


def add_workshop(
    session: Session,
    *,
    meeting: Meeting,
    theme: Theme,
    prompts: Iterable[tuple[str, str]] = (),
    hold_first: bool = False,
    who: Who | None = None,
    **words: str,
) -> Workshop:
    """Set up the workshop of a theme and open its forum and its stage; `prompts` are pairs (Danish, English).

    `words` are other columns, such as `room` and `lead_da`. With `hold_first` each post waits until it is released.
    Without `who` it is a command that asks. Raises Conflict when the theme has a workshop.
    """
    _demand_planner(who)
    if session.scalar(select(Workshop.id).where(Workshop.theme_id == theme.id)) is not None:
        raise Conflict(f"The theme {theme.slug} already has a workshop.")
    prompts, own_da = list(prompts), words.get("own_title_da", "")
    forum = discussions.open_forum(
        session,
        budget_year=meeting.year,
        theme_id=theme.id,
        scope_key="",
        path=f"/budget/{meeting.year}/temaer/{theme.slug}",
        title_da=own_da or theme.name_da,
        title_en=words.get("own_title_en") or own_da or theme.name_en,
        hold_first=hold_first,
        prompts=prompts,
    )
    stage = _open_stage(session, forum, forum.path, theme.slug, meeting.starts_at)
    known = session.scalars(select(Workshop.no).where(Workshop.meeting_id == meeting.id)).all()
    workshop = Workshop(
        meeting_id=meeting.id,
        theme_id=theme.id,
        forum_id=forum.id,
        stage_id=stage.id,
        no=len(known) + 1,
        year=meeting.year,
        slug=theme.slug,
        prompts=[Prompt(no=no, text_da=da, text_en=en) for no, (da, en) in enumerate(prompts, 1)],
        **words,
    )
    session.add(workshop)
    session.flush()
    stage.scope_key = forum.scope_key = workshop.scope_key  # as with a meeting
    process.changed(session)
    record(
        session,
        events.WorkshopAdded(workshop_id=workshop.id, theme_id=theme.id, year=meeting.year, actor_id=_actor(who)),
    )
    return workshop


def grant_facilitator(
    session: Session,
    *,
    user: User,
    meeting: Meeting | None = None,
    workshop: Workshop | None = None,
    who: Who | None = None,
) -> Facilitator:
    """Let a user facilitate one meeting or one workshop. Raises Conflict when that is so already."""
    _demand_planner(who)
    place = _one(meeting, workshop)
    if queries.grant_of(session, user.id, place) is not None:
        raise Conflict(f"{user.email} already facilitates {place.slug}.")
    grant = Facilitator(
        user_id=user.id, meeting_id=meeting.id if meeting else None, workshop_id=workshop.id if workshop else None
    )
    session.add(grant)
    process.changed(session)
    record(session, events.FacilitatorGranted(user_id=user.id, scope_key=place.scope_key, actor_id=_actor(who)))
    return grant


def revoke_facilitator(
    session: Session,
    *,
    user: User,
    meeting: Meeting | None = None,
    workshop: Workshop | None = None,
    who: Who | None = None,
) -> list[str]:
    """Take the grant back and end the sessions that had it: their sockets still heard what only facilitators hear.

    Returns the hashes of those sessions, so that their sockets can be closed. Raises Conflict when there is no grant.
    """
    _demand_planner(who)
    place = _one(meeting, workshop)
    grant = queries.grant_of(session, user.id, place)
    if grant is None:
        raise Conflict(f"{user.email} does not facilitate {place.slug}.")
    session.delete(grant)
    process.changed(session)
    record(session, events.FacilitatorRevoked(user_id=user.id, scope_key=place.scope_key, actor_id=_actor(who)))
    return accounts.end_sessions(session, user_id=user.id, reason="role", actor_id=_actor(who))


def _one(meeting: Meeting | None, workshop: Workshop | None) -> Meeting | Workshop:
    place = meeting or workshop
    if place is None or (meeting and workshop):
        raise ValueError("a grant is for one meeting or for one workshop")
    return place
