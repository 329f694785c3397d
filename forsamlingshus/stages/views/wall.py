"""The wall: opened with a key on the computer of the stage; it needs no log-in and leads nowhere."""

from typing import Any

from flask import Response, abort, make_response, render_template, request

from forsamlingshus.kernel import clock, db, limits, live, permissions, topics, web
from forsamlingshus.kernel.permissions import PUBLIC, access
from forsamlingshus.stages import partials, queries, rules
from forsamlingshus.stages.views.base import asked_version, blueprint, changes

GUESSES = limits.Limit("wall", 30, 1)
"""Wrong keys from one address in a minute."""


@blueprint.get("/storskaerm/<string:key>")
@access(PUBLIC)
def wall(key: str) -> Any:
    """What the hall sees; with ?efter=N what changed after version N, and a fresh proof for the page's socket."""
    session = db.session()
    stage = queries.stage_of_key(session, key.lower()) if len(key) <= 40 else None
    if stage is None:
        wait = GUESSES.wait(limits.network(request.remote_addr))
        return web.error_page(429, seconds=wait) if wait else abort(404)
    version = topics.version_of(session, stage.hall_topic)
    proof = permissions.seal(rules.proof_of(stage))
    if "efter" in request.args:
        missed = [partials.wall_change(stage, version)] if version > asked_version() else []
        return _kept_secret(make_response({**changes(version, missed), "proof": proof}))
    page = render_template(
        "stages/hall.html",
        version=version,
        proof=proof,
        present=live.present(stage.topic),
        now_moment=clock.now(),
        **partials.wall_values(session, stage),
    )
    return _kept_secret(make_response(page))


def _kept_secret(response: Response) -> Response:
    """The address is a key: no cache keeps it, no search engine lists it, no other request tells it on."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
