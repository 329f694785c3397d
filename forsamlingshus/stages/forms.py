"""Forms of those who steer a stage: parse and validate, nothing else."""

from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from wtforms import DateField, HiddenField, IntegerField, RadioField, SelectChoice

from forsamlingshus.kernel import i18n
from forsamlingshus.kernel.clock import COPENHAGEN
from forsamlingshus.kernel.forms import AtMost, Form, GuardedForm, Needed, ValidationError, text_field
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.i18n import lazy_gettext as _l
from forsamlingshus.stages import rules
from forsamlingshus.stages.models import Mode


class ModeForm(Form):
    """What the wall shows."""

    mode = HiddenField()

    def validate_mode(self, field: Any) -> None:
        """One of the known modes; a pause needs its minutes, so it has a form of its own."""
        if field.data not in set(Mode) - {Mode.PAUSE}:
            raise ValidationError(_("Choose what the screen shows"))


class Afterwards(StrEnum):
    """What becomes of the talk beside a stage when the meeting is over."""

    OPEN = "open"
    READ_ONLY = "read_only"


class CloseForm(Form):
    """How the talk beside the stage goes on when the meeting is over; `until` is the last day on which one writes."""

    afterwards = RadioField(
        _l("What happens to the discussion afterwards?"),
        [Needed(_l("Choose what happens to the discussion"))],
        choices=[
            SelectChoice(Afterwards.OPEN, _l("It stays open until a date")),
            SelectChoice(Afterwards.READ_ONLY, _l("It can only be read from now on")),
        ],
        validate_choice=False,
    )
    until = DateField(_l("Last day to write"), invalid_value_message=_l("Write the last day on which people can write"))

    def __init__(self, *args: Any, today: date, last: date | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today, self.last = today, last

    def validate(self, extra_validators: Any = None) -> bool:
        """A date of its own only counts when the discussion stays open."""
        if self.afterwards.data == Afterwards.READ_ONLY:
            self.until.data, self.until.process_errors = None, []
        return bool(super().validate(extra_validators))

    def validate_afterwards(self, field: Any) -> None:
        """One of the two; it cannot stay open when the phase is not."""
        if field.data not in set(Afterwards):
            raise ValidationError(_("Choose what happens to the discussion"))
        if field.data == Afterwards.OPEN and self.last is None:
            raise ValidationError(_("The debate of the year is closed, so this discussion cannot stay open"))

    def validate_until(self, field: Any) -> None:
        """A day from today to the last one of the debate."""
        if self.afterwards.data != Afterwards.OPEN or self.last is None or field.errors:
            return
        if field.data is None:
            raise ValidationError(str(field.invalid_value_message))
        if field.data < self.today:
            raise ValidationError(_("The day is over. Choose today or a later day"))
        if field.data > self.last:
            last = i18n.date(datetime.combine(self.last, time(12), COPENHAGEN))
            raise ValidationError(
                _("The debate of the year ends %(date)s. Choose that day or an earlier one", date=last)
            )

    @property
    def closes_at(self) -> datetime | None:
        """The end of the chosen day on a Danish clock; None for no day."""
        chosen: date | None = self.until.data
        return datetime.combine(chosen + timedelta(days=1), time(), COPENHAGEN) if chosen else None


class PauseForm(Form):
    """How long the pause is, in minutes."""

    minutes = IntegerField(_l("Pause in minutes"), default=15)

    def validate_minutes(self, field: Any) -> None:
        """From one minute to four hours."""
        most = int(rules.PAUSE_MAX.total_seconds() // 60)
        if not field.raw_data or field.data is None or not 1 <= field.data <= most:
            field.errors = []
            raise ValidationError(_("Write a number of minutes from 1 to %(most)s", most=most))


class MessageForm(GuardedForm):
    """The line at the foot of the wall; everybody in the hall reads it."""

    guarded = ("message",)

    message = text_field(_l("Message at the foot of the screen"), AtMost(rules.MESSAGE_MAX))
