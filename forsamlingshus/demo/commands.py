"""Commands of the demo: `flask demo load`, `flask demo logins`, and `flask demo start` for `make run`."""

import click
import flask_migrate
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import select
from sqlalchemy.orm import Session

from config import Settings
from forsamlingshus.accounts import passwords
from forsamlingshus.accounts.models import User
from forsamlingshus.demo import instance, loader, queries, texts
from forsamlingshus.demo.loader import cast
from forsamlingshus.demo.models import DemoState
from forsamlingshus.kernel import clock, db
from forsamlingshus.kernel.cli import reported
from forsamlingshus.kernel.db import transaction

MAY = {
    "borger": "writes in the debate",
    "borger2": "writes in the debate, in another browser",
    "facilitator": "facilitates the plenary meeting and the workshop on rehabilitation",
    "facilitator2": "facilitates the workshop on digitalisation",
    "medarbejder": "staff: collects input, writes proposals, moderates",
    "byraad": "member of the council",
    "admin": "administrator",
}

demo = AppGroup("demo", help="The demo: Budget 2024 with invented people.")
GROUPS: tuple[click.Command, ...] = (demo,)


@demo.command("load")
@click.option("--chapter", type=click.Choice(texts.CHAPTERS), default=texts.CHAPTERS[0], show_default=True)
@click.option("--yes", is_flag=True, help="Replace another chapter without asking.")
def load(chapter: str, yes: bool) -> None:
    """Load a chapter: borgermoede (3 May 2023, 18.35), efter-moedet (10 May, 12.00) or katalog (21 August, 12.00).

    The same chapter again changes nothing. Another one replaces everything in the demo, also what visitors wrote.
    An instance with data of its own is refused.
    """
    session = db.session()
    if not instance.has_tables(session):
        raise click.ClickException("The database has no tables yet. Run: flask db upgrade")
    state = queries.state(session)
    if state is not None and state.chapter == chapter:
        click.echo(f"The demo already shows the chapter {chapter}. Nothing was changed.")
        return
    if state is not None and not yes:
        click.confirm(
            f"Replace everything in this demo, also what visitors wrote, by the chapter {chapter}?", abort=True
        )
    with reported(), transaction() as session:
        if state is None:
            instance.demand_empty(session)
        else:
            instance.clear(session)
        _load(session, chapter)
    click.echo(f"The chapter {chapter} is loaded. Its slides are drawn when the server starts.")
    if state is not None:
        click.echo("Restart a running server: its clock still stands in the other chapter.")


@demo.command("logins")
def logins() -> None:
    """Print the address and the accounts of the demo with their password."""
    session = db.session()
    state = queries.state(session) if instance.has_tables(session) else None
    if state is None:
        raise click.ClickException("No demo is loaded. Run: flask demo load")
    _tell_logins(session, state)


@demo.command("start")
def start() -> None:
    """Make a local instance ready to be served: migrate, load the demo into an empty database, print the logins.

    An instance with data of its own is only migrated.
    """
    flask_migrate.upgrade()
    session = db.session()
    if queries.state(session) is None and instance.is_empty(session):
        click.echo("Loading the demo …")
        with transaction() as session:
            _load(session, texts.CHAPTERS[0])
    session = db.session()
    state = queries.state(session)
    if state is None:
        click.echo(f"Forsamlingshuset: {_settings().public_url}")
    else:
        _tell_logins(session, state)


def _load(session: Session, chapter: str) -> None:
    settings = _settings()
    password = instance.password(settings.demo_password, settings.data_dir)
    store = current_app.extensions["forsamlingshus.files"]
    loader.load(session, chapter=chapter, password=password, store=store)


def _tell_logins(session: Session, state: DemoState) -> None:
    settings = _settings()
    password = instance.password(settings.demo_password, settings.data_dir)
    moment = clock.local(state.moment)
    click.echo(f"Forsamlingshuset: {settings.public_url}")
    click.echo(f"The demo shows {moment:%-d %B %Y, %H.%M}. Log in with:")
    for person in cast.with_accounts(texts.read().people):
        click.echo(f"  {cast.email_of(person):38} {person.name:12} {MAY[person.account]}")
    first = session.scalar(select(User).where(User.email == cast.email_of(cast.ADMIN)))
    if first is not None and passwords.verify(first.password_hash, password):
        click.echo(f"Password of all of them: {password}")
    else:
        click.echo("Their password is another one than the setting says now: set it with flask user password.")


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings
