"""Commands that set up a meeting: `flask meeting …`, `flask workshop add`, `flask facilitator grant|revoke`."""

import dataclasses
from datetime import datetime, time
from typing import Any

import click
from flask.cli import AppGroup
from sqlalchemy.orm import Session

from forsamlingshus.accounts import queries as accounts
from forsamlingshus.accounts.models import User
from forsamlingshus.kernel import clock
from forsamlingshus.kernel.cli import reported, slug, words
from forsamlingshus.kernel.db import transaction
from forsamlingshus.kernel.errors import Conflict
from forsamlingshus.kernel.permissions import nobody
from forsamlingshus.meetings import actions, queries
from forsamlingshus.meetings.models import GuestPolicy, Meeting, Workshop
from forsamlingshus.process import queries as process

meeting = AppGroup("meeting", help="The citizen meeting of a budget year.")
workshop = AppGroup("workshop", help="The workshops of a citizen meeting, one for each theme.")
facilitator = AppGroup("facilitator", help="Who facilitates a meeting or a workshop.")
GROUPS: tuple[click.Command, ...] = (meeting, workshop, facilitator)

MOMENT = click.DateTime(["%Y-%m-%dT%H:%M"])


@meeting.command("add")
@click.argument("year", type=int)
@click.option("--starts-at", type=MOMENT, required=True, metavar="YYYY-MM-DDTHH:MM", help="Danish time.")
@click.option("--ends-at", type=MOMENT, required=True, metavar="YYYY-MM-DDTHH:MM")
@click.option("--place", required=True, callback=words(120))
@click.option("--slug", default="borgermoede", callback=slug, help="Its word in addresses for facilitators.")
@click.option(
    "--title-da", default="", callback=words(120, may_be_empty=True), help='"Borgermøde om Budget YEAR" if not given.'
)
@click.option("--title-en", default="", callback=words(120, may_be_empty=True))
@click.option(
    "--lead-da",
    default="",
    callback=words(600, may_be_empty=True),
    help="What the meeting is about, in one or two sentences.",
)
@click.option("--lead-en", default="", callback=words(600, may_be_empty=True))
@click.option("--sign-up-required", is_flag=True)
def add_meeting(year: int, starts_at: datetime, ends_at: datetime, **values: Any) -> None:
    """Add the citizen meeting of YEAR and put it on the timeline."""
    starts_at, ends_at = _danish(starts_at), _danish(ends_at)
    if starts_at >= ends_at:
        raise click.UsageError("The meeting must begin before it ends.")
    values["title_da"] = values["title_da"] or f"Borgermøde om Budget {year}"
    values["title_en"] = values["title_en"] or f"Citizen meeting on Budget {year}"
    with reported(), transaction() as session:
        budget_year = process.year_or_conflict(session, year)
        added = actions.add_meeting(session, budget_year=budget_year, starts_at=starts_at, ends_at=ends_at, **values)
        path = added.path
    click.echo(f"The meeting stands at {path}")


@meeting.command("code")
@click.argument("year", type=int)
@click.option("--new", is_flag=True, help="Another random code; the old one, and posters with it, lead nowhere then.")
@click.option("--set", "wanted", default="", metavar="CODE", help="This code, if it is free.")
def show_code(year: int, new: bool, wanted: str) -> None:
    """Print the join code of the meeting of YEAR, or give it another one."""
    with reported(), transaction() as session:
        found = _meeting(session, year)
        if new or wanted:
            actions.change_code(session, meeting=found, join_code=wanted)
        code, path = found.join_code, found.join_path
    click.echo(f"{code} (people join at {path})")


@meeting.command("guests")
@click.argument("year", type=int)
@click.argument("policy", type=click.Choice([policy.value for policy in GuestPolicy]))
def set_guests(year: int, policy: str) -> None:
    """Say what people without an account may do at the meeting of YEAR: write (on), held first (moderated), read."""
    with reported(), transaction() as session:
        staff = dataclasses.replace(nobody(), roles=frozenset({"staff"}))
        actions.set_guest_policy(session, who=staff, meeting=_meeting(session, year), policy=GuestPolicy(policy))
    click.echo(f"Guests of the meeting of {year}: {policy}.")


@meeting.command("agenda")
@click.argument("year", type=int)
@click.argument("title_da", callback=words(160))
@click.argument("title_en", callback=words(160))
@click.option("--at", "hour", type=click.DateTime(["%H:%M"]), metavar="HH:MM", help="When it begins, where known.")
@click.option("--speaker", default="", callback=words(160, may_be_empty=True))
def add_agenda_item(year: int, title_da: str, title_en: str, hour: datetime | None, speaker: str) -> None:
    """Add a point at the end of the programme of the meeting of YEAR."""
    with reported(), transaction() as session:
        found = _meeting(session, year)
        starts_at = _danish(_on_the_day(found, hour.time())) if hour else None
        item = actions.add_agenda_item(
            session, meeting=found, title_da=title_da, title_en=title_en, starts_at=starts_at, speaker=speaker
        )
        number = item.no
    click.echo(f"It is point {number} of the programme.")


@workshop.command("add")
@click.argument("year", type=int)
@click.argument("theme")
@click.option("--lead-da", default="", callback=words(600, may_be_empty=True), help="What is talked about.")
@click.option("--lead-en", default="", callback=words(600, may_be_empty=True))
@click.option("--question-da", default="", callback=words(200, may_be_empty=True), help="The one question on its card.")
@click.option("--question-en", default="", callback=words(200, may_be_empty=True))
@click.option(
    "--prompt", "prompts", multiple=True, nargs=2, metavar="DANSK ENGLISH", help="May be given several times."
)
@click.option("--hold-first", is_flag=True, help="Each post waits until it is released.")
def add_workshop(year: int, theme: str, **values: Any) -> None:
    """Add the workshop of THEME (its slug) to the meeting of YEAR, and open its forum."""
    with reported(), transaction() as session:
        found = process.theme_by_slug(session, year, theme)
        if found is None:
            raise Conflict(f"Budget {year} has no theme {theme}. Add it first: flask theme add {year} {theme} …")
        added = actions.add_workshop(session, meeting=_meeting(session, year), theme=found, **values)
        path = added.path
    click.echo(f"The workshop stands at {path}")


@facilitator.command("grant")
@click.argument("email")
@click.argument("place")
@click.option("--year", type=int, help="The newest year with that place if not given.")
def grant(email: str, place: str, year: int | None) -> None:
    """Let the account with EMAIL facilitate PLACE: the slug of a meeting or of a workshop's theme."""
    with reported(), transaction() as session:
        user = _user(session, email)
        actions.grant_facilitator(session, user=user, **_place(session, place, year))
    click.echo(f"{email} facilitates {place}.")


@facilitator.command("revoke")
@click.argument("email")
@click.argument("place")
@click.option("--year", type=int, help="The newest year with that place if not given.")
def revoke(email: str, place: str, year: int | None) -> None:
    """Take the grant back, and log the account out on every device."""
    with reported(), transaction() as session:
        user = _user(session, email)
        actions.revoke_facilitator(session, user=user, **_place(session, place, year))
    click.echo(f"{email} no longer facilitates {place}.")


def _danish(moment: datetime) -> datetime:
    return moment.replace(tzinfo=clock.COPENHAGEN)


def _on_the_day(found: Meeting, hour: time) -> datetime:
    return datetime.combine(clock.local(found.starts_at).date(), hour)


def _meeting(session: Session, year: int) -> Meeting:
    found = queries.meeting_of(session, year)
    if found is None:
        raise Conflict(f"Budget {year} has no meeting. Add it first: flask meeting add {year} …")
    return found


def _user(session: Session, email: str) -> User:
    found = accounts.by_email(session, email)
    if found is None:
        raise Conflict(f"There is no account {email}. Add it first: flask user add …")
    return found


def _place(session: Session, place: str, year: int | None) -> dict[str, Any]:
    found = [p for p in queries.places_by_slug(session, place) if year in {None, p.year}]
    if not found:
        raise Conflict(f"There is no meeting or workshop {place}{f' in Budget {year}' if year else ''}.")
    return {"workshop" if isinstance(found[0], Workshop) else "meeting": found[0]}
