"""`flask catalogue`: when the catalogue is published, and what it was declared to come to."""

from datetime import datetime

import click
from flask.cli import AppGroup

from forsamlingshus.catalogue import actions, queries, rules
from forsamlingshus.kernel import clock, db
from forsamlingshus.kernel.db import transaction
from forsamlingshus.ledger.rules import danish, parse_tkr
from forsamlingshus.process import queries as process_queries

group = AppGroup("catalogue", help="Publish a catalogue and declare its control total.")
GROUPS: tuple[click.Command, ...] = (group,)


def _moment(text: str) -> datetime:
    """A moment in ISO 8601; without an offset it is meant in Copenhagen."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(f"{text!r} is not a moment such as 2023-08-21T12:00") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=clock.COPENHAGEN)


def _demand_year(year: int) -> None:
    if process_queries.year_of(db.session(), year) is None:
        raise click.ClickException(f"Budget {year} does not exist. `flask year add {year}` sets it up.")


@group.command("publish")
@click.argument("year", type=int)
@click.option("--at", "at", default="", help="From when, e.g. 2023-08-21T12:00 (Copenhagen). Default: now.")
@click.option("--never", is_flag=True, help="Take the publication back.")
def publish(year: int, at: str, never: bool) -> None:
    """Set the moment from which everybody may read the catalogue of YEAR. No job is needed when it comes."""
    if at and never:
        raise click.UsageError("--at and --never exclude each other.")
    _demand_year(year)
    moment = None if never else (_moment(at) if at else clock.now())
    with transaction() as session:
        actions.publish(session, budget_year=year, at=moment)
    if moment is None:
        click.echo(f"The catalogue of Budget {year} is not published.")
        return
    click.echo(f"The catalogue of Budget {year} is public from {clock.local(moment):%d.%m.%Y %H:%M}.")
    rows = queries.rows(db.session(), year, drafts=True)
    drafts = [str(row.proposal.number) for row in rows if row.proposal.is_draft]
    if drafts:
        click.echo(f"Still drafts, and so left out: {', '.join(drafts)}.")


@group.command("control")
@click.argument("year", type=int)
@click.option("--count", "count", type=click.IntRange(min=0), required=True, help="How many proposals.")
@click.option("--tkr", "tkr", required=True, help="Full phase-in in DKK 1,000, signed: -28.000 is a saving.")
def control(year: int, count: int, tkr: str) -> None:
    """Declare what the catalogue of YEAR must come to; while it differs, its page says so."""
    _demand_year(year)
    try:
        amount = parse_tkr(tkr)
    except ValueError:
        raise click.BadParameter(f"{tkr!r} is not an amount such as -28.000") from None
    with transaction() as session:
        catalogue = actions.set_control(session, budget_year=year, count=count, tkr=amount)
    real = rules.control(catalogue, rules.table(queries.rows(db.session(), year, drafts=False)))
    click.echo(f"Declared for Budget {year}: {count} proposals, {danish(amount)} at full phase-in (DKK 1,000).")
    if real is not None and not real.agrees:
        click.echo(f"Real now: {real.real_count} proposals, {danish(real.real_tkr)}.")
