"""Reading meetings and workshops."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, case, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from forsamlingshus.accounts.models import Author, User
from forsamlingshus.kernel.glance import Glance
from forsamlingshus.kernel.permissions import Who
from forsamlingshus.meetings import rules
from forsamlingshus.meetings.models import AgendaItem, Facilitator, GuestPolicy, Meeting, SignUp, Workshop
from forsamlingshus.stages.models import Stage

Place = Meeting | Workshop
"""Where decks are shown and somebody facilitates."""

_ROOM = (joinedload(Workshop.theme), joinedload(Workshop.forum), joinedload(Workshop.stage))
_POINT = (joinedload(AgendaItem.deck), joinedload(AgendaItem.workshop).joinedload(Workshop.theme))


_SCOPES = Glance(
    select(Facilitator.meeting_id, Facilitator.workshop_id).where(Facilitator.user_id == bindparam("user_id"))
)


def scopes_of(user_id: int) -> frozenset[str]:
    """The keys of what a user facilitates, such as `meeting:1` and `workshop:3`; one query."""
    return frozenset(
        f"workshop:{workshop_id}" if meeting_id is None else f"meeting:{meeting_id}"
        for meeting_id, workshop_id in _SCOPES.ask(user_id=user_id)
    )


_GUEST_RIGHTS = Glance(
    select(Meeting.guests, Workshop.id)
    .outerjoin(Workshop, Workshop.meeting_id == Meeting.id)
    .where(Meeting.id == bindparam("meeting_id"))
)


def guest_rights(scope_key: str) -> tuple[frozenset[str], bool]:
    """Where guests of the meeting with that key may write, and whether each post is held first; one query."""
    meeting_id = _meeting_id(scope_key)
    rows = _GUEST_RIGHTS.ask(meeting_id=meeting_id) if meeting_id is not None else []
    if not rows or rows[0][0] == GuestPolicy.OFF:
        return frozenset(), True
    workshops = {f"workshop:{workshop_id}" for _policy, workshop_id in rows if workshop_id is not None}
    return frozenset({scope_key, *workshops}), rows[0][0] != GuestPolicy.ON


def _meeting_id(scope_key: str) -> int | None:
    """The number in `meeting:1`; None for another kind of place."""
    kind, _, number = scope_key.partition(":")
    return int(number) if kind == "meeting" and number.isdigit() else None


def meeting_with_key(session: Session, scope_key: str) -> Meeting | None:
    """The meeting with that scope key."""
    number = _meeting_id(scope_key)
    return None if number is None else session.get(Meeting, number)


def meeting_by_code(session: Session, code: str) -> Meeting | None:
    """The meeting with that join code, in its plain form (rules.plain_code)."""
    return session.scalar(select(Meeting).where(Meeting.join_code == code).options(joinedload(Meeting.stage)))


def forum_id_of(session: Session, place: Place) -> int:
    """The forum in which people talk at a meeting or workshop."""
    return place.forum_id if isinstance(place, Workshop) else session.get_one(Stage, place.stage_id).forum_id


def grant_of(session: Session, user_id: int, place: Place) -> Facilitator | None:
    """The grant by which a user facilitates exactly that meeting or workshop."""
    column = Facilitator.meeting_id if isinstance(place, Meeting) else Facilitator.workshop_id
    return session.scalar(select(Facilitator).where(Facilitator.user_id == user_id, column == place.id))


def meeting_of(session: Session, year: int) -> Meeting | None:
    """The citizen meeting of a year, without its programme."""
    return session.scalar(select(Meeting).where(Meeting.year == year))


def meeting_of_stage(session: Session, stage: Stage) -> Meeting | None:
    """The meeting whose plenary or workshop that stage is."""
    room = select(Workshop.meeting_id).where(Workshop.stage_id == stage.id)
    return session.scalar(select(Meeting).where(or_(Meeting.stage_id == stage.id, Meeting.id.in_(room))))


def stages_of(session: Session, meeting: Meeting) -> list[Stage]:
    """The plenary of a meeting and its workshops, in an order that is always the same."""
    rooms = select(Workshop.stage_id).where(Workshop.meeting_id == meeting.id)
    found = select(Stage).where(or_(Stage.id == meeting.stage_id, Stage.id.in_(rooms)))
    return list(session.scalars(found.order_by(Stage.id)))


def stages_over(session: Session, year: int) -> list[Stage]:
    """The plenary and workshops of a year that were closed, in their order."""
    return list(
        session.scalars(select(Stage).where(Stage.budget_year == year, Stage.closed_at.is_not(None)).order_by(Stage.id))
    )


def meeting_page(session: Session, year: int) -> Meeting | None:
    """The citizen meeting of a year with programme, workshops, their themes and forums."""
    return session.scalar(
        select(Meeting)
        .where(Meeting.year == year)
        .options(
            selectinload(Meeting.agenda).options(*_POINT),
            joinedload(Meeting.stage),
            selectinload(Meeting.workshops).options(*_ROOM),
        )
    )


def workshops_of(session: Session, year: int) -> list[Workshop]:
    """The workshops of a year with themes and forums, in order."""
    return list(session.scalars(select(Workshop).where(Workshop.year == year).options(*_ROOM).order_by(Workshop.no)))


def workshops_with_prompts(session: Session, meeting_id: int) -> list[Workshop]:
    """The workshops of a meeting with themes and prompts, in order."""
    wanted = select(Workshop).where(Workshop.meeting_id == meeting_id).order_by(Workshop.no)
    return list(session.scalars(wanted.options(joinedload(Workshop.theme), selectinload(Workshop.prompts))))


def workshop_page(session: Session, year: int, slug: str) -> Workshop | None:
    """A workshop with its meeting, theme, forum and prompts."""
    return session.scalar(
        select(Workshop)
        .where(Workshop.year == year, Workshop.slug == slug)
        .options(*_ROOM, joinedload(Workshop.meeting), selectinload(Workshop.prompts))
    )


def facilitator_names(session: Session, workshop_id: int) -> list[str]:
    """The public names of those who facilitate a workshop, in the order in which they were granted."""
    return list(
        session.scalars(
            select(Author.name)
            .join(User, User.author_id == Author.id)
            .join(Facilitator, Facilitator.user_id == User.id)
            .where(Facilitator.workshop_id == workshop_id)
            .order_by(Facilitator.id)
        )
    )


def runnable(session: Session, who: Who) -> list[Place]:
    """The meetings and workshops that `who` may run, newest year first: all for staff, the granted ones for others."""
    meetings = session.scalars(select(Meeting).options(joinedload(Meeting.stage)))
    workshops = session.scalars(select(Workshop).options(*_ROOM).order_by(Workshop.no))
    places: list[Place] = [*meetings, *workshops]
    return sorted((place for place in places if rules.may_run(who, place)), key=lambda place: -place.year)


def places_by_slug(session: Session, slug: str) -> list[Place]:
    """The meetings and workshops with that slug, newest year first: a slug comes back with the next year."""
    meetings = session.scalars(select(Meeting).where(Meeting.slug == slug))
    workshops = session.scalars(select(Workshop).where(Workshop.slug == slug).options(joinedload(Workshop.theme)))
    found: list[Place] = [*meetings, *workshops]
    return sorted(found, key=lambda place: -place.year)


def place(session: Session, year: int, slug: str) -> Place | None:
    """The meeting or workshop of a year with that slug."""
    return next((place for place in places_by_slug(session, slug) if place.year == year), None)


def agenda_item(session: Session, meeting_id: int, item_id: int) -> AgendaItem | None:
    """A point of that meeting's programme."""
    return session.scalar(select(AgendaItem).where(AgendaItem.meeting_id == meeting_id, AgendaItem.id == item_id))


def facilitators_of(session: Session, meeting: Meeting) -> list[Facilitator]:
    """The grants of a meeting and its workshops, with the accounts, in the order in which they were given."""
    rooms = select(Workshop.id).where(Workshop.meeting_id == meeting.id)
    granted = or_(Facilitator.meeting_id == meeting.id, Facilitator.workshop_id.in_(rooms))
    return list(
        session.scalars(
            select(Facilitator)
            .where(granted)
            .options(joinedload(Facilitator.user).joinedload(User.author))
            .order_by(Facilitator.id)
        )
    )


class Seats(NamedTuple):
    """How many people have a seat, and how many wait for one."""

    taken: int
    waiting: int


def seats(session: Session, meeting_id: int) -> Seats:
    """The seats of a meeting, counted now."""
    with_seat = func.count(case((SignUp.waiting_no.is_(None), 1)))
    counted = select(with_seat, func.count(SignUp.waiting_no)).where(SignUp.meeting_id == meeting_id)
    return Seats(*session.execute(counted).one())


def sign_up_of(session: Session, meeting_id: int, author_id: int) -> SignUp | None:
    """That person's sign-up, with the workshop and its theme."""
    return session.scalar(
        select(SignUp)
        .where(SignUp.meeting_id == meeting_id, SignUp.author_id == author_id)
        .options(joinedload(SignUp.workshop).joinedload(Workshop.theme))
    )


def waiting_list(session: Session, meeting_id: int) -> list[SignUp]:
    """Those who wait for a seat, who is next first."""
    waits = select(SignUp).where(SignUp.meeting_id == meeting_id, SignUp.waiting_no.is_not(None))
    return list(session.scalars(waits.order_by(SignUp.waiting_no)))


def door_list(session: Session, meeting_id: int) -> list[SignUp]:
    """Everybody who signed up, with the workshops and their themes, by name in Danish order."""
    rows = session.scalars(
        select(SignUp)
        .where(SignUp.meeting_id == meeting_id)
        .options(joinedload(SignUp.workshop).joinedload(Workshop.theme))
    )
    return sorted(rows, key=lambda row: (rules.alphabetical(row.name), row.id))


def coming_sign_ups(session: Session, author_id: int, now: datetime) -> list[SignUp]:
    """That person's sign-ups for meetings that are not over, with meeting, workshop and theme, the next one first."""
    return list(
        session.scalars(
            select(SignUp)
            .join(SignUp.meeting)
            .where(SignUp.author_id == author_id, Meeting.ends_at > now)
            .options(contains_eager(SignUp.meeting), joinedload(SignUp.workshop).joinedload(Workshop.theme))
            .order_by(Meeting.starts_at)
        )
    )
