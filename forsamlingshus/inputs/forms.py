"""Forms of collecting: parse and validate, nothing else."""

from collections.abc import Iterable, Sequence
from typing import Any

from wtforms import RadioField
from wtforms.fields.choices import SelectChoice

from forsamlingshus.inputs import rules
from forsamlingshus.inputs.models import NOTE_MAX, TITLE_MAX, Input
from forsamlingshus.kernel.fields import Chosen, number_field, options
from forsamlingshus.kernel.forms import AtMost, GuardedForm, Needed, ValidationError, text_area, text_field
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.i18n import language
from forsamlingshus.kernel.i18n import lazy_gettext as _l
from forsamlingshus.process.models import Theme

NEW, EXISTING = "nyt", "eksisterende"


def numbered(nothing: str, rows: Iterable[Any]) -> list[SelectChoice]:
    """Inputs or proposals to choose from, each with its public number; first the choice of `nothing`."""
    titles = {} if language() == "da" else {"lang": "da"}  # staff give titles in Danish
    named = (SelectChoice(str(row.id), f"{row.number} {row.title}", render_kw=titles) for row in rows)
    return [*options([(0, nothing)]), *named]


class InputForm(GuardedForm):
    """Title, theme and note of an input. The title becomes public; staff who confirm a doubtful one have judged it."""

    guarded = ("title",)

    title = text_field(_l("Title"), Needed(_l("Write what the quotes have in common")), AtMost(TITLE_MAX))
    theme = number_field(_l("Theme"), Chosen(_l("Choose a theme")))
    note = text_area(_l("Note for colleagues"), AtMost(NOTE_MAX))

    def __init__(self, *args: Any, themes: Sequence[Theme], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.theme.choices = options((theme.id, theme.name) for theme in themes)


class QuoteForm(GuardedForm):
    """Words of a contribution, and the new or existing input that they go to.

    The words themselves are not guarded: they are public already, in the post that they must stand in.
    """

    guarded: tuple[str, ...] = ("title",)

    quote = text_area(_l("The words"), Needed(_l("Mark or copy the words to quote")), AtMost(rules.QUOTE_MAX))
    target = RadioField(_l("Where do they go?"), choices=[], default=NEW, validate_choice=False)
    title = text_field(_l("Title of the new input"), AtMost(TITLE_MAX))
    theme = number_field(_l("Theme"))
    input = number_field(_l("Input"))

    def __init__(self, *args: Any, text: str, themes: Sequence[Theme], inputs: Sequence[Input], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.text = text
        self.theme.choices = options((theme.id, theme.name) for theme in themes)
        self.target.choices = options([(NEW, _("New input")), (EXISTING, _("An input that exists"))])
        self.input.choices = numbered(_("Choose an input"), inputs)
        self.guarded = ("title",) if self.is_new else ()

    @property
    def has_inputs(self) -> bool:
        """True when there is an input to add to."""
        return len(self.input.choices) > 1

    @property
    def is_new(self) -> bool:
        """True when the words begin an input of their own."""
        return str(self.target.data) != EXISTING

    def validate_quote(self, field: Any) -> None:
        """Quotes are exact, white space apart."""
        if rules.find_quote(self.text, field.data) is None:
            raise ValidationError(_("These words do not stand in the post. Copy them exactly"))

    def validate_title(self, field: Any) -> None:
        """A new input needs a title."""
        if self.is_new and not field.data:
            raise ValidationError(_("Write what the quotes have in common"))

    def validate_theme(self, field: Any) -> None:
        """A new input needs a theme."""
        if self.is_new:
            Chosen(_("Choose a theme"))(self, field)

    def validate_input(self, field: Any) -> None:
        """The input must be one of the year's."""
        if not self.is_new:
            Chosen(_("Choose an input"))(self, field)
