"""Setting up a meeting from the command line, from an empty instance to a facilitator."""

import pytest

from forsamlingshus.meetings import queries
from tests.pages import readable

MEETING = (
    "meeting",
    "add",
    "2024",
    "--starts-at",
    "2023-05-03T18:30",
    "--ends-at",
    "2023-05-03T20:30",
    "--place",
    "Rådhuset",
)


@pytest.fixture
def run(app, session):
    runner = app.test_cli_runner()
    return lambda *words: runner.invoke(args=[*words])


def test_empty_instance_is_started_by_commands_alone(app, client, run, build, session):
    user = build.user(email="mette@example.org", name="Mette Holm")
    answers = [
        run("municipality", "set", "--name", "Albertslund Kommune"),
        run("year", "add", "2024"),
        run("theme", "add", "2024", "trivsel", "Trivsel", "Wellbeing", "--colour", "trivsel"),
        run(*MEETING, "--sign-up-required"),
        run("meeting", "agenda", "2024", "Velkomst", "Welcome", "--at", "18:30", "--speaker", "Borgmesteren"),
        run(
            "workshop",
            "add",
            "2024",
            "trivsel",
            "--lead-da",
            "Skoler.",
            "--prompt",
            "Hvor?",
            "Where?",
            "--prompt",
            "A",
            "B",
        ),
        run("facilitator", "grant", "mette@example.org", "trivsel"),
    ]
    assert [answer.exit_code for answer in answers] == [0] * 7, [answer.output for answer in answers]
    workshop = queries.workshop_page(session, 2024, "trivsel")
    assert queries.scopes_of(user.id) == {workshop.scope_key}
    for path in (
        "/",
        "/budget/2024",
        "/budget/2024/tidsplan",
        "/budget/2024/borgermoede",
        "/budget/2024/temaer/trivsel",
    ):
        assert client.get(path).status_code == 200
    page = readable(client.get("/budget/2024/borgermoede"))
    assert [words in page for words in ("Borgermøde om Budget 2024", "kl. 18.30", "Borgmesteren")] == [True] * 3


def test_meeting_of_a_missing_year_says_how_to_add_it(run):
    answer = run(*MEETING)
    assert (answer.exit_code, "flask year add 2024" in answer.output) == (1, True)


def test_meeting_must_begin_before_it_ends(run, build):
    build.year(2024)
    answer = run(
        "meeting", "add", "2024", "--starts-at", "2023-05-03T20:30", "--ends-at", "2023-05-03T20:30", "--place", "x"
    )
    assert (answer.exit_code, "begin before it ends" in answer.output) == (2, True)


def test_workshop_needs_meeting_and_theme(run, build):
    build.theme(build.year(2024), slug="trivsel")
    assert "has no meeting" in run("workshop", "add", "2024", "trivsel").output
    run(*MEETING)
    assert "has no theme groen" in run("workshop", "add", "2024", "groen").output
    assert run("workshop", "add", "2024", "trivsel").exit_code == 0


def test_facilitator_is_granted_once_and_revoked(run, build, meetings, session):
    meetings.add()
    user = build.user(email="mette@example.org")
    assert run("facilitator", "grant", "METTE@example.org", "borgermoede").exit_code == 0
    assert "already facilitates borgermoede" in run("facilitator", "grant", "mette@example.org", "borgermoede").output
    assert run("facilitator", "revoke", "mette@example.org", "borgermoede", "--year", "2024").exit_code == 0
    assert queries.scopes_of(user.id) == frozenset()


def test_grant_names_what_is_missing(run, build, meetings):
    meetings.add()
    build.user(email="mette@example.org")
    assert (
        "There is no account nobody@example.org"
        in run("facilitator", "grant", "nobody@example.org", "borgermoede").output
    )
    assert "no meeting or workshop groen" in run("facilitator", "grant", "mette@example.org", "groen").output
    assert "in Budget 2025" in run("facilitator", "grant", "mette@example.org", "borgermoede", "--year", "2025").output
