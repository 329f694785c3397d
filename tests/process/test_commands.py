"""Setting up a budget year from the command line."""

import pytest

from forsamlingshus.process import queries


@pytest.fixture
def run(app, session):
    runner = app.test_cli_runner()
    return lambda *words: runner.invoke(args=[*words])


def test_year_gets_steps_and_dates(run, session):
    answer = run("year", "add", "2024", "--hearing-mailbox", "budget@example.org", "--meeting", "2023-05-04")
    assert (answer.exit_code, "meeting          2023-05-04" in answer.output) == (0, True)
    year = queries.year_of(session, 2024)
    assert [phase.key for phase in year.phases if phase.step] == [
        "borgermoede", "debat", "katalog", "hoering", "aftale", "vedtagelse",
    ]  # fmt: skip
    assert queries.milestone_of(year, "borgermoede").day.isoformat() == "2023-05-04T00:00:00+02:00"
    assert year.hearing_mailbox == "budget@example.org"


def test_year_that_exists_is_refused_with_a_sentence(run, build):
    build.year(2024)
    answer = run("year", "add", "2024")
    assert (answer.exit_code, answer.output) == (1, "Error: Budget 2024 already exists.\n")


def test_crossing_dates_are_refused_and_nothing_is_stored(run, session):
    answer = run("year", "add", "2024", "--hearing-closes", "2023-08-01")
    assert answer.exit_code == 2
    assert "The dates cross: hearing_opens (2023-08-21) lies after hearing_closes (2023-08-01)" in answer.output
    assert queries.year_of(session, 2024) is None


def test_unlawful_dates_are_named_but_stored(run, session):
    answer = run("year", "add", "2024", "--first-reading", "2023-10-01")
    assert "The two readings must be at least three weeks apart." in answer.output
    assert queries.year_of(session, 2024) is not None


def test_theme_is_added(run, build, session):
    build.year(2024)
    answer = run("theme", "add", "2024", "trivsel", "Trivsel", "Wellbeing", "--colour", "trivsel")
    assert (answer.exit_code, answer.output) == (0, "Budget 2024 has the theme Trivsel.\n")
    assert queries.theme_by_slug(session, 2024, "trivsel").name_en == "Wellbeing"


@pytest.mark.parametrize("slug", ["Trivsel", "trivsel og læring", "-trivsel", "a/b", ""])
def test_theme_slug_must_fit_an_address(run, build, slug):
    build.year(2024)
    answer = run("theme", "add", "2024", "--colour", "trivsel", "--", slug, "Trivsel", "Wellbeing")
    assert (answer.exit_code, "use lower-case letters" in answer.output) == (2, True)


def test_theme_of_a_missing_year_says_how_to_add_it(run):
    answer = run("theme", "add", "2031", "trivsel", "Trivsel", "Wellbeing", "--colour", "trivsel")
    assert (answer.exit_code, "flask year add 2031" in answer.output) == (1, True)


def test_municipality_is_set_and_changed(run, session):
    assert run("municipality", "set", "--phone", "1").exit_code == 2
    run("municipality", "set", "--name", "Albertslund Kommune", "--address", r"Rådhuset\n2620 Albertslund")
    answer = run("municipality", "set", "--public-line", "43 68 68 68")
    assert answer.output == "The municipality is Albertslund Kommune.\n"
    row = queries.municipality(session)
    assert (row.address, row.public_lines) == ("Rådhuset\n2620 Albertslund", ["43 68 68 68"])


def test_nothing_to_set_is_an_error(run):
    assert run("municipality", "set").exit_code == 2


THEME = ("theme", "add", "2024", "trivsel", "Trivsel", "Wellbeing", "--colour", "trivsel")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("year", "add", "2024", "--hearing-mailbox", "hjemme"), "hjemme is not an e-mail address."),
        (("year", "add", "2024", "--lead-da", "x" * 401), "at most 400 characters"),
        ((*THEME[:4], " ", *THEME[5:]), "must not be empty"),
        ((*THEME[:3], "x" * 81, *THEME[4:]), "at most 80 characters"),
        (("municipality", "set", "--name", ""), "must not be empty"),
        (("municipality", "set", "--name", "Vestby", "--email", "budget@"), "is not an e-mail address."),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_words_that_no_page_could_show_are_refused(run, session, words, sentence):
    assert run("year", "add", "2023").exit_code == 0
    answer = run(*words)
    assert (answer.exit_code, sentence in answer.output) == (2, True)
    assert queries.year_of(session, 2024) is None
    assert queries.municipality(session) is None
