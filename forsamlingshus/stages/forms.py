"""Forms of those who steer a stage: parse and validate, nothing else."""

from typing import Any

from wtforms import HiddenField, IntegerField

from forsamlingshus.kernel.forms import AtMost, Form, GuardedForm, ValidationError, text_field
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


class PauseForm(Form):
    """How long the pause is, in minutes."""

    minutes = IntegerField(_l("Pause in minutes"), default=15)

    def validate_minutes(self, field: Any) -> None:
        """From one minute to four hours."""
        most = int(rules.PAUSE_MAX.total_seconds() // 60)
        if field.data is None or not 1 <= field.data <= most:
            field.errors = []
            raise ValidationError(_("Write a number of minutes from 1 to %(most)s", most=most))


class MessageForm(GuardedForm):
    """The line at the foot of the wall; everybody in the hall reads it."""

    guarded = ("message",)

    message = text_field(_l("Message at the foot of the screen"), AtMost(rules.MESSAGE_MAX))
