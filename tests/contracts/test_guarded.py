"""Every line and text that somebody types is read by the guard, or stands here with the reason why it need not be."""

import importlib
import pkgutil

import pytest
from wtforms import HiddenField, PasswordField, StringField
from wtforms.fields.core import UnboundField

import forsamlingshus
from forsamlingshus.kernel.forms import Form

PRIVATE = {
    "accounts.LogInForm.email": "an address to log in with, shown to nobody",
    "accounts.CreateForm.email": "an address to log in with, shown to nobody",
    "accounts.CreateForm.name": "a rule of its own refuses numbers and addresses in names",
    "accounts.NameForm.name": "a rule of its own refuses numbers and addresses in names",
    "accounts.GuestNameForm.name": "a rule of its own refuses numbers and addresses in names",
    "inputs.InputForm.note": "a note that colleagues alone read",
    "inputs.QuoteForm.quote": "words of a post that everybody reads already",
    "meetings.FacilitatorForm.email": "looks up an account and is stored nowhere",
    "meetings.MeetingForm.wifi_name": "the hall's network, public on purpose; digits in it are no number",
    "meetings.MeetingForm.wifi_password": "eight digits may be a password, and the wall shows it on purpose",
    "meetings.SignUpForm.name": "its own rule reads it with the guard, and only the door sees it",
    "slides.WordsForm.notes": "speaker notes: the control view alone shows them",
}


def forms():
    """Every form of the package, once all its modules are loaded."""
    for module in pkgutil.walk_packages(forsamlingshus.__path__, "forsamlingshus."):
        importlib.import_module(module.name)
    found, waiting = set(), [Form]
    while waiting:
        for form in waiting.pop().__subclasses__():
            if form.__module__.startswith("forsamlingshus.") and form not in found:
                found.add(form)
                waiting.append(form)
    return sorted(found, key=lambda form: (form.__module__, form.__name__))


def typed(form):
    """Names of the fields in which somebody types words."""
    for name in dir(form):
        field = getattr(form, name)
        if isinstance(field, UnboundField) and holds_words(field.field_class):
            yield name


def holds_words(field):
    """Whether a field keeps what is typed; one that reads a day, a number or an amount of it does not."""
    if not issubclass(field, StringField) or issubclass(field, (HiddenField, PasswordField)):
        return False
    return field.process_formdata is StringField.process_formdata


def unread():
    """The fields that the guard does not read, as slice, form and name."""
    return {
        f"{form.__module__.split('.')[1]}.{form.__name__}.{name}"
        for form in forms()
        for name in typed(form)
        if name not in getattr(form, "guarded", ())
    }


def test_every_typed_field_is_guarded_or_private():
    assert unread() == set(PRIVATE)


def test_fields_named_as_guarded_exist():
    for form in forms():
        assert all(hasattr(form, name) for name in getattr(form, "guarded", ())), form


@pytest.mark.parametrize("form", ["MeetingForm", "AgendaForm", "WorkshopForm", "MinutesForm", "WriteForm"])
def test_known_forms_are_found(form):
    assert any(found.__name__ == form and list(typed(found)) for found in forms())
