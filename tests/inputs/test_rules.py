"""What counts as a quote, and what an address may say."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from forsamlingshus.inputs import rules
from forsamlingshus.kernel.permissions import Who
from forsamlingshus.process.models import Activity

NOW = datetime(2023, 5, 24, tzinfo=UTC)
TEXT = "Mandag passer også  ældresvømningen.\n\nVi er færdige kl. 16. (Alle 18.)"


def test_find_quote_exact_words_gives_place_and_words():
    assert rules.find_quote(TEXT, "Vi er færdige kl. 16.") == (TEXT.index("Vi"), "Vi er færdige kl. 16.")


def test_find_quote_white_space_counts_once_across_lines():
    assert rules.find_quote(TEXT, "  også ældresvømningen. Vi\u00a0er ") == (
        TEXT.index("også"),
        "også ældresvømningen. Vi er",
    )


def test_find_quote_other_words_letters_or_signs_are_refused():
    for words in ("Vi er færdig kl. 16.", "vi er færdige", "Vi er færdige kl  17", "Alle 18.*", ".", "   ", ""):
        assert (rules.find_quote(TEXT, words) is None) == (words != "."), words


@given(st.text(min_size=1), st.data())
def test_find_quote_any_part_of_a_text_is_found_in_it(text, data):
    start = data.draw(st.integers(0, len(text)))
    part = text[start : data.draw(st.integers(start, len(text)))]
    found = rules.find_quote(text, part)
    if not part.split():
        assert found is None
    else:
        at, words = found
        assert words == " ".join(part.split())
        assert " ".join(text[at:].split()).startswith(words)


@given(st.text(alphabet="ab ", min_size=1), st.text(alphabet="ab ", min_size=1))
def test_find_quote_agrees_with_plain_search_in_single_spaced_text(text, words):
    tidy = " ".join(words.split())
    assert (rules.find_quote(text, words) is not None) == (bool(tidy) and tidy in " ".join(text.split()))


def test_collecting_is_for_staff_in_an_open_phase():
    staff = Who(now=NOW, roles=frozenset({"staff"}), opened=frozenset({(2024, str(Activity.COLLECT))}))
    council = Who(now=NOW, roles=frozenset({"council", "admin"}), scopes=frozenset({"workshop:1"}))
    assert rules.may_collect(staff)
    assert not rules.may_collect(council)
    assert rules.is_open(staff, 2024)
    assert not rules.is_open(staff, 2025)
    assert not rules.is_open(council, 2024)
