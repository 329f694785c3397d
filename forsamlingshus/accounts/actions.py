"""Verbs on accounts: open, log in and out, change, grant, block; and the drafts of an author."""

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import bindparam, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from forsamlingshus.accounts import events, passwords, queries, rules
from forsamlingshus.accounts.models import Author, AuthorKind, Draft, LoginSession, Role, RoleGrant, User
from forsamlingshus.kernel import clock, topics
from forsamlingshus.kernel.errors import Conflict
from forsamlingshus.kernel.events import record
from forsamlingshus.kernel.i18n import gettext as _

MAX_DRAFT = 40_000
"""Characters that one draft may grow to by what is appended to it."""


def open_account(session: Session, *, email: str, password: str, name: str, is_demo: bool = False) -> User:
    """Create an account with its author. Raises Conflict when somebody has the address or the name."""
    author = Author(kind=AuthorKind.ACCOUNT, name=name, name_key=rules.name_key(name), is_demo=is_demo)
    user = User(
        email=rules.plain_address(email),
        password_hash=passwords.hash_password(password),
        author=author,
        created_at=clock.machine_now(),
    )
    session.add(user)
    _flush(session, _("The e-mail address or the name is taken. Choose another one"))
    record(session, events.AccountOpened(user_id=user.id, actor_id=author.id))
    return user


def token_hash(token: str) -> str:
    """What is stored of a session's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def log_in(session: Session, *, user: User, device: str, days: int) -> str:
    """Begin a log-in session; returns its 256-bit token, which only the cookie will know."""
    token = secrets.token_urlsafe(32)
    now = clock.machine_now()
    session.execute(delete(LoginSession).where(LoginSession.user_id == user.id, LoginSession.expires_at < now))
    session.add(
        LoginSession(
            token_hash=token_hash(token),
            user_id=user.id,
            created_at=now,
            expires_at=now + timedelta(days=days),
            device=device[:80],
        )
    )
    record(session, events.LoggedIn(user_id=user.id, actor_id=user.author_id))
    return token


def end_sessions(
    session: Session,
    *,
    user_id: int,
    reason: str,
    actor_id: int | None = None,
    only: str | None = None,
    only_id: int | None = None,
    but: str | None = None,
) -> list[str]:
    """End log-in sessions of an account: all, `only` one (by token hash or row id), or all `but` one.

    Returns the token hashes of those that ended, so that their sockets can be closed after the commit.
    """
    statement = delete(LoginSession).where(LoginSession.user_id == user_id)
    if only is not None:
        statement = statement.where(LoginSession.token_hash == only)
    if only_id is not None:
        statement = statement.where(LoginSession.id == only_id)
    if but is not None:
        statement = statement.where(LoginSession.token_hash != but)
    ended = list(session.scalars(statement.returning(LoginSession.token_hash)))
    record(session, events.SessionsEnded(user_id=user_id, reason=reason, count=len(ended), actor_id=actor_id))
    return ended


def change_password(session: Session, *, user: User, password: str, actor_id: int | None = None) -> list[str]:
    """Set a new password and end every log-in session; returns their token hashes. Whoever changed it logs in anew."""
    user.password_hash = passwords.hash_password(password)
    record(session, events.PasswordChanged(user_id=user.id, actor_id=actor_id))
    return end_sessions(session, user_id=user.id, reason="password", actor_id=actor_id)


def change_name(session: Session, *, author: Author, name: str) -> Author:
    """Choose another public name; posts point at the author, so they follow. Raises Conflict when the name is taken."""
    author.name, author.name_key = name, rules.name_key(name)
    _flush(session, _("Somebody else writes under that name. Choose another one"))
    topics.next_version(session, topics.SITE)  # the name stands on many cached pages
    record(session, events.NameChanged(author_id=author.id, actor_id=author.id))
    return author


def grant_role(session: Session, *, user: User, role: Role) -> User:
    """Give a site-wide role. Raises Conflict when the user has it."""
    if any(grant.role == role for grant in user.grants):
        raise Conflict(f"{user.email} already has the role {role}.")
    user.grants.append(RoleGrant(role=role))
    record(session, events.RoleGranted(user_id=user.id, role=role))
    end_sessions(session, user_id=user.id, reason="role")
    return user


def revoke_role(session: Session, *, user: User, role: Role) -> User:
    """Take a site-wide role away and end the sessions that had it. Raises Conflict when the user lacks it."""
    held = [grant for grant in user.grants if grant.role == role]
    if not held:
        raise Conflict(f"{user.email} does not have the role {role}.")
    user.grants.remove(held[0])
    record(session, events.RoleRevoked(user_id=user.id, role=role))
    end_sessions(session, user_id=user.id, reason="role")
    return user


def block(session: Session, *, user: User) -> User:
    """Close an account for log-in and end its sessions. Raises Conflict when it is blocked."""
    if user.blocked_at is not None:
        raise Conflict(f"{user.email} is blocked already.")
    user.blocked_at = clock.machine_now()
    record(session, events.UserBlocked(user_id=user.id))
    end_sessions(session, user_id=user.id, reason="block")
    return user


def unblock(session: Session, *, user: User) -> User:
    """Open a blocked account again. Raises Conflict when it is not blocked."""
    if user.blocked_at is None:
        raise Conflict(f"{user.email} is not blocked.")
    user.blocked_at = None
    record(session, events.UserUnblocked(user_id=user.id))
    return user


def save_draft(
    session: Session, *, author_id: int, box: str, path: str, title: str = "", body: str = "", quote: str = ""
) -> Draft | None:
    """Keep what an author has typed in a box; nothing typed drops the draft. Private, so no event tells of it.

    Whoever calls has asked the guard: its slowest text would hold up every other writer in here.
    """
    if not title and not body and not quote:
        drop_draft(session, author_id=author_id, box=box)
        return None
    draft = queries.draft_of(session, author_id, box)
    if draft is None:
        draft = Draft(author_id=author_id, box=box)
        session.add(draft)
    draft.path, draft.title, draft.body, draft.quote, draft.saved_at = path, title, body, quote, clock.now()
    _flush(session, _("Your draft was saved from another page in this moment"))
    _drop_oldest(session, author_id)
    return draft


def carry_draft(
    session: Session, *, author_id: int, box: str, path: str, title: str = "", body: str = "", quote: str = ""
) -> Draft | None:
    """Keep what somebody typed before logging in. A draft that waits in the box stays whole: the new comes below."""
    known = queries.draft_of(session, author_id, box)
    if known is None:
        return save_draft(session, author_id=author_id, box=box, path=path, title=title, body=body, quote=quote)
    if title and known.title not in ("", title):
        title, body = known.title, f"{title}\n{body}"
    if body in known.body:
        body = known.body
    elif known.body not in body:
        body = f"{known.body}\n\n{body}"[-MAX_DRAFT:]
    title, quote = title or known.title, quote or known.quote
    return save_draft(session, author_id=author_id, box=box, path=path, title=title, body=body, quote=quote)


_DROP_DRAFT = delete(Draft).where(Draft.author_id == bindparam("author_id"), Draft.box == bindparam("box"))


def drop_draft(session: Session, *, author_id: int, box: str) -> None:
    """Forget what an author typed in a box: it was sent, or given up."""
    # Past the session, which would look through all that it holds: every post asks this.
    session.connection().execute(_DROP_DRAFT, {"author_id": author_id, "box": box})


def delete_draft(session: Session, *, author_id: int, draft_id: int) -> bool:
    """Delete one of the author's own drafts; False when there is none with that id."""
    own = delete(Draft).where(Draft.author_id == author_id, Draft.id == draft_id)
    return bool(session.scalars(own.returning(Draft.id)).all())


def _drop_oldest(session: Session, author_id: int) -> None:
    # A bound for machines: nobody writes a hundred things at once.
    kept = select(Draft.id).where(Draft.author_id == author_id).order_by(Draft.saved_at.desc(), Draft.id.desc())
    session.execute(
        delete(Draft)
        .where(Draft.author_id == author_id, Draft.id.not_in(kept.limit(queries.MOST)))
        .execution_options(synchronize_session=False)
    )


def _flush(session: Session, taken: str) -> None:
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict(taken) from error
