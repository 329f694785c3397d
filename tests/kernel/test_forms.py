"""What every form says in the page's language, the library's own words included."""

import pytest
from flask import g

from forsamlingshus.discussions.forms import HideForm, ThreadForm
from forsamlingshus.meetings.forms import GuestPolicyForm


@pytest.mark.parametrize(("language", "sentence"), [("da", "Vælg en fra listen"), ("en", "Choose one of the list")])
@pytest.mark.parametrize(
    ("form", "name"),
    [(GuestPolicyForm, "guests"), (HideForm, "reason_code"), (ThreadForm, "prompt_no")],
)
def test_choice_that_is_not_offered_is_told_of_in_the_pages_language(app, form, name, language, sentence):
    with app.test_request_context("/", method="POST", data={name: "77"}):
        g.language = language
        filled = form()
        assert not filled.validate()
        assert filled[name].errors == [sentence]
