"""The summary of a workshop, where its facilitators write it: points that cite posts, and the posts not used yet."""

from typing import Any

from flask import abort, render_template, request
from sqlalchemy.orm import Session

from forsamlingshus.discussions.views.base import allowed_lines
from forsamlingshus.kernel import db, permissions, web
from forsamlingshus.kernel.addresses import small_number
from forsamlingshus.kernel.db import transaction
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.permissions import SCOPED, access, demand
from forsamlingshus.meetings import queries as meetings
from forsamlingshus.meetings.models import Workshop
from forsamlingshus.meetings.views.base import RUN, place_or_404
from forsamlingshus.records import actions, forms, queries, rules
from forsamlingshus.records.models import Summary, SummaryPoint
from forsamlingshus.records.views.base import blueprint

WORK = f"{RUN}/opsamling"


@blueprint.route(WORK, methods=["GET", "POST"])
@access(SCOPED)
def summary(year: int, slug: str) -> Any:
    """The points so far, a new one, and what no point uses yet."""
    session = db.session()
    workshop = _workshop(session, year, slug)
    form = forms.PointForm(allow=allowed_lines(session))
    turned = small_number(request.form.get("side"))
    if turned:  # another page of posts: what was typed and chosen goes along
        return _page(session, workshop, form, side=turned)
    if request.method == "POST" and form.validate():
        with transaction() as session:
            actions.write_point(
                session,
                who=permissions.who(),
                workshop=_workshop(session, year, slug),
                body=form.body.data or "",
                posts=form.posts.data,
            )
        web.notice(_("The point is written"))
        return web.see_other(request.path)
    return _page(session, workshop, form)


@blueprint.route(f"{WORK}/<int:no>", methods=["GET", "POST"])
@access(SCOPED)
def summary_point(year: int, slug: str, no: int) -> Any:
    """Change a point, or take it out."""
    session = db.session()
    workshop = _workshop(session, year, slug)
    _summary, point = _point(session, workshop, no)
    removes = request.form.get("do") == "fjern"
    form = forms.PointForm(allow=allowed_lines(session))
    if request.method == "POST" and (removes or form.validate()):
        with transaction() as session:
            workshop = _workshop(session, year, slug)
            whole, point = _point(session, workshop, no)
            if removes:
                actions.remove_point(session, who=permissions.who(), workshop=workshop, summary=whole, point=point)
            else:
                actions.edit_point(
                    session,
                    who=permissions.who(),
                    workshop=workshop,
                    summary=whole,
                    point=point,
                    body=form.body.data or "",
                    posts=form.posts.data,
                    seen=form.seen.data or "",
                )
        web.notice(_("The point is taken out") if removes else _("The point is changed"))
        return web.see_other(f"{workshop.run_path}/opsamling")
    if request.method == "GET":
        cited = [row.post_id for row in point.cited]
        seen = rules.digest(point.source)
        form = forms.PointForm(formdata=None, data={"body": point.source, "posts": cited, "seen": seen})
    return _page(session, workshop, form, point)


@blueprint.post(f"{WORK}/offentliggoer")
@access(SCOPED)
def publish_summary(year: int, slug: str) -> Any:
    """Let everybody read the summary on the page of the workshop."""
    with transaction() as session:
        workshop = _workshop(session, year, slug)
        whole = queries.summary_of(session, workshop.id) or Summary(workshop_id=workshop.id, points=[])
        actions.publish_summary(session, who=permissions.who(), workshop=workshop, summary=whole)
    web.notice(_("The summary is published on the workshop's page"))
    return web.see_other(f"{workshop.path}#opsamling")


def _workshop(session: Session, year: int, slug: str) -> Workshop:
    place = place_or_404(session, year, slug)
    if not isinstance(place, Workshop):
        abort(404)
    demand(rules.may_sum_up(permissions.who(), place))
    return meetings.workshop_page(session, year, slug) or abort(404)


def _point(session: Session, workshop: Workshop, no: int) -> tuple[Summary, SummaryPoint]:
    found = queries.summary_of(session, workshop.id) or abort(404)
    return found, next((point for point in found.points if point.no == no), None) or abort(404)


def _page(
    session: Session, workshop: Workshop, form: forms.PointForm, point: SummaryPoint | None = None, side: int = 0
) -> Any:
    whole = queries.summary_of(session, workshop.id)
    rows = queries.told(session, whole) if whole else []
    unused = queries.unused(session, workshop, page=side or small_number(request.args.get("side")) or 1)
    here = {post.id for post in unused.posts}
    page = render_template(
        "records/edit_point.html" if point else "records/summary.html",
        workshop=workshop,
        summary=whole,
        form=form,
        rows=rows,
        cited=next((posts for told, posts, _gone in rows if told is point), []),
        unused=unused,
        taken_along=queries.chosen(session, workshop, set(form.posts.data or []) - here) if not point else [],
        point_max=rules.POINT_MAX,
    )
    return page, 422 if form.errors else 200
