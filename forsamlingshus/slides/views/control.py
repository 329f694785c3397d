"""Presenting: the panel, and the presses that show a slide, start and stop."""

from typing import Any

from flask import render_template, request

from forsamlingshus.kernel import db, permissions, web
from forsamlingshus.kernel.db import transaction
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.permissions import SCOPED, access
from forsamlingshus.slides import actions, forms, partials, queries
from forsamlingshus.slides.models import Deck
from forsamlingshus.slides.views.base import blueprint, changes, changes_after, list_url, presentable


@blueprint.get("/styring/oplaeg/<int:year>/<string:slug>")
@access(SCOPED)
def present(year: int, slug: str) -> Any:
    """The presenter's page; with ?efter=N what changed after version N."""
    deck = presentable(db.session(), year, slug)
    if "efter" in request.args:
        return changes_after(deck, partials.presenter_changes(deck, deck.version))
    return _page(deck, forms.ShowForm(last=deck.page_count))


@blueprint.post("/styring/oplaeg/<int:year>/<string:slug>/vis")
@access(SCOPED)
def show(year: int, slug: str) -> Any:
    """Show a slide: the next, the one before, or any by its number."""
    deck = presentable(db.session(), year, slug)
    form = forms.ShowForm(last=deck.page_count)
    if not form.validate():
        return _page(deck, form), 422
    with transaction() as session:
        deck = presentable(session, year, slug)
        actions.show_slide(session, who=permissions.who(), deck_id=deck.id, no=form.no.data)
    return _pressed(deck)


@blueprint.post("/styring/oplaeg/<int:year>/<string:slug>/start")
@access(SCOPED)
def start(year: int, slug: str) -> Any:
    """Start the presentation at its first slide, or at the one that was asked for; from now on people can follow it."""
    deck = presentable(db.session(), year, slug)
    form = forms.ShowForm(last=deck.page_count)
    if "no" in request.form and not form.validate():
        return _page(deck, form), 422
    with transaction() as session:
        deck = presentable(session, year, slug)
        actions.start_presenting(session, who=permissions.who(), deck_id=deck.id, no=form.no.data or 1)
    return _pressed(deck, _("The presentation has started. Everyone can follow it now"))


@blueprint.post("/styring/oplaeg/<int:year>/<string:slug>/stop")
@access(SCOPED)
def stop(year: int, slug: str) -> Any:
    """End the presentation."""
    with transaction() as session:
        deck = presentable(session, year, slug)
        actions.stop_presenting(session, who=permissions.who(), deck_id=deck.id)
    return _pressed(deck, _("The presentation has ended"))


def _page(deck: Deck, form: forms.ShowForm) -> str:
    session = db.session()
    return render_template(
        "slides/present.html",
        form=form,
        slides=queries.strip(session, deck.id),
        list_url=list_url(deck),
        **partials.control_values(session, deck),
    )


def _pressed(deck: Deck, notice: str = "") -> Any:
    """The page's script gets what changed at once, before the socket brings it; a plain form goes back to the page."""
    if web.wants_fragment():
        return changes(deck, partials.presenter_changes(deck, deck.version))
    if notice:
        web.notice(notice)
    return web.see_other(deck.control_path)
