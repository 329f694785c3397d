"""The board where staff collect, the page of one input for staff, and the one that everybody reads."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, render_template, request, url_for

from forsamlingshus.contributions import models as contributions
from forsamlingshus.contributions.models import Contribution
from forsamlingshus.discussions.views.base import allowed_lines
from forsamlingshus.inputs import actions, queries, rules
from forsamlingshus.inputs.forms import EXISTING, InputForm, QuoteForm
from forsamlingshus.inputs.models import Input, Quote
from forsamlingshus.kernel import clock, db, permissions, topics, web
from forsamlingshus.kernel.addresses import own_path, small_number
from forsamlingshus.kernel.db import Session, transaction
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.i18n import ngettext
from forsamlingshus.kernel.permissions import PUBLIC, STAFF, access
from forsamlingshus.process import phases
from forsamlingshus.process import queries as process_queries
from forsamlingshus.process.models import Activity, BudgetYear, Theme

blueprint = Blueprint("inputs", __name__)

COLUMNS = ("indlaeg", "input", "forslag")
ALL = "alle"


@dataclass(frozen=True, slots=True)
class Board:
    """What the board is asked to show; the slot of the third column gets it too."""

    year: BudgetYear
    theme: Theme | None
    show: str
    words: str
    column: str

    @property
    def budget_year(self) -> int:
        """The year as a number."""
        return self.year.year

    @property
    def theme_id(self) -> int | None:
        """The theme that the columns are narrowed to."""
        return self.theme.id if self.theme else None

    def url(self, **changes: Any) -> str:
        """The address of this board with some of its arguments changed; empty ones are left out."""
        asked = {
            "aar": self.budget_year,
            "tema": self.theme.slug if self.theme else "",
            "vis": self.show,
            "soeg": self.words,
            "kolonne": self.column,
            **changes,
        }
        return url_for("inputs.board", **{name: value for name, value in asked.items() if value})

    def news(self, seen: int, version: int) -> str:
        """Where the page asks what came after it: how many posts it knows of, and which version of the inputs."""
        theme = self.theme.slug if self.theme else None
        return url_for("inputs.board_news", aar=self.budget_year, tema=theme, set=seen, fra=version)


@blueprint.get("/arbejde/input")
@access(STAFF)
def board() -> str:
    """Three columns: what people said, what it comes to, what is proposed."""
    session = db.session()
    year = queries.year_asked(session, small_number(request.args.get("aar")))
    if year is None:
        if request.args.get("aar"):
            abort(404)
        return render_template("inputs/board_empty.html")
    asked = _board(year)
    versions = _versions(session, year.year)
    posts = queries.posts(
        session,
        year=year.year,
        theme_id=asked.theme_id,
        unhandled=asked.show != ALL,
        words=asked.words,
        after=small_number(request.args.get("efter")),
    )
    before = small_number(request.args.get("foer"))
    return render_template(
        "inputs/board.html",
        board=asked,
        posts=posts,
        inputs=queries.inputs(session, year=year.year, theme_id=asked.theme_id, before=before),
        progress=queries.progress(session, year=year.year),
        has_inputs=queries.has_inputs(session, year.year),
        versions=versions,
        news=asked.news(queries.progress(session, year=year.year, theme_id=asked.theme_id).total, versions[1]),
        closed=_closed(session, year.year),
        paged=bool(request.args.get("efter") or before),
    )


@blueprint.get("/arbejde/input/nyt")
@access(STAFF)
def board_news() -> dict[str, Any]:
    """What came after an open board, in words: the board is not rearranged under somebody who works in it."""
    session = db.session()
    year = queries.year_asked(session, small_number(request.args.get("aar"))) or abort(404)
    asked = _board(year)
    said, collected = _versions(session, year.year)
    total = queries.progress(session, year=year.year, theme_id=asked.theme_id).total
    posts = total - (small_number(request.args.get("set")) or 0)
    inputs = queries.changed_inputs(
        session, year=year.year, theme_id=asked.theme_id, version=small_number(request.args.get("fra")) or 0
    )
    words = {
        "board-new-posts": ngettext("%(num)s new post", "%(num)s new posts", posts) if posts > 0 else "",
        "board-new-inputs": ngettext("%(num)s input is new or changed", "%(num)s inputs are new or changed", inputs)
        if inputs
        else "",
    }
    changes = [{"action": "text", "target": target, "parent": "", "html": html} for target, html in words.items()]
    return {"version": said if request.args.get("emne") == COLUMNS[0] else collected, "changes": changes}


def _versions(session: Session, year: int) -> tuple[int, int]:
    """Of what was said and what was collected; read before the rows, so that a page may be newer than it says."""
    return topics.two_versions(session.connection(), contributions.topic_of(year), queries.topic_of(year))


def _board(year: BudgetYear) -> Board:
    theme = next((theme for theme in year.themes if theme.slug == request.args.get("tema")), None)
    column = request.args.get("kolonne", "")
    return Board(
        year=year,
        theme=theme,
        show=ALL if request.args.get("vis") == ALL else "",
        words=" ".join(request.args.get("soeg", "").split())[:80],
        column=column if column in COLUMNS else COLUMNS[0],
    )


@blueprint.route("/arbejde/input/citat/<int:contribution_id>", methods=["GET", "POST"])
@access(STAFF)
def quote(contribution_id: int) -> Any:
    """Choose words of a contribution and the input that they go to."""
    if request.method == "POST":
        return _add_quote(contribution_id)
    session = db.session()
    contribution = _contribution(session, contribution_id)
    return _quote_page(session, contribution, _quote_form(session, contribution))


def _add_quote(contribution_id: int) -> Any:
    session = db.session()
    contribution = _contribution(session, contribution_id)
    form = _quote_form(session, contribution)
    if "whole" in request.form:
        form.quote.data = contribution.text
        return _quote_page(session, contribution, form)
    if not form.validate():
        return _quote_page(session, contribution, form), 422
    who = permissions.who()
    with transaction() as session:
        contribution = _contribution(session, contribution_id)
        if form.is_new:
            row = actions.create_input(
                session, who=who, budget_year=contribution.budget_year, theme_id=form.theme.data, title=form.title.data
            )
        else:
            row = session.get_one(Input, form.input.data)
        actions.add_quote(session, who=who, input=row, contribution=contribution, text=form.quote.data)
    web.notice(_("Added to input %(number)s", number=row.number))
    return web.see_other(_back(row.work_path))


def _quote_form(session: Session, contribution: Contribution) -> QuoteForm:
    year = process_queries.year_of(session, contribution.budget_year)
    form = QuoteForm(
        text=contribution.text,
        themes=year.themes if year else [],
        inputs=queries.choices(session, contribution.budget_year),
        allow=allowed_lines(session),
    )
    if request.method == "GET":
        form.theme.data = contribution.theme_id
        if request.args.get("valg") == EXISTING:
            form.target.data = EXISTING
    return form


def _quote_page(session: Session, contribution: Contribution, form: QuoteForm) -> str:
    return render_template(
        "inputs/quote.html",
        contribution=contribution,
        form=form,
        taken=queries.quotes_on(session, contribution.id),
        closed=_closed(session, contribution.budget_year),
        back=_back(url_for("inputs.board", aar=contribution.budget_year)),
    )


@blueprint.route("/arbejde/input/<int:number>", methods=["GET", "POST"])
@access(STAFF)
def work(number: int) -> Any:
    """One input as staff work with it; the form changes its title, theme and note."""
    session = db.session()
    row, year = _input_asked(session, number)
    form = InputForm(obj=row, themes=year.themes, allow=allowed_lines(session))
    if request.method == "GET":
        form.theme.data = row.theme_id
    elif form.validate():
        with transaction() as session:
            row, year = _input_asked(session, number)
            actions.change_input(
                session,
                who=permissions.who(),
                input=row,
                title=form.title.data,
                theme_id=form.theme.data,
                note=form.note.data,
            )
        web.notice(_("Input %(number)s is saved", number=number))
        return web.see_other(row.work_path)
    page = render_template(
        "inputs/work.html",
        input=row,
        quotes=queries.quotes_of(session, [row.id], public_only=False),
        stands=lambda taken: rules.find_quote(taken.contribution.text, taken.text) is not None,
        form=form,
        closed=_closed(session, year.year),
    )
    return (page, 422) if form.errors else page


@blueprint.route("/arbejde/input/<int:number>/citater/<int:quote_id>/fjern", methods=["GET", "POST"])
@access(STAFF)
def remove_quote(number: int, quote_id: int) -> Any:
    """Ask once, then take a quote out of its input."""
    session = db.session()
    row, _year = _input_asked(session, number)
    taken = _quote_asked(session, row, quote_id)
    if request.method == "GET":
        return render_template(
            "inputs/confirm.html",
            title=_("Take the quote out of input %(number)s?", number=number),
            words=taken.text,
            text=_("The post stays as it is. Its mark goes, unless the input quotes other words of the same post."),
            button=_("Take out the quote"),
            cancel_url=row.work_path,
        )
    with transaction() as session:
        row, _year = _input_asked(session, number)
        actions.remove_quote(session, who=permissions.who(), input=row, quote=_quote_asked(session, row, quote_id))
    web.notice(_("The quote is taken out of input %(number)s", number=number))
    return web.see_other(row.work_path)


@blueprint.post("/arbejde/input/<int:number>/slet")
@access(STAFF)
def delete(number: int) -> Any:
    """Delete an empty input."""
    with transaction() as session:
        row, year = _input_asked(session, number)
        actions.delete_input(session, who=permissions.who(), input=row)
    web.notice(_("Input %(number)s is deleted", number=number))
    return web.see_other(url_for("inputs.board", aar=year.year, kolonne="input"))


@blueprint.get("/budget/<int:year>/input/<int:number>")
@access(PUBLIC)
def public(year: int, number: int) -> str:
    """One input as everybody reads it: whose words, and which published proposals are built on them."""
    session = db.session()
    row = queries.input_of(session, year, number)
    if row is None:
        abort(404)
    now = clock.now()
    return render_template(
        "inputs/public.html",
        input=row,
        quotes=queries.quotes_of(session, [row.id], public_only=True),
        uses=[use for use in queries.uses_of(session, [row.id]) if use.is_public(now)],
    )


def _contribution(session: Session, contribution_id: int) -> Contribution:
    found = queries.contribution(session, contribution_id)
    return found if found is not None else abort(404)


def _input_asked(session: Session, number: int) -> tuple[Input, BudgetYear]:
    """The input with that number in the year that the address names, else in the newest year; 404 without one."""
    year = queries.year_asked(session, small_number(request.args.get("aar")))
    row = queries.input_of(session, year.year, number) if year else None
    return (row, year) if row is not None and year is not None else abort(404)


def _quote_asked(session: Session, row: Input, quote_id: int) -> Quote:
    found = queries.quote_of(session, row.id, quote_id)
    return found if found is not None else abort(404)


def _closed(session: Session, year: int) -> str:
    """Why nothing can be collected now; empty while it can."""
    who = permissions.who()
    return "" if rules.is_open(who, year) else phases.closed_reason(session, year, Activity.COLLECT, who.now)


def _back(default: str) -> str:
    """Where the page was opened from, when that is a path of this site."""
    return own_path(request.values.get("tilbage")) or default
