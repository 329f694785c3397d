"""Drafts: the list of what I have typed and not sent, and the address that a composer saves to."""

from typing import Any

from flask import abort, render_template, request

from forsamlingshus.accounts import actions, queries
from forsamlingshus.accounts.forms import DraftForm
from forsamlingshus.accounts.views.blueprint import blueprint
from forsamlingshus.kernel import db, i18n, permissions, web
from forsamlingshus.kernel.addresses import own_path
from forsamlingshus.kernel.db import transaction
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.permissions import WRITER, access


@blueprint.get("/min-side/kladder")
@access(WRITER)
def drafts() -> str:
    """My drafts."""
    return render_template("accounts/drafts.html", drafts=queries.drafts_of(db.session(), permissions.who().author_id))


@blueprint.post("/min-side/kladder/gem")
@access(WRITER)
def save_draft() -> Any:
    """Save what is typed in a box: JSON for the page's script, else back to the box, or to `next` and from there.

    Nothing typed drops the draft.
    """
    form = DraftForm()
    if not form.validate() or not form.box.data or not form.path.data:
        return _not_saved(413 if form.errors else 400, _("Your draft could not be saved. Keep the page open"))
    if form.blocked:
        return _not_saved(422, _("That looks like a CPR number, so your draft is not saved. Remove it"))
    with transaction() as session:
        draft = actions.save_draft(
            session,
            author_id=permissions.who().author_id or 0,
            box=form.box.data,
            path=form.path.data,
            title=form.title.data,
            body=form.body.data,
            quote=form.quote.data,
            prompt_no=form.prompt_no.data,
        )
    text = _("Draft saved at %(time)s", time=_time(draft.saved_at)) if draft else ""
    if web.wants_fragment():
        return {"saved": _time(draft.saved_at) if draft else "", "text": text}
    if draft:
        web.notice(text)
    return web.see_other(own_path(request.form.get("next")) or form.path.data)


def _not_saved(status: int, message: str) -> Any:
    if web.wants_fragment():
        return {"error": message}, 422
    return web.error_page(status, message=message, kept_text=web.kept_text())


@blueprint.post("/min-side/kladder/<int:draft_id>/slet")
@access(WRITER)
def delete_draft(draft_id: int) -> Any:
    """Delete one of my drafts."""
    with transaction() as session:
        found = actions.delete_draft(session, author_id=permissions.who().author_id or 0, draft_id=draft_id)
    if not found:
        abort(404)
    web.notice(_("The draft is deleted"))
    return web.see_other("/min-side/kladder")


def _time(moment: Any) -> str:
    """19.42 | 19:42: the Danish catalogue says "kl." before it."""
    return i18n.clock_time(moment).removeprefix("kl.\N{NO-BREAK SPACE}")
