"""The doctor: each check finds what is wrong and says how to mend it."""

from collections import namedtuple
from dataclasses import replace

import pytest

from forsamlingshus.site import checks
from forsamlingshus.site.checks import Check
from forsamlingshus.slides import converter

Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def settings(app, app_context):
    return app.config["SETTINGS"]


def named(name, found):
    return next(check for check in found if check.name == name)


def test_healthy_instance_passes_what_does_not_need_migrations(settings):
    found = checks.all_of(settings)
    assert [check.name for check in found] == [
        "settings", "database", "migrations", "data folder", "free disk", "user", "secret key", "slides",
        "office files",
    ]  # fmt: skip
    assert [check for check in found if not check.ok and check.name != "migrations"] == []


def test_database_that_was_never_migrated_is_found(settings):
    check = named("migrations", checks.ready(settings))
    assert (check.ok, check.mend) == (False, "Run: flask db upgrade")


def test_newest_migration_is_recognised(settings, monkeypatch, session):
    from sqlalchemy import text

    from forsamlingshus.kernel import db

    class Script:
        def __init__(self, _folder):
            pass

        def get_heads(self):
            return ["0002"]

    monkeypatch.setattr(checks, "ScriptDirectory", Script)
    with db.db.engine.begin() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
        connection.execute(text("INSERT INTO alembic_version VALUES ('0001')"))
    try:
        assert named("migrations", checks.ready(settings)).found == "at 0001, the newest is 0002"
        with db.db.engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '0002'"))
        assert named("migrations", checks.ready(settings)).ok
    finally:
        with db.db.engine.begin() as connection:
            connection.execute(text("DROP TABLE alembic_version"))


def test_address_without_https_is_found(settings):
    check = named("settings", checks.all_of(replace(settings, public_url="http://forsamlingshus.example")))
    assert (check.ok, "FORSAMLINGSHUS_PUBLIC_URL" in check.mend) == (False, True)


def test_missing_data_folder_is_found(settings, tmp_path):
    found = checks.ready(replace(settings, data_dir=tmp_path / "missing"))
    assert (named("data folder", found).ok, "FORSAMLINGSHUS_DATA_DIR" in named("data folder", found).mend) == (
        False,
        True,
    )
    assert not named("free disk", found).ok


@pytest.mark.parametrize(("free", "ok"), [(999_999_999, False), (1_000_000_000, True)])
def test_full_disk_is_found(settings, monkeypatch, free, ok):
    monkeypatch.setattr(checks.shutil, "disk_usage", lambda _path: Usage(10**12, 0, free))
    assert named("free disk", checks.ready(settings)).ok is ok


def test_secret_key_that_others_can_read_is_found(settings, tmp_path):
    kept = tmp_path / "secret_key"
    kept.write_text("x" * 40)
    kept.chmod(0o644)
    here = replace(settings, data_dir=tmp_path, secret_key="")
    assert (checks._secret_key(here).ok, "chmod 600" in checks._secret_key(here).mend) == (False, True)
    kept.chmod(0o600)
    assert checks._secret_key(here).ok
    assert checks._secret_key(replace(here, secret_key="y" * 40)).found == "from the settings"


def test_converter_that_fails_is_found(settings, monkeypatch):
    def fail(*_args, **_kwargs):
        raise converter.ConversionFailed(converter.Fault.CRASHED)

    monkeypatch.setattr(converter, "render", fail)
    check = named("slides", checks.all_of(settings))
    assert (check.ok, check.found) == (False, "the converter says crashed")


def test_check_that_breaks_is_a_finding(settings, monkeypatch):
    def broken(_path):
        raise PermissionError("no entry")

    monkeypatch.setattr(checks.shutil, "disk_usage", broken)
    assert named("free disk", checks.ready(settings)).found == "PermissionError: no entry"


def test_command_prints_each_check_and_ends_with_one_when_any_fails(app, app_context, monkeypatch):
    runner = app.test_cli_runner()
    good, bad = (
        Check("database", ok=True, found="sqlite"),
        Check("free disk", ok=False, found="0.2 GB", mend="Free it."),
    )
    monkeypatch.setattr(checks, "all_of", lambda _settings: [good, bad])
    answer = runner.invoke(args=["doctor"])
    assert (answer.exit_code, answer.output) == (1, "OK    database: sqlite\nFAULT free disk: 0.2 GB\n      Free it.\n")
    monkeypatch.setattr(checks, "all_of", lambda _settings: [good])
    assert runner.invoke(args=["doctor"]).exit_code == 0


@pytest.mark.parametrize(
    ("uid", "address", "ok"),
    [
        (0, "https://budget.example", False),
        (1000, "https://budget.example", True),
        (0, "http://127.0.0.1:8000", True),
    ],
)
def test_root_is_no_user_for_a_public_server(settings, monkeypatch, uid, address, ok):
    monkeypatch.setattr(checks.os, "geteuid", lambda: uid)
    check = named("user", checks.all_of(replace(settings, public_url=address)))
    assert (check.ok, bool(check.mend)) == (ok, not ok)
