"""Fields that forms of several slices share: a choice of what is offered, days, hours and numbers of people."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from typing import Any

from wtforms import SelectField, SelectMultipleField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import StopValidation

from forsamlingshus.kernel import clock
from forsamlingshus.kernel.addresses import small_number
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.i18n import lazy_gettext as _l

PEOPLE_MAX = 100_000
CHOICES_MAX = 5_000
DAY_FORMATS = ("%d.%m.%Y", "%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y")
HOUR_FORMATS = ("%H.%M", "%H:%M")
MOMENT_FORMATS = tuple(
    f"{day}{between}{hour}" for day in DAY_FORMATS for between in (" ", " kl. ") for hour in HOUR_FORMATS
)
"""As Danes write them. A browser's own field would follow the browser's country, whatever the page's language."""


class Chosen:
    """One of the offered choices; 0 stands for none."""

    def __init__(self, message: Any) -> None:
        self.message = message

    def __call__(self, form: Any, field: Any) -> None:
        """Raise ValidationError for anything that is not offered."""
        if not field.data or str(field.data) not in {choice.value for choice in field.choices}:
            raise ValidationError(str(self.message))


def options(pairs: Iterable[tuple[object, object]]) -> list[SelectChoice]:
    """What a field offers, of pairs of value and label."""
    return [SelectChoice(str(value), str(label)) for value, label in pairs]


class NumberField(SelectField):  # type: ignore[misc]
    """A choice by id. What can't be read has its fault already; it is never taken for 0, which stands for none."""

    def pre_validate(self, form: Any) -> None:
        """Say one thing about a value, not that it is missing as well."""
        if self.process_errors:
            raise StopValidation


def number_field(label: Any, *validators: Any) -> NumberField:
    """A choice by id. Choices are set by the form; what is not offered gets our own words."""
    return NumberField(label, [*validators], coerce=_number, choices=[], validate_choice=False)


def _number(value: Any) -> int:
    text = str(value).strip()
    number = small_number(text) if text else 0
    if number is None:
        raise ValueError
    return number


class NumbersField(SelectMultipleField):  # type: ignore[misc]
    """Several choices by id, of which whoever stores them keeps those that are there; what is no number is left out.

    Bounded, for each id becomes a variable of a query, and databases take only so many.
    """

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the field. Raises ValueError when there are more than any page offers."""
        numbers = dict.fromkeys(small_number(value) or 0 for value in valuelist[: CHOICES_MAX + 1])
        self.data = [number for number in numbers if number][:CHOICES_MAX]
        if len(valuelist) > CHOICES_MAX:
            raise ValueError(_("Choose at most %(most)s", most=CHOICES_MAX))

    def pre_validate(self, form: Any) -> None:
        """Whatever is a number may be chosen."""
        if self.process_errors:
            raise StopValidation


def numbers_field(label: Any = None) -> NumbersField:
    """Several choices by id."""
    return NumbersField(label, coerce=_number)


class ReadField(StringField):  # type: ignore[misc]
    """What is typed as text and kept as something else; shows what was typed when that can't be read."""

    fault: Any = ""
    data: Any

    def read(self, text: str) -> Any:
        """The value of a text that is not empty. Raises ValueError when it is none."""
        raise NotImplementedError

    def show(self) -> str:
        """The value as it is typed."""
        return str(self.data)

    def pre_validate(self, form: Any) -> None:
        """What can't be read has its fault already, and is not called empty as well."""
        if self.process_errors:
            raise StopValidation

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else self.show()

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the field; what is empty is None."""
        text = "".join(valuelist[:1]).strip()
        self.data = None
        if text:
            try:
                self.data = self.read(text)
            except ValueError:
                raise ValueError(str(self.fault)) from None


class DayField(ReadField):
    """A day."""

    fault = _l("Write a date, such as 3.5.2023")

    def read(self, text: str) -> date:
        """The day."""
        return _parsed(text, DAY_FORMATS).date()

    def show(self) -> str:
        """As Danes write it."""
        return f"{self.data.day}.{self.data.month}.{self.data.year}"


class HourField(ReadField):
    """A time of day, with a point or a colon."""

    fault = _l("Write a time, such as 18.30")

    def read(self, text: str) -> time:
        """The time on a Danish wall clock."""
        return _parsed(text, HOUR_FORMATS).time()

    def show(self) -> str:
        """As Danes write it."""
        return f"{self.data:%H.%M}"


class MomentField(ReadField):
    """A day with its hour, Danish time; kept as an aware moment."""

    fault = _l("Write a date and a time, such as 3.5.2023 18.30")

    def read(self, text: str) -> datetime:
        """The moment."""
        return _parsed(text, MOMENT_FORMATS).replace(tzinfo=clock.COPENHAGEN).astimezone(UTC)

    def show(self) -> str:
        """As Danes write it."""
        moment = clock.local(self.data)
        return f"{moment.day}.{moment.month}.{moment.year} {moment:%H.%M}"


class CountField(ReadField):
    """A number of people."""

    def __init__(self, *args: Any, least: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.least = least

    def read(self, text: str) -> int:
        """The number. Its own fault names the bounds."""
        number = small_number(text)
        if number is None or not self.least <= number <= PEOPLE_MAX:
            self.fault = _("Write a whole number from %(least)s to %(most)s", least=self.least, most=PEOPLE_MAX)
            raise ValueError
        return number


def _parsed(text: str, formats: Iterable[str]) -> datetime:
    for pattern in formats:
        try:
            found = datetime.strptime(text, pattern)
        except ValueError:
            continue
        if 2000 <= found.year < 2200 or "%Y" not in pattern:
            return found
    raise ValueError
