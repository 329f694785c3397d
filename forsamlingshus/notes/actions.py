"""Verbs of table notes: entering, correcting, taking back."""

import uuid
from dataclasses import dataclass

from sqlalchemy.orm import Session

from forsamlingshus.accounts.models import Author, AuthorKind
from forsamlingshus.contributions import actions as contributions
from forsamlingshus.contributions.models import Contribution, Kind
from forsamlingshus.kernel.errors import Closed, Conflict
from forsamlingshus.kernel.events import record
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.permissions import Who, demand
from forsamlingshus.meetings.models import Meeting, Workshop
from forsamlingshus.notes import events, queries, rules
from forsamlingshus.notes.models import TableNote
from forsamlingshus.process import phases
from forsamlingshus.process.models import Activity


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What stands on a sheet: the table, the words, how many wrote it, and what it is about."""

    table_no: int
    text: str
    people: int | None = None
    workshop_id: int | None = None
    prompt_id: int | None = None


def enter_note(session: Session, *, who: Who, meeting: Meeting, sheet: Sheet, client_id: str) -> TableNote:
    """Keep a note from paper as a contribution of its table. The same words under the same `client_id` are one note."""
    workshop = queries.workshop(session, meeting, sheet.workshop_id)
    _demand(session, who, meeting, workshop)
    before = queries.sent_before(session, who.author_id, client_id)
    if before is not None:
        if before.contribution.text == sheet.text:
            return before
        client_id = str(uuid.uuid4())  # somebody went back in the browser and typed the next note into the old form
    said = Contribution(kind=Kind.TABLE_NOTE, budget_year=meeting.year, created_at=who.now, topic="", path="")
    note = TableNote(
        meeting_id=meeting.id, contribution=said, entered_by=who.author_id, entered_at=who.now, client_id=client_id
    )
    _put(session, note, meeting, workshop, sheet)
    session.add(note)
    session.flush()
    said.path, said.topic = f"{(workshop or meeting).path}#bordnote-{note.id}", f"note:{note.id}"
    contributions.contribute(session, said, actor_id=who.author_id)
    record(session, events.NoteEntered(note_id=note.id, meeting_id=meeting.id, actor_id=who.author_id))
    return note


def change_note(session: Session, *, who: Who, note: TableNote, sheet: Sheet, edition: int) -> TableNote:
    """Correct what was entered. Raises Conflict when somebody else did so meanwhile, or when words are quoted."""
    meeting, workshop = note.meeting, queries.workshop(session, note.meeting, sheet.workshop_id)
    _demand(session, who, meeting, note.workshop)
    _demand(session, who, meeting, workshop)
    if note.edition != edition:
        raise Conflict(_("Somebody else has corrected this note meanwhile. Look at it again"))
    if sheet.text != note.contribution.text:
        _demand_unquoted(note)
    _put(session, note, meeting, workshop, sheet)
    note.edition += 1
    note.contribution.path = f"{(workshop or meeting).path}#bordnote-{note.id}"
    contributions.contribute(session, note.contribution, actor_id=who.author_id)
    _tell(session, who, note, removed=False)
    return note


def take_back_note(session: Session, *, who: Who, note: TableNote) -> None:
    """Take back what was entered wrongly, as if it had never been. Raises Conflict when it is quoted already."""
    _demand(session, who, note.meeting, note.workshop)
    _demand_unquoted(note)
    _tell(session, who, note, removed=True)
    said = note.contribution
    session.delete(note)
    session.flush()
    contributions.take_back(session, said, actor_id=who.author_id)


def _put(session: Session, note: TableNote, meeting: Meeting, workshop: Workshop | None, sheet: Sheet) -> None:
    said, prompt = note.contribution, queries.prompt(session, workshop, sheet.prompt_id)
    author_id = queries.author_of_table(session, meeting.id, sheet.table_no)
    if author_id is None:
        table = Author(kind=AuthorKind.PAPER, name=str(sheet.table_no))
        session.add(table)
        session.flush()
        author_id = table.id
    said.author_id, said.text = author_id, sheet.text
    said.theme_id = workshop.theme_id if workshop else None
    said.place = (prompt.text_da if prompt else (workshop or meeting).title_da)[:200]
    note.table_no, note.people, note.workshop, note.prompt = sheet.table_no, sheet.people, workshop, prompt


def _demand(session: Session, who: Who, meeting: Meeting, workshop: Workshop | None) -> None:
    demand(rules.may_enter(who, workshop or meeting))
    if not rules.is_open(who, meeting.year):
        raise Closed(
            _("No more notes are taken in.")
            + " "
            + phases.closed_reason(session, meeting.year, Activity.COLLECT, who.now),
            next_url=meeting.path,
            next_title=meeting.title,
        )


def _demand_unquoted(note: TableNote) -> None:
    """Who quoted these words must find them again."""
    if note.contribution.used:
        raise Conflict(_("This note is quoted in an input. Take the quote out first"), next_url="/arbejde/input")


def _tell(session: Session, who: Who, note: TableNote, *, removed: bool) -> None:
    changed = events.NoteChanged(note_id=note.id, meeting_id=note.meeting_id, removed=removed, actor_id=who.author_id)
    record(session, changed)
