"""Forms of the meetings slice."""

from wtforms import RadioField, SelectChoice

from forsamlingshus.kernel.forms import Form, Needed
from forsamlingshus.kernel.i18n import lazy_gettext as _l
from forsamlingshus.meetings.models import GuestPolicy


class GuestPolicyForm(Form):
    """What people without an account may do at the meeting."""

    guests = RadioField(
        _l("What guests write"),
        [Needed(_l("Choose one of the three"))],
        choices=[
            SelectChoice(GuestPolicy.MODERATED, _l("Reviewed first")),
            SelectChoice(GuestPolicy.ON, _l("Shown at once")),
            SelectChoice(GuestPolicy.OFF, _l("Closed: guests can only read along")),
        ],
    )
