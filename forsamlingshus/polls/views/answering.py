"""A poll's own page, answering it by a plain form or by the page's script, and the polls of a stage read anew."""

from typing import Any

from flask import abort, render_template, request
from sqlalchemy.orm import Session

from forsamlingshus.discussions.views.base import slow_down, wait_to_support
from forsamlingshus.kernel import db, i18n, permissions, topics, web
from forsamlingshus.kernel.db import transaction
from forsamlingshus.kernel.html import trusted
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.permissions import PUBLIC, WRITER, access
from forsamlingshus.polls import actions, forms, partials, queries, rules
from forsamlingshus.polls.models import Poll, topic_of
from forsamlingshus.polls.views.base import blueprint
from forsamlingshus.stages import queries as stages
from forsamlingshus.stages.views.base import asked_version, changes

PLENARY, WORKSHOP = "/budget/<int:year>/borgermoede/live", "/budget/<int:year>/temaer/<string:slug>/live"


@blueprint.get(f"{PLENARY}/afstemninger")
@access(PUBLIC)
def plenary_news(year: int) -> Any:
    """What changed of the plenary's polls after version N, for the page's script."""
    return _news()


@blueprint.get(f"{WORKSHOP}/afstemninger")
@access(PUBLIC)
def workshop_news(year: int, slug: str) -> Any:
    """What changed of a workshop's polls after version N, for the page's script."""
    return _news()


@blueprint.get(f"{PLENARY}/afstemning/<int:no>")
@access(PUBLIC)
def plenary_poll(year: int, no: int) -> Any:
    """A poll of the plenary: its question while it is open, then its result; with ?efter=N what that was used for."""
    return _poll()


@blueprint.get(f"{WORKSHOP}/afstemning/<int:no>")
@access(PUBLIC)
def workshop_poll(year: int, slug: str, no: int) -> Any:
    """A poll of a workshop."""
    return _poll()


@blueprint.post(f"{PLENARY}/afstemning/<int:no>")
@access(WRITER)
def answer_plenary(year: int, no: int) -> Any:
    """Answer a poll of the plenary."""
    return _answer()


@blueprint.post(f"{WORKSHOP}/afstemning/<int:no>")
@access(WRITER)
def answer_workshop(year: int, slug: str, no: int) -> Any:
    """Answer a poll of a workshop."""
    return _answer()


def _poll_or_404(session: Session) -> Poll:
    """The poll that was asked for; one that was never opened does not exist for the public."""
    poll = queries.poll_at(session, request.path)
    return poll if poll is not None and poll.opened_at is not None else abort(404)


def _poll() -> Any:
    poll = _poll_or_404(db.session())
    if "efter" not in request.args:
        return _page(poll)
    version = poll.contribution.version if poll.contribution else 0
    return changes(version, [partials.used_change(poll, version)] if version > asked_version() else [])


def _news() -> Any:
    session = db.session()
    stage = stages.stage_at(session, request.path.rpartition("/")[0]) or abort(404)
    version, asked = topics.version_of(session, topic_of(stage.id)), asked_version()
    polls = queries.shown_polls(session, stage)
    if any(poll.version > asked for poll in polls):
        parts = {
            f"polls-{stage.id}": partials.personal(session, permissions.who(), stage),
            f"results-{stage.id}": partials.results(stage, polls, i18n.language()),
        }
        rows = [{"action": "replace", "target": name, "parent": "", "html": part} for name, part in parts.items()]
        return {"version": version, "changes": rows}
    counted = [
        partials.count_change(topic_of(stage.id), poll.id, version)
        for poll in polls
        if poll.is_open and version > asked
    ]
    return changes(version, counted)


def _answer() -> Any:
    who, session = permissions.who(), db.session()
    poll = _poll_or_404(session)
    weights, wrong = forms.read_answer(poll, request.form)
    if wait := wait_to_support(who):
        return *_refused(poll, weights, slow_down(wait), 429), {"Retry-After": str(wait)}
    if wrong and poll.is_open:
        return _refused(poll, weights, wrong)
    with transaction() as session:
        poll = _poll_or_404(session)
        actions.answer_poll(session, who=who, poll=poll, weights=weights)
        stage = poll.stage
    sentence = _("Your answer is kept. You can change it until the poll is closed")
    if web.wants_fragment():
        part = partials.personal(db.session(), who, stages.whole_stage(db.session(), stage.id))
        return {"html": part, "message": sentence}
    web.notice(sentence)
    return web.see_other(f"{stage.path}#polls-{stage.id}")


def _refused(poll: Poll, weights: list[int], wrong: str, status: int = 422) -> Any:
    """The same form with what was chosen in it, and the sentence that says what is missing."""
    if web.wants_fragment():
        part = partials.personal(db.session(), permissions.who(), poll.stage, sent=weights, wrong=wrong)
        return {"html": part, "message": wrong}, status
    return _page(poll, weights, wrong), status


def _page(poll: Poll, weights: list[int] | None = None, wrong: str = "") -> str:
    who = permissions.who()
    mine = weights or queries.own_answer(db.session(), poll.id, who.author_id)
    return render_template(
        "polls/poll.html",
        stage=poll.stage,
        mine=mine,
        wrong=wrong,
        folded=False,
        answers=rules.may_answer(who, poll.stage),
        used=trusted(partials.used(poll, i18n.language(), who.now)),
        **partials.view(poll),
    )
