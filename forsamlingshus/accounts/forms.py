"""Forms of the accounts slice: logging in, an account of one's own, and drafts."""

import re
from typing import Any

from email_validator import EmailNotValidError, validate_email
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import StopValidation

from forsamlingshus.accounts import passwords, queries, rules
from forsamlingshus.kernel import db, guard, personal_data
from forsamlingshus.kernel.addresses import own_path
from forsamlingshus.kernel.forms import AtMost, Form, Needed, ValidationError, text_field, tidy
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.i18n import lazy_gettext as _l
from forsamlingshus.kernel.personal_data import Level

MAX_BODY, MAX_TITLE = 20_000, 200
"""Characters that a draft may hold: far above what a post may, since nothing typed is to be lost by being too long."""

_BOX = re.compile(r"[a-z]{2,16}(?::[0-9]{1,12}){1,2}")

_NUMBER = re.compile(r"[0-9]{1,3}")


def small_number(value: Any) -> int:
    """The number of a choice, such as 2; 0 for anything that is none."""
    return int(value) if value and _NUMBER.fullmatch(str(value)) else 0


def box_key(value: str | None) -> str:
    """The key of a box such as `thread:5`, or an empty string for anything else."""
    return value if value and len(value) <= 40 and _BOX.fullmatch(value) else ""


class BoxForm(Form):
    """What somebody typed in a box of some page, to be kept as a draft."""

    box = HiddenField(filters=[box_key])
    title = HiddenField(validators=[AtMost(MAX_TITLE)], filters=[tidy])
    body = HiddenField(validators=[AtMost(MAX_BODY)], filters=[tidy])
    quote = HiddenField(validators=[AtMost(MAX_BODY)], filters=[tidy])
    prompt_no = HiddenField(filters=[small_number])

    @property
    def too_long(self) -> bool:
        """True when what was typed is longer than a draft may be."""
        return len(self.title.data) > MAX_TITLE or max(len(self.body.data), len(self.quote.data)) > MAX_BODY

    @property
    def blocked(self) -> bool:
        """True for a CPR number, which is never stored. Asks the guard, so only of a text that is not too long."""
        return guard.blocks(self.title.data, self.body.data, self.quote.data)


class DraftForm(BoxForm):
    """A draft, and the page that its box stands on."""

    path = HiddenField(filters=[own_path])


class EntryForm(BoxForm):
    """What the log-in page and the page for a new account carry along: where to go on, and what was typed there."""

    next = HiddenField(filters=[own_path])

    @property
    def carries(self) -> bool:
        """True when there is a text to keep until its author is logged in."""
        return bool(self.box.data and self.next.data and (self.title.data or self.body.data or self.quote.data))


class LogInForm(EntryForm):
    """Address and password. Only what is empty is pointed out: the rest is right or wrong as a whole."""

    email = text_field(_l("E-mail"), Needed(_l("Write your e-mail address")))
    password = PasswordField(_l("Password"), [Needed(_l("Write your password"))])


class Address:
    """An e-mail address that could exist; sets it in its normal form. Nothing is looked up on the net."""

    def __call__(self, form: Any, field: Any) -> None:
        """Raise StopValidation for anything else."""
        try:
            field.data = validate_email(field.data, check_deliverability=False).normalized
        except EmailNotValidError as error:
            raise StopValidation(_("Write a whole e-mail address, such as name@example.dk")) from error


class PublicName:
    """A public name: readable, of 2 to 40 characters, free, without personal data, and no imitation of a role."""

    def __call__(self, form: Any, field: Any) -> None:
        """Raise ValidationError with the first thing that is wrong."""
        fault = name_fault(field.data or "") or taken_fault(field.data or "", but=form.author_id)
        if fault:
            raise ValidationError(fault)


def name_fault(name: str, *, may_name_a_role: bool = False) -> str:
    """What is wrong with a public name, as a sentence; empty when it can be used. Staff may be called by their role."""
    if rules.has_hidden_letters(name):
        return _("The name has characters that cannot be seen or read. Write it with ordinary letters")
    if rules.mixes_alphabets(name):
        return _("The name mixes letters of several alphabets. Write each word with one alphabet")
    if not rules.MIN_NAME <= len(name) <= rules.MAX_NAME or not rules.name_key(name):
        return _("Write a name of 2 to 40 characters, with at least one letter or number")
    if (personal_data.worst(personal_data.scan(name)) or 0) >= Level.HOLD:
        return _("The name looks like a number or address of yours, and everyone can read it. Choose another name")
    if rules.imitates_a_guest(name) or (rules.imitates_a_role(name) and not may_name_a_role):
        return _("The name looks like one of the municipality or of somebody with a role here. Choose another name")
    return ""


def taken_fault(name: str, *, but: int | None = None) -> str:
    """A sentence when somebody else writes under a name that reads the same, else an empty string."""
    return (
        _("Somebody else writes under that name. Choose another one")
        if queries.name_taken(db.session(), name, but=but)
        else ""
    )


def password_fault(password: str, *, about: tuple[str, ...]) -> str:
    """What is wrong with a new password, as a sentence; empty when it can be used."""
    if len(password) < passwords.MIN_LENGTH:
        return _("Write a password of at least %(count)s characters", count=passwords.MIN_LENGTH)
    if len(password) > passwords.MAX_LENGTH:
        return _("Write a password of at most %(count)s characters", count=passwords.MAX_LENGTH)
    if passwords.is_common(password, about=about):
        return _("That password is easy to guess. Take three words that do not belong together")
    return ""


class CreateForm(EntryForm):
    """A new account."""

    author_id: int | None = None

    email = text_field(_l("E-mail"), Needed(_l("Write your e-mail address")), Address(), AtMost(254))
    name = StringField(
        _l("Name that everyone sees"), [Needed(_l("Write a name")), PublicName()], filters=[rules.tidy_name]
    )
    password = PasswordField(_l("Password"), [Needed(_l("Write a password"))])

    def validate_password(self, field: Any) -> None:
        """Refuse a short, long or common password, and the person's own words."""
        fault = password_fault(field.data, about=(self.email.data or "", self.name.data or ""))
        if fault:
            raise ValidationError(fault)


class NameForm(Form):
    """Another public name."""

    name = StringField(
        _l("Name that everyone sees"), [Needed(_l("Write a name")), PublicName()], filters=[rules.tidy_name]
    )

    def __init__(self, *args: Any, author_id: int | None, **kwargs: Any) -> None:
        self.author_id = author_id
        super().__init__(*args, **kwargs)


class GuestNameForm(Form):
    """What a guest is called; nothing at all is fine."""

    name = StringField(_l("What should we call you? (Anonymous is fine)"), filters=[tidy, rules.tidy_name])

    def validate_name(self, field: Any) -> None:
        """Refuse what an account may not be called either: a role, somebody else's name, personal data."""
        fault = (name_fault(field.data) or taken_fault(field.data)) if field.data else ""
        if fault:
            raise ValidationError(fault)


class PasswordForm(Form):
    """Another password; the one in use proves that it is the owner who sits there."""

    current = PasswordField(_l("Your password now"), [Needed(_l("Write the password that you use now"))])
    password = PasswordField(_l("New password"), [Needed(_l("Write a new password"))])

    def __init__(self, *args: Any, about: tuple[str, ...], **kwargs: Any) -> None:
        self.about = about
        super().__init__(*args, **kwargs)

    def validate_password(self, field: Any) -> None:
        """Refuse a short, long or common password, and the person's own words."""
        fault = password_fault(field.data, about=self.about)
        if fault:
            raise ValidationError(fault)
