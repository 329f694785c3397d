"""The signed cookie of a visit: renewed once an hour while it is in use, not by every page."""

import time
from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask.wrappers import Request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from forsamlingshus.kernel import pages

RENEW_AFTER = 3600
"""Seconds after which a page that uses the cookie signs it anew, so that a visit in use never runs out."""


class Visit(SecureCookieSession):
    """What the cookie holds, and when it was signed; None for one that has not been signed yet."""

    signed_at: float | None = None


class SignedCookies(SecureCookieSessionInterface):
    """Flask's own signed cookies. Making the signer anew and signing each page cost a fifth of a page's time."""

    session_class = Visit

    def __init__(self) -> None:
        self._signer: tuple[Any, URLSafeTimedSerializer | None] = (None, None)
        self._read: pages.Cache[tuple[dict[str, Any], float]] = pages.Cache(2000)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """The signer of the app's secret key."""
        key, signer = self._signer
        if signer is None or key != app.secret_key:
            signer = super().get_signing_serializer(app)
            self._read.clear()
            self._signer = (app.secret_key, signer)
        return signer

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The visit of this request's cookie; a fresh one when there is none, or one that is too old or not ours."""
        signer = self.get_signing_serializer(app)
        if signer is None:
            return None
        value = request.cookies.get(self.get_cookie_name(app))
        if not value:
            return Visit()
        oldest = time.time() - app.permanent_session_lifetime.total_seconds()
        found = self._read.get(value) or self._checked(signer, value)
        if found is None or found[1] < oldest:
            return Visit()
        data, signed_at = found
        visit = Visit(data)
        visit.signed_at = signed_at
        return visit

    def _checked(self, signer: URLSafeTimedSerializer, value: str) -> tuple[dict[str, Any], float] | None:
        """What a cookie holds and when it was signed; the very same cookie is not checked twice."""
        try:
            data, signed = signer.loads(value, return_timestamp=True)
        except BadSignature:
            return None
        found = data, signed.timestamp()
        if all(isinstance(held, str | bool | int) for held in data.values()):  # else a page could change what is kept
            self._read.put(value, found)
        return found

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        """True when the visit changed, or is used and was signed a while ago."""
        if session.modified:
            return True
        signed_at = session.signed_at if isinstance(session, Visit) else None
        return session.permanent and (signed_at is None or time.time() - signed_at > RENEW_AFTER)
