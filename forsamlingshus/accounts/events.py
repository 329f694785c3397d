"""What happens to accounts."""

from dataclasses import dataclass

from forsamlingshus.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountOpened(Event):
    """Somebody created an account."""

    user_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedIn(Event):
    """A log-in session began."""

    user_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionsEnded(Event):
    """Log-in sessions ended (log-out, password change, block, role change). The watcher closes their sockets."""

    user_id: int
    reason: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordChanged(Event):
    """A password was changed by its owner or by a command."""

    user_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NameChanged(Event):
    """Somebody chose another public name."""

    author_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleGranted(Event):
    """A site-wide role was given."""

    user_id: int
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleRevoked(Event):
    """A site-wide role was taken away."""

    user_id: int
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UserBlocked(Event):
    """An account was closed for log-in."""

    user_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UserUnblocked(Event):
    """A blocked account was opened again."""

    user_id: int
