"""Pictures of slides and the original file: served from the store by keys that the database knows, never by a name."""

from pathlib import Path

from flask import Response, abort, current_app, send_file

from forsamlingshus.kernel import db, permissions, web
from forsamlingshus.kernel.permissions import PUBLIC, access
from forsamlingshus.slides import queries, rules
from forsamlingshus.slides.models import FileType
from forsamlingshus.slides.views.base import blueprint, readable

FOR_EVER = "max-age=31536000, immutable"


@blueprint.get("/fil/slide/<string:key>.webp")
@access(PUBLIC)
def image(key: str) -> Response:
    """The picture of a slide."""
    return _picture(key, thumbnail=False)


@blueprint.get("/fil/mini/<string:key>.webp")
@access(PUBLIC)
def thumbnail(key: str) -> Response:
    """The small picture of a slide."""
    return _picture(key, thumbnail=True)


@blueprint.get("/budget/<int:year>/oplaeg/<string:slug>/original.pdf")
@access(PUBLIC)
def original(year: int, slug: str) -> Response:
    """The file as it was uploaded: always a download, and harmless should a browser open it all the same."""
    deck = readable(db.session(), year, slug)
    if deck.file_type != FileType.PDF:  # a presentation that there is no PDF of yet; it holds the speaker notes
        abort(404)
    response = send_file(
        _stored(deck.file_key),
        mimetype="application/pdf",
        as_attachment=True,
        download_name=f"{deck.slug}.pdf",
        etag=deck.file_key,
    )
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    listed = "private, no-cache" if web.carries_cookie() else "no-cache"
    response.headers["Cache-Control"] = listed if deck.listed else "private, no-store"
    return response


def _picture(key: str, *, thumbnail: bool) -> Response:
    who = permissions.who()
    decks = queries.showing_image(db.session(), key, thumbnail=thumbnail)
    if not any(rules.may_read(who, deck) for deck in decks):
        abort(404)
    response = send_file(_stored(key), mimetype="image/webp", etag=key)
    response.headers["Content-Security-Policy"] = "default-src 'none'"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    if any(deck.listed for deck in decks):
        response.headers["Cache-Control"] = f"{'private' if web.carries_cookie() else 'public'}, {FOR_EVER}"
    else:
        response.headers["Cache-Control"] = "private, no-store"
    return response


def _stored(key: str) -> Path:
    try:
        path: Path = current_app.extensions["forsamlingshus.files"].path(key)
    except ValueError:
        abort(404)
    return path if path.is_file() else abort(404)
