"""Entering table notes: one form that stands ready again after each, and what was entered in this sitting."""

from typing import Any

from flask import Blueprint, abort, render_template, request
from sqlalchemy.orm import Session

from forsamlingshus.discussions.views.base import allowed_lines
from forsamlingshus.kernel import db, permissions, web
from forsamlingshus.kernel.addresses import small_number
from forsamlingshus.kernel.db import transaction
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.permissions import SCOPED, access
from forsamlingshus.meetings.models import Meeting, Workshop
from forsamlingshus.meetings.views.base import RUN, place_or_404
from forsamlingshus.notes import actions, queries, rules
from forsamlingshus.notes.forms import NO_PROMPT, WHOLE, NoteForm
from forsamlingshus.notes.models import TableNote

blueprint = Blueprint("notes", __name__)


@blueprint.route(f"{RUN}/bordnoter", methods=["GET", "POST"])
@access(SCOPED)
def enter(year: int, slug: str) -> Any:
    """Enter notes, one after the other; table, theme and question stay as they were for the next one."""
    session, who = db.session(), permissions.who()
    place, meeting = _place(session, year, slug)
    if request.method != "POST":
        form = _form(session, meeting, formdata=None, data=_kept(place))
        return _page(session, meeting, place, form)
    form = _form(session, meeting)
    if not form.validate():
        return _page(session, meeting, place, form)
    with transaction() as session:
        meeting = session.get_one(Meeting, meeting.id)
        actions.enter_note(session, who=who, meeting=meeting, sheet=form.sheet, client_id=form.client_id.data)
    web.notice(_("The note from table %(number)s is kept", number=form.table.data))
    kept = f"sted={form.place.data}&bord={form.table.data}&spoergsmaal={form.prompt.data or NO_PROMPT}"
    return web.see_other(f"{request.path}?{kept}")


@blueprint.route(f"{RUN}/bordnoter/<int:note_id>", methods=["GET", "POST"])
@access(SCOPED)
def edit(year: int, slug: str, note_id: int) -> Any:
    """Correct what was entered."""
    session, who = db.session(), permissions.who()
    place, meeting = _place(session, year, slug)
    note = _note(session, meeting, note_id)
    if request.method != "POST":
        form = _form(session, meeting, formdata=None, data=NoteForm.values_of(note))
        return _page(session, meeting, place, form, note=note)
    form = _form(session, meeting)
    if not form.validate():
        return _page(session, meeting, place, form, note=note)
    edition = small_number(request.form.get("edition")) or 0
    with transaction() as session:
        note = _note(session, meeting, note_id)
        actions.change_note(session, who=who, note=note, sheet=form.sheet, edition=edition)
    web.notice(_("The note is corrected"))
    return web.see_other(f"{place.run_path}/bordnoter")


@blueprint.post(f"{RUN}/bordnoter/<int:note_id>/fortryd")
@access(SCOPED)
def undo(year: int, slug: str, note_id: int) -> Any:
    """Take a note back; its words stand in the form again, so that nothing typed is lost."""
    session, who = db.session(), permissions.who()
    place, meeting = _place(session, year, slug)
    values = NoteForm.values_of(_note(session, meeting, note_id))
    with transaction() as session:
        actions.take_back_note(session, who=who, note=_note(session, meeting, note_id))
    session = db.session()
    place, meeting = _place(session, year, slug)
    form = _form(session, meeting, formdata=None, data={**values, "edition": None})
    return _page(session, meeting, place, form, said=_("The note is taken back. Its words stand in the form again"))


def _place(session: Session, year: int, slug: str) -> tuple[Meeting | Workshop, Meeting]:
    """The meeting or workshop of the address, and the meeting that it belongs to."""
    place = place_or_404(session, year, slug)
    permissions.demand(rules.may_enter(permissions.who(), place))
    return place, place if isinstance(place, Meeting) else session.get_one(Meeting, place.meeting_id)


def _note(session: Session, meeting: Meeting, note_id: int) -> TableNote:
    note = queries.note(session, note_id)
    if note is None or note.meeting_id != meeting.id:
        abort(404)
    permissions.demand(rules.may_enter(permissions.who(), note.workshop or note.meeting))
    return note


def _form(session: Session, meeting: Meeting, **values: Any) -> NoteForm:
    workshops, whole = queries.enterable(session, permissions.who(), meeting)
    return NoteForm(workshops=workshops, whole=whole, allow=allowed_lines(session), **values)


def _kept(place: Meeting | Workshop) -> dict[str, Any]:
    """What the note before was about; for the first one the place of the address."""
    here = str(place.id) if isinstance(place, Workshop) else WHOLE
    return {
        "place": request.args.get("sted", here),
        "table": small_number(request.args.get("bord")),
        "prompt": request.args.get("spoergsmaal", NO_PROMPT),
    }


def _page(
    session: Session,
    meeting: Meeting,
    place: Meeting | Workshop,
    form: NoteForm,
    *,
    note: TableNote | None = None,
    said: str = "",
) -> tuple[str, int]:
    who = permissions.who()
    page = render_template(
        "notes/enter.html",
        meeting=meeting,
        place=place,
        form=form,
        note=note,
        said=said,
        closed=not rules.is_open(who, meeting.year),
        # The first note of a table begins with its number, the ones after it with their words.
        begin="table" if form.table.data is None else "note",
        entered=queries.entered(session, who, meeting),
        most=rules.NOTE_MAX,
    )
    return page, 422 if form.errors else 200
