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
class GuestJoined(Event):
    """Somebody takes part in the meeting `scope_key` without an account; the actor is the guest's new author."""

    guest_id: int
    scope_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestEnded(Event):
    """A guest's session ended: the guest left, logged in or opened an account. The watcher closes its sockets.

    The actor is the author who goes on: of an older account after a log-in, else the guest's own.
    """

    guest_id: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Muted(Event):
    """A moderator took the word from an author in the place `scope_key` (`*`: everywhere).

    `anonymous_no` is set for a question that was asked anonymously: nobody is to be told who the author is.
    """

    mute_id: int
    author_id: int
    scope_key: str
    reason_code: str
    anonymous_no: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MuteLifted(Event):
    """A moderator gave the word back; `anonymous_no` as in Muted."""

    mute_id: int
    author_id: int
    scope_key: str
    anonymous_no: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UserBlocked(Event):
    """An account was closed for log-in."""

    user_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UserUnblocked(Event):
    """A blocked account was opened again."""

    user_id: int
