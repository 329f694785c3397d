"""What commands share: a refusal or a broken disk becomes one sentence, and words of addresses are checked."""

import functools
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click
from email_validator import EmailNotValidError, validate_email
from sqlalchemy.exc import DatabaseError

from forsamlingshus.kernel.errors import DomainError

BROKEN = (OSError, DatabaseError, sqlite3.Error)
"""What a full disk, a folder of somebody else or a damaged file is, whoever meets it first."""

# What SQLite says, and what that means to whoever runs a command.
_TROUBLES = (
    ("no such table", "The database lacks tables of this version. Run: flask db upgrade"),
    ("no such column", "The database lacks columns of this version. Run: flask db upgrade"),
    ("disk is full", "The disk is full. Nothing was changed; make room and try again."),
    ("disk I/O error", "The disk of the data folder is full or fails. Make room there, or look at the disk."),
    ("is locked", "Another process keeps the database busy. Nothing was changed; try again in a moment."),
    ("readonly", "The database may not be written. Run the command as the user that owns the data folder."),
    ("unable to open", "The database cannot be opened. Run the command as the user that owns the data folder."),
    (
        "not a database",
        "The database's file is something else. Name another FORSAMLINGSHUS_DATA_DIR or restore a backup.",
    ),
    ("malformed", "The database's file is damaged. Restore a backup."),
)


@contextmanager
def reported() -> Iterator[None]:
    """Turn what an action refuses into the one sentence that the command ends with (exit code 1)."""
    try:
        yield
    except DomainError as error:
        raise click.ClickException(error.message or "This is not allowed.") from None


def trouble(error: Exception) -> str:
    """What is wrong with the disk or the database, in one sentence; raises the error when it is our own fault."""
    if isinstance(error, OSError):
        return f"{error.filename or 'The data folder'}: {error.strerror or error}."
    said = str(error.orig if isinstance(error, DatabaseError) else error)
    for words, sentence in _TROUBLES:
        if words in said:
            return sentence
    raise error


def plainly(command: click.Command) -> None:
    """Let a command and those below it end with one sentence when the disk or the database fails them."""
    if isinstance(command, click.Group):
        for below in command.commands.values():
            plainly(below)
        return
    run = command.callback

    @functools.wraps(run)  # type: ignore[arg-type]
    def told(*args: Any, **kwargs: Any) -> Any:
        try:
            return run(*args, **kwargs)  # type: ignore[misc]
        except BROKEN as error:
            raise click.ClickException(trouble(error)) from None

    command.callback = told


def slug(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    """Callback of an argument that becomes a word of an address. Raises click.BadParameter."""
    if not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", value):
        raise click.BadParameter("use lower-case letters a-z, digits and hyphens (ae, oe, aa for æ, ø, å).")
    return words(80)(_context, _parameter, value)


def words(most: int, *, may_be_empty: bool = False) -> Callable[[click.Context, click.Parameter, str], str]:
    """A callback for what a page shows: not blank unless it may be, and at most as long as its column."""

    def checked(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
        if value is not None and not value.strip() and not may_be_empty:
            raise click.BadParameter("it must not be empty.")
        if len(value or "") > most:
            raise click.BadParameter(f"it may have at most {most} characters.")
        return value

    return checked


def mailbox(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    """Callback of an option that holds a mailbox; an empty one takes it away. Raises click.BadParameter."""
    try:
        return validate_email(value.strip(), check_deliverability=False).normalized if value else value
    except EmailNotValidError:
        raise click.BadParameter(f"{value} is not an e-mail address.") from None
