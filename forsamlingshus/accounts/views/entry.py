"""Coming in and leaving: log in, create an account, log out; a text that was typed before comes along as a draft."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import render_template, request
from sqlalchemy.orm import Session

from forsamlingshus.accounts import actions, passwords, queries, rules, sessions
from forsamlingshus.accounts.forms import MAX_BODY, CreateForm, EntryForm, LogInForm
from forsamlingshus.accounts.models import User
from forsamlingshus.accounts.views import tries
from forsamlingshus.accounts.views.blueprint import blueprint
from forsamlingshus.kernel import db, i18n, limits, web
from forsamlingshus.kernel.db import transaction
from forsamlingshus.kernel.errors import Conflict, Forbidden
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.permissions import PUBLIC, access

log = logging.getLogger(__name__)


@blueprint.get("/log-ind")
@access(PUBLIC)
def log_in() -> str:
    """The log-in page; who is logged in finds the way on, and the way out."""
    return _log_in_page(LogInForm(data={"next": request.args.get("next")}))


@blueprint.post("/log-ind/fra-debat")
@web.without_csrf
@access(PUBLIC)
def log_in_from_box() -> Any:
    """The log-in page, with what somebody typed in a box of a page that knew nobody. Changes nothing."""
    form = LogInForm()
    return _refuse_text(form) or _log_in_page(form)


@blueprint.get("/opret")
@access(PUBLIC)
def create() -> str:
    """The page for a new account."""
    return _create_page(CreateForm(data={"next": request.args.get("next")}))


@blueprint.post("/opret/fra-debat")
@web.without_csrf
@access(PUBLIC)
def create_from_box() -> Any:
    """The page for a new account, with what somebody typed in a box. Changes nothing."""
    form = CreateForm()
    return _refuse_text(form) or _create_page(form)


@blueprint.post("/log-ind")
@access(PUBLIC)
def check_log_in() -> Any:
    """Log in. Unknown, wrong and blocked are one sentence after one and the same work."""
    form = LogInForm()
    if not form.validate():
        return _log_in_page(form), 422
    network, email = limits.network(request.remote_addr), rules.plain_address(form.email.data)
    if wait := tries.ADDRESS.wait(network) or tries.ACCOUNT.wait(email):
        log.warning("log-in refused: too many tries")
        return _too_many(form, wait, _log_in_page)
    begun = _try_password(form, email)
    if begun is None:
        form.form_errors.append(_("E-mail or password is wrong"))
        return _log_in_page(form), 422
    tries.ADDRESS.give_back(network)
    tries.ACCOUNT.forgive(email)
    return _go_on(form, begun, _("You are signed in as %(name)s", name=begun.name))


@blueprint.post("/opret")
@access(PUBLIC)
def open_account() -> Any:
    """Create an account and log it in."""
    form = CreateForm()
    network = limits.network(request.remote_addr)
    if not form.validate():
        return _create_page(form), 422
    if wait := tries.KNOWN.left(network) or tries.NEW_ACCOUNT.wait(network):
        log.warning("new account refused: too many tries")
        return _too_many(form, wait, _create_page)
    if queries.by_email(db.session(), form.email.data):
        tries.KNOWN.wait(network)
        form.email.errors = [_("There is a user with that e-mail address already. Sign in instead")]
        return _create_page(form), 422
    try:
        with transaction() as session:
            guest = sessions.guest()
            user = actions.open_account(
                session,
                email=form.email.data,
                password=form.password.data,
                name=form.name.data,
                guest_id=guest.author_id if guest else None,
            )
            begun = _begin(session, user, form)
    except Conflict as conflict:  # somebody took the address or the name since it was looked up
        form.form_errors.append(conflict.message)
        return _create_page(form), 422
    return _go_on(form, begun, _("Your user is ready. You write as %(name)s", name=begun.name))


@blueprint.post("/log-ud")
@access(PUBLIC)
def log_out() -> Any:
    """End this session of an account or guest: its row, its cookie, its sockets. Open to all: a cookie outlives it."""
    ended: list[str] = []
    if sessions.account() is not None or sessions.guest() is not None:
        with transaction() as session:
            ended = _end_present(session)
    sessions.forget()
    sessions.close_sockets(ended)
    web.notice(_("You are signed out"))
    response = web.see_other("/")
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@dataclass(frozen=True, slots=True)
class _Begun:
    """A log-in session that is about to be committed: its token, the public name, and the token hashes it replaces."""

    token: str
    name: str
    replaced: list[str]


def _log_in_page(form: LogInForm) -> str:
    return render_template("accounts/log_in.html", form=form)


def _create_page(form: CreateForm) -> str:
    return render_template("accounts/create.html", form=form)


def _refuse_text(form: EntryForm) -> Any:
    """Stop a text that another site sends through somebody's browser, and one that may not or cannot be kept."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        raise Forbidden(_("The text comes from another site"))
    if form.too_long:
        message = _(
            "Your text is too long to be kept while you sign in. At most %(count)s characters",
            count=i18n.number(MAX_BODY),
        )
        return web.error_page(413, message=message, kept_text=web.kept_text())
    if form.blocked:
        message = _("That looks like a CPR number, so your text is not kept while you sign in. Remove it")
        return web.error_page(422, message=message, kept_text=web.kept_text())
    return None


def _too_many(form: EntryForm, wait: int, page: Callable[[Any], str]) -> Any:
    form.form_errors.append(tries.sentence(wait))
    return page(form), 429, {"Retry-After": str(wait)}


def _try_password(form: LogInForm, email: str) -> _Begun | None:
    """The new log-in session, or None. One hash is checked whether or not the account exists."""
    known = queries.by_email(db.session(), email)
    user_id, checked = (known.id, known.password_hash) if known else (None, None)
    blocked = known is not None and known.blocked_at is not None
    if passwords.verify(checked, form.password.data) and not blocked:
        with transaction() as session:
            user = queries.by_email(session, email)
            # Asked again under the write lock: a block or a new password may have come in between.
            if user is not None and user.blocked_at is None and user.password_hash == checked:
                return _begin(session, user, form)
    log.info("log-in refused: account %s", user_id or "unknown")
    return None


def _begin(session: Session, user: User, form: EntryForm) -> _Begun:
    """A new log-in session for this browser, and the drafts that come along: the typed one, and those of a guest."""
    visit = sessions.guest()
    for draft in queries.drafts_of(session, visit.author_id) if visit and visit.author_id != user.author_id else ():
        actions.carry_draft(
            session,
            author_id=user.author_id,
            box=draft.box,
            path=draft.path,
            title=draft.title,
            body=draft.body,
            quote=draft.quote,
            prompt_no=draft.prompt_no,
        )
    if form.carries and not form.blocked:
        actions.carry_draft(
            session,
            author_id=user.author_id,
            box=form.box.data,
            path=form.next.data,
            title=form.title.data,
            body=form.body.data,
            quote=form.quote.data,
            prompt_no=form.prompt_no.data,
        )
    return _Begun(sessions.start(session, user), user.author.name, _end_present(session, user))


def _end_present(session: Session, user: User | None = None) -> list[str]:
    """End the session, log-in or guest, that this browser has had; returns its token hash, if any.

    With `user`, who goes on there: as the actor of the event it tells higher slices whom a guest turned out to be.
    """
    visit, present = sessions.guest(), sessions.account()
    if visit is not None:
        reason, actor_id = ("log-in", user.author_id) if user else ("log-out", visit.author_id)
        return actions.end_guest(session, author_id=visit.author_id, reason=reason, actor_id=actor_id)
    if present is None:
        return []
    here = sessions.current_token_hash()
    return actions.end_sessions(
        session, user_id=present.user_id, reason="log-out", actor_id=present.author_id, only=here
    )


def _go_on(form: EntryForm, begun: _Begun, welcome: str) -> Any:
    sessions.begin(begun.token)
    sessions.close_sockets(begun.replaced)
    web.notice(welcome)
    if form.carries:
        web.notice(_("Your text is here. Send it when you are ready"), "info")
    return web.see_other(form.next.data or "/")
