"""Reading table notes."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, joinedload

from forsamlingshus.contributions.models import Contribution
from forsamlingshus.kernel.permissions import Who
from forsamlingshus.meetings import queries as meetings
from forsamlingshus.meetings.models import Meeting, Prompt, Workshop
from forsamlingshus.notes import rules
from forsamlingshus.notes.models import TableNote
from forsamlingshus.stages.models import Stage

SITTING = timedelta(hours=6)
"""For how long what somebody entered stands beside the form."""
LISTED = 200
"""Notes on a page: more tables than a hall holds."""


def _notes() -> Select[TableNote]:
    words = joinedload(TableNote.contribution, innerjoin=True)
    return select(TableNote).options(
        words.joinedload(Contribution.author, innerjoin=True),
        words.selectinload(Contribution.fates),
        joinedload(TableNote.prompt),
        joinedload(TableNote.workshop).joinedload(Workshop.theme),
        joinedload(TableNote.meeting, innerjoin=True),
    )


def note(session: Session, note_id: int) -> TableNote | None:
    """A note with its words and places."""
    return session.scalar(_notes().where(TableNote.id == note_id))


def sent_before(session: Session, author_id: int | None, client_id: str) -> TableNote | None:
    """The note that this person has entered under that id."""
    return session.scalar(_notes().where(TableNote.entered_by == author_id, TableNote.client_id == client_id))


def workshop(session: Session, meeting: Meeting, workshop_id: int | None) -> Workshop | None:
    """A workshop of that meeting, with its theme."""
    if workshop_id is None:
        return None
    wanted = select(Workshop).where(Workshop.id == workshop_id, Workshop.meeting_id == meeting.id)
    return session.scalars(wanted.options(joinedload(Workshop.theme))).one()


def prompt(session: Session, place: Workshop | None, prompt_id: int | None) -> Prompt | None:
    """A question that the facilitators of that workshop ask."""
    if place is None or prompt_id is None:
        return None
    return session.scalar(select(Prompt).where(Prompt.id == prompt_id, Prompt.workshop_id == place.id))


def notes_on(session: Session, place: Meeting | Workshop) -> Sequence[TableNote]:
    """The notes of a workshop, or those to the whole meeting: table by table, as they were entered."""
    if isinstance(place, Workshop):
        wanted = _notes().where(TableNote.workshop_id == place.id)
    else:
        wanted = _notes().where(TableNote.meeting_id == place.id, TableNote.workshop_id.is_(None))
    return session.scalars(wanted.order_by(TableNote.table_no, TableNote.id).limit(LISTED)).unique().all()


def _beside(stage: Stage) -> ColumnElement[bool]:
    room, hall = select(Workshop.id), select(Meeting.id)
    to_all = TableNote.workshop_id.is_(None) & TableNote.meeting_id.in_(hall.where(Meeting.stage_id == stage.id))
    return TableNote.workshop_id.in_(room.where(Workshop.stage_id == stage.id)) | to_all


def notes_beside(session: Session, stage: Stage) -> Sequence[TableNote]:
    """The notes of the workshop or meeting whose stage that is, in the order in which they were entered."""
    wanted = _notes().where(_beside(stage)).order_by(TableNote.entered_at, TableNote.id).limit(LISTED)
    return session.scalars(wanted).unique().all()


def print_of_notes(session: Session, stage: Stage) -> tuple[object, ...]:
    """What changes whenever one of these notes is entered, corrected or taken back."""
    sums = select(func.count(TableNote.id), func.sum(TableNote.edition), func.max(TableNote.entered_at))
    return tuple(session.execute(sums.where(_beside(stage))).one())


def entered(session: Session, who: Who, meeting: Meeting) -> Sequence[TableNote]:
    """What this person has entered in this sitting, the newest first."""
    mine = _notes().where(
        TableNote.meeting_id == meeting.id,
        TableNote.entered_by == who.author_id,
        TableNote.entered_at > who.now - SITTING,
    )
    return session.scalars(mine.order_by(TableNote.id.desc()).limit(LISTED)).unique().all()


def author_of_table(session: Session, meeting_id: int, table_no: int) -> int | None:
    """The author that stands for a table of a meeting; None before its first note."""
    return session.scalar(
        select(Contribution.author_id)
        .join(TableNote, TableNote.contribution_id == Contribution.id)
        .where(TableNote.meeting_id == meeting_id, TableNote.table_no == table_no)
        .limit(1)
    )


def enterable(session: Session, who: Who, meeting: Meeting) -> tuple[list[Workshop], bool]:
    """The workshops whose notes `who` may enter, with their prompts, and whether those to the whole meeting as well."""
    places = meetings.workshops_with_prompts(session, meeting.id)
    return [place for place in places if rules.may_enter(who, place)], rules.may_enter(who, meeting)
