"""The minutes of a meeting: the public page, and where staff make a draft, edit and publish it."""

from typing import Any

from flask import abort, render_template, request
from sqlalchemy.orm import Session

from forsamlingshus.discussions.views.base import allowed_lines
from forsamlingshus.kernel import db, permissions, web
from forsamlingshus.kernel.db import transaction
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.permissions import PUBLIC, STAFF, access
from forsamlingshus.meetings import queries as meetings
from forsamlingshus.meetings.models import Meeting
from forsamlingshus.meetings.views.base import RUN, place_or_404
from forsamlingshus.records import actions, forms, queries, rules
from forsamlingshus.records.models import Minutes
from forsamlingshus.records.views.base import blueprint

WORK = f"{RUN}/referat"


@blueprint.get("/budget/<int:year>/borgermoede/referat")
@access(PUBLIC)
def minutes(year: int) -> str:
    """The minutes as everybody reads them."""
    session = db.session()
    meeting = meetings.meeting_page(session, year) or abort(404)
    found = queries.minutes_of(session, meeting.id)
    if found is None or found.published_at is None:
        abort(404)
    return _shown(session, meeting, found, public=True)


@blueprint.get(f"{WORK}/udkast")
@access(STAFF)
def preview(year: int, slug: str) -> str:
    """The minutes as they would be read if they were published now."""
    session = db.session()
    meeting = _meeting(session, year, slug)
    return _shown(session, meeting, queries.minutes_of(session, meeting.id) or abort(404), public=False)


@blueprint.route(WORK, methods=["GET", "POST"])
@access(STAFF)
def keep_minutes(year: int, slug: str) -> Any:
    """Edit the text and choose the posts; before there is a draft, the way to one."""
    session = db.session()
    meeting = _meeting(session, year, slug)
    found = queries.minutes_of(session, meeting.id)
    if found is None:
        if request.method == "POST":
            abort(404)
        return render_template("records/no_minutes.html", meeting=meeting)
    form = forms.MinutesForm(allow=allowed_lines(session))
    if request.method == "POST" and form.validate():
        with transaction() as session:
            meeting = _meeting(session, year, slug)
            actions.edit_minutes(
                session,
                who=permissions.who(),
                minutes=queries.minutes_of(session, meeting.id) or abort(404),
                meeting=meeting,
                body=form.body.data or "",
                posts=form.posts.data or [],
                edition=form.edition.data or 0,
            )
        web.notice(_("Saved. Nobody else sees it until you publish it"))
        return web.see_other(request.path)
    if request.method == "GET":
        form = _as_saved(found)
    return _work_page(session, meeting, found, form, _publishing(found, None))


@blueprint.post(f"{WORK}/udkast")
@access(STAFF)
def draft_minutes(year: int, slug: str) -> Any:
    """Make the draft from what the system knows."""
    with transaction() as session:
        meeting = _meeting(session, year, slug)
        actions.draft_minutes(session, who=permissions.who(), meeting=meeting)
    web.notice(_("Here is the draft. Read it, and change what you want"))
    return web.see_other(f"{meeting.run_path}/referat")


@blueprint.post(f"{WORK}/offentliggoer")
@access(STAFF)
def publish_minutes(year: int, slug: str) -> Any:
    """Let everybody read what was saved last."""
    session = db.session()
    meeting = _meeting(session, year, slug)
    found = queries.minutes_of(session, meeting.id) or abort(404)
    allow = allowed_lines(session)
    form = _publishing(found, allow)
    saved = _as_saved(found, allow)
    # The draft was put together from what stands elsewhere, and nobody has sent it through the form of the minutes.
    if not (form.validate() and saved.validate()):
        return _work_page(session, meeting, found, saved, form)
    with transaction() as session:
        meeting = _meeting(session, year, slug)
        actions.publish_minutes(
            session,
            who=permissions.who(),
            minutes=queries.minutes_of(session, meeting.id) or abort(404),
            meeting=meeting,
            edition=form.edition.data or 0,
            note=form.note.data or "",
        )
    web.notice(_("The minutes are published"))
    return web.see_other(f"/budget/{meeting.year}/borgermoede/referat")


def _meeting(session: Session, year: int, slug: str) -> Meeting:
    place = place_or_404(session, year, slug)
    if not isinstance(place, Meeting):
        abort(404)
    return meetings.meeting_page(session, year) or abort(404)


def _as_saved(found: Minutes, allow: list[str] | None = None) -> forms.MinutesForm:
    """The form with the text as it was saved last."""
    chosen = [row.post_id for row in found.posts if row.chosen]
    data = {"body": found.body, "posts": chosen, "edition": found.edition}
    return forms.MinutesForm(formdata=None, allow=allow or (), data=data)


def _publishing(found: Minutes, allow: list[str] | None) -> forms.PublishForm:
    """The form beside the text; with `allow` the one that was sent."""
    corrects = found.published_at is not None
    if allow is None:
        return forms.PublishForm(formdata=None, corrects=corrects, data={"edition": found.edition})
    return forms.PublishForm(corrects=corrects, allow=allow)


def _work_page(
    session: Session, meeting: Meeting, found: Minutes, form: forms.MinutesForm, publish: forms.PublishForm
) -> Any:
    refused = form.errors or publish.errors
    page = render_template(
        "records/edit_minutes.html",
        meeting=meeting,
        minutes=found,
        form=form,
        publish=publish,
        body_max=rules.BODY_MAX,
        offered=queries.offered(session, meeting, form.posts.data or []),
    )
    return page, 422 if refused else 200


def _shown(session: Session, meeting: Meeting, found: Minutes, *, public: bool) -> str:
    return render_template(
        "records/minutes.html",
        meeting=meeting,
        minutes=found,
        public=public,
        sections=queries.sections(found.public_body if public else found.body),
        posts=queries.chosen_posts(session, found, public=public),
        asked=queries.asked(session, meeting),
    )
