"""Static files: served below an address that names their release, so that browsers may keep them for ever."""

import hashlib
from pathlib import Path
from typing import Any

from flask import Flask, current_app
from whitenoise import WhiteNoise

HSTS = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}
PLAIN_HEADERS = {
    "Content-Security-Policy": "default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
"""What every answer bears that is no page of ours, and so never passes by the edge's own headers."""


def init(app: Flask, folder: Path) -> None:
    """Serve the files of `folder`, and let templates name them with `static_url`."""
    found = release_of(folder)
    given = plain_headers(app)

    def add(headers: Any, _path: str, _url: str) -> None:
        for name, value in given.items():
            headers[name] = value

    app.extensions["forsamlingshus.release"] = found
    app.jinja_env.globals["static_url"] = lambda path: f"/static/{found}/{path}"
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=folder,
        prefix=f"static/{found}/",
        max_age=31_536_000,
        immutable_file_test=lambda _path, _url: True,
        add_headers_function=add,
    )


def plain_headers(app: Flask) -> dict[str, str]:
    """The headers of answers that are no pages: of a site on https they demand it from then on."""
    return PLAIN_HEADERS | (HSTS if app.config["SESSION_COOKIE_SECURE"] else {})


def release_of(folder: Path) -> str:
    """Ten characters that change when any static file does: the address of a file is then immutable."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix not in {".br", ".gz"}:
            digest.update(path.relative_to(folder).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:10]


def release() -> str:
    """The release of the static files that pages name."""
    return str(current_app.extensions["forsamlingshus.release"])
