"""Reading accounts, their log-in sessions and drafts."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import Session

from forsamlingshus.accounts import rules
from forsamlingshus.accounts.models import Author, Draft, LoginSession, RoleGrant, User
from forsamlingshus.kernel.glance import Glance

MOST = 100
"""Rows of a person's own lists that are shown."""


@dataclass(frozen=True, slots=True)
class Account:
    """What a request needs to know of the person behind it, read in one query."""

    user_id: int
    author_id: int
    name: str
    email: str
    roles: frozenset[str]


def by_email(session: Session, email: str) -> User | None:
    """The account with that address; letter case does not count."""
    return session.scalar(select(User).where(User.email == rules.plain_address(email)))


# Built once, because every request of somebody who is logged in asks it.
_BY_TOKEN = Glance(
    select(User.id, User.author_id, Author.name, User.email, RoleGrant.role)
    .join(LoginSession, LoginSession.user_id == User.id)
    .join(Author, Author.id == User.author_id)
    .outerjoin(RoleGrant, RoleGrant.user_id == User.id)
    .where(
        LoginSession.token_hash == bindparam("token_hash"),
        LoginSession.expires_at > bindparam("now"),
        User.blocked_at.is_(None),
    )
)


def by_token(token_hash: str, now: datetime) -> Account | None:
    """The account behind a living log-in session."""
    rows = _BY_TOKEN.ask(token_hash=token_hash, now=now)
    if not rows:
        return None
    user_id, author_id, name, email, _role = rows[0]
    return Account(user_id, author_id, name, email, frozenset(role for *_, role in rows if role))


def living(session: Session, token_hashes: Collection[str], now: datetime) -> set[str]:
    """Those of the log-in sessions that still live."""
    return set(
        session.scalars(
            select(LoginSession.token_hash)
            .join(User, User.id == LoginSession.user_id)
            .where(LoginSession.token_hash.in_(token_hashes), LoginSession.expires_at > now, User.blocked_at.is_(None))
        )
    )


def name_taken(session: Session, name: str, *, but: int | None = None) -> bool:
    """True when an account other than author `but` writes under a name that reads the same."""
    same = exists().where(Author.name_key == rules.name_key(name))
    return bool(session.scalar(select(same if but is None else same.where(Author.id != but))))


def sessions_of(session: Session, user_id: int, now: datetime) -> list[LoginSession]:
    """The living log-in sessions of one account, newest first."""
    return list(
        session.scalars(
            select(LoginSession)
            .where(LoginSession.user_id == user_id, LoginSession.expires_at > now)
            .order_by(LoginSession.created_at.desc(), LoginSession.id.desc())
            .limit(MOST)
        )
    )


_DRAFT = select(Draft).where(Draft.author_id == bindparam("author_id"), Draft.box == bindparam("box"))


_DRAFT_WORDS = Glance(
    select(Draft.body, Draft.saved_at).where(Draft.author_id == bindparam("author_id"), Draft.box == bindparam("box"))
)


def draft_words(author_id: int, box: str) -> tuple[str, datetime] | None:
    """The text of a draft and when it was saved: what a page shows, without the row."""
    for body, saved_at in _DRAFT_WORDS.ask(author_id=author_id, box=box):
        return body, saved_at
    return None


def draft_of(session: Session, author_id: int | None, box: str) -> Draft | None:
    """What this author typed in that box and has not sent; nobody who is not logged in has a draft here."""
    return session.scalar(_DRAFT, {"author_id": author_id, "box": box})


def drafts_of(session: Session, author_id: int | None) -> list[Draft]:
    """An author's drafts, the newest first."""
    newest = select(Draft).where(Draft.author_id == author_id).order_by(Draft.saved_at.desc(), Draft.id.desc())
    return list(session.scalars(newest.limit(MOST)))
