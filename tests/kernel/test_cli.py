"""Commands and starts that meet a bad setting, a full disk or a folder of somebody else: one sentence, no traceback."""

import errno
import os
import sqlite3
import subprocess
import sys

import click
import pytest
from click.testing import CliRunner
from sqlalchemy.exc import OperationalError

from forsamlingshus import app as wiring
from forsamlingshus import serving
from forsamlingshus.kernel import cli, web


def of_sqlite(words):
    return OperationalError("SELECT 1", {}, sqlite3.OperationalError(words))


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (of_sqlite("no such table: user"), "flask db upgrade"),
        (of_sqlite("no such column: deck.pages"), "flask db upgrade"),
        (of_sqlite("database or disk is full"), "The disk is full"),
        (of_sqlite("database is locked"), "busy"),
        (of_sqlite("attempt to write a readonly database"), "may not be written"),
        (of_sqlite("unable to open database file"), "cannot be opened"),
        (of_sqlite("database disk image is malformed"), "Restore a backup"),
        (sqlite3.OperationalError("disk I/O error"), "full or fails"),
        (sqlite3.DatabaseError("file is not a database"), "something else"),
        (OSError(errno.ENOSPC, "No space left on device"), "The data folder: No space left on device."),
        (PermissionError(errno.EACCES, "Permission denied", "/data"), "/data: Permission denied."),
    ],
    ids=lambda value: "" if isinstance(value, str) else str(value),
)
def test_command_ends_with_one_sentence(error, sentence):
    @click.group()
    def group():
        pass

    @group.command("write")
    def write():
        raise error

    cli.plainly(group)
    result = CliRunner().invoke(group, ["write"])
    assert (result.exit_code, sentence in result.output, result.output.count("\n")) == (1, True, 1)


def test_fault_of_our_own_is_not_hidden():
    with pytest.raises(OperationalError):
        cli.trouble(of_sqlite('near "SELEKT": syntax error'))


EMPTY = [
    ["user", "add", "a@vestby.example", "--name", "Mette Holm", "--password-stdin"],
    *(["user", verb, "a@vestby.example"] for verb in ("password", "block", "unblock")),
    *(["user", verb, "a@vestby.example", "staff"] for verb in ("grant", "revoke")),
    ["municipality", "set", "--name", "Vestby Kommune"],
    ["year", "add", "2027"],
    ["theme", "add", "2027", "trivsel", "Trivsel", "Wellbeing", "--colour", "trivsel"],
    ["meeting", "add", "2027", "--place", "x", "--starts-at", "2026-05-06T18:30", "--ends-at", "2026-05-06T20:30"],
    ["meeting", "agenda", "2027", "Velkomst", "Welcome"],
    ["workshop", "add", "2027", "trivsel"],
    *(["facilitator", verb, "a@vestby.example", "trivsel"] for verb in ("grant", "revoke")),
    ["catalogue", "publish", "2027"],
    ["catalogue", "control", "2027", "--count", "1", "--tkr", "1"],
    ["demo", "load"],
]


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """An instance whose database was never migrated."""
    return wiring.create_app({"FORSAMLINGSHUS_DATA_DIR": str(tmp_path_factory.mktemp("bare"))}, immediate_jobs=True)


@pytest.mark.parametrize("args", EMPTY, ids=" ".join)
def test_command_before_the_first_migration_says_what_to_run(bare, args):
    result = bare.test_cli_runner().invoke(args=args, input="en god lang adgangskode\n")
    assert result.exit_code == 1
    assert result.output.splitlines()[-1].endswith("Run: flask db upgrade")


@pytest.fixture
def starting(monkeypatch, tmp_path, capsys):
    """`starting(threads="few")` starts with such settings; returns what it said before it gave up."""
    monkeypatch.setenv("FORSAMLINGSHUS_DATA_DIR", str(tmp_path / "data"))

    def start(**values):
        for name, value in values.items():
            monkeypatch.setenv(f"FORSAMLINGSHUS_{name.upper()}", value)
        with pytest.raises(SystemExit) as refused:
            serving.start()
        assert refused.value.code == serving.CANNOT_START
        (line,) = capsys.readouterr().err.splitlines()
        return line

    return start


def test_start_with_a_wrong_setting_is_one_sentence(starting):
    assert "FORSAMLINGSHUS_THREADS must be a whole number" in starting(threads="few")


def test_start_in_a_folder_that_cannot_be_made_is_one_sentence(starting, tmp_path):
    (tmp_path / "file").write_text("", encoding="ascii")
    assert f"{tmp_path}/file/data: Not a directory." in starting(data_dir=str(tmp_path / "file" / "data"))


def test_start_on_a_file_that_is_no_database_is_one_sentence(starting, tmp_path):
    (tmp_path / "letter").write_text("Kære kommune. " * 400, encoding="utf-8")
    assert "something else" in starting(database_url=f"sqlite:///{tmp_path}/letter")


def test_flask_with_a_wrong_setting_prints_one_sentence():
    program = os.path.join(os.path.dirname(sys.executable), "flask")
    environ = {**os.environ, "FORSAMLINGSHUS_DATABSE_URL": "x", "FLASK_APP": "wsgi"}
    done = subprocess.run([program, "demo", "start"], cwd=web.ROOT, env=environ, capture_output=True, text=True)
    assert done.returncode != 0
    assert done.stdout == ""
    assert done.stderr.splitlines() == [
        "Forsamlingshuset does not start: FORSAMLINGSHUS_DATABSE_URL is not a setting."
        " docs/settings.md lists those that exist."
    ]
