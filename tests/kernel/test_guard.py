"""The guard in forms: every field is read as it was typed and as it will be shown. No number here is real."""

import pytest
from werkzeug.datastructures import MultiDict

from forsamlingshus.discussions.forms import EditQuestionForm, QuestionForm, ThreadForm
from forsamlingshus.kernel import guard, personal_data
from forsamlingshus.kernel.personal_data import Level
from forsamlingshus.stages.forms import MessageForm

HIDDEN = [r"010150\-5001", "010150&#45;5001", "0101**50**-5001", "0101`50`-5001"]


@pytest.mark.parametrize("number", HIDDEN)
@pytest.mark.parametrize(
    ("form", "field"),
    [(QuestionForm, "body"), (EditQuestionForm, "body"), (ThreadForm, "title"), (MessageForm, "message")],
)
def test_line_of_text_is_read_as_markdown_as_well(app, form, field, number):
    with app.test_request_context("/", method="POST"):
        words = {"title": "Titel", "body": "Ord", field: f"Hvad med {number}?"}
        typed = form(formdata=MultiDict(words))

        assert not typed.validate()
        assert typed[field].errors and typed.marked is not None
        assert not typed.asks
