"""The bridge between a cookie and a person: the only module that knows flask-login."""

from flask import Flask, current_app, g, request
from flask import session as cookie
from flask_login import LoginManager, UserMixin, current_user, login_user
from sqlalchemy.orm import Session

from forsamlingshus.accounts import actions, devices, queries
from forsamlingshus.accounts.models import User
from forsamlingshus.accounts.queries import Account, GuestVisit
from forsamlingshus.kernel import clock, db, live

GUEST = "guest"
"""The key of a guest's token in the signed cookie, and of what a request has found out about that guest."""


class Visitor(UserMixin):  # type: ignore[misc]
    """flask-login's user: its id is the token of a session row, so a copied cookie dies with that row."""

    def __init__(self, token: str, account: Account) -> None:
        self.token = token
        self.account = account

    def get_id(self) -> str:
        """The token that the cookie carries."""
        return self.token


def init(app: Flask) -> None:
    """Bind flask-login to the app."""
    manager = LoginManager(app)
    manager.session_protection = None  # it would tie a phone to its address, which changes between hall and bus

    @manager.user_loader  # type: ignore[untyped-decorator]
    def load(token: str) -> Visitor | None:
        account = _by_token(token)
        return Visitor(token, account) if account else None


def account() -> Account | None:
    """The account behind this request, if somebody is logged in."""
    if "_user_id" not in cookie:  # flask-login's key; most readers have none, and asking it costs a tenth of their page
        return None
    found: Account | None = current_user.account if current_user.is_authenticated else None
    return found


def guest() -> GuestVisit | None:
    """The guest behind this request, if there is one; whoever is logged in is no guest."""
    token = cookie.get(GUEST)
    if not token or current_user.is_authenticated:
        return None
    if GUEST not in g:
        found = queries.guest_by_token(actions.token_hash(token), clock.machine_now(), clock.now())
        g.setdefault(GUEST, found)
    visit: GuestVisit | None = g.get(GUEST)
    return visit


def current_token_hash() -> str:
    """The hash of this request's session token, of an account or a guest; empty when nobody is known."""
    if current_user.is_authenticated:
        return actions.token_hash(current_user.token)
    return actions.token_hash(cookie[GUEST]) if guest() else ""


def living(token_hashes: set[str]) -> set[str]:
    """Those of the sessions that still live."""
    return queries.living(db.session(), token_hashes, clock.machine_now())


def start(session: Session, user: User) -> str:
    """A log-in session for this request's device; returns its token, which `begin` puts into the cookie."""
    device = devices.recognise(request.user_agent.string)
    return actions.log_in(session, user=user, device=device, days=current_app.config["SETTINGS"].session_days)


def begin(token: str) -> None:
    """Put the token of a fresh, committed log-in session into the cookie, and nothing of what the cookie held before.

    Whoever planted a cookie in this browser knows nothing of the new one: its CSRF token is new as well.
    """
    found = _by_token(token)
    if found is None:
        return  # the account was blocked in this very moment
    cookie.clear()
    cookie.permanent = True
    login_user(Visitor(token, found))


def begin_visit(token: str) -> None:
    """Put the token of a fresh, committed guest into the cookie; as for a log-in, nothing else stays in it."""
    cookie.clear()
    cookie.permanent = True
    cookie[GUEST] = token
    g.pop(GUEST, None)


def forget() -> None:
    """Empty the cookie."""
    cookie.clear()
    g.pop(GUEST, None)


def close_sockets(token_hashes: list[str]) -> None:
    """Close the sockets of log-in sessions that a committed transaction ended."""
    for token_hash in token_hashes:
        live.close_sockets(token_hash)


def _by_token(token: str) -> Account | None:
    return queries.by_token(actions.token_hash(token), clock.machine_now(), clock.now())
