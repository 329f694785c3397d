"""Cached pages: rendered once for a kind of viewer, with places that each request fills with the personal bits."""

import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from functools import cached_property
from typing import Any, Generic, TypeVar
from weakref import WeakSet

import brotli
from flask import Response, current_app, g, has_request_context, request
from flask import session as cookie
from flask_babel import force_locale
from flask_wtf.csrf import generate_csrf

V = TypeVar("V")

_caches: "WeakSet[Cache[Any]]" = WeakSet()

# Private-use characters, which `html.tidy` and the sanitiser take out of whatever a person types or spells as an
# entity: nobody can write a place.
OPEN, CLOSE = "\ue000", "\ue001"
_PLACE = re.compile(f"{OPEN}([^{CLOSE}]*){CLOSE}")


def place(name: str) -> str:
    """A place in a cached page; `fill` puts the value there. Stands in templates where the personal bit belongs."""
    return f"{OPEN}{name}{CLOSE}"


class Places:
    """A page split at its places, once, so that filling it costs as much as there is to fill and no more.

    `defaults` holds what stands in a place that nobody fills, by its full name or by the part before the colon.
    """

    __slots__ = ("_at", "_pieces")

    def __init__(self, page: str, defaults: Mapping[str, str]) -> None:
        pieces = _PLACE.split(page)
        # As bytes: a page is sent far more often than made, and turning 100 kB of letters into bytes takes its time.
        self._pieces: list[bytes | None] = [piece.encode() for piece in pieces]
        self._at: dict[str, list[int]] = {}
        for index in range(1, len(pieces), 2):
            name = pieces[index]
            self._at.setdefault(name, []).append(index)
            default = defaults.get(name, defaults.get(name.partition(":")[0]))
            self._pieces[index] = None if default is None else default.encode()

    def fill(self, values: Mapping[str, str]) -> str:
        """The page with `values` (HTML or attribute text that the caller escaped) in their places.

        A value without a place is left out; a place without value or default is a KeyError, never an empty page.
        """
        return self.filled(values).decode()

    def filled(self, values: Mapping[str, str]) -> bytes:
        """The same as bytes, ready to be sent."""
        pieces = self._pieces.copy()
        for name, value in values.items():
            if name in self._at:
                sent = value.encode()
                for index in self._at[name]:
                    pieces[index] = sent
        if None in pieces:
            raise KeyError(next(name for name, indexes in self._at.items() if pieces[indexes[0]] is None))
        return b"".join(pieces)  # type: ignore[arg-type]


def fill(page: str, values: Mapping[str, str], defaults: Mapping[str, str]) -> str:
    """Fill the places of a page that is filled but once."""
    return Places(page, defaults).fill(values)


def csrf_token() -> str:
    """The page's CSRF token, or its place while a page for many viewers is rendered."""
    if has_request_context() and g.get("rendering_for_many"):
        return place("csrf")
    return session_token()


def render_for_many(render: Callable[[], str]) -> str:
    """Render a page that several viewers of one kind will get: no token of this request may end up in it."""
    g.rendering_for_many = True
    try:
        return render()
    finally:
        g.rendering_for_many = False


def lies_under(path: str) -> None:
    """Tell the navigation where the page of this request belongs, when its own address does not say it."""
    g.section = path


def partial(template: str, language: str, **values: object) -> str:
    """Render a partial in `language` with nothing but `values`: no viewer, no request, the same for everybody."""
    with force_locale(language):
        return current_app.jinja_env.get_template(template).render(lang=language, **values)


class Cache(Generic[V]):
    """A bounded store, the least recently used entry leaves first; safe for threads."""

    def __init__(self, size: int) -> None:
        _caches.add(self)
        self._size = size
        self._entries: OrderedDict[Hashable, V] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> V | None:
        """The entry, or None."""
        with self._lock:
            if key not in self._entries:
                return None
            self._entries.move_to_end(key)
            return self._entries[key]

    def put(self, key: Hashable, entry: V) -> V:
        """Keep an entry and return it."""
        with self._lock:
            self._entries[key] = entry
            self._entries.move_to_end(key)
            if len(self._entries) > self._size:
                self._entries.popitem(last=False)
        return entry

    def get_or(self, key: Hashable, make: Callable[[], V]) -> V:
        """The entry, made when it is missing."""
        found = self.get(key)
        return self.put(key, make()) if found is None else found

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._entries.clear()


_tokens: Cache[str] = Cache(2000)


def session_token() -> str:
    """The CSRF token of this visit, signed once: signing it anew for each page cost a tenth of the page's time."""
    secret = cookie.get("csrf_token")
    if secret is None:
        fresh: str = generate_csrf()
        return fresh
    return _tokens.get_or((current_app.secret_key, secret), generate_csrf)


def forget_all() -> None:
    """Clear every cache: a test that begins with empty tables begins with their versions too."""
    for cache in _caches:
        cache.clear()


class Kept:
    """A finished page that many anonymous readers get: its bytes, the same packed once somebody takes that, its ETag.

    `key` and `version` are all that it depends on.
    """

    def __init__(self, page: bytes, key: Hashable, version: int) -> None:
        self.plain = page
        self.version = version
        seed = current_app.extensions["forsamlingshus.release"]
        self.etag = f"{seed}-{hash((key, version)) & 0xFFFFFFFFFFFFFFFF:x}"

    @cached_property
    def packed(self) -> bytes:
        """The page for a browser that takes brotli."""
        packed: bytes = brotli.compress(self.plain, quality=5)
        return packed


def send_kept(kept: Kept) -> Response:
    """Answer with a kept page, packed where the browser takes that, or 304 when it has the page already."""
    packed = request.accept_encodings.quality("br") > 0
    response = Response(kept.packed if packed else kept.plain, mimetype="text/html")
    if packed:
        response.headers["Content-Encoding"] = "br"
    response.vary.add("Accept-Encoding")
    response.set_etag(kept.etag, weak=True)
    response.make_conditional(request)
    return response
