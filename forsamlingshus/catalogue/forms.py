"""Forms of the catalogue: parse and validate, nothing else."""

from collections.abc import Iterable, Sequence
from typing import Any

from wtforms import HiddenField, RadioField, SelectField, StringField
from wtforms.validators import StopValidation

from forsamlingshus.catalogue.models import (
    COMMITTEE_MAX,
    LEAD_MAX,
    NUMBER_MAX,
    TEXT_MAX,
    TITLE_MAX,
    Proposal,
    ProposalType,
    Source,
    Status,
)
from forsamlingshus.inputs.forms import numbered
from forsamlingshus.kernel.addresses import small_number
from forsamlingshus.kernel.fields import Chosen, number_field, options
from forsamlingshus.kernel.forms import AtMost, Form, GuardedForm, Needed, ValidationError, text_area, text_field
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.i18n import lazy_gettext as _l
from forsamlingshus.ledger.rules import MINUS, danish, parse_tkr
from forsamlingshus.process.models import Theme

TYPES = {
    ProposalType.REDUCTION: _l("Reduction"),
    ProposalType.EFFICIENCY: _l("Efficiency saving"),
    ProposalType.EXPANSION: _l("Expansion"),
    ProposalType.CAPITAL: _l("Capital works"),
    ProposalType.TECHNICAL: _l("Technical change"),
}
STATUSES = {
    Status.DRAFT: _l("Draft"),
    Status.READY: _l("Ready"),
    Status.CHANGED: _l("Changed"),
    Status.WITHDRAWN: _l("Withdrawn"),
}
SOURCES = {
    Source.WORKSHOP: _l("Citizens' words, collected as input"),
    Source.ADMINISTRATION: _l("Administrative proposal without a workshop source"),
}
TEXTS = ("content", "citizens", "staff", "legal", "implementation", "risk")


class AmountField(StringField):  # type: ignore[misc]
    """An amount in 1.000 kr. as Danes write it. Shows what was typed when that can't be read."""

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else danish(self.data)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the field. Raises ValueError with a sentence that shows how."""
        self.data = None
        text = "".join(valuelist[:1]).strip()
        if not text:
            return  # a draft may wait for its money; the form asks for it before the proposal is ready
        try:
            self.data = parse_tkr(text)
        except ValueError:
            raise ValueError(_("Write a whole amount in DKK 1,000, such as -1.250 or 300")) from None


class FteField(StringField):  # type: ignore[misc]
    """Full-time equivalents with at most two decimals, comma or point; empty where nothing is known."""

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data:g}".replace(".", ",")

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the field. Raises ValueError with a sentence that shows how."""
        self.data = None
        text = "".join(valuelist[:1]).strip().replace(MINUS, "-").replace(",", ".")
        whole, _point, decimals = text.removeprefix("-").partition(".")
        if not text:
            return
        if not (whole + decimals).isascii() or not (whole + decimals).isdigit() or len(whole) > 5 or len(decimals) > 2:
            raise ValueError(_("Write a number such as -0,9"))
        self.data = float(text)


class NumberField(StringField):  # type: ignore[misc]
    """A proposal's number."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the field. Raises ValueError for anything but 1 to NUMBER_MAX."""
        self.data = number = small_number("".join(valuelist[:1]).strip())
        if not number or number > NUMBER_MAX:
            raise ValueError(_("Write a whole number from 1 to %(most)s", most=NUMBER_MAX))

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return str(self.data or "")


class NeededWhenReady:
    """A draft is saved with its title alone; before it can be public the field must be filled in."""

    def __init__(self, message: Any) -> None:
        self.message = message

    def __call__(self, form: Any, field: Any) -> None:
        """Stop the field's validation when it is empty: quietly in a draft, with the message elsewhere."""
        if field.errors or (field.data is not None and str(field.data).strip()):
            return
        if not form.is_draft:
            raise StopValidation(str(self.message))
        raise StopValidation


def _choice(label: Any, message: Any) -> SelectField:
    return SelectField(label, [Chosen(message)], choices=[], validate_choice=False)


def _amount() -> AmountField:
    return AmountField(validators=[NeededWhenReady(_l("Write an amount in DKK 1,000, or 0"))])


class ProposalForm(GuardedForm):
    """Everything of a proposal that is typed. All its words become public with the catalogue."""

    guarded = ("title", "lead", "committee", *TEXTS)

    edition = HiddenField()
    number = NumberField(_l("Number"))
    title = text_field(_l("Title"), Needed(_l("Write the title")), AtMost(TITLE_MAX))
    lead = text_area(_l("In short"), NeededWhenReady(_l("Say in a sentence or two what is proposed")), AtMost(LEAD_MAX))
    theme = number_field(_l("Theme"), Chosen(_l("Choose a theme")))
    committee = text_field(_l("Committee"), NeededWhenReady(_l("Write the committee's name")), AtMost(COMMITTEE_MAX))
    type = _choice(_l("Type"), _l("Choose a type"))
    status = _choice(_l("Status"), _l("Choose a status"))
    amount_0 = _amount()
    amount_1 = _amount()
    amount_2 = _amount()
    amount_3 = _amount()
    source = RadioField(
        _l("Where does it come from?"),
        [Chosen(_l("Say where it comes from"))],
        choices=[],
        validate_choice=False,
    )
    citizens = text_area(_l("What does it mean for citizens?"), AtMost(TEXT_MAX))
    content = text_area(_l("The proposal"), AtMost(TEXT_MAX))
    staff = text_area(_l("What does it mean for staff?"), AtMost(TEXT_MAX))
    fte = FteField(_l("Full-time equivalents"))
    legal = text_area(_l("Law"), AtMost(TEXT_MAX))
    implementation = text_area(_l("How and when"), AtMost(TEXT_MAX))
    risk = text_area(_l("Risk"), AtMost(TEXT_MAX))

    def __init__(
        self,
        *args: Any,
        themes: Sequence[Theme],
        years: Sequence[int],
        source_count: int = 0,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.theme.choices = options((theme.id, theme.name) for theme in themes)
        self.type.choices, self.status.choices = options(TYPES.items()), options(STATUSES.items())
        self.source.choices = options(SOURCES.items())
        self.years = tuple(years)
        self.source_count = source_count
        for year, field in zip(self.years, self.amount_fields, strict=True):
            field.label.text = str(year)

    @property
    def amount_fields(self) -> tuple[Any, ...]:
        """The four fields of money, in the order of the years."""
        return self.amount_0, self.amount_1, self.amount_2, self.amount_3

    @property
    def is_draft(self) -> bool:
        """True while the proposal is to stay a draft."""
        return str(self.status.data) == Status.DRAFT

    @property
    def amounts(self) -> dict[int, int]:
        """Year → 1.000 kr., once the form is valid; a draft leaves out the years that nobody knows yet."""
        named = zip(self.years, self.amount_fields, strict=True)
        return {year: field.data for year, field in named if field.data is not None}

    @property
    def words(self) -> dict[str, Any]:
        """The fields that are written as they are."""
        names = ("number", "title", "lead", "committee", "type", "status", "source", "fte", *TEXTS)
        return {"theme_id": self.theme.data, **{name: self[name].data for name in names}}

    def fill(self, proposal: Proposal, amounts: dict[int, int]) -> None:
        """Show what is stored."""
        self.theme.data = proposal.theme_id
        self.edition.data = str(proposal.edition)
        for year, field in zip(self.years, self.amount_fields, strict=True):
            field.data = amounts.get(year, None if proposal.is_draft else 0)

    def validate_status(self, field: Any) -> None:
        """Only a draft may do without an origin."""
        if field.data != Status.DRAFT and self.source.data == Source.WORKSHOP and not self.source_count:
            raise ValidationError(
                _("Link an input first, or choose the administration as the origin. Until then it is a draft")
            )


class LinkForm(Form):
    """An input and a proposal, from either side."""

    proposal = number_field(_l("Proposal"), Chosen(_l("Choose a proposal")))
    input = number_field(_l("Input"), Chosen(_l("Choose an input")))

    def __init__(self, *args: Any, proposals: Iterable[Any], inputs: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.proposal.choices = numbered(_("Choose a proposal"), proposals)
        self.input.choices = numbered(_("Choose an input"), inputs)
