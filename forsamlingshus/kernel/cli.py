"""What commands share: a refusal becomes one sentence, and words of addresses are checked."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import click

from forsamlingshus.kernel.errors import DomainError


@contextmanager
def reported() -> Iterator[None]:
    """Turn what an action refuses into the one sentence that the command ends with (exit code 1)."""
    try:
        yield
    except DomainError as error:
        raise click.ClickException(error.message or "This is not allowed.") from None


def slug(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    """Callback of an argument that becomes a word of an address. Raises click.BadParameter."""
    if not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", value):
        raise click.BadParameter("use lower-case letters a-z, digits and hyphens (ae, oe, aa for æ, ø, å).")
    return value
