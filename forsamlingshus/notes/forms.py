"""The form of a table note. Parse and validate, nothing else."""

import uuid
from collections.abc import Sequence
from typing import Any

from wtforms import HiddenField, IntegerField, SelectChoice, SelectField

from forsamlingshus.kernel.forms import AtMost, GuardedForm, Needed, ValidationError, text_area
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.i18n import lazy_gettext as _l
from forsamlingshus.meetings.models import Workshop
from forsamlingshus.notes import rules
from forsamlingshus.notes.actions import Sheet
from forsamlingshus.notes.models import TableNote

WHOLE, NO_PROMPT = "0", "0"
"""A note to the whole meeting; one that answers none of the questions."""


ID_MAX = 40


class NoteForm(GuardedForm):
    """One note from paper. Everybody can read it; who confirms a doubtful one has judged it."""

    guarded = ("note",)

    place = SelectField(_l("Theme"), validate_choice=False)
    table = IntegerField(_l("Table"))
    prompt = SelectField(_l("Question on the sheet"), validate_choice=False)
    note = text_area(_l("The note"), Needed(_l("Write what stands on the sheet")), AtMost(rules.NOTE_MAX))
    people = IntegerField(_l("How many people wrote it"))
    client_id = HiddenField()
    edition = HiddenField()

    def __init__(self, *args: Any, workshops: Sequence[Workshop], whole: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked_in = {str(prompt.id): str(one.id) for one in workshops for prompt in one.prompts}
        places = [SelectChoice(str(one.id), one.title) for one in workshops]
        self.place.choices = [*places, *([SelectChoice(WHOLE, _("The whole meeting"))] if whole else [])]
        groups = {"": [SelectChoice(NO_PROMPT, _("None of them"))]}
        for one in workshops:
            groups[one.title] = [SelectChoice(str(prompt.id), f"{prompt.no}. {prompt.text}") for prompt in one.prompts]
        self.prompt.choices = {title: found for title, found in groups.items() if found}
        if not 0 < len(self.client_id.data or "") <= ID_MAX:  # a missing or odd id the person can't mend
            self.client_id.data = str(uuid.uuid4())

    @staticmethod
    def values_of(note: TableNote) -> dict[str, Any]:
        """What a note says, as fields."""
        return {
            "place": str(note.workshop_id or WHOLE),
            "table": note.table_no,
            "prompt": str(note.prompt_id or NO_PROMPT),
            "note": note.contribution.text,
            "people": note.people,
            "edition": note.edition,
        }

    def validate_place(self, field: Any) -> None:
        """One of the places that this person may enter notes for."""
        if field.data not in {choice.value for choice in field.choices}:
            raise ValidationError(_("Choose a theme"))

    def validate_table(self, field: Any) -> None:
        """The number on the table."""
        if field.data is None or not 1 <= field.data <= rules.TABLE_MAX:
            field.errors = []
            raise ValidationError(_("Write the number of the table, from 1 to %(most)s", most=rules.TABLE_MAX))

    def validate_prompt(self, field: Any) -> None:
        """A question that was asked there."""
        if (field.data or NO_PROMPT) == NO_PROMPT:
            return
        if field.data not in self.asked_in:
            raise ValidationError(_("Choose a question from the list"))
        if self.asked_in[field.data] != self.place.data:
            raise ValidationError(_("That question was asked in another theme. Choose one of this theme, or none"))

    def validate_people(self, field: Any) -> None:
        """A small number, or nothing where nobody counted."""
        typed = (field.raw_data or [""])[0]
        if not str(typed).strip() and field.data is None:
            field.errors = []
            return
        if field.data is None or not 1 <= field.data <= rules.PEOPLE_MAX:
            field.errors = []
            raise ValidationError(_("Write a number from 1 to %(most)s, or leave it empty", most=rules.PEOPLE_MAX))

    @property
    def sheet(self) -> Sheet:
        """What was typed, as the actions take it."""
        return Sheet(
            table_no=self.table.data,
            text=self.note.data.strip(),
            people=self.people.data,
            workshop_id=int(self.place.data) or None,
            prompt_id=int(self.prompt.data or NO_PROMPT) or None,
        )
