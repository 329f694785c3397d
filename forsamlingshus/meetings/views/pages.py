"""The citizen meeting, the themes with their workshops, and the page where facilitators upload decks."""

from typing import Any

from flask import abort, current_app, render_template, request
from sqlalchemy.orm import Session

from forsamlingshus.discussions import queries as discussions
from forsamlingshus.discussions.views.base import allowed_lines
from forsamlingshus.kernel import clock, db, i18n, pages, permissions, topics, web
from forsamlingshus.kernel.addresses import small_number
from forsamlingshus.kernel.db import transaction
from forsamlingshus.kernel.i18n import ngettext
from forsamlingshus.kernel.permissions import PUBLIC, SCOPED, Who, access
from forsamlingshus.meetings import queries, rules
from forsamlingshus.meetings.models import Meeting, Workshop
from forsamlingshus.meetings.views.base import RUN, blueprint, place_or_404
from forsamlingshus.process import phases
from forsamlingshus.process import queries as process
from forsamlingshus.process.models import Activity
from forsamlingshus.slides import actions as slides_actions
from forsamlingshus.slides import office
from forsamlingshus.slides import partials as slides_partials
from forsamlingshus.slides import queries as slides
from forsamlingshus.slides import rules as slides_rules
from forsamlingshus.slides.forms import DeckForm, takes_deck
from forsamlingshus.stages import rules as stage_rules


@blueprint.get("/budget/<int:year>/borgermoede")
@access(PUBLIC)
def meeting(year: int) -> str:
    """The meeting: when, where, the programme, the workshops and the decks; while it runs what is shown right now."""
    session, who = db.session(), permissions.who()
    found = queries.meeting_page(session, year) or abort(404)
    scopes = [found.scope_key, *(workshop.scope_key for workshop in found.workshops)]
    decks = slides.decks_of(session, scopes, listed_only=True)
    stages = [found.stage, *(workshop.stage for workshop in found.workshops)]
    return render_template(
        "meetings/meeting.html",
        live_path=found.stage.path,
        live_paths={stage.scope_key: stage.path for stage in stages},
        meeting=found,
        running=rules.is_running(found, who.now),
        over=found.ends_at <= who.now,
        decks=[deck for deck in decks if deck.scope_key == found.scope_key],
        presenting=[deck for deck in decks if deck.presenting and deck.showing],
        debate=_debate(session, year),
        thread_rows=discussions.thread_rows(session, found.stage.forum_id, who, after=request.args.get("fra")),
        may_upload=slides_rules.may_upload(who, found.scope_key, year),
        may_plan=rules.may_plan(who),
        **_signing_up(session, who, found),
    )


def _signing_up(session: Session, who: Who, found: Meeting) -> dict[str, Any]:
    """How many seats are left, until when people sign up, and how the reader's own sign-up stands."""
    seats = queries.seats(session, found.id)
    own = queries.sign_up_of(session, found.id, who.author_id) if who.author_id else None
    return {
        "free": rules.free_seats(found, seats.taken),
        "waiting": seats.waiting,
        "open_until": rules.sign_up_ends(found) if rules.signs_up(found, who.now) else None,
        "may_cancel": rules.may_cancel(found, who.now),
        "own": own,
        "news": rules.news_of(own, found) if own and found.ends_at > who.now else None,
    }


@blueprint.get("/budget/<int:year>/temaer")
@access(PUBLIC)
def themes(year: int) -> str:
    """The themes of a year, each with its workshop."""
    session = db.session()
    workshops = queries.workshops_of(session, year)
    if not workshops and process.year_of(session, year) is None:
        abort(404)
    return render_template("meetings/themes.html", year=year, workshops=workshops, debate=_debate(session, year))


@blueprint.get("/budget/<int:year>/temaer/<string:slug>")
@access(PUBLIC)
def workshop(year: int, slug: str) -> Any:
    """A workshop: what is asked, the threads, the decks; with ?efter=N its list of threads, if that has changed."""
    session, who = db.session(), permissions.who()
    found = queries.workshop_page(session, year, slug) or abort(404)
    version = topics.version_of(session, found.forum.topic)  # before the rows: a page may be newer than it says
    rows = discussions.thread_rows(
        session, found.forum_id, who, sort=request.args.get("sorter", "nyeste"), after=request.args.get("fra")
    )
    if "efter" in request.args:
        return _changed_rows(found, rows, version)
    return render_template(
        "meetings/workshop.html",
        workshop=found,
        forum=found.forum,
        forum_version=version,
        thread_rows=rows,
        closed=discussions.closed_notice(session, who, found.forum),
        debate=discussions.window_of(session, found.forum, who.now),
        answers=discussions.answers(session, found.forum_id),
        facilitators=queries.facilitator_names(session, found.id),
        decks=slides.decks_of(session, [found.scope_key], listed_only=True),
        live=stage_rules.is_live(found.stage, who.now),
        may_upload=slides_rules.may_upload(who, found.scope_key, year),
    )


def _changed_rows(found: Workshop, rows: discussions.ThreadRows, version: int) -> dict[str, Any]:
    """The rows as everybody may see them; one more than the asking page has (`antal`) is offered, not thrown in."""
    if version <= (small_number(request.args.get("efter")) or 0):
        return {"version": version, "changes": []}
    language = i18n.language()
    changes = [
        {
            "action": "replace",
            "target": f"thread-{row.id}",
            "parent": "",
            "html": pages.partial("discussions/_thread_row.html", language, row=row, new_count=0),
        }
        for row in rows.rows
    ]
    if found.forum.thread_count > (small_number(request.args.get("antal")) or 0):
        changes.append({"action": "refresh", "target": found.forum.topic, "parent": "", "html": ""})
    return {"version": version, "changes": changes}


@blueprint.get("/styring")
@access(SCOPED)
def control() -> str:
    """What this person may run, with the ways to upload, present and moderate."""
    session, who = db.session(), permissions.who()
    places = queries.runnable(session, who)
    decks = slides.decks_of(session, [place.scope_key for place in places], listed_only=False)
    years = process.all_years(session) if who.is_staff else ()
    planned = {place.year for place in places}
    return render_template(
        "meetings/control.html",
        places=places,
        decks=decks,
        years_without=[year for year in years if year not in planned],
    )


@blueprint.route(f"{RUN}/oplaeg", methods=["GET", "POST"])
@access(SCOPED)
@takes_deck
def decks(year: int, slug: str) -> Any:
    """Upload a deck to a meeting or workshop, and see how far the drawing of its slides has come."""
    session, who = db.session(), permissions.who()
    place = place_or_404(session, year, slug)
    permissions.demand(rules.may_run(who, place))
    form = DeckForm(allow=allowed_lines(session))
    if request.method == "POST" and form.validate():
        count = _upload(who, place, form)
        web.notice(
            ngettext(
                "The presentation is uploaded. We are making its slides",
                "%(num)s presentations are uploaded. We are making their slides",
                count,
            )
        )
        for sentence in form.refused:
            web.notice(sentence, "error")
        return web.see_other(request.path)
    page = render_template(
        "slides/upload.html",
        form=form,
        decks=slides.decks_of(session, [place.scope_key], listed_only=False),
        newer=slides.replacements(session, place.scope_key),
        queue=slides.unfinished(session),
        ahead_of=slides_partials.ahead,
        reads_office=office.available(),
        place_title=place.title,
        place_url=place.path,
        action_url=request.path,
    )
    return page, 422 if form.errors else 200


def _upload(who: Who, place: Meeting | Workshop, form: DeckForm) -> int:
    """Queue the good files; returns how many."""
    files = form.keep_all(current_app.extensions["forsamlingshus.files"])
    with transaction() as session:
        for title, kept in files:
            slides_actions.upload_deck(
                session,
                who=who,
                scope_key=place.scope_key,
                budget_year=place.year,
                place_title=place.title_da,
                place_path=place.path,
                forum_id=queries.forum_id_of(session, place),
                manage_path=f"{place.run_path}/oplaeg",
                title=title,
                speaker=form.speaker.data or "",
                file_key=kept.key,
                file_size=kept.size,
                file_name=kept.name,
                file_type=kept.type,
            )
    return len(files)


def _debate(session: Session, year: int) -> process.Opening | None:
    """When the debate of the year is, was or will be open."""
    return process.window(phases.openings(session), year, Activity.DISCUSS, clock.now())
