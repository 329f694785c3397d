"""Reading polls. A result is read from the poll alone: what people answered is nobody's to read before it is closed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from forsamlingshus.contributions.models import Contribution
from forsamlingshus.meetings import queries as meetings
from forsamlingshus.meetings.models import AgendaItem
from forsamlingshus.polls.models import Poll, PollAnswer
from forsamlingshus.slides import queries as slides
from forsamlingshus.stages.models import Stage


def _polls() -> Select[Poll]:
    return select(Poll).options(
        joinedload(Poll.stage, innerjoin=True), joinedload(Poll.agenda_item), joinedload(Poll.deck)
    )


def _with_use() -> Select[Poll]:
    return _polls().options(joinedload(Poll.contribution).selectinload(Contribution.fates))


def poll_at(session: Session, path: str) -> Poll | None:
    """The poll with that address, with its stage, what it is about, and what became of its result."""
    return session.scalar(_with_use().where(Poll.path == path))


def poll_used(session: Session, contribution_id: int) -> Poll | None:
    """The poll whose result that contribution is, with what became of it; None for any other contribution."""
    return session.scalar(_with_use().where(Poll.contribution_id == contribution_id))


def poll_of(session: Session, stage: Stage, no: int) -> Poll | None:
    """A poll by its number on a stage."""
    return session.scalar(_polls().where(Poll.stage_id == stage.id, Poll.no == no))


def whole_poll(session: Session, poll_id: int) -> Poll:
    """A poll with its stage, as the database has it now."""
    return session.scalars(_polls().where(Poll.id == poll_id)).one()


def polls_of(session: Session, stage: Stage) -> Sequence[Poll]:
    """All polls of a stage, in the order in which they were made."""
    return session.scalars(_polls().where(Poll.stage_id == stage.id).order_by(Poll.no)).all()


def shown_polls(session: Session, stage: Stage) -> Sequence[Poll]:
    """What everybody may see: the open poll first, then the closed ones, the newest before the others."""
    opened = _polls().where(Poll.stage_id == stage.id, Poll.opened_at.is_not(None))
    return session.scalars(opened.order_by(Poll.closed_at.is_not(None), Poll.opened_at.desc(), Poll.id.desc())).all()


def closed_polls(session: Session, stage_ids: Collection[int]) -> Sequence[Poll]:
    """The polls of some stages that are over, with their results, in the order in which they were opened."""
    closed = _polls().where(Poll.stage_id.in_(stage_ids), Poll.closed_at.is_not(None))
    return session.scalars(closed.order_by(Poll.opened_at, Poll.id)).all()


def open_poll(session: Session, stage: Stage) -> Poll | None:
    """The poll of a stage that people answer now."""
    return session.scalar(
        _polls().where(Poll.stage_id == stage.id, Poll.opened_at.is_not(None), Poll.closed_at.is_(None))
    )


def poll_on_screen(session: Session, stage: Stage) -> Poll | None:
    """The poll that the wall shows when it shows polls."""
    return session.scalar(_polls().where(Poll.stage_id == stage.id, Poll.on_screen, Poll.opened_at.is_not(None)))


def own_answer(session: Session, poll_id: int, author_id: int | None) -> list[int] | None:
    """What this person answered to an open poll; None for nothing."""
    if author_id is None:
        return None
    found = select(PollAnswer).where(PollAnswer.poll_id == poll_id, PollAnswer.author_id == author_id)
    answer = session.scalar(found)
    return answer.weights if answer else None


def last_number(session: Session, stage_id: int) -> int:
    """The highest number of a poll on a stage; 0 when it has none."""
    return session.scalar(select(func.max(Poll.no)).where(Poll.stage_id == stage_id)) or 0


@dataclass(frozen=True, slots=True)
class Subject:
    """Something that a poll can be about: its value in a form, and what it is called there."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Subjects:
    """What a poll on a stage can be about: points of the programme, and the slides of each deck."""

    agenda: list[AgendaItem]
    decks: list[tuple[str, list[Subject]]]


def subjects(session: Session, stage: Stage) -> Subjects:
    """The programme of the stage's meeting, and the slides that can be shown on it."""
    meeting = meetings.meeting_of_stage(session, stage)
    agenda = (
        session.scalars(select(AgendaItem).where(AgendaItem.meeting_id == meeting.id).order_by(AgendaItem.no)).all()
        if meeting
        else []
    )
    decks = slides.decks_of(session, [stage.scope_key], listed_only=True)
    shown: dict[int, list[Subject]] = {deck.id: [] for deck in decks}
    for (deck_id, no), thumb in slides.thumbs(session, shown).items():
        shown[deck_id].append(Subject(f"slide:{deck_id}:{no}", thumb.caption))
    return Subjects(list(agenda), [(deck.title, shown[deck.id]) for deck in decks])
