"""Forms of the discussions slice: parse and validate, nothing else."""

import re
import uuid
from datetime import timedelta
from typing import Any

from wtforms import BooleanField, HiddenField, RadioField, SelectChoice, SelectField
from wtforms.validators import Optional as MayBeEmpty

from forsamlingshus.discussions import rules
from forsamlingshus.discussions.models import REASON_WORDS
from forsamlingshus.kernel.forms import (
    AtMost,
    Form,
    GuardedForm,
    Needed,
    ValidationError,
    WaitingForm,
    text_area,
    text_field,
)
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.i18n import lazy_gettext as _l

_CLIENT_ID = re.compile(r"[0-9a-zA-Z-]{8,40}")


def new_client_id() -> str:
    """A fresh id for one intended write; the form keeps it, so that a retry is the same write."""
    return str(uuid.uuid4())


class WriteForm(WaitingForm):
    """A text that becomes a post; `client_id` makes a retried send the same post."""

    guarded: tuple[str, ...] = ("body",)

    body = text_area(_l("Write a post"), Needed(_l("Write your post")), AtMost(rules.BODY_MAX))
    client_id = HiddenField()

    def validate_client_id(self, field: Any) -> None:
        """A missing or odd id is replaced: the person can't mend it."""
        if not _CLIENT_ID.fullmatch(field.data or ""):
            field.data = new_client_id()

    def ask_again(self, sentence: str) -> None:
        """Give the text back under a fresh id, with what the writer should think of before sending it again."""
        self.client_id.data = new_client_id()
        self.body.errors = [*self.body.errors, sentence]


class PostForm(WriteForm):
    """A post at the top level of a thread."""


class ReplyForm(WriteForm):
    """A reply, perhaps with words quoted from the post that it answers."""

    guarded = ("quote", "body")

    body = text_area(_l("Write a reply"), Needed(_l("Write your reply")), AtMost(rules.BODY_MAX))
    quote = text_field(_l("Quote words from the post (optional)"), AtMost(rules.QUOTE_MAX))

    def __init__(self, *args: Any, quoted_text: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.quoted_text = quoted_text

    def validate_quote(self, field: Any) -> None:
        """Quotes are exact: the words must stand in the post, white space apart."""
        words = " ".join((field.data or "").strip('»«"” ').split())
        if words and words not in " ".join(self.quoted_text.split()):
            raise ValidationError(_("These words do not stand in the post. Copy them exactly"))
        field.data = words


class ThreadForm(WriteForm):
    """A new thread: a title and its first post."""

    guarded = ("title", "body")

    title = text_field(
        _l("What is it about?"), Needed(_l("Write a short question or claim as the title")), AtMost(rules.TITLE_MAX)
    )
    prompt_no = SelectField(_l("Which question does it answer?"), [MayBeEmpty()], coerce=int, choices=[], default=0)
    # Again, and last: the summary of errors names the fields in the order in which they stand on the page.
    body = text_area(_l("Write a post"), Needed(_l("Write your post")), AtMost(rules.BODY_MAX))


class QuestionForm(WriteForm):
    """A question to a meeting."""

    body = text_field(_l("Ask a question"), Needed(_l("Write your question")), AtMost(rules.QUESTION_MAX))
    anonymous = BooleanField(_l("Without my name"))


class AnswerForm(GuardedForm):
    """The municipality's answer to a question; `seen` is what the writer began from."""

    guarded = ("body",)

    body = text_area(_l("The answer"), Needed(_l("Write the answer")), AtMost(rules.BODY_MAX))
    seen = HiddenField()


class EditForm(WaitingForm):
    """Other words for an own post; `seen` is what the editor began from."""

    guarded = ("body",)

    body = text_area(_l("Your post"), Needed(_l("Write your post")), AtMost(rules.BODY_MAX))
    seen = HiddenField()


class EditQuestionForm(EditForm):
    """Other words for an own question."""

    body = text_field(_l("Your question"), Needed(_l("Write your question")), AtMost(rules.QUESTION_MAX))


MUTE_REASON_WORDS = {
    "tone": _l("Attacks on a person or a group"),
    "flood": _l("Many posts that hinder the others"),
    "personal_data": _l("Private information about somebody"),
    "illegal": _l("Something that may be against the law"),
    "advert": _l("Advertisements"),
    "other": _l("Breaches of the house rules"),
}


class HideForm(GuardedForm):
    """Why a post is hidden: a rule that says what is wrong, and perhaps a sentence; everybody reads both."""

    guarded = ("reason",)

    reason_code = RadioField(
        _l("Which rule does it break?"),
        [Needed(_l("Choose a reason"))],
        choices=[SelectChoice(code, words) for code, words in REASON_WORDS.items()],
    )
    reason = text_field(_l("Say why in one sentence (optional)"), AtMost(rules.REASON_MAX))

    def validate_reason(self, field: Any) -> None:
        """Another reason than a rule is only known once it is written."""
        if self.reason_code.data == "other" and not (field.data or "").strip():
            raise ValidationError(_("Write the reason. Everybody can read it"))


MUTE_LENGTHS = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(weeks=1), "open": None}


class MuteForm(Form):
    """Why, for how long and where somebody may not write."""

    reason_code = RadioField(
        _l("Why?"),
        [Needed(_l("Choose a reason"))],
        choices=[SelectChoice(code, words) for code, words in MUTE_REASON_WORDS.items()],
    )
    length = RadioField(
        _l("For how long?"),
        [Needed(_l("Choose for how long"))],
        choices=[
            SelectChoice("hour", _l("One hour")),
            SelectChoice("day", _l("A day")),
            SelectChoice("week", _l("A week")),
            SelectChoice("open", _l("Until somebody unmutes them")),
        ],
        default="hour",
    )
    where = RadioField(_l("Where?"), [Needed(_l("Choose where"))], choices=[])

    def __init__(self, *args: Any, place: str, everywhere: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        whole = [SelectChoice("everywhere", _("In the whole house"))] if everywhere else []
        self.where.choices = [SelectChoice("here", place), *whole]
        if not self.where.data or self.where.data == "None":
            self.where.data = "here"
