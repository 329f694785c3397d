"""The chapters of a demo, and the jump from one to another."""

import threading
from typing import Any

from flask import Blueprint, abort, current_app, render_template, request

from config import Settings
from forsamlingshus.demo import instance, loader, queries, rules, texts
from forsamlingshus.kernel import clock, db, limits, pages, permissions, topics, web
from forsamlingshus.kernel.db import transaction
from forsamlingshus.kernel.errors import Conflict
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.permissions import PUBLIC, USER, access, demand
from forsamlingshus.slides import queries as slides

blueprint = Blueprint("demo", __name__)

JUMPS = limits.Limit("demo chapter", 6, 10)
"""Jumps in ten minutes, whoever presses: each of them writes the whole demo anew."""
_one_at_a_time = threading.Lock()


@blueprint.get("/demo")
@access(PUBLIC)
def chapters() -> str:
    """What the demo can show; a real instance has no such page."""
    state = queries.state(db.session()) or abort(404)
    told = texts.read()
    return render_template(
        "demo/chapters.html",
        chapter=state.chapter,
        chapters=[(name, told.moment(name)) for name in texts.CHAPTERS],
        may_jump=_alone() and rules.may_jump(permissions.who()),
    )


@blueprint.post("/demo/kapitel")
@access(USER)
def jump() -> Any:
    """Show another chapter: everything in the demo is replaced, everybody's log-in included."""
    state = queries.state(db.session()) or abort(404)
    demand(rules.may_jump(permissions.who()) and _alone())
    chapter = request.form.get("chapter", "")
    if chapter not in texts.CHAPTERS:
        abort(404)
    if chapter == state.chapter:
        web.notice(_("The demo already shows this chapter"), "info")
        return web.see_other("/demo")
    if wait := JUMPS.wait("everybody"):
        return web.error_page(429, seconds=wait)
    if not _one_at_a_time.acquire(blocking=False):
        raise Conflict(
            _("Somebody else is loading a chapter right now. Wait a moment"), next_url="/demo", next_title=_("Chapters")
        )
    try:
        _load(chapter)
    finally:
        _one_at_a_time.release()
    web.notice(_("The demo shows another day now. Log in again, for everything in it is new"))
    return web.see_other("/")


def _alone() -> bool:
    """True where one process does everything: others would go on with the clock of the chapter before."""
    settings: Settings = current_app.config["SETTINGS"]
    return settings.role == "all" and not settings.redis_url


def _load(chapter: str) -> None:
    settings: Settings = current_app.config["SETTINGS"]
    password = instance.password(settings.demo_password, settings.data_dir)
    try:
        with transaction() as session:
            instance.clear(session)
            loader.load(
                session, chapter=chapter, password=password, store=current_app.extensions["forsamlingshus.files"]
            )
            topics.take_all(session)  # whoever still looks at a page of the chapter before reads it again
    except BaseException:
        clock.start_at(queries.chapter_moment(db.session()))  # the loading moves the clock through the whole story
        raise
    pages.forget_all()
    for deck_id in slides.unfinished(db.session()):
        current_app.extensions["forsamlingshus.jobs"].run("render_deck", deck_id)
