"""Looking after a deck: title, order, visibility, words for its pictures, and taking it away."""

from typing import Any

from flask import abort, current_app, render_template, request

from forsamlingshus.kernel import db, permissions, web
from forsamlingshus.kernel.db import transaction
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.permissions import SCOPED, access
from forsamlingshus.process import phases
from forsamlingshus.slides import actions, forms, office, queries, rules
from forsamlingshus.slides.models import Deck, DeckState, Slide
from forsamlingshus.slides.views.base import blueprint, list_url, presentable

LENGTHS = {"alt_max": rules.ALT_MAX, "notes_max": rules.NOTES_MAX}


@blueprint.route("/styring/oplaeg/<int:year>/<string:slug>/ret", methods=["GET", "POST"])
@access(SCOPED)
def edit(year: int, slug: str) -> Any:
    """Title and speaker, and what else can be done with the deck."""
    session = db.session()
    deck = presentable(session, year, slug)
    form = forms.TitleForm(obj=deck, allow=phases.public_lines(session))
    if request.method == "GET" or not form.validate():
        return _edit_page(deck, form), 200 if request.method == "GET" else 422
    with transaction() as session:
        deck = presentable(session, year, slug)
        actions.rename_deck(
            session, who=permissions.who(), deck=deck, title=form.title.data or "", speaker=form.speaker.data or ""
        )
    web.notice(_("The presentation has been changed"))
    return web.see_other(f"{deck.control_path}/ret")


def _edit_page(deck: Deck, form: forms.TitleForm) -> str:
    slides = queries.strip(db.session(), deck.id)
    return render_template(
        "slides/edit.html",
        deck=deck,
        form=form,
        slides=slides,
        bare=[slide.no for slide in slides if not slide.description],
        old=[slide.no for slide in slides if slide.alt_old],
        newer=queries.replacement_of(db.session(), deck.id),
        replaceable=rules.may_be_replaced(deck),
        cautions=[slide for slide in slides if slide.caution],
        final=any(slide.caution == rules.REFUSED for slide in slides),
        may_remove=rules.may_remove(permissions.who(), deck),
        list_url=list_url(deck),
    )


@blueprint.post("/styring/oplaeg/<int:year>/<string:slug>/flyt")
@access(SCOPED)
def move(year: int, slug: str) -> Any:
    """Move a deck up or down in the list of its meeting or workshop."""
    with transaction() as session:
        deck = presentable(session, year, slug)
        actions.move_deck(session, who=permissions.who(), deck=deck, up=request.form.get("retning") == "op")
    web.notice(_("The order has been changed"))
    return web.see_other(list_url(deck))


@blueprint.route("/styring/oplaeg/<int:year>/<string:slug>/skjul", methods=["GET", "POST"])
@access(SCOPED)
def hide(year: int, slug: str) -> Any:
    """Ask, then take the deck off the public pages."""
    if request.method == "GET":
        deck = presentable(db.session(), year, slug)
        return render_template("slides/hide.html", deck=deck) if deck.listed else abort(404)
    with transaction() as session:
        deck = presentable(session, year, slug)
        actions.hide_deck(session, who=permissions.who(), deck=deck)
    web.notice(_("The presentation is hidden. Only you and other facilitators see it"))
    return web.see_other(f"{deck.control_path}/ret")


@blueprint.post("/styring/oplaeg/<int:year>/<string:slug>/offentlig")
@access(SCOPED)
def publish(year: int, slug: str) -> Any:
    """Show a hidden deck to everybody."""
    with transaction() as session:
        deck = presentable(session, year, slug)
        is_newer, before = deck.replaces_id is not None, queries.keys_before(session, deck)
        deck = actions.list_deck(
            session, who=permissions.who(), deck=deck, confirmed=request.form.get("confirm_box") == "1"
        )
        orphans = before - queries.still_named(session, before)
    _forget(orphans)
    taken = _("The new version has taken the place of the old one")
    web.notice(taken if is_newer else _("Everyone can see the presentation now"))
    return web.see_other(f"{deck.control_path}/ret")


@blueprint.route("/styring/oplaeg/<int:year>/<string:slug>/ny-udgave", methods=["GET", "POST"])
@access(SCOPED)
@forms.takes_deck
def replace(year: int, slug: str) -> Any:
    """Upload a newer version of a deck, which takes its place when it is ready."""
    deck = presentable(db.session(), year, slug)
    if not rules.may_be_replaced(deck):
        abort(404)
    form = forms.VersionForm(allow=phases.public_lines(db.session()))
    if request.method == "GET" or not form.validate():
        page = render_template("slides/replace.html", deck=deck, form=form, reads_office=office.available())
        return page, 200 if request.method == "GET" else 422
    kept = form.keep(current_app.extensions["forsamlingshus.files"])
    with transaction() as session:
        actions.replace_deck(
            session,
            who=permissions.who(),
            deck_id=deck.id,
            file_key=kept.key,
            file_size=kept.size,
            file_name=kept.name,
            file_type=kept.type,
        )
    web.notice(_("The new version is uploaded. It takes the place of the old one when its slides are made"))
    return web.see_other(list_url(deck))


@blueprint.route("/styring/oplaeg/<int:year>/<string:slug>/fjern", methods=["GET", "POST"])
@access(SCOPED)
def remove(year: int, slug: str) -> Any:
    """Ask, then remove the deck, its slides and the files that nothing else uses."""
    if request.method == "GET":
        deck = presentable(db.session(), year, slug)
        permissions.demand(rules.may_remove(permissions.who(), deck))
        talked = queries.is_talked_about(db.session(), deck.id)
        return render_template("slides/remove.html", deck=deck, failed=deck.state == DeckState.FAILED, talked=talked)
    with transaction() as session:
        deck = presentable(session, year, slug)
        back = list_url(deck)
        orphans = actions.remove_deck(session, who=permissions.who(), deck=deck)
    _forget(orphans)
    web.notice(_("The presentation has been removed"))
    return web.see_other(back)


@blueprint.route("/styring/oplaeg/<int:year>/<string:slug>/slide/<int:no>", methods=["GET", "POST"])
@access(SCOPED)
def describe(year: int, slug: str, no: int) -> Any:
    """Say in words what a slide's picture shows, and write notes for those who steer."""
    session = db.session()
    deck, slide = _slide_of(year, slug, no)
    form = forms.WordsForm(obj=slide, allow=phases.public_lines(session))
    if request.method == "GET" or not form.validate():
        page = render_template("slides/describe.html", deck=deck, slide=slide, form=form, **LENGTHS)
        return page, 200 if request.method == "GET" else 422
    with transaction() as session:
        deck, slide = _slide_of(year, slug, no)
        alt, notes = form.alt.data or "", form.notes.data or ""
        actions.describe_slide(session, who=permissions.who(), deck=deck, slide=slide, alt=alt, notes=notes)
    web.notice(_("The words for slide %(no)s have been saved", no=no))
    return web.see_other(f"{deck.control_path}/ret")


def _forget(keys: set[str]) -> None:
    store = current_app.extensions["forsamlingshus.files"]
    for key in keys:
        store.remove(key)


def _slide_of(year: int, slug: str, no: int) -> tuple[Deck, Slide]:
    session = db.session()
    deck = presentable(session, year, slug)
    return deck, queries.slide_at(session, deck.id, no) or abort(404)
