"""The public pages: a deck, each of its slides, and the way to the slide that is being shown."""

from typing import Any

from flask import abort, render_template, request

from forsamlingshus.kernel import db, permissions, web
from forsamlingshus.kernel.permissions import PUBLIC, access
from forsamlingshus.slides import partials, queries, rules
from forsamlingshus.slides.models import Deck
from forsamlingshus.slides.views.base import blueprint, changes_after, readable


@blueprint.get("/budget/<int:year>/oplaeg/<string:slug>")
@access(PUBLIC)
def deck(year: int, slug: str) -> Any:
    """A deck: who speaks, its slides, the original; with ?efter=N what changed after version N."""
    session = db.session()
    found = readable(session, year, slug)
    if "efter" in request.args:
        return changes_after(found, partials.public_changes(found, found.version))
    return render_template(
        "slides/deck.html",
        deck=found,
        slides=queries.strip(session, found.id),
        may_present=rules.may_present(permissions.who(), found),
        frame=partials.deck_frame(found),
        **partials.follow_values(),
    )


@blueprint.get("/budget/<int:year>/oplaeg/<string:slug>/<int:no>")
@access(PUBLIC)
def slide(year: int, slug: str, no: int) -> Any:
    """One slide as picture and text; with ?foelg=1 it is the one being shown, and the page's script follows."""
    session = db.session()
    found = readable(session, year, slug)
    if "efter" in request.args:
        return changes_after(found, partials.public_changes(found, found.version))
    follows = found.presenting and request.args.get("foelg") == "1"
    if follows and no != found.showing:
        return web.see_other(_shown(found))
    stage = partials.stage_values(session, found, no)
    if stage["slide"] is None:
        abort(404)
    return render_template(
        "slides/slide.html",
        slides=queries.strip(session, found.id),
        may_present=rules.may_present(permissions.who(), found),
        **stage,
        **partials.follow_values("following" if follows else "behind", no),
    )


@blueprint.get("/budget/<int:year>/oplaeg/<string:slug>/live")
@access(PUBLIC)
def follow(year: int, slug: str) -> Any:
    """Lead to the slide that is being shown, and follow from there; to the deck when nothing is shown."""
    found = readable(db.session(), year, slug)
    return web.see_other(_shown(found) if found.presenting else found.path)


def _shown(deck: Deck) -> str:
    return f"{deck.path}/{deck.showing}?foelg=1"
