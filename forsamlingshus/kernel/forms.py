"""Forms: the base of every write, validators in both languages, and the guard over what becomes public."""

import hashlib
import hmac
import re
from collections.abc import Collection
from typing import Any, ClassVar

from flask import current_app, request
from flask_wtf import FlaskForm
from flask_wtf.form import _Auto, _is_submitted
from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from wtforms import Field, FileField, HiddenField, StringField, TextAreaField, ValidationError
from wtforms.validators import StopValidation

from forsamlingshus.kernel import guard, html, personal_data
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.i18n import lazy_gettext as _l
from forsamlingshus.kernel.i18n import ngettext
from forsamlingshus.kernel.personal_data import Finding, Level


class _LibrarysWords:
    """What the library says by itself: that a choice is none of those offered. All else has a sentence of ours."""

    def gettext(self, words: str) -> str:
        """The sentence in the page's language."""
        return _("Choose one of the list") if "choice" in words.lower() else words

    def ngettext(self, one: str, many: str, count: int) -> str:
        """The same for sentences that count."""
        return one if count == 1 else many


class Form(FlaskForm):  # type: ignore[misc]
    """Base form. CSRF is checked once for every write at the web edge; the form carries the token, not the check."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        csrf = False

        def get_translations(self, form: Any) -> _LibrarysWords:
            """Asked for each message of the library's own."""
            return _LibrarysWords()

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """What was sent: words for fields of words, files for those of files. JSON is never a form."""
            if formdata is not _Auto:
                return formdata
            if not _is_submitted():
                return None
            sent: MultiDict[str, Any] = MultiDict(request.form)
            for name, field in form._fields.items():
                if isinstance(field, FileField) and name in request.files:
                    sent.setlist(name, request.files.getlist(name))
            return sent


def tidy(value: str | None) -> str:
    """Filter of every text field: one kind of line break, no control characters."""
    return html.tidy(value or "")


class Needed:
    """The field must be filled in; the message says what to write, never only that it is required."""

    field_flags: ClassVar = {"required": True}

    def __init__(self, message: Any) -> None:
        self.message = message

    def __call__(self, form: Any, field: Field) -> None:
        """Stop the field's validation when nothing was typed."""
        if not field.data or (isinstance(field.data, str) and not field.data.strip()):
            field.errors = []
            raise StopValidation(str(self.message))


class AtMost:
    """At most `maximum` characters; the message says how many are too many."""

    def __init__(self, maximum: int) -> None:
        self.maximum = maximum
        self.field_flags = {"maxlength": maximum}

    def __call__(self, form: Any, field: Field) -> None:
        """Stop the field's validation when the text is too long."""
        surplus = len(field.data or "") - self.maximum
        if surplus > 0:
            raise StopValidation(
                ngettext("Your text is %(num)s character too long", "Your text is %(num)s characters too long", surplus)
            )


MESSAGES = {
    personal_data.Kind.CPR: _l("That looks like a CPR number. Remove it before you send"),
    personal_data.Kind.PHONE: _l("That looks like a phone number. Everyone can read it. Do you want to remove it?"),
    personal_data.Kind.EMAIL: _l("That looks like an e-mail address. Everyone can read it. Do you want to remove it?"),
    personal_data.Kind.ACCOUNT: _l(
        "That looks like an account number. Everyone can read it. Do you want to remove it?"
    ),
    personal_data.Kind.ADDRESS: _l("That looks like an address. Everyone can read it. Do you want to remove it?"),
    personal_data.Kind.PLATE: _l("That looks like a number plate. Everyone can read it. Do you want to remove it?"),
    personal_data.Kind.SENSITIVE: _l("This may be private, such as health or faith. Everyone can read it"),
}


class GuardedForm(Form):
    """A form whose text is public as soon as it is stored: what the guard blocks or doubts is refused.

    After `validate()`, `findings` tells what was found by field.
    """

    guarded: Collection[str] = ()
    """Names of the fields whose text becomes public."""

    def __init__(self, *args: Any, allow: Collection[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.allow = allow
        self.findings: dict[str, tuple[Finding, ...]] = {}

    def validate(self, extra_validators: Any = None) -> bool:
        """Validate the fields, then scan what would become public."""
        if not super().validate(extra_validators):
            return False
        worst = max((self._scan(name) for name in self.guarded), default=0)
        return worst < Level.HOLD or (worst < Level.BLOCK and self._may_wait())

    @property
    def marked(self) -> Markup | None:
        """The text in which something was found, with those places marked; None when nothing stops it."""
        for name, found in self.findings.items():
            spans = [(finding.start, finding.end) for finding in found if finding.level >= Level.HOLD]
            if spans:
                return html.mark_spans(self[name].data or "", spans)
        return None

    def _scan(self, name: str) -> int:
        field = self[name]
        found = guard.scan(field.data or "", allow=self.allow)
        self.findings[name] = found
        worst = personal_data.worst(found)
        if worst is not None and worst >= Level.HOLD:
            kinds = dict.fromkeys(finding.kind for finding in found if finding.level >= Level.HOLD)
            field.errors = [*field.errors, *(str(MESSAGES[kind]) for kind in kinds)]
        return worst or 0

    def _may_wait(self) -> bool:
        """Whether what the guard doubts may be stored all the same."""
        return False


class WaitingForm(GuardedForm):
    """A form whose doubtful text can wait for a person: it comes back once to be confirmed, and is then held.

    The confirmation is a signed digest of exactly the text that was shown, so another text must be confirmed anew.
    After `validate()`, `held` tells that the text must wait; whoever stores it obeys.
    """

    confirmed = HiddenField()
    confirm_box = HiddenField()

    held = False
    asks = False

    def _may_wait(self) -> bool:
        digest = self._digest()
        self.held = bool(self.confirm_box.data) and hmac.compare_digest(self.confirmed.data or "", digest)
        self.asks = not self.held
        if self.asks:
            self.confirmed.data = digest
        return self.held

    def _digest(self) -> str:
        text = "\x1f".join(str(self[name].data or "") for name in self.guarded)
        key = str(current_app.secret_key).encode()
        return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def one_line(value: str | None) -> str:
    """Filter of every field of one line: a browser sends no line break from one, but anybody else may."""
    return re.sub(r"\s*[\n\t]\s*", " ", tidy(value))


def text_field(label: Any, *validators: Any, **kwargs: Any) -> StringField:
    """A line of text, tidied."""
    return StringField(label, [*validators], filters=[one_line], **kwargs)


def text_area(label: Any, *validators: Any, **kwargs: Any) -> TextAreaField:
    """Several lines of text, tidied."""
    return TextAreaField(label, [*validators], filters=[tidy], **kwargs)


__all__ = [
    "AtMost",
    "Form",
    "GuardedForm",
    "Needed",
    "ValidationError",
    "WaitingForm",
    "text_area",
    "text_field",
]
