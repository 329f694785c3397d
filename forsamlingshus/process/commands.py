"""Commands that set up a budget year: `flask municipality set`, `flask year add`, `flask theme add`."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any

import click
from flask.cli import AppGroup

from forsamlingshus.kernel.cli import mailbox, reported, slug, words
from forsamlingshus.kernel.db import transaction
from forsamlingshus.process import actions, queries, standard

TOKENS = ("rehab", "admin", "trivsel", "groen")
"""The colours and glyphs of themes that the style sheets know."""

municipality = AppGroup("municipality", help="The municipality that this instance belongs to.")
year = AppGroup("year", help="Budget years with their phases and dates.")
theme = AppGroup("theme", help="The themes of a budget year.")
GROUPS: tuple[click.Command, ...] = (municipality, year, theme)


@municipality.command("set")
@click.option("--name", callback=words(80), help="Name, as it stands in the header.")
@click.option(
    "--department", callback=words(80, may_be_empty=True), help="Who answers questions, such as a budget office."
)
@click.option("--address", callback=words(200, may_be_empty=True), help="Postal address; \\n parts its lines.")
@click.option("--cvr", callback=words(20, may_be_empty=True), help="Company registration number.")
@click.option("--phone", callback=words(40, may_be_empty=True))
@click.option("--email", callback=mailbox, help="A mailbox of the department, never of a person.")
@click.option("--hours", callback=words(120, may_be_empty=True), help="Opening hours, in words.")
@click.option("--public-line", "public_lines", multiple=True, help="An own phone or mailbox that posts may name.")
def set_municipality(public_lines: tuple[str, ...], **values: str | None) -> None:
    """Set name and contacts; what is not given stays as it is."""
    given: dict[str, Any] = {name: value for name, value in values.items() if value is not None}
    if "address" in given:
        given["address"] = given["address"].replace("\\n", "\n")
    if public_lines:
        given["public_lines"] = list(public_lines)
    if not given:
        raise click.UsageError("Nothing to set. --help shows the options.")
    with transaction() as session:
        if "name" not in given and queries.municipality(session) is None:
            raise click.UsageError("Give --name: the municipality has none yet.")
        row = actions.set_municipality(session, **given)
    click.echo(f"The municipality is {row.name}.")


def date_options(command: Callable[..., None]) -> Callable[..., None]:
    """One option for each date of the standard course."""
    for name in reversed(standard.names()):
        option = f"--{name.replace('_', '-')}"
        command = click.option(option, name, type=click.DateTime(["%Y-%m-%d"]), metavar="YYYY-MM-DD")(command)
    return command


@year.command("add")
@click.argument("number", metavar="YEAR", type=click.IntRange(2000, 2100))
@date_options
@click.option(
    "--lead-da",
    default="",
    callback=words(400, may_be_empty=True),
    help="One sentence under the heading of the year's page.",
)
@click.option("--lead-en", default="", callback=words(400, may_be_empty=True))
@click.option(
    "--summary-da",
    default="",
    callback=words(2000, may_be_empty=True),
    help="The short text of the year's page; \\n\\n parts paragraphs.",
)
@click.option("--summary-en", default="", callback=words(2000, may_be_empty=True))
@click.option("--hearing-mailbox", default="", callback=mailbox, help="Where hearing responses are sent.")
def add_year(number: int, **values: Any) -> None:
    """Add the budget of YEAR with the six steps and the dates of the standard course.

    Each date that is not given falls where it fell for Budget 2024 (the citizen meeting on the first Wednesday in May,
    the hearing from the third Monday in August, adoption on the second Tuesday in October …).
    """
    moments: dict[str, datetime | None] = {name: values.pop(name) for name in standard.names()}
    days = {name: moment.date() if moment else None for name, moment in moments.items()}
    try:
        dates = standard.with_changes(standard.usual_dates(number), **days)
    except ValueError as error:
        raise click.UsageError(f"The dates cross: {error}.") from None
    for warning in standard.warnings(number, dates):
        click.secho(f"Note: {warning}", fg="yellow", err=True)
    texts = {name: value.replace("\\n", "\n") for name, value in values.items()}
    with reported(), transaction() as session:
        row = actions.add_year(session, year=number, **texts)
        for phase in standard.phases(dates):
            actions.add_phase(session, budget_year=row, **asdict(phase))
        for milestone in standard.milestones(number, dates):
            actions.add_milestone(session, budget_year=row, **asdict(milestone))
    click.echo(f"Budget {number} is set up:")
    for name in standard.names():
        click.echo(f"  {name.replace('_', ' '):16} {getattr(dates, name)}")


@theme.command("add")
@click.argument("number", metavar="YEAR", type=int)
@click.argument("slug", callback=slug)
@click.argument("name_da", callback=words(80))
@click.argument("name_en", callback=words(80))
@click.option("--colour", "token", type=click.Choice(TOKENS), required=True, help="Colour and glyph.")
def add_theme(number: int, **values: str) -> None:
    """Add a theme to YEAR: SLUG is its word in addresses, then its Danish and its English name."""
    with reported(), transaction() as session:
        row = actions.add_theme(session, budget_year=queries.year_or_conflict(session, number), **values)
    click.echo(f"Budget {number} has the theme {row.name_da}.")
