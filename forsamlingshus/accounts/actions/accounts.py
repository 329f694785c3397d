"""Verbs on accounts: open, log in and out, change, grant, block."""

from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from forsamlingshus.accounts import events, passwords, rules
from forsamlingshus.accounts.actions.base import flush, new_token, token_hash
from forsamlingshus.accounts.models import Author, AuthorKind, LoginSession, Role, RoleGrant, User
from forsamlingshus.kernel import clock, topics
from forsamlingshus.kernel.errors import Conflict
from forsamlingshus.kernel.events import record
from forsamlingshus.kernel.i18n import gettext as _


def open_account(
    session: Session, *, email: str, password: str, name: str, is_demo: bool = False, guest_id: int | None = None
) -> User:
    """Create an account with its author. Raises Conflict when somebody has the address or the name.

    With `guest_id` (of an author) the guest's author becomes the account's: all that was written moves along as it is.
    """
    author = Author(is_demo=is_demo) if guest_id is None else _guest_author(session, guest_id)
    author.kind, author.name, author.name_key = AuthorKind.ACCOUNT, name, rules.name_key(name)
    user = User(
        email=rules.plain_address(email),
        password_hash=passwords.hash_password(password),
        author=author,
        created_at=clock.machine_now(),
    )
    session.add(user)
    flush(session, _("The e-mail address or the name is taken. Choose another one"))
    record(session, events.AccountOpened(user_id=user.id, actor_id=author.id))
    if guest_id is not None:
        topics.next_version(session, topics.SITE)  # the new name stands on many cached pages
    return user


def _guest_author(session: Session, author_id: int) -> Author:
    author = session.get_one(Author, author_id)
    if author.kind != AuthorKind.GUEST:  # the button was pressed twice
        raise Conflict(_("You have just created a user. Sign in with it"))
    return author


def log_in(session: Session, *, user: User, device: str, days: int) -> str:
    """Begin a log-in session; returns its 256-bit token, which only the cookie will know."""
    token = new_token()
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
    flush(session, _("Somebody else writes under that name. Choose another one"))
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
