"""The public pages: a deck, each of its slides, and the way to the slide that is being shown."""

from typing import Any

from flask import abort, render_template, request

from forsamlingshus.discussions.forms import PostForm
from forsamlingshus.discussions.models import Forum, Thread
from forsamlingshus.discussions.views import page as threads
from forsamlingshus.discussions.views import talk
from forsamlingshus.kernel import db, pages, permissions, web
from forsamlingshus.kernel.permissions import PUBLIC, WRITER, access
from forsamlingshus.slides import partials, queries, rules
from forsamlingshus.slides.models import Deck
from forsamlingshus.slides.views.base import blueprint, public_changes_after, readable

SLIDE = "/budget/<int:year>/oplaeg/<string:slug>/<int:no>"


@blueprint.get("/budget/<int:year>/oplaeg/<string:slug>")
@access(PUBLIC)
def deck(year: int, slug: str) -> Any:
    """A deck: who speaks, its slides, the original; with ?efter=N what changed after version N."""
    session = db.session()
    found = readable(session, year, slug)
    if "efter" in request.args:
        return public_changes_after(found)
    pages.lies_under(found.place_path)
    return render_template(
        "slides/deck.html",
        deck=found,
        gone=queries.gone_talks(session, found),
        slides=queries.strip(session, found.id),
        may_present=rules.may_present(permissions.who(), found),
        frame=partials.deck_frame(found),
        **partials.follow_values(),
    )


@blueprint.get(SLIDE)
@access(PUBLIC)
def slide(year: int, slug: str, no: int) -> Any:
    """One slide as picture, text and what is said about it; with ?foelg=1 the one being shown, as the presenter moves.

    With ?efter=N what changed after version N of the deck, or with `del=debat` of its talk.
    """
    found = readable(db.session(), year, slug)
    if "efter" in request.args:
        if request.args.get("del") != "debat":
            return public_changes_after(found)
        thread, _forum = _talk(found, no)
        return threads.changes_after(thread.id, request.args["efter"])
    follows = found.presenting and request.args.get("foelg") == "1"
    if follows and no != found.showing:
        return web.see_other(_shown(found))
    return _slide_page(found, no, follows=follows)


@blueprint.post(SLIDE)
@access(WRITER)
def write(year: int, slug: str, no: int) -> Any:
    """Write about a slide."""
    return talk.write(
        lambda session: _talk(readable(session, year, slug), no),
        lambda form: _slide_page(readable(db.session(), year, slug), no, form=form),
    )


def _talk(deck: Deck, no: int) -> tuple[Thread, Forum]:
    """The talk about a slide; about one that went only what was written."""
    found = queries.talk_at(db.session(), deck.id, no)
    if found is None or (no > deck.page_count and not found.thread.last_position):
        abort(404)
    return found.thread, found.thread.forum


def _slide_page(deck: Deck, no: int, *, follows: bool = False, form: PostForm | None = None) -> str:
    session = db.session()
    pages.lies_under(deck.place_path)
    stage = partials.stage_values(session, deck, no)
    # Whoever follows is not kept at a slide: the stage leads to what is said about each, and there nothing moves on.
    section = None if follows or stage["posts"] is None else talk.section(*_talk(deck, no), form=form)
    if stage["slide"] is None and section is None:
        abort(404)
    values = {**stage, "no": no, "talk": section, "form": form}
    values["may_present"] = rules.may_present(permissions.who(), deck)
    if stage["slide"] is None:
        return render_template("slides/gone.html", **values)
    return render_template(
        "slides/slide.html",
        slides=queries.strip(session, deck.id),
        **values,
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
