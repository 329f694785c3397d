"""One's own page, and its settings: public name, password, and the devices that are logged in."""

from typing import Any

from flask import abort, render_template

from forsamlingshus.accounts import actions, devices, passwords, queries, sessions
from forsamlingshus.accounts.forms import NameForm, PasswordForm
from forsamlingshus.accounts.models import Author, User
from forsamlingshus.accounts.queries import Account
from forsamlingshus.accounts.views import tries
from forsamlingshus.accounts.views.blueprint import blueprint
from forsamlingshus.kernel import clock, db, web
from forsamlingshus.kernel.db import transaction
from forsamlingshus.kernel.errors import Conflict, Forbidden
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.i18n import ngettext
from forsamlingshus.kernel.permissions import USER, access

SETTINGS = "/min-side/indstillinger"


@blueprint.get("/min-side")
@access(USER)
def my_page() -> str:
    """Who I am here, and the ways to what is mine."""
    account = _account()
    drafts = queries.drafts_of(db.session(), account.author_id)
    return render_template("accounts/my_page.html", account=account, draft_count=len(drafts))


@blueprint.get(SETTINGS)
@access(USER)
def settings() -> str:
    """The settings of one's own account."""
    return _page(_account())


@blueprint.post("/min-side/indstillinger/navn")
@access(USER)
def change_name() -> Any:
    """Choose another public name."""
    account = _account()
    form = NameForm(author_id=account.author_id)
    if not form.validate():
        return _page(account, name_form=form), 422
    if wait := tries.NAME.wait(str(account.author_id)):
        form.form_errors.append(tries.sentence(wait))
        return _page(account, name_form=form), 429, {"Retry-After": str(wait)}
    try:
        with transaction() as session:
            author = session.get_one(Author, account.author_id)
            actions.change_name(session, author=author, name=form.name.data)
    except Conflict as conflict:  # somebody took it since it was looked up
        form.name.errors = [conflict.message]
        return _page(account, name_form=form), 422
    web.notice(_("Your name is %(name)s from now on", name=form.name.data))
    return web.see_other(SETTINGS)


@blueprint.post("/min-side/indstillinger/adgangskode")
@access(USER)
def change_password() -> Any:
    """Set a new password; every log-in session ends, and this browser gets a new one."""
    account = _account()
    form = PasswordForm(about=(account.email, account.name))
    if not form.validate():
        return _page(account, password_form=form), 422
    if wait := tries.ACCOUNT.wait(account.email):
        form.form_errors.append(tries.sentence(wait))
        return _page(account, password_form=form), 429, {"Retry-After": str(wait)}
    checked = db.session().get_one(User, account.user_id).password_hash
    if not passwords.verify(checked, form.current.data):
        form.current.errors = [_("That is not your password now")]
        return _page(account, password_form=form), 422
    ended, token = _replace_password(account, checked, form.password.data)
    tries.ACCOUNT.forgive(account.email)
    sessions.begin(token)
    sessions.close_sockets(ended)
    web.notice(_("Your password is changed. Other devices are signed out"))
    return web.see_other(SETTINGS)


@blueprint.post("/min-side/sessioner/<int:session_id>/afslut")
@access(USER)
def end_session(session_id: int) -> Any:
    """Log one of one's own devices out."""
    account = _account()
    with transaction() as session:
        ended = actions.end_sessions(
            session, user_id=account.user_id, reason="ended", actor_id=account.author_id, only_id=session_id
        )
    if not ended:
        abort(404)
    sessions.close_sockets(ended)
    web.notice(_("The device is signed out"))
    return web.see_other(SETTINGS)


@blueprint.post("/min-side/sessioner/afslut-andre")
@access(USER)
def end_other_sessions() -> Any:
    """Log every device out but this one."""
    account, here = _account(), sessions.current_token_hash()
    with transaction() as session:
        ended = actions.end_sessions(
            session, user_id=account.user_id, reason="ended", actor_id=account.author_id, but=here
        )
    sessions.close_sockets(ended)
    web.notice(
        ngettext("%(num)s other device is signed out", "%(num)s other devices are signed out", len(ended))
        if ended
        else _("You are not signed in anywhere else")
    )
    return web.see_other(SETTINGS)


def _account() -> Account:
    account = sessions.account()
    if account is None:
        raise Forbidden
    return account


def _page(account: Account, *, name_form: NameForm | None = None, password_form: PasswordForm | None = None) -> str:
    rows = queries.sessions_of(db.session(), account.user_id, clock.machine_now())
    here = sessions.current_token_hash()
    return render_template(
        "accounts/settings.html",
        account=account,
        name_form=name_form or NameForm(formdata=None, author_id=account.author_id, data={"name": account.name}),
        password_form=password_form or PasswordForm(formdata=None, about=()),
        devices=[(row.id, devices.in_words(row.device), row.created_at, row.token_hash == here) for row in rows],
    )


def _replace_password(account: Account, checked: str, password: str) -> tuple[list[str], str]:
    """The token hashes that ended, and the token of this browser's new session."""
    with transaction() as session:
        user = session.get_one(User, account.user_id)
        if user.blocked_at is not None or user.password_hash != checked:
            raise Conflict(_("Your password was changed elsewhere in this moment"))
        ended = actions.change_password(session, user=user, password=password, actor_id=account.author_id)
        return ended, sessions.start(session, user)
