"""Forms of those who write the record of a meeting: parse and validate, nothing else."""

from typing import Any

from wtforms import HiddenField

from forsamlingshus.kernel.addresses import small_number
from forsamlingshus.kernel.fields import numbers_field
from forsamlingshus.kernel.forms import AtMost, GuardedForm, Needed, ValidationError, text_area, text_field
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.i18n import lazy_gettext as _l
from forsamlingshus.records import rules


def number(value: Any) -> int:
    """A whole number of a field that nobody types in; 0, which is nothing's number, for anything else."""
    return small_number(str(value)) or 0


class MinutesForm(GuardedForm):
    """The text of the minutes and the posts that belong to them; everybody may read both one day."""

    guarded = ("body",)

    body = text_area(_l("Text of the minutes"), Needed(_l("Write the minutes")), AtMost(rules.BODY_MAX))
    posts = numbers_field()
    edition = HiddenField(filters=[number], default=0)


class PublishForm(GuardedForm):
    """What was corrected, once there is something that everybody has read."""

    guarded = ("note",)

    note = text_field(_l("What was corrected?"), AtMost(rules.NOTE_MAX))
    edition = HiddenField(filters=[number], default=0)

    def __init__(self, *args: Any, corrects: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.corrects = corrects

    def validate_note(self, field: Any) -> None:
        """A correction says what it corrects."""
        if self.corrects and not (field.data or "").strip():
            raise ValidationError(_("Write what was corrected"))


class PointForm(GuardedForm):
    """A point of a summary and the posts that it builds on."""

    guarded = ("body",)

    body = text_area(_l("The point"), Needed(_l("Write the point")), AtMost(rules.POINT_MAX))
    posts = numbers_field()
    seen = HiddenField()

    def validate_posts(self, field: Any) -> None:
        """At least one: a point without posts is nobody's."""
        if not field.data:
            raise ValidationError(_("Choose at least one post that the point builds on"))
