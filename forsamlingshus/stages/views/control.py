"""Steering a stage: the page, and each press on it. The last press wins, whoever pressed."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import abort, render_template, request
from flask import session as cookie
from sqlalchemy.orm import Session

from forsamlingshus.discussions import actions as discussions
from forsamlingshus.discussions import queries as questions
from forsamlingshus.discussions.models import Forum, Post, PostKind, QuestionFate, Thread
from forsamlingshus.discussions.views.base import allowed_lines
from forsamlingshus.kernel import db, live, permissions, topics, undo, web
from forsamlingshus.kernel.db import transaction
from forsamlingshus.kernel.errors import leads_to
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.i18n import lazy_gettext as _l
from forsamlingshus.kernel.permissions import SCOPED, Who, access
from forsamlingshus.slides import actions as slides
from forsamlingshus.stages import actions, forms, partials, queries, rules
from forsamlingshus.stages.models import Mode, Stage
from forsamlingshus.stages.views.base import CONTROL, asked_version, blueprint, changes, number, steered

Verb = Callable[[Session, Who, Stage], str | undo.Offer | None]
"""One press: does it, and returns what is wrong with it in a sentence, or how it is taken back, or None."""


@blueprint.get(CONTROL)
@access(SCOPED)
def control(year: int, slug: str) -> Any:
    """The page of those who steer; with ?efter=N what changed after version N."""
    session = db.session()
    stage = steered(session, year, slug)
    if "efter" in request.args:
        version = topics.version_of(session, stage.control_topic)
        return changes(version, partials.control_changes(stage, version, _sort()) if version > asked_version() else [])
    if "sorter" in request.args:
        cookie[_SORT] = _sort()
    return _page(session, stage)


_SORT = "questions"
"""In the cookie: which questions come first. Each press without script leads to the page anew, in the chosen order."""


def _sort() -> str:
    wanted = request.args.get("sorter") or cookie.get(_SORT)
    return questions.NEWEST if wanted == questions.NEWEST else questions.SUPPORT


@blueprint.post(f"{CONTROL}/<string:verb>")
@access(SCOPED)
def press(year: int, slug: str, verb: str) -> Any:
    """One press on the control view."""
    return _do(year, slug, VERBS.get(verb) or abort(404))


@blueprint.post(f"{CONTROL}/spoergsmaal/<int:post_id>")
@access(SCOPED)
def question(year: int, slug: str, post_id: int) -> Any:
    """Put a question on the wall or take it off, or say what became of it."""
    return _do(year, slug, lambda session, who, stage: _question(session, who, stage, post_id))


@blueprint.post(f"{CONTROL}/indlaeg/<int:post_id>")
@access(SCOPED)
def release(year: int, slug: str, post_id: int) -> Any:
    """Show what waited, in the words that were read."""

    def show(session: Session, who: Who, stage: Stage) -> None:
        post = questions.post_with_place(session, post_id)
        if post is None or post.thread.forum_id != stage.forum_id:
            abort(404)
        thread, forum = session.get_one(Thread, post.thread_id), session.get_one(Forum, stage.forum_id)
        seen = request.form.get("seen", "")
        discussions.release(session, who=who, post=post, thread=thread, forum=forum, seen=seen)

    return _do(year, slug, show)


@blueprint.route(f"{CONTROL}/spoergsmaal/<int:post_id>/saml", methods=["GET", "POST"])
@access(SCOPED)
def merge(year: int, slug: str, post_id: int) -> Any:
    """Choose the question that asks the same, and group the two."""
    session, error = db.session(), ""
    stage = steered(session, year, slug)
    if request.method == "POST":
        into = number("into")
        if into is None:
            error = _("Choose the question that asks the same")
        else:
            with transaction() as writing:
                stage = steered(writing, year, slug)
                post, other = _asked_here(writing, stage, post_id), _asked_here(writing, stage, into)
                with leads_to(stage.control_path, stage.title):
                    made = _merge(writing, permissions.who(), stage, post, other)
            undo.show_next(made)
            return web.see_other(stage.control_path)
    post = _asked_here(session, stage, post_id)
    page = questions.questions(session, stage.thread_id)
    others = [one for one in page.posts if one.id != post.id and one.state == "visible" and _may_take(one)]
    html = render_template("stages/merge.html", stage=stage, post=post, others=others, error=error)
    return html, 422 if error else 200


def _merge(session: Session, who: Who, stage: Stage, post: Post, into: Post) -> undo.Offer:
    before, forum = discussions.standing_of(session, post), session.get_one(Forum, stage.forum_id)
    discussions.merge_question(session, who=who, post=post, into=into, forum=forum)
    said = _("No. %(one)s is grouped with no. %(other)s", one=post.position, other=into.position)
    return _offer(session, stage, post, said=said, before=before)


def _offer(
    session: Session, stage: Stage, post: Post, *, said: str, before: discussions.Standing, screen: bool = False
) -> undo.Offer:
    after = discussions.standing_after(session, post)
    action = f"{stage.control_path}/fortryd"
    return undo.offer(permissions.who(), said, action, post=post.id, before=before, after=after, screen=screen)


def _may_take(post: Post) -> bool:
    return post.question is not None and post.question.fate != QuestionFate.MERGED


def _asked_here(session: Session, stage: Stage, post_id: int) -> Post:
    post = questions.post_with_place(session, post_id)
    if post is None or post.thread_id != stage.thread_id or post.kind != PostKind.QUESTION:
        abort(404)
    return post


def _do(year: int, slug: str, verb: Verb) -> Any:
    """Run a press; the page's script gets what changed at once, before the socket brings it."""
    with transaction() as session:
        stage = steered(session, year, slug)
        with leads_to(stage.control_path, stage.title):
            said = verb(session, permissions.who(), stage)
    session = db.session()
    stage = steered(session, year, slug)
    made, wrong = (said, None) if isinstance(said, undo.Offer) else (None, said)
    if wrong and web.wants_fragment():
        return {"message": wrong}, 422
    if wrong:
        return _page(session, stage, wrong), 422
    if web.wants_fragment():
        version = topics.version_of(session, stage.control_topic)
        offered = render_template("layout/_undo.html", undo=made, form="steer") if made else ""
        return {**changes(version, partials.control_changes(stage, version, _sort())), "undo": offered}
    if made:
        undo.show_next(made)
    return web.see_other(stage.control_path)


def _show(session: Session, who: Who, stage: Stage) -> str | None:
    no = number("no", 0) or 0
    if stage.rehearsal:
        actions.rehearse_slide(session, who=who, stage=stage, no=no)
        return None
    deck = queries.shown_deck(session, stage)
    if deck is None:
        return _("No presentation is being shown. Choose one first")
    slides.show_slide(session, who=who, deck_id=deck.id, no=no)
    return None


def _present(session: Session, who: Who, stage: Stage) -> str | None:
    deck_id = number("deck")
    if deck_id not in queries.showable(session, stage):
        return _("The presentation isn't ready yet.")
    slides.start_presenting(session, who=who, deck_id=deck_id)
    return None


def _stop(session: Session, who: Who, stage: Stage) -> None:
    deck = queries.shown_deck(session, stage)
    if deck is not None:
        slides.stop_presenting(session, who=who, deck_id=deck.id)


def _mode(session: Session, who: Who, stage: Stage) -> str | None:
    form = forms.ModeForm()
    if not form.validate():
        return str(form.mode.errors[0])
    actions.set_mode(session, who=who, stage=stage, mode=Mode(form.mode.data))
    return None


def _pause(session: Session, who: Who, stage: Stage) -> str | None:
    form = forms.PauseForm()
    if not form.validate():
        return str(form.minutes.errors[0])
    actions.pause(session, who=who, stage=stage, until=rules.pause_end(who.now, form.minutes.data))
    return None


def _message(session: Session, who: Who, stage: Stage) -> str | None:
    form = forms.MessageForm(allow=allowed_lines(session))
    if not form.validate():
        found = [error for errors in form.errors.values() for error in errors]
        return str(found[0]) if found else _("This looks like private information. Everyone in the hall can read it")
    actions.set_message(session, who=who, stage=stage, message=form.message.data or "")
    return None


def _freeze(session: Session, who: Who, stage: Stage) -> None:
    actions.set_frozen(session, who=who, stage=stage, frozen=request.form.get("on") == "1")


def _names(session: Session, who: Who, stage: Stage) -> None:
    actions.show_names(session, who=who, stage=stage, shown=request.form.get("on") == "1")


def _rehearse(session: Session, who: Who, stage: Stage) -> None:
    deck_id = next(iter(queries.showable(session, stage)), None)
    actions.rehearse(session, who=who, stage=stage, on=request.form.get("on") == "1", deck_id=deck_id)


def _key(session: Session, who: Who, stage: Stage) -> None:
    actions.renew_display_key(session, who=who, stage=stage)


def _begin(session: Session, who: Who, stage: Stage) -> None:
    actions.start_stage(session, who=who, stage=stage)


FATE_WORDS = {
    QuestionFate.OPEN: _l("No. %(number)s is open again"),
    QuestionFate.ANSWERED: _l("No. %(number)s is answered"),
    QuestionFate.WRITTEN: _l("No. %(number)s is answered in writing"),
}


def _question(session: Session, who: Who, stage: Stage, post_id: int) -> str | undo.Offer | None:
    post = _asked_here(session, stage, post_id)
    if "show" in request.form:
        actions.show_question(session, who=who, stage=stage, post=post if request.form["show"] == "on" else None)
        return None
    fate = request.form.get("fate", "")
    if fate not in FATE_WORDS:
        return _("Choose what becomes of the question")
    forum, before = session.get_one(Forum, stage.forum_id), discussions.standing_of(session, post)
    discussions.settle_question(session, who=who, post=post, forum=forum, fate=QuestionFate(fate))
    screen = stage.question_id == post.id and fate != QuestionFate.OPEN
    if screen:
        actions.show_question(session, who=who, stage=stage, post=None)
    said = str(FATE_WORDS[QuestionFate(fate)]) % {"number": post.position}
    return _offer(session, stage, post, said=said, before=before, screen=screen)


def _take_back(session: Session, who: Who, stage: Stage) -> None:
    """Put a question back to where it was; onto the wall too, if the press took it off and nothing took its place."""
    note = undo.facts(who, f"{stage.control_path}/fortryd", request.form.get("undo", ""))
    post = _asked_here(session, stage, note["post"])
    thread, forum = session.get_one(Thread, stage.thread_id), session.get_one(Forum, stage.forum_id)
    back = {"before": note["before"], "after": note["after"]}
    discussions.take_back(session, who=who, post=post, thread=thread, forum=forum, **back)
    if note["screen"] and stage.mode == Mode.SLIDE_QUESTIONS:
        actions.show_question(session, who=who, stage=stage, post=post)


VERBS: Mapping[str, Verb] = {
    "vis": _show,
    "oplaeg": _present,
    "slut": _stop,
    "skaerm": _mode,
    "pause": _pause,
    "besked": _message,
    "frys": _freeze,
    "navne": _names,
    "proeve": _rehearse,
    "noegle": _key,
    "begynd": _begin,
    "fortryd": _take_back,
}


def _page(session: Session, stage: Stage, wrong: str = "") -> str:
    typed = request.form if "minutes" in request.form else None  # what was wrong stands there to be mended
    pause_form, message_form = forms.PauseForm(formdata=typed), forms.MessageForm(formdata=None)
    if typed:
        pause_form.validate()
    message_form.message.data = request.form.get("message", stage.message)
    return render_template(
        "stages/control.html",
        version=topics.version_of(session, stage.control_topic),
        present=live.present(stage.topic),
        wall_count=live.present(stage.hall_topic),
        upload_url=f"{stage.control_path.removesuffix('/live')}/oplaeg",
        pause_form=pause_form,
        message_form=message_form,
        errors=wrong,
        closed=questions.closed_notice(session, permissions.who(), stage.forum),
        waiting_count=questions.waiting_count(session, stage.thread_id) if stage.closed_at else 0,
        **partials.control_values(session, stage, _sort()),
    )
