"""`flask doctor`: is this instance well, and if not, how to mend it."""

import click
from flask import current_app
from flask.cli import with_appcontext

from forsamlingshus.site import checks


@click.command("doctor")
@with_appcontext
def doctor() -> None:
    """Check settings, database, data folder, disk and converter; ends with 1 when anything fails."""
    found = checks.all_of(current_app.config["SETTINGS"])
    for check in found:
        word = click.style("OK   ", fg="green") if check.ok else click.style("FAULT", fg="red")
        click.echo(f"{word} {check.name}: {check.found}")
        if not check.ok:
            click.echo(f"      {check.mend}")
    if not all(check.ok for check in found):
        raise SystemExit(1)


GROUPS: tuple[click.Command, ...] = (doctor,)
