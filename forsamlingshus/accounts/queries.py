"""Reading accounts, their log-in sessions and drafts."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import Session

from forsamlingshus.accounts import rules
from forsamlingshus.accounts.models import Author, Draft, Guest, LoginSession, Mute, Role, RoleGrant, User
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
    mutes: frozenset[str]


@dataclass(frozen=True, slots=True)
class GuestVisit:
    """What a request needs to know of the guest behind it, read in one query."""

    author_id: int
    name: str
    scope_key: str
    mutes: frozenset[str]


def by_email(session: Session, email: str) -> User | None:
    """The account with that address; letter case does not count."""
    return session.scalar(select(User).where(User.email == rules.plain_address(email)))


_HOLDS = Mute.lifted_at.is_(None) & (Mute.until.is_(None) | (Mute.until > bindparam("moment")))

# Built once, because every request of somebody who is logged in asks it.
_BY_TOKEN = Glance(
    select(User.id, User.author_id, Author.name, User.email, RoleGrant.role, Mute.scope_key)
    .join(LoginSession, LoginSession.user_id == User.id)
    .join(Author, Author.id == User.author_id)
    .outerjoin(RoleGrant, RoleGrant.user_id == User.id)
    .outerjoin(Mute, _HOLDS & (Mute.author_id == User.author_id))
    .where(
        LoginSession.token_hash == bindparam("token_hash"),
        LoginSession.expires_at > bindparam("now"),
        User.blocked_at.is_(None),
    )
)


def by_token(token_hash: str, now: datetime, moment: datetime) -> Account | None:
    """The account behind a log-in that lives at the machine's `now`, with its mutes at the domain's `moment`."""
    rows = _BY_TOKEN.ask(token_hash=token_hash, now=now, moment=moment)
    if not rows:
        return None
    user_id, author_id, name, email, *_rest = rows[0]
    roles = frozenset(role for *_, role, _muted in rows if role)
    return Account(user_id, author_id, name, email, roles, frozenset(muted for *_, muted in rows if muted))


_GUEST_BY_TOKEN = Glance(
    select(Guest.author_id, Author.name, Guest.scope_key, Mute.scope_key.label("muted"))
    .join(Author, Author.id == Guest.author_id)
    .outerjoin(Mute, _HOLDS & (Mute.author_id == Guest.author_id))
    .where(Guest.token_hash == bindparam("token_hash"), Guest.expires_at > bindparam("now"), Guest.ended_at.is_(None))
)


def guest_by_token(token_hash: str, now: datetime, moment: datetime) -> GuestVisit | None:
    """The guest behind a session that lives at the machine's `now`, with the mutes at the domain's `moment`."""
    rows = _GUEST_BY_TOKEN.ask(token_hash=token_hash, now=now, moment=moment)
    if not rows:
        return None
    author_id, name, scope_key, _muted = rows[0]
    return GuestVisit(author_id, name, scope_key, frozenset(muted for *_, muted in rows if muted))


def living(session: Session, token_hashes: Collection[str], now: datetime) -> set[str]:
    """Those of the sessions, log-ins and guests', that still live."""
    log_ins = (
        select(LoginSession.token_hash)
        .join(User, User.id == LoginSession.user_id)
        .where(LoginSession.token_hash.in_(token_hashes), LoginSession.expires_at > now, User.blocked_at.is_(None))
    )
    guests = select(Guest.token_hash).where(
        Guest.token_hash.in_(token_hashes), Guest.expires_at > now, Guest.ended_at.is_(None)
    )
    return set(session.scalars(log_ins.union_all(guests)))


def name_taken(session: Session, name: str, *, but: int | None = None) -> bool:
    """True when an account other than author `but` writes under a name that reads the same."""
    same = exists().where(Author.name_key == rules.name_key(name))
    return bool(session.scalar(select(same if but is None else same.where(Author.id != but))))


def is_staff(session: Session, author_id: int) -> bool:
    """True when the author belongs to an account of the municipality's staff."""
    held = select(RoleGrant.id).join(User, User.id == RoleGrant.user_id)
    found = held.where(User.author_id == author_id, RoleGrant.role == Role.STAFF)
    return session.scalar(found.limit(1)) is not None


def mutes_of(session: Session, author_id: int, moment: datetime) -> list[Mute]:
    """Where the author may not write at the domain's `moment`, the newest first."""
    own = select(Mute).where(Mute.author_id == author_id, _HOLDS)
    return list(session.scalars(own.order_by(Mute.id.desc()), {"moment": moment}))


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
