"""A guest's own page: the name, the way to an account that keeps what was written, and leaving."""

from typing import Any

from flask import render_template

from forsamlingshus.accounts import actions, queries, sessions
from forsamlingshus.accounts.forms import GuestNameForm
from forsamlingshus.accounts.queries import GuestVisit
from forsamlingshus.accounts.views import tries
from forsamlingshus.accounts.views.blueprint import blueprint
from forsamlingshus.kernel import db, web
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
    """Be called something else, or by the number again."""
    visit = sessions.guest()
    if visit is None:
        return web.see_other("/min-side/indstillinger")
    form = GuestNameForm()
    if not form.validate():
        return _page(visit, form), 422
    if wait := tries.GUEST_NAME.wait(str(visit.author_id)):
        form.form_errors.append(tries.sentence(wait))
        return _page(visit, form), 429, {"Retry-After": str(wait)}
    with transaction() as session:
        name = actions.rename_guest(session, author_id=visit.author_id, name=form.name.data or "").name
    web.notice(_("Your name is %(name)s from now on", name=name))
    return web.see_other("/gaest")


def _page(visit: GuestVisit, form: GuestNameForm) -> str:
    drafts = queries.drafts_of(db.session(), visit.author_id)
    return render_template("accounts/guest.html", visit=visit, form=form, draft_count=len(drafts))
