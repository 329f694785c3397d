"""Who asks, and what a route demands. Deny by default: a view without a declared access is refused."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ParamSpec, TypeVar

from flask import Flask, current_app, g

from forsamlingshus.kernel import clock
from forsamlingshus.kernel.errors import Forbidden

PUBLIC, USER, STAFF, SCOPED, ADMIN = "public", "user", "staff", "scoped", "admin"
ACCESS = frozenset({PUBLIC, USER, STAFF, SCOPED, ADMIN})
"""What a route may declare: anyone; who is logged in; staff; staff or a facilitator (the action asks which); admin."""

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Who:
    """The person behind a request, built once: rules see this and the object, nothing else.

    `scopes` are keys such as `meeting:1` and `workshop:3` that this person facilitates; `opened` holds the pairs
    (budget year, activity) that are open at `now`, by domain time.
    """

    now: datetime
    author_id: int | None = None
    user_id: int | None = None
    name: str = ""
    roles: frozenset[str] = frozenset()
    scopes: frozenset[str] = frozenset()
    opened: frozenset[tuple[int, str]] = field(default_factory=frozenset)

    @property
    def is_authenticated(self) -> bool:
        """True for an account that is logged in."""
        return self.user_id is not None

    @property
    def is_staff(self) -> bool:
        """True for the municipality's staff."""
        return "staff" in self.roles

    @property
    def is_admin(self) -> bool:
        """True for an administrator of the whole site."""
        return "admin" in self.roles

    @property
    def is_council(self) -> bool:
        """True for a member of the municipal council."""
        return "council" in self.roles

    @property
    def is_facilitator(self) -> bool:
        """True for a facilitator of anything."""
        return bool(self.scopes)

    def facilitates(self, scope_key: str) -> bool:
        """True when this person facilitates exactly the meeting or workshop with that key."""
        return scope_key in self.scopes

    def open(self, year: int, activity: str) -> bool:
        """True when `activity` is open in budget `year` right now."""
        return (year, activity) in self.opened

    @property
    def badge(self) -> str:
        """The role that is shown beside the name where no meeting or workshop is meant: of any scope."""
        return self._badge(facilitates=self.is_facilitator)

    def badge_in(self, scope_key: str) -> str:
        """The role that is shown there: a facilitator wears it only in the own meeting or workshop."""
        return self._badge(facilitates=self.facilitates(scope_key))

    def _badge(self, *, facilitates: bool) -> str:
        if self.is_staff:
            return "staff"
        if self.is_council:
            return "council"
        return "facilitator" if facilitates else ""


@dataclass(frozen=True, slots=True)
class Identity:
    """The hooks that the accounts slice and the wiring fill in, so that the kernel knows neither."""

    build_who: Callable[[], Who]
    session_token_hash: Callable[[], str]
    living_sessions: Callable[[set[str]], set[str]]


def init(app: Flask, identity: Identity) -> None:
    """Bind the hooks to the app."""
    app.extensions["forsamlingshus.identity"] = identity


def _identity() -> Identity:
    identity: Identity = current_app.extensions["forsamlingshus.identity"]
    return identity


def who() -> Who:
    """The person behind the current request; built on first use."""
    if "who" not in g:
        g.who = _identity().build_who()
    person: Who = g.who
    return person


def who_now() -> Who:
    """The person behind a socket, asked anew: a socket's identity must never be older than the question."""
    g.pop("_login_user", None)
    g.pop("site_version", None)
    return _identity().build_who()


def session_token_hash() -> str:
    """The hash of the log-in session behind this request or socket; empty when nobody is logged in."""
    return _identity().session_token_hash()


def living_sessions(token_hashes: set[str]) -> set[str]:
    """Those of `token_hashes` whose log-in session still lives."""
    return _identity().living_sessions(token_hashes)


def access(level: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Declare what a view demands; the web edge enforces it before the view runs, and a test walks all routes."""
    if level not in ACCESS:
        raise ValueError(f"unknown access level {level!r}")

    def declare(view: Callable[P, R]) -> Callable[P, R]:
        view.access = level  # type: ignore[attr-defined]
        return view

    return declare


def is_open(view: Any) -> bool:
    """True for a view that declares itself open to everybody."""
    return getattr(view, "access", None) == PUBLIC


def allowed(person: Who, view: Any) -> bool:
    """True when `person` passes the access that `view` declares."""
    level = getattr(view, "access", None)
    return {
        PUBLIC: True,
        USER: person.is_authenticated,
        STAFF: person.is_staff,
        SCOPED: person.is_staff or person.is_facilitator,
        ADMIN: person.is_admin,
    }.get(level or "", False)


def demand(allowed_: bool, message: str = "") -> None:
    """Raise Forbidden unless `allowed_`; rules return booleans, actions demand them."""
    if not allowed_:
        raise Forbidden(message)


def nobody() -> Who:
    """Somebody who is not logged in, at this moment."""
    return Who(now=clock.now())
