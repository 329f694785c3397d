"""Money: reading and writing amounts, adding them up, naming them."""

import pytest
from flask_babel import force_locale
from hypothesis import given
from hypothesis import strategies as st

from forsamlingshus.ledger import rules
from forsamlingshus.ledger.rules import MAX_TKR, Sums

amounts = st.integers(-MAX_TKR, MAX_TKR)


@pytest.mark.parametrize(
    ("text", "tkr"),
    [
        ("-1.250", -1250), ("-1250", -1250), ("(1.250)", -1250), ("\u22121250", -1250), ("1.250-", -1250),
        ("1.250", 1250), ("1250", 1250), ("0", 0), ("-0", 0), (" 300 ", 300), ("\u00a0-20\u00a0", -20),
        ("-1.250.000", -1250000), ("999", 999), ("\u22121.250", -1250), ("(7)", -7),
    ],
)  # fmt: skip
def test_parse_reads_the_ways_danes_write(text, tkr):
    assert rules.parse_tkr(text) == tkr


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "-", "()", "(-5)", "-(5)", "--5", "-5-", "(5", "5)", "1,250", "1,25", "1.25", "12.50", "1.2500",
        ".250", "0.250", "007", "1 250", "1.250 kr.", "1e3", "0x10", "+5", "½", "٣", "１２", "1_000", "100.000.000",
        "9" * 5000, "1.250.00", "1..250", "1.250\n-5", "NaN", "−", "5−", "tusind",
    ],
)  # fmt: skip
def test_parse_refuses_what_could_mean_two_things(text):
    with pytest.raises(ValueError):
        rules.parse_tkr(text)


@given(amounts)
def test_parse_round_trips_every_way_of_writing(tkr):
    plain, pointed = str(abs(tkr)), rules.danish(abs(tkr))
    assert rules.parse_tkr(rules.danish(tkr)) == tkr
    for digits in (plain, pointed):
        ways = (f"-{digits}", f"\u2212{digits}", f"({digits})", f"{digits}-") if tkr < 0 else (digits,)
        assert {rules.parse_tkr(way) for way in ways} == {tkr}


@given(st.text(alphabet="0123456789.,-()\u2212 +", max_size=12))
def test_parse_never_guesses(text):
    """Whatever is read at all is exactly what writing it again gives, signs apart."""
    try:
        tkr = rules.parse_tkr(text)
    except ValueError:
        return
    digits = "".join(letter for letter in text if letter.isdigit())
    assert abs(tkr) == int(digits)
    assert "," not in text
    assert "+" not in text
    if "." in text:
        assert rules.danish(abs(tkr)) in text


def test_danish_is_the_same_in_every_language(app_context):
    with force_locale("en"):
        assert rules.danish(-1250000) == "-1.250.000"


@given(st.lists(st.tuples(st.integers(2024, 2027), amounts, amounts)))
def test_add_up_is_the_sum_of_each_year_and_of_full_phase_in(parts):
    total = rules.add_up(Sums({year: tkr}, full) for year, tkr, full in parts)
    assert total.full_phase_in == sum(full for _year, _tkr, full in parts)
    for year in range(2024, 2028):
        assert total.of(year) == sum(tkr for at, tkr, _full in parts if at == year)


def test_word_stands_for_the_sign_in_both_languages(app_context):
    with force_locale("da"):
        assert [rules.word(tkr) for tkr in (-1, 1, 0)] == ["besparelse", "merudgift", "ingen ændring"]
    with force_locale("en"):
        assert [rules.word(tkr) for tkr in (-1, 1, 0)] == ["saving", "extra expenditure", "no change"]
