"""What the meeting's pages show of table notes."""

from flask import render_template

from forsamlingshus.discussions.partials import shown_fates
from forsamlingshus.kernel import clock, db, permissions
from forsamlingshus.meetings.models import Meeting, Workshop
from forsamlingshus.notes import queries, rules


def paper_slot(place: Meeting | Workshop) -> str:
    """What came from paper, on the page of its workshop or of the meeting; nothing where there is none to show."""
    notes, now = queries.notes_on(db.session(), place), clock.now()
    may_enter = rules.may_enter(permissions.who(), place)
    if not notes and not may_enter:
        return ""
    fates = {note.id: shown_fates(note.contribution.fates, now) for note in notes}
    return render_template("notes/_paper.html", place=place, notes=notes, fates=fates, may_enter=may_enter)
