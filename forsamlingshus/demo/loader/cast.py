"""The people of the demo: seven accounts to log in with, and authors without an account for everybody else."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from forsamlingshus.accounts import actions as accounts
from forsamlingshus.accounts import rules as account_rules
from forsamlingshus.accounts.models import Author, AuthorKind, Role, User
from forsamlingshus.demo.loader.stage import roles_of
from forsamlingshus.demo.told import Person

DOMAIN = "forsamlingshus.example"
ADMIN = Person(key="admin", name="Demo Drift", role="admin", account="admin")
"""Whoever runs the site: never speaks, so stands in no text."""


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
    # No account belongs to the others: nobody can log in as them, and there are no passwords to hash.
    others = {key: _author(person) for key, person in people.items() if not person.account}
    session.add_all(others.values())
    session.flush()
    authors = {key: user.author_id for key, user in users.items()} | {key: row.id for key, row in others.items()}
    return authors, users


def _author(person: Person) -> Author:
    key = account_rules.name_key(person.name)
    return Author(kind=AuthorKind.ACCOUNT, name=person.name, name_key=key, is_demo=True)
