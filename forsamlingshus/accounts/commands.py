"""Commands for accounts: `flask user add|password|grant|revoke|block|unblock`. None of them prints a secret."""

import sys
from collections.abc import Callable

import click
from email_validator import EmailNotValidError, validate_email
from flask.cli import AppGroup
from flask_babel import force_locale
from sqlalchemy.orm import Session

from forsamlingshus.accounts import actions, forms, queries, rules
from forsamlingshus.accounts.models import Role, User
from forsamlingshus.kernel import db
from forsamlingshus.kernel.cli import reported
from forsamlingshus.kernel.db import transaction

user = AppGroup("user", help="Accounts and their roles.")
GROUPS: tuple[click.Command, ...] = (user,)

ROLES = click.Choice([role.value for role in Role])
from_stdin = click.option("--password-stdin", is_flag=True, help="Read it from the first line of standard input.")


@user.command("add")
@click.argument("email")
@click.option("--name", required=True, help="The public name, which everyone sees.")
@click.option("--role", "roles", multiple=True, type=ROLES, help="A site-wide role; may be given more than once.")
@from_stdin
def add_user(email: str, name: str, roles: tuple[str, ...], password_stdin: bool) -> None:
    """Create an account. Asks for the password."""
    address, name = _address(email), rules.tidy_name(name)
    if queries.by_email(db.session(), address):
        raise click.ClickException(f"There is an account with the address {address} already.")
    with force_locale("en"):
        _refuse(forms.name_fault(name, may_name_a_role=bool(roles)) or forms.taken_fault(name))
    password = _password(password_stdin, about=(address, name))
    with reported(), transaction() as session:
        account = actions.open_account(session, email=address, password=password, name=name)
        for role in dict.fromkeys(roles):
            actions.grant_role(session, user=account, role=Role(role))
    click.echo(f"Created {address}, who writes as {name}{_and_roles(roles)}.")


@user.command("password")
@click.argument("email")
@from_stdin
def set_password(email: str, password_stdin: bool) -> None:
    """Set a new password and end all log-in sessions. Asks for the password."""
    known = _known(db.session(), email)
    fresh = _password(password_stdin, about=(known.email, known.author.name))
    with transaction() as session:
        account = _known(session, email)
        ended = actions.change_password(session, user=account, password=fresh)
    click.echo(f"Changed the password of {account.email}; {len(ended)} log-in sessions ended.")


@user.command("grant")
@click.argument("email")
@click.argument("role", type=ROLES)
def grant_user(email: str, role: str) -> None:
    """Give a role for the whole site. The account must log in again."""
    _change(email, lambda session, account: actions.grant_role(session, user=account, role=Role(role)))
    click.echo(f"{rules.plain_address(email)} has the role {role} now.")


@user.command("revoke")
@click.argument("email")
@click.argument("role", type=ROLES)
def revoke_user(email: str, role: str) -> None:
    """Take a role away. Ends the account's log-in sessions."""
    _change(email, lambda session, account: actions.revoke_role(session, user=account, role=Role(role)))
    click.echo(f"{rules.plain_address(email)} does not have the role {role} any more.")


@user.command("block")
@click.argument("email")
def block_user(email: str) -> None:
    """Close an account for log-in and end its log-in sessions. What it wrote stays."""
    _change(email, lambda session, account: actions.block(session, user=account))
    click.echo(f"{rules.plain_address(email)} is blocked.")


@user.command("unblock")
@click.argument("email")
def unblock_user(email: str) -> None:
    """Open a blocked account again."""
    _change(email, lambda session, account: actions.unblock(session, user=account))
    click.echo(f"{rules.plain_address(email)} can log in again.")


def _change(email: str, verb: Callable[[Session, User], User]) -> None:
    with reported(), transaction() as session:
        verb(session, _known(session, email))


def _known(session: Session, email: str) -> User:
    account = queries.by_email(session, email)
    if account is None:
        raise click.ClickException(f"There is no account with the address {email.strip()}.")
    return account


def _address(email: str) -> str:
    try:
        return rules.plain_address(validate_email(email.strip(), check_deliverability=False).normalized)
    except EmailNotValidError as error:
        raise click.ClickException(f"{email} is not an e-mail address.") from error


def _password(from_standard_input: bool, *, about: tuple[str, ...]) -> str:
    if from_standard_input:
        given: str = sys.stdin.readline().rstrip("\r\n")
    else:
        given = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    with force_locale("en"):
        _refuse(forms.password_fault(given, about=about))
    return given


def _refuse(fault: str) -> None:
    if fault:
        raise click.ClickException(f"{fault}.")


def _and_roles(roles: tuple[str, ...]) -> str:
    return f", with the role {', '.join(dict.fromkeys(roles))}" if roles else ""
