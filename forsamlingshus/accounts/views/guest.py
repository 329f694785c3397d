"""A guest's own page: the name, the way to an account that keeps what was written, and leaving."""

from typing import Any

from flask import render_template, request

from forsamlingshus.accounts import actions, queries, sessions
from forsamlingshus.accounts.forms import GuestNameForm
from forsamlingshus.accounts.queries import GuestVisit
from forsamlingshus.accounts.views import tries
from forsamlingshus.accounts.views.blueprint import blueprint
from forsamlingshus.kernel import db, web
from forsamlingshus.kernel.addresses import own_path
from forsamlingshus.kernel.db import transaction
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.permissions import WRITER, access


@blueprint.get("/gaest")
@access(WRITER)
def guest() -> Any:
    """Who I am here as a guest; whoever has an account has a page of its own."""
    visit = sessions.guest()
    return web.see_other("/min-side") if visit is None else _page(visit, GuestNameForm(formdata=None))


@blueprint.post("/gaest/navn")
@access(WRITER)
def rename_guest() -> Any:
    """Be called something else, or by the number again; JSON for a page that goes on meanwhile."""
    visit = sessions.guest()
    if visit is None:
        return web.see_other("/min-side/indstillinger")
    form = GuestNameForm()
    if not form.validate():
        return _refused(visit, form, 422)
    if wait := tries.GUEST_NAME.wait(str(visit.author_id)):
        form.form_errors.append(tries.sentence(wait))
        return *_refused(visit, form, 429), {"Retry-After": str(wait)}
    with transaction() as session:
        name = actions.rename_guest(session, author_id=visit.author_id, name=form.name.data or "").name
    said = _("Your name is %(name)s from now on", name=name)
    if web.wants_fragment():
        return {"name": name, "message": said}
    web.notice(said)
    return web.see_other(own_path(request.form.get("next")) or "/gaest")


def _refused(visit: GuestVisit, form: GuestNameForm, status: int) -> tuple[Any, int]:
    if web.wants_fragment():
        return {"fault": str([*form.form_errors, *form.name.errors][0])}, status
    return _page(visit, form), status


def _page(visit: GuestVisit, form: GuestNameForm) -> str:
    drafts = queries.drafts_of(db.session(), visit.author_id)
    return render_template(
        "accounts/guest.html",
        visit=visit,
        form=form,
        draft_count=len(drafts),
        back=own_path(request.values.get("next")),
    )
