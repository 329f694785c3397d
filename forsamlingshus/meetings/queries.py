"""Reading meetings and workshops."""

from collections.abc import Sequence

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from forsamlingshus.accounts.models import Author, User
from forsamlingshus.kernel.glance import Glance
from forsamlingshus.kernel.permissions import Who
from forsamlingshus.meetings import rules
from forsamlingshus.meetings.models import Facilitator, GuestPolicy, Meeting, Workshop
from forsamlingshus.stages.models import Stage

Place = Meeting | Workshop
"""Where decks are shown and somebody facilitates."""

_ROOM = (joinedload(Workshop.theme), joinedload(Workshop.forum), joinedload(Workshop.stage))


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
            selectinload(Meeting.agenda), joinedload(Meeting.stage), selectinload(Meeting.workshops).options(*_ROOM)
        )
    )


def workshops_of(session: Session, year: int) -> list[Workshop]:
    """The workshops of a year with themes and forums, in order."""
    return list(session.scalars(select(Workshop).where(Workshop.year == year).options(*_ROOM).order_by(Workshop.no)))


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


def meant(who: Who, places: Sequence[Place]) -> Place | None:
    """Of places with one slug the newest that `who` facilitates, else the newest; None of none."""
    mine = [place for place in places if who.facilitates(place.scope_key)]
    return next(iter([*mine, *places]), None)
