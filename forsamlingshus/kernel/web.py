"""The web edge: headers, CSRF, access, error pages and what every template may use."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from flask import Flask, Response, current_app, flash, redirect, render_template, request, url_for
from flask import session as cookie
from flask_compress import Compress
from flask_wtf.csrf import CSRFError, CSRFProtect
from jinja2 import StrictUndefined
from werkzeug.exceptions import HTTPException, NotFound, SecurityError
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter

from config import Settings
from forsamlingshus.kernel import choices, clock, cookies, faults, html, i18n, pages, permissions, requests, static
from forsamlingshus.kernel.addresses import own_path, page_before
from forsamlingshus.kernel.errors import Closed, Conflict, DomainError, Forbidden
from forsamlingshus.kernel.i18n import gettext as _

csrf = CSRFProtect()

ROOT = Path(__file__).resolve().parents[2]
IDLE_DAYS = 14
"""Days without a page after which a log-in ends by itself."""
_LEADING_ZERO = re.compile(r"/0\d")
"""A number that is found as well, though it isn't written as the page's own address writes it: `/katalog/017`."""
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
NO_CSRF: set[str] = set()
"""Endpoints that take a POST without a token; each is named in tests/contracts/routes.json with its reason."""

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; "
        "manifest-src 'self'; report-uri /csp"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry of a navigation."""

    title: str
    url: str
    current: bool = False


class SmallInteger(IntegerConverter):
    """Numbers in addresses up to what a column holds: a longer one is an address that does not exist."""

    def __init__(self, url_map: Any, **options: Any) -> None:
        super().__init__(url_map, **{"max": 2**31 - 1, **options})


def init(app: Flask, settings: Settings) -> None:
    """Set up cookies, middleware, filters, handlers and headers."""
    app.config.update(
        SESSION_COOKIE_NAME="__Host-fh_session" if settings.secure else "fh_session",
        SESSION_COOKIE_SECURE=settings.secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        # A log-in lives for session_days at most; its cookie is renewed while it is used, else it dies earlier.
        PERMANENT_SESSION_LIFETIME=min(IDLE_DAYS, settings.session_days) * 86_400,
        TRUSTED_HOSTS=settings.hosts,
        MAX_CONTENT_LENGTH=51 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=1024 * 1024,
        MAX_FORM_PARTS=200,
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=None,  # a form may stand open for a whole meeting; the token lives as long as the session
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_BR_LEVEL=4,
        COMPRESS_MIN_SIZE=700,
    )
    app.request_class = requests.Request
    app.session_interface = cookies.SignedCookies()
    app.url_map.converters["int"] = SmallInteger
    csrf.init_app(app)
    Compress(app)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.filters.update(i18n.FILTERS, mark_quotes=html.mark_quotes)
    app.jinja_env.globals["place"] = pages.place
    app.jinja_env.globals["csrf_token"] = pages.csrf_token
    app.before_request(_guard)
    app.after_request(_finish)
    app.context_processor(_context)
    _register_errors(app)
    static.init(app, ROOT / "static")
    if settings.trusted_proxies:
        n = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=n, x_proto=n, x_host=n)  # type: ignore[method-assign]


def origin() -> str:
    """The address that citizens know, from the settings: what a visitor calls the host never stands on a page."""
    settings: Settings = current_app.config["SETTINGS"]
    return settings.public_url


def wants_fragment() -> bool:
    """True when the page's own script asks, and a partial or JSON is the answer instead of a redirect."""
    return request.headers.get("X-Requested-With") == "fetch"


def see_other(url: str) -> Response:
    """After a write: 303, so that a reload does not write again."""
    return redirect(url, code=303)  # type: ignore[return-value]


def moved_to(path: str) -> Response:
    """The page has one address, and this request came by another one: lead there for good, with the arguments."""
    arguments = f"?{request.query_string.decode('latin-1')}" if request.query_string else ""
    return redirect(f"{quote(path)}{arguments}", code=301)  # type: ignore[return-value]


def notice(message: str, kind: str = "success") -> None:
    """A sentence on the next page: success, info, warning or error."""
    flash(message, kind)


def came_from() -> str:
    """The own path of the page that this request was sent from, or the front page."""
    try:
        parts = urlsplit(request.referrer or "")
    except ValueError:  # no browser writes http://[
        return "/"
    same_site = parts.netloc == request.host
    return (own_path(parts.path + (f"?{parts.query}" if parts.query else "")) if same_site else "") or "/"


def login_url(target: str) -> str:
    """The log-in page that leads back to `target`."""
    return f"{url_for('accounts.log_in')}?{urlencode({'next': target})}"


def _guard() -> Any:
    """Deny by default: access as the view declares it, then the CSRF token of every write."""
    if request.endpoint is None:
        return None
    if requests.NUL in request.path:
        raise NotFound
    if request.method in SAFE_METHODS and _LEADING_ZERO.search(request.path):
        plain = unquote(url_for(request.endpoint, **(request.view_args or {})))
        if plain != request.path:
            return moved_to(plain)
    view = current_app.view_functions[request.endpoint]
    if permissions.is_open(view) and request.method in SAFE_METHODS:
        return None  # open to everybody: who asks is found out by those pages that need to know
    person = permissions.who()
    if not permissions.allowed(person, view):
        if person.is_authenticated or wants_fragment():
            raise Forbidden
        if request.method not in SAFE_METHODS and kept_text():
            return _log_in_with_text()
        back = request.full_path.rstrip("?") if request.method in SAFE_METHODS else came_from()
        return see_other(login_url(back))
    if request.method not in SAFE_METHODS and request.endpoint not in NO_CSRF:
        csrf.protect()
    return None


def _log_in_with_text() -> Any:
    """A text on its way while its author was signed out: a box's text goes along to the log-in page and back.

    The 307 makes the browser send the same fields there. A text of another form is given back to be copied.
    """
    if request.form.get("box") and own_path(request.form.get("next")):
        return redirect(url_for("accounts.log_in_from_box"), code=307)
    return error_page(403, kept_text=kept_text(), login=login_url(came_from()))


def without_csrf(view: Callable[..., Any]) -> Callable[..., Any]:
    """Name a view that takes a POST without a token (it changes nothing that belongs to a person)."""
    NO_CSRF.add(f"{view.__module__.split('.')[1]}.{view.__name__}")
    return view


def _finish(response: Response) -> Response:
    given = {name.lower() for name in response.headers.keys()}  # noqa: SIM118 -- iterating it gives pairs
    response.headers.extend([pair for pair in HEADERS.items() if pair[0].lower() not in given])
    if current_app.config["SESSION_COOKIE_SECURE"]:
        response.headers.update(static.HSTS)
    choices.remember(response)
    if "Cache-Control" not in response.headers:
        private = request.method != "GET" or cookie.permanent
        shared = "private, no-cache" if carries_cookie() else "no-cache"
        response.headers["Cache-Control"] = "no-store" if private else shared
    response.vary.add("Cookie")
    return response


def carries_cookie() -> bool:
    """True when this answer renews the reader's session cookie, whoever asks: no shared cache may give it to others."""
    return current_app.session_interface.should_set_cookie(current_app, cookie)


def _context() -> dict[str, Any]:
    """What every template may use; navigation, municipality and demo come from the site slice."""
    return {
        "lang": i18n.language(),
        "origin": origin(),
        **choices.links(*_this_page()),
        "who": permissions.who(),
        "now": clock.local(clock.now()),
        "csrf_token": pages.csrf_token,  # instead of flask-wtf's own, which knows nothing of pages for many viewers
    }


def _this_page() -> tuple[str, list[tuple[str, str]]]:
    """Path and arguments of this page; the answer to a write may stand at an address that is no page."""
    if request.method in SAFE_METHODS or _can_be_got(request.path):
        return request.path, list(request.args.items(multi=True))
    parts = urlsplit(came_from())
    return parts.path, parse_qsl(parts.query)


def _can_be_got(path: str) -> bool:
    try:
        current_app.url_map.bind("").match(path, method="GET")
    except HTTPException:
        return False
    return True


def error_page(status: int, **values: Any) -> tuple[Any, int]:
    """The page of an error, or a few words as JSON for the page's own script; all error pages know the same values."""
    if wants_fragment():
        return {
            name: values.get(name, "") for name in ("message", "next_url", "next_title", "error_no", "seconds")
        }, status
    known: dict[str, Any] = dict.fromkeys(("heading", "message", "next_url", "next_title", "kept_text", "error_no"), "")
    known |= {"seconds": 0, "expired": False, "login": login_url("/"), "carried": {}}
    return render_template(f"errors/{status}.html", **{**known, **values}), status


KEPT_FIELDS = (
    "title", "body", "reason", "quote", "name", "email", "note", "alt", "speaker",
    "lead", "committee", "content", "citizens", "staff", "legal", "implementation", "risk",
    "message", "title_da", "title_en", "place", "address", "lead_da", "lead_en", "room", "text_da", "text_en",
    "own_title_da", "own_title_en", "question_da", "question_en", "prompts_da", "prompts_en",
    "notes", "question", "options", "low", "high", "wifi_name", "wifi_password",
)  # fmt: skip
"""Every field of words; a contract test holds it to the forms."""


def kept_text() -> str:
    """What the person typed in a write that was refused, so that the error page can give it back."""
    try:
        form = request.form
    except HTTPException:  # the body broke off on its way: there is nothing to give back
        return ""
    return "\n\n".join(text for name in KEPT_FIELDS if (text := form.get(name, "").strip()))


def carried() -> dict[str, str]:
    """The fields of a box whose write was refused, as the address that saves drafts takes them; else nothing."""
    box, path = request.form.get("box", ""), own_path(request.form.get("next"))
    if not (box and path):
        return {}
    typed = {name: request.form.get(name, "") for name in ("title", "body", "quote", "prompt_no")}
    return {"box": box, "path": path, **typed}


def _register_errors(app: Flask) -> None:
    @app.errorhandler(DomainError)
    def domain(error: DomainError) -> tuple[Any, int]:
        statuses = {Forbidden: 403, Closed: 410, Conflict: 409}
        status = next(status for kind, status in statuses.items() if isinstance(error, kind))
        return error_page(
            status,
            message=error.message,
            next_url=error.next_url or (page_before(request.referrer, origin()) if status == 409 else ""),
            next_title=error.next_title,
            kept_text=kept_text(),
            login=login_url(request.full_path.rstrip("?") if request.method in SAFE_METHODS else "/"),
        )

    @app.errorhandler(SecurityError)
    def foreign(error: SecurityError) -> Response:
        # Flask makes no addresses for a host that is not ours, so this can't be one of our pages.
        sentence = _("There is no page under this host name. Go to %(address)s", address=origin())
        return Response(f"{sentence}\n", 400, content_type="text/plain; charset=utf-8")

    @app.errorhandler(CSRFError)
    def expired(error: CSRFError) -> tuple[Any, int]:
        return error_page(400, kept_text=kept_text(), expired=True, carried=carried())

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Any:
        status = error.code or 500
        if status < 400:
            return error
        if status >= 500 and status not in faults.PAGES:
            return _fault_page(error)
        page, _status = error_page(faults.PAGES.get(status, 400), kept_text=_kept_if_readable(status))
        return page, status, [pair for pair in error.get_headers() if pair[0] in faults.TOLD]

    app.register_error_handler(Exception, _fault_page)


def _fault_page(error: Exception) -> Any:
    number = faults.record(error)
    try:
        return error_page(500, error_no=number, kept_text=kept_text())
    except Exception:
        return faults.bare_page(number)


def _kept_if_readable(status: int) -> str:
    return "" if status == 413 else kept_text()
