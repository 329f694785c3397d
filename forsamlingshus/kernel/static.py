"""Static files: served below an address that names their release, so that browsers may keep them for ever."""

import hashlib
from pathlib import Path
from typing import Any

from flask import Flask, current_app
from whitenoise import WhiteNoise


def init(app: Flask, folder: Path) -> None:
    """Serve the files of `folder`, and let templates name them with `static_url`."""
    found = release_of(folder)
    app.extensions["forsamlingshus.release"] = found
    app.jinja_env.globals["static_url"] = lambda path: f"/static/{found}/{path}"
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=folder,
        prefix=f"static/{found}/",
        max_age=31_536_000,
        immutable_file_test=lambda _path, _url: True,
        add_headers_function=lambda headers, _path, _url: _add_headers(headers),
    )


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


def _add_headers(headers: Any) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Content-Security-Policy"] = "default-src 'none'"
