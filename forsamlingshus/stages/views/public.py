"""The live page on phones: follow the slides, ask, and see what others want to know."""

from typing import Any

from flask import abort, render_template, request
from sqlalchemy.orm import Session

from forsamlingshus.accounts import actions as accounts
from forsamlingshus.accounts import queries as account_queries
from forsamlingshus.discussions import actions as discussions
from forsamlingshus.discussions import forms
from forsamlingshus.discussions import queries as questions
from forsamlingshus.discussions import rules as question_rules
from forsamlingshus.discussions.models import Post
from forsamlingshus.discussions.queries import Personal, QuestionPage
from forsamlingshus.discussions.views import feed
from forsamlingshus.discussions.views.base import allowed_lines, muted_sentence, refuse, slow_down, wait_to_write
from forsamlingshus.kernel import db, i18n, live, pages, permissions, topics, web
from forsamlingshus.kernel.db import transaction
from forsamlingshus.kernel.errors import Closed
from forsamlingshus.kernel.html import trusted
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.permissions import PUBLIC, WRITER, Who, access
from forsamlingshus.slides import partials as slides
from forsamlingshus.stages import actions, partials, queries, rules
from forsamlingshus.stages.models import Stage
from forsamlingshus.stages.views.base import asked_version, blueprint, changes, number

NOBODY = Personal(frozenset(), frozenset(), None, ())


def _stage_or_404(session: Session) -> Stage:
    return queries.stage_at(session, request.path) or abort(404)


@blueprint.get("/budget/<int:year>/borgermoede/live")
@access(PUBLIC)
def plenary(year: int) -> Any:
    """The plenary of the citizen meeting."""
    return _answer()


@blueprint.get("/budget/<int:year>/temaer/<string:slug>/live")
@access(PUBLIC)
def workshop(year: int, slug: str) -> Any:
    """A workshop that goes on beside the others."""
    return _answer()


@blueprint.post("/budget/<int:year>/borgermoede/live")
@access(WRITER)
def ask_plenary(year: int) -> Any:
    """Ask a question to the plenary."""
    return _ask()


@blueprint.post("/budget/<int:year>/temaer/<string:slug>/live")
@access(WRITER)
def ask_workshop(year: int, slug: str) -> Any:
    """Ask a question in a workshop."""
    return _ask()


def _answer() -> Any:
    """The page, or the part of it that its script asks for with `del`."""
    session = db.session()
    stage = _stage_or_404(session)
    part = request.args.get("del", "")
    if part == "scene":
        version = topics.version_of(session, stage.topic)
        missed = partials.public_changes(stage, version, scene=True) if version > asked_version() else []
        return changes(version, missed)
    if part == "questions":
        return _questions_after(session, stage)
    if part == "list":
        return _list(session, stage)
    if web.wants_fragment() and "slide" in request.args:
        return {"html": partials.slide_alone(session, stage, number("slide", 1) or 1, i18n.language())}
    return _page(session, stage, None)


def _questions_after(session: Session, stage: Stage) -> dict[str, Any]:
    version = topics.version_of(session, stage.thread.topic)
    posts = questions.changed_after(session, stage.thread, asked_version())
    if posts is None:
        return {"version": version, "reload": True}
    return {"version": version, "changes": feed.change_rows(posts)}


def _list(session: Session, stage: Stage) -> dict[str, Any]:
    """The list in its order of now, for somebody who asks to see what came meanwhile."""
    version = topics.version_of(session, stage.thread.topic)
    page = _question_page(session, stage)
    who = permissions.who()
    rows = _rows(who, stage, page.posts, _mine(stage, who))
    return {"version": version, "html": render_template("stages/_questions.html", rows=rows)}


def _question_page(session: Session, stage: Stage) -> QuestionPage:
    sort = request.args.get("sorter", questions.SUPPORT)
    return questions.questions(session, stage.thread_id, sort=sort, page=number("side", 1) or 1)


def _mine(stage: Stage, who: Who) -> Personal:
    return NOBODY if who.author_id is None else questions.personal(stage.thread_id, who.author_id)


def _rows(who: Who, stage: Stage, posts: list[Post], mine: Personal) -> list[tuple[int, Any]]:
    """Questions with this viewer's own marks in them."""
    open_ = rules.is_live(stage, who.now) and question_rules.is_open(who, stage.forum)
    places = partials.question_places(who, stage, posts, mine, open_=open_)
    rows = partials.question_rows(posts, i18n.language(), who.now)
    return [(post_id, trusted(pages.fill(body, places, partials.NEUTRAL))) for post_id, body in rows]


def _page(session: Session, stage: Stage, form: forms.QuestionForm | None) -> str:
    who = permissions.who()
    # The versions come before the rows: a page may be newer than it says.
    version, thread_version = topics.two_versions(session.connection(), stage.topic, stage.thread.topic)
    page, mine = _question_page(session, stage), _mine(stage, who)
    scene = partials.scene_values(session, stage, number("slide"))
    mode = "behind" if "slide" in request.args else "following"
    closed = questions.closed_notice(session, who, stage.forum)
    box = f"stage:{stage.id}"
    if form is None:
        form = forms.QuestionForm(formdata=None)
        form.client_id.data = forms.new_client_id()
        draft = account_queries.draft_of(session, who.author_id, box) if who.author_id is not None else None
        form.body.data = draft.body if draft else ""
    turn = f"{stage.path}?sorter={page.sort}&side="
    return render_template(
        "stages/live.html",
        stage=stage,
        version=version,
        thread_version=thread_version,
        live=rules.is_live(stage, who.now),
        before=rules.is_before(stage, who.now),
        opens_in=int((stage.starts_at - who.now).total_seconds()) + 1,
        steers=rules.may_steer(who, stage),
        present=live.present(stage.topic),
        page=page,
        rows=_rows(who, stage, page.posts, mine),
        mine=mine,
        own=[*mine.own, *(post.id for post in mine.waiting)],
        waiting=mine.waiting,
        form=form,
        closed=closed,
        muted=muted_sentence(session, who, stage.forum) if who.is_muted(stage.forum.scope_key) else "",
        **_ask_values(who, stage),
        previous_url=f"{turn}{page.page - 1}#questions" if page.page > 1 else "",
        next_url=f"{turn}{page.page + 1}#questions" if page.has_more else "",
        **scene,
        **slides.follow_values(mode, scene["current"]),
    )


def _ask() -> Any:
    who, session = permissions.who(), db.session()
    stage = _stage_or_404(session)
    form = forms.QuestionForm(allow=allowed_lines(session))
    refuse(who, stage.forum)
    if not form.validate():
        return _refused(session, stage, form)
    wait = wait_to_write(who)
    if wait:
        return web.error_page(429, seconds=wait, kept_text=form.body.data, message=slow_down(wait))
    try:
        with transaction() as session:
            stage = _stage_or_404(session)
            post = actions.ask(
                session,
                who=who,
                stage=stage,
                body=" ".join((form.body.data or "").split()),
                client_id=form.client_id.data,
                held=form.held,
                anonymous=bool(form.anonymous.data),
            )
            accounts.drop_draft(session, author_id=who.author_id or 0, box=f"stage:{stage.id}")
    except discussions.SentBefore as before:
        form.ask_again(before.message)
        return _refused(db.session(), _stage_or_404(db.session()), form)
    return _asked(stage, post.id)


def _refused(session: Session, stage: Stage, form: forms.QuestionForm) -> Any:
    if not rules.is_live(stage, permissions.who().now):
        raise Closed(_("The meeting is not open for questions right now"), next_url=stage.path, next_title=stage.title)
    if not web.wants_fragment():
        return _page(session, stage, form), 422
    box = render_template(
        "stages/_ask.html",
        stage=stage,
        form=form,
        closed=None,
        muted="",
        **_ask_values(permissions.who(), stage),
    )
    return {"form": box}, 422


def _ask_values(who: Who, stage: Stage) -> dict[str, Any]:
    return {
        "may_ask": who.writes_in(stage.forum.scope_key),
        "waits": question_rules.is_held(who, stage.forum),
        "question_max": question_rules.QUESTION_MAX,
    }


def _asked(stage: Stage, post_id: int) -> Any:
    """The answer to a stored question: the page with it, and for the page's script the very change others get."""
    post = questions.posts_by_ids(db.session(), [post_id])[post_id]
    held = post.position is None
    sentence = _("Your question appears once a facilitator has seen it") if held else _("Your question has been sent")
    if not web.wants_fragment():
        web.notice(sentence)
        return web.see_other(f"{stage.path}#{'w' if held else 'i'}-{post.id}")
    answer: dict[str, Any] = {"id": post.id, "message": sentence, "client_id": forms.new_client_id()}
    if held:
        return {**answer, "waiting": render_template("discussions/_question_waiting.html", waiting=[post])}
    return {**answer, "version": post.contribution.version, "changes": feed.change_rows([post])}
