"""Verbs on the process, and what they tell the pages."""

from datetime import UTC, datetime

import pytest
from flask import g

from forsamlingshus.kernel import db, topics
from forsamlingshus.kernel.db import transaction
from forsamlingshus.kernel.errors import Conflict
from forsamlingshus.process import actions, phases, queries
from tests.queries import counted

DAY = datetime(2023, 9, 7, tzinfo=UTC)
WORDS = {"kind": "x", "title_da": "Dato", "title_en": "Date"}


def test_year_can_be_added_once(build):
    build.year(2024)
    with pytest.raises(Conflict, match="already exists"), transaction() as session:
        actions.add_year(session, year=2024)


def test_theme_slug_is_unique_within_its_year(build):
    year = build.year(2024)
    build.theme(year, slug="trivsel")
    build.theme(build.year(2025), slug="trivsel")
    with pytest.raises(Conflict, match="already has a theme trivsel"):
        build.theme(year, slug="trivsel")


def test_milestone_with_a_known_key_is_changed(build, session):
    build.year(2024)
    for title in ("Først", "Så"):
        with transaction() as writing:
            year = queries.year_of(writing, 2024)
            actions.add_milestone(writing, budget_year=year, key="frist", starts_at=DAY, **{**WORDS, "title_da": title})
    found = queries.year_of(session, 2024).milestones
    assert [(row.key, row.title_da, row.no) for row in found] == [("frist", "Så", 1)]


def test_municipality_keeps_what_is_not_named(session):
    with transaction() as writing:
        actions.set_municipality(writing, name="Albertslund Kommune", phone="12 34 56 78")
    with transaction() as writing:
        actions.set_municipality(writing, phone="87 65 43 21")
    row = queries.municipality(session)
    assert (row.name, row.phone) == ("Albertslund Kommune", "87 65 43 21")


def test_each_change_is_a_new_version_of_the_frame(build, session):
    seen = [topics.version_of(session, topics.SITE)]
    year = build.year(2024)
    seen.append(topics.version_of(session, topics.SITE))
    build.theme(year)
    seen.append(topics.version_of(session, topics.SITE))
    assert seen == sorted(set(seen))


def test_phases_are_read_once_for_each_version(app, build, session):
    build.year(2024)
    version = topics.version_of(session, topics.SITE)
    first = phases.openings_at(version)
    assert first == phases.openings(session)
    assert counted(app, lambda: phases.openings_at(version)) == 0
    build.year(2025)
    version = topics.version_of(session, topics.SITE)
    assert {opening.year for opening in phases.openings_at(version)} == {2024, 2025}


def test_session_goes_by_the_version_that_it_saw_first_or_the_request_before_it(app, build, session):
    build.year(2024)
    with app.app_context():
        phases.openings(db.session())
        seen = phases.version_seen(db.session())
        assert counted(app, lambda: phases.version_seen(db.session())) == 0
        assert seen == topics.version_of(session, topics.SITE)
    with app.app_context():
        g.site_version = seen - 1
        assert phases.version_seen(db.session()) == seen - 1
