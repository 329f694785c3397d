"""The guard in forms: every field is read as it was typed and as it will be shown. No number here is real."""

import pytest
from werkzeug.datastructures import MultiDict

from forsamlingshus.discussions.forms import AnswerForm, EditQuestionForm, HideForm, QuestionForm, ThreadForm
from forsamlingshus.kernel import guard, personal_data
from forsamlingshus.kernel.personal_data import Level
from forsamlingshus.slides.forms import TitleForm, WordsForm
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
        assert not getattr(typed, "asks", False)


@pytest.mark.parametrize("number", [r"010150\-5001", "010150&#45;5001"])
@pytest.mark.parametrize(
    "source",
    [
        "Se [naboen](https://krak.example/{})",
        'Se [naboen](https://krak.example/ "{}")',
        "Se [naboen][1]\n\n[1]: https://krak.example/{}",
        "Se [naboen][1]\n\n[1]: https://krak.example/ '{}'",
        "Se [naboen](/personer/{})",
    ],
)
def test_address_and_title_of_a_link_are_read_as_they_reach_the_reader(source, number):
    assert guard.blocks(source.format(number))
    assert not guard.blocks(source.format("17"))


def test_escapes_in_escapes_of_an_address_are_read():
    assert guard.blocks("Se [naboen](https://krak.example/010150&#37;2D5001)")


def test_mail_and_phone_in_the_address_of_a_link_are_held():
    for source in ("[skriv](mailto:a&#64;example.org)", r"[skriv](mailto:a\@example.org)", "[ring](/30&#48;00012)"):
        assert personal_data.worst(guard.scan(source)) == Level.HOLD


def test_what_a_link_shows_and_leads_to_is_found_once_at_its_place():
    source = "Skriv til [os](mailto:a@example.org) eller [se](https://x.example/010203%2D1234)"

    kinds = [str(finding.kind) for finding in guard.scan(source)]

    assert kinds == ["email", "cpr"]
    assert all(finding.end - finding.start < len(source) for finding in guard.scan(source))


def test_plain_links_are_not_doubted():
    for source in ("[budget](https://www.example.org/2024/budget-2024.pdf 'Budget 2024')", "www.example.org/sag/47"):
        assert guard.scan(source) == ()


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (AnswerForm, "body"),
        (HideForm, "reason"),
        (MessageForm, "message"),
        (TitleForm, "title"),
        (WordsForm, "alt"),
    ],
)
def test_what_staff_publish_at_once_cannot_be_confirmed_but_may_name_the_own_lines(app, make, field):
    with app.test_request_context("/", method="POST"):
        words = MultiDict({"title": "T", "reason_code": "tone", "confirm_box": "1", field: "Ring 30 00 00 12"})
        refused = make(formdata=words)
        assert not refused.validate()
        assert not refused.validate()  # with whatever the first answer gave to confirm
        assert "<mark>30 00 00 12</mark>" in refused.marked

        own = make(formdata=words, allow=["30 00 00 12"])
        own.validate()
        assert not own[field].errors


def test_what_a_citizen_confirms_waits(app):
    with app.test_request_context("/", method="POST"):
        words = MultiDict({"body": "Ring 30 00 00 12", "confirm_box": "1"})
        asked = QuestionForm(formdata=words)
        assert not asked.validate() and asked.asks
        again = QuestionForm(formdata=MultiDict({**words, "confirmed": asked.confirmed.data}))
        assert again.validate() and again.held
