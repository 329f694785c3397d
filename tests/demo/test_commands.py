"""`flask demo load`, `flask demo logins` and `flask demo start`."""

import stat

from sqlalchemy import func, select

from forsamlingshus.demo import commands, instance, queries
from forsamlingshus.demo.loader import cast
from forsamlingshus.demo.texts import read
from forsamlingshus.discussions.models import Post
from forsamlingshus.kernel import db
from tests.demo.conftest import rows


def test_load_fills_an_empty_instance_with_the_meeting_night(run, session):
    result = run("demo", "load")
    assert result.exit_code == 0, result.output
    assert queries.state(session).chapter == "borgermoede"
    assert session.scalar(select(func.count(Post.id))) >= 250


def test_load_of_the_same_chapter_changes_nothing(run, session, meeting_night):
    before = rows(session)
    result = run("demo", "load", "--chapter", "borgermoede")
    assert (result.exit_code, "Nothing was changed" in result.output) == (0, True)
    assert rows(session) == before


def test_load_refuses_an_instance_with_data_of_its_own(run, session, build):
    build.user("Anne Bjerre")
    before = rows(session)
    result = run("demo", "load", "--yes")
    assert result.exit_code == 1
    assert result.output == "Error: This instance holds data of its own; load the demo into an empty one.\n"
    assert rows(session) == before


def test_load_asks_before_it_replaces_a_chapter(run, session, meeting_night):
    before = rows(session)
    result = run("demo", "load", "--chapter", "katalog", input="n\n")
    assert (result.exit_code, "also what visitors wrote" in result.output) == (1, True)
    assert rows(session) == before


def test_replaced_chapter_is_like_a_fresh_one(run, session, chapter):
    chapter("katalog")
    # Accounts hold the machine's time and salted hashes; topics go on counting, so their versions are higher.
    fresh = {name: len(table) for name, table in rows(session).items()}
    chapter("borgermoede")
    assert {name: len(table) for name, table in rows(session).items()} != fresh
    result = run("demo", "load", "--chapter", "katalog", "--yes")
    assert result.exit_code == 0, result.output
    assert {name: len(table) for name, table in rows(session).items()} == fresh
    assert queries.state(session).chapter == "katalog"


def versions(session):
    return {name: version for name, version, _page_version in rows(session)["topic"]}


def test_versions_go_on_when_a_chapter_is_replaced(run, session, meeting_night):
    before = versions(session)
    run("demo", "load", "--chapter", "katalog", "--yes")
    after = versions(session)
    assert before
    assert all(after[name] >= version for name, version in before.items())


def test_load_says_when_there_are_no_tables(run, session, monkeypatch):
    monkeypatch.setattr(instance, "has_tables", lambda _session: False)
    result = run("demo", "load")
    assert (result.exit_code, "flask db upgrade" in result.output) == (1, True)


def test_logins_names_address_accounts_and_password(run, meeting_night):
    result = run("demo", "logins")
    assert result.exit_code == 0
    for person in cast.with_accounts(read().people):
        assert cast.email_of(person) in result.output
    assert f"Password of all of them: {meeting_night.password}" in result.output
    assert "http://127.0.0.1:8000" in result.output
    assert set(commands.MAY) == {person.account for person in cast.with_accounts(read().people)}


def test_logins_says_when_the_password_is_another_one(run, meeting_night, monkeypatch):
    monkeypatch.setattr(instance, "password", lambda _given, _folder: "en helt anden en")
    result = run("demo", "logins")
    assert "en helt anden en" not in result.output
    assert "another one" in result.output


def test_logins_without_a_demo_says_what_to_do(run, session):
    result = run("demo", "logins")
    assert (result.exit_code, result.output) == (1, "Error: No demo is loaded. Run: flask demo load\n")


def test_start_loads_into_an_empty_instance_and_prints_the_logins(run, session, monkeypatch):
    monkeypatch.setattr(commands.flask_migrate, "upgrade", lambda: None)
    result = run("demo", "start")
    assert result.exit_code == 0, result.output
    assert "Password of all of them" in result.output
    again = run("demo", "start")
    assert "Loading" not in again.output
    assert "Password of all of them" in again.output


def test_start_leaves_a_real_instance_alone(run, session, build, monkeypatch):
    monkeypatch.setattr(commands.flask_migrate, "upgrade", lambda: None)
    build.user()
    before = rows(session)
    result = run("demo", "start")
    assert (result.exit_code, result.output) == (0, "Forsamlingshuset: http://127.0.0.1:8000\n")
    assert rows(session) == before


def test_password_is_random_for_each_install_and_kept_to_its_owner(tmp_path):
    first, second = (instance.password("", tmp_path / folder) for folder in ("a", "b"))
    assert first != second
    assert len(first) >= 12
    assert instance.password("", tmp_path / "a") == first
    assert stat.S_IMODE((tmp_path / "a" / "demo_password").stat().st_mode) == 0o600


def test_password_of_the_setting_wins_and_is_not_written_down(tmp_path):
    assert instance.password("valgt til messen", tmp_path) == "valgt til messen"
    assert list(tmp_path.iterdir()) == []


def test_every_table_is_looked_at_before_the_demo_is_loaded(session):
    assert instance.is_empty(session)
    session.execute(db.Base.metadata.tables["topic"].insert().values(name="process:1", version=1))
    assert not instance.is_empty(session)
    session.rollback()
