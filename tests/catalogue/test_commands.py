"""`flask catalogue publish` and `flask catalogue control`."""

from datetime import UTC, datetime

from forsamlingshus.catalogue.models import Catalogue
from forsamlingshus.contributions.models import FateKind
from tests.catalogue.conftest import stored


def run(app, *arguments):
    return app.test_cli_runner().invoke(args=["catalogue", *arguments])


def test_publish_reads_danish_wall_clock_and_marks_the_posts(app, writing):
    said, row = writing.collected()
    writing.proposal(number=17, inputs=[row])
    writing.proposal(number=18, status="draft")
    answer = run(app, "publish", "2024", "--at", "2023-08-21T12:00")
    assert (answer.exit_code, answer.output) == (
        0,
        "The catalogue of Budget 2024 is public from 21.08.2023 12:00.\nStill drafts, and so left out: 18.\n",
    )
    assert stored(Catalogue)[0].published_at == datetime(2023, 8, 21, 10, tzinfo=UTC)
    assert (FateKind.PROPOSAL, 17) in writing.fates(said)


def test_publish_without_a_moment_means_now_and_never_takes_it_back(app, writing, client):
    writing.proposal()
    assert run(app, "publish", "2024").exit_code == 0
    assert client.get("/budget/2024/katalog").status_code == 200
    assert run(app, "publish", "2024", "--never").output == "The catalogue of Budget 2024 is not published.\n"
    assert client.get("/budget/2024/katalog").status_code == 404


def test_publish_refuses_nonsense_in_a_sentence(app, writing):
    for arguments, words in (
        (("2024", "--at", "i morgen"), "is not a moment such as"),
        (("2024", "--at", "2023-08-21", "--never"), "exclude each other"),
        (("1999",), "Budget 1999 does not exist."),
    ):
        answer = run(app, "publish", *arguments)
        assert answer.exit_code != 0
        assert words in answer.output
    assert stored(Catalogue) == []


def test_control_declares_and_says_what_is_real_now(app, writing):
    writing.proposal(-1, -1, -1, -27_600)
    answer = run(app, "control", "2024", "--count", "47", "--tkr", "-28.000")
    assert answer.output == (
        "Declared for Budget 2024: 47 proposals, -28.000 at full phase-in (DKK 1,000).\n"
        "Real now: 1 proposals, -27.600.\n"
    )
    assert run(app, "control", "2024", "--count", "1", "--tkr", "-27600").output.count("\n") == 1
    assert (stored(Catalogue)[0].control_count, stored(Catalogue)[0].control_tkr) == (1, -27_600)


def test_control_refuses_an_amount_that_could_mean_two_things(app, writing):
    answer = run(app, "control", "2024", "--count", "47", "--tkr", "28,0")
    assert answer.exit_code != 0
    assert "is not an amount such as" in answer.output
    assert stored(Catalogue) == []
