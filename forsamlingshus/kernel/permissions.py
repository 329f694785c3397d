"""Who asks, and what a route demands. Deny by default: a view without a declared access is refused."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, ParamSpec, TypeVar

from flask import Flask, current_app, g
from itsdangerous import BadSignature, URLSafeTimedSerializer

from forsamlingshus.kernel import clock
from forsamlingshus.kernel.errors import Forbidden

PUBLIC, WRITER, USER, STAFF, SCOPED, ADMIN = "public", "writer", "user", "staff", "scoped", "admin"
ACCESS = frozenset({PUBLIC, WRITER, USER, STAFF, SCOPED, ADMIN})
"""What a route may declare: anyone; an account or a guest; an account; staff; staff or a facilitator; admin.

Of which thing a guest or a facilitator is the writer or leader, the action asks.
"""
EVERYWHERE = "*"
"""The scope key of a mute that holds in the whole house."""

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Who:
    """The person behind a request, built once: rules see this and the object, nothing else.

    `scopes` are keys such as `meeting:1` and `workshop:3` that this person facilitates; `opened` holds the pairs
    (budget year, activity) that are open at `now`, by domain time.

    A guest has an author but no account: `guest_scopes` are the places of the one meeting where such a person may
    write, and `guest_held` says that what is written there waits for a moderator. `mutes` are the places where this
    person, guest or account, may not write for now.
    """

    now: datetime
    author_id: int | None = None
    user_id: int | None = None
    name: str = ""
    roles: frozenset[str] = frozenset()
    scopes: frozenset[str] = frozenset()
    guest_scopes: frozenset[str] = frozenset()
    guest_held: bool = False
    mutes: frozenset[str] = frozenset()
    opened: frozenset[tuple[int, str]] = field(default_factory=frozenset)
    proofs: frozenset[str] = frozenset()
    """What a socket has shown with a token that we signed, such as the key of a wall's page."""

    @property
    def is_authenticated(self) -> bool:
        """True for an account that is logged in."""
        return self.user_id is not None

    @property
    def is_known(self) -> bool:
        """True for an account or a guest: whoever has things of the own, which no other visitor's page may show."""
        return self.author_id is not None

    @property
    def is_guest(self) -> bool:
        """True for somebody who joined a meeting without an account."""
        return self.is_known and not self.is_authenticated

    def takes_part_in(self, scope_key: str) -> bool:
        """True for accounts everywhere, and for guests at their meeting."""
        return self.is_authenticated or scope_key in self.guest_scopes

    def writes_in(self, scope_key: str) -> bool:
        """True when this person may be a writer there: who takes part, unless muted."""
        return self.takes_part_in(scope_key) and not self.is_muted(scope_key)

    def is_muted(self, scope_key: str) -> bool:
        """True while somebody has taken the word from this person there, or in the whole house."""
        return not self.mutes.isdisjoint({scope_key, EVERYWHERE})

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
    for kept in ("_login_user", "guest", "site_version"):  # what this context has found out before
        g.pop(kept, None)
    return _identity().build_who()


PROOF_HOURS = 24


def seal(proof: str) -> str:
    """A token that lets a page's socket show `proof` for PROOF_HOURS: what the page was allowed, its socket is too."""
    return str(_sealer().dumps(proof))


def with_proof(person: Who, token: object) -> Who:
    """The same person, holding what a token of ours proves; nothing for a token that is forged or too old."""
    if not isinstance(token, str) or not token or len(token) > 300:
        return person
    try:
        proof = _sealer().loads(token, max_age=PROOF_HOURS * 3600)
    except (BadSignature, UnicodeError):  # half a character can be sent, and signed by nobody
        return person
    return replace(person, proofs=frozenset({proof}))


def _sealer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="proof")


def session_token_hash() -> str:
    """The hash of the session (log-in or guest) behind this request or socket; empty when nobody is known."""
    return _identity().session_token_hash()


def living_sessions(token_hashes: set[str]) -> set[str]:
    """Those of `token_hashes` whose session still lives."""
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
        WRITER: person.is_known,
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
    """Somebody who is not known, at this moment."""
    return Who(now=clock.now())
