"""The people of the demo: seven accounts to log in with, two that only lead, and authors for everybody else."""

import secrets
from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from forsamlingshus.accounts import actions as accounts
from forsamlingshus.accounts import rules as account_rules
from forsamlingshus.accounts.models import Author, AuthorKind, Guest, Role, User
from forsamlingshus.demo.loader.stage import Stage, roles_of
from forsamlingshus.demo.told import Person

DOMAIN = "forsamlingshus.example"
ADMIN = Person(key="admin", name="Demo Drift", role="admin", account="admin")
"""Whoever runs the site: never speaks, so stands in no text."""
GUEST_DAYS = 14


def email_of(person: Person) -> str:
    """The address that an account of the cast logs in with."""
    return f"{person.account}@{DOMAIN}"


def with_accounts(people: Mapping[str, Person]) -> list[Person]:
    """Those who can log in, in the order of the file, the administrator last."""
    return [*(person for person in people.values() if person.account), ADMIN]


def enter(session: Session, people: Mapping[str, Person], *, password: str) -> tuple[dict[str, int], dict[str, User]]:
    """Create everybody; returns the ids of the authors and, for those with an account, the users, by key."""
    users = {}
    for person in with_accounts(people):
        user = accounts.open_account(session, email=email_of(person), password=password, name=person.name, is_demo=True)
        for role in roles_of(person):
            accounts.grant_role(session, user=user, role=Role(role))
        users[person.key] = user
    # Whoever leads a workshop needs an account to be its facilitator; nobody is told the password of these.
    for key, person in people.items():
        if person.role == "facilitator" and not person.account:
            email, secret = f"{key}@{DOMAIN}", secrets.token_urlsafe(24)
            users[key] = accounts.open_account(session, email=email, password=secret, name=person.name, is_demo=True)
    # No account belongs to the others: nobody can log in as them, and there are no passwords to hash.
    others = {key: _author(person) for key, person in people.items() if key not in users and person.role != "guest"}
    session.add_all(others.values())
    session.flush()
    authors = {key: user.author_id for key, user in users.items()} | {key: row.id for key, row in others.items()}
    return authors, users


def join(stage: Stage, scope_key: str, keys: Sequence[str]) -> None:
    """Let the guests take part in the meeting with that key, one after the other: their numbers come in that order."""
    for key in keys:
        accounts.join_as_guest(stage.session, scope_key=scope_key, name=stage.texts.people[key].name, days=GUEST_DAYS)
        newest = select(Guest.author_id).where(Guest.scope_key == scope_key).order_by(Guest.number.desc())
        stage.authors[key] = stage.session.scalars(newest.limit(1)).one()
        stage.guest_scopes[key] = scope_key


def _author(person: Person) -> Author:
    key = account_rules.name_key(person.name)
    return Author(kind=AuthorKind.ACCOUNT, name=person.name, name_key=key, is_demo=True)
