"""One's own page: what each role is for here, with the pages that exist now and no others."""

import re

import pytest

from forsamlingshus.kernel.db import transaction
from forsamlingshus.meetings import actions as meetings
from tests.pages import readable

MEETING, HEARING = "2023-05-03T18:35:00+02:00", "2023-08-21T12:00:00+02:00"
HEADINGS = {
    "council": "Som medlem af kommunalbestyrelsen",
    "staff": "Som medarbejder",
    "admin": "Som administrator",
    "facilitator": "Som ordstyrer",
    "citizen": "Hvad kan du her?",
}


def my_page(app, user):
    client = app.test_client()
    client.log_in(user)
    page = readable(client.get("/min-side"))
    return page.partition("<main")[2].partition("</main>")[0]


def headings(page):
    return [title for title in HEADINGS.values() if f">{title}</h2>" in page]


@pytest.mark.parametrize("roles", [["council"], ["staff"], ["admin"], [], ["council", "admin"]])
def test_each_role_reads_what_it_is_for(app, build, whole, at, roles):
    at(MEETING)
    page = my_page(app, build.user(roles=roles))
    assert headings(page) == [HEADINGS[role] for role in roles or ["citizen"]]


def test_facilitator_finds_the_own_places_alone(app, build, course, at):
    course.year()
    mine, other, *_rest = course.meeting()
    user = build.user()
    with transaction() as session:
        meetings.grant_facilitator(session, user=session.merge(user), workshop=session.merge(mine))
    page = my_page(app, user)
    assert headings(page) == [HEADINGS["facilitator"]]
    assert f"/styring/2024/{mine.slug}/oplaeg" in page
    assert f"/styring/2024/{other.slug}/oplaeg" not in page


def test_council_reads_the_catalogue_once_it_is_public_and_the_steps_that_are_its_own(app, build, whole, at):
    user = build.user(roles=["council"])
    at(MEETING)
    before = my_page(app, user)
    assert "/budget/2024/katalog" not in before
    assert "følge et forslag tilbage" not in before, "there is no proposal to follow yet"
    assert "din rolle ved dit navn" in before
    at(HEARING)
    page = my_page(app, user)
    assert 'href="/budget/2024/katalog"' in page
    assert "følge et forslag tilbage" in page
    assert "tirsdag den 12. september 2023" in page
    at("2023-11-01T12:00:00+01:00")
    assert "næste skridt" not in my_page(app, user)


def test_commands_that_the_administrator_reads_of_exist(app, build):
    page = my_page(app, build.user(roles=["admin"]))
    named = re.findall(r"<code>flask ([a-z]+)</code>", page)
    assert len(named) >= 6
    assert set(named) <= set(app.cli.commands)


def test_instance_without_a_year_says_nothing_of_one(app, build):
    for roles in ([], ["council"], ["staff"], ["admin"]):
        assert "/budget/" not in my_page(app, build.user(roles=roles))
