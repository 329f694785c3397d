"""A session ends everywhere at once: log-out, password, block and role kill a copied cookie too."""

import pytest

from forsamlingshus.accounts import actions
from forsamlingshus.accounts.models import LoginSession, Role, User
from forsamlingshus.kernel.db import transaction
from tests.accounts.helpers import cookie_of, is_in, text_of, try_password, with_cookie
from tests.builders import PASSWORD

NEW = "en helt ny adgang"


def act(verb, user, **values):
    with transaction() as session:
        verb(session, user=session.get_one(User, user.id), **values)


ENDS = {
    "log-out": lambda client, user: client.send("/log-ud"),
    "password changed here": lambda client, user: client.send(
        "/min-side/indstillinger/adgangskode", {"current": PASSWORD, "password": NEW}
    ),
    "password changed by a command": lambda client, user: act(actions.change_password, user, password=NEW),
    "block": lambda client, user: act(actions.block, user),
    "role given": lambda client, user: act(actions.grant_role, user, role=Role.STAFF),
    "role taken": lambda client, user: act(actions.revoke_role, user, role=Role.COUNCIL),
}


@pytest.mark.parametrize("end", ENDS)
def test_copied_cookie_is_dead_after(app, client, build, end):
    user = build.user(roles=["council"])
    client.log_in(user)
    thief = with_cookie(app, cookie_of(client))
    assert is_in(thief)
    ENDS[end](client, user)
    assert not is_in(thief)
    answer = thief.get("/min-side/indstillinger")
    assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (303, "/log-ind")


@pytest.mark.parametrize("end", ["block", "role given"])
def test_only_the_sessions_of_that_account_end(app, client, other, build, end):
    user, stranger = build.user(), build.user()
    client.log_in(user)
    other.log_in(stranger)
    ENDS[end](client, user)
    assert not is_in(client)
    assert is_in(other)


def test_blocked_account_cannot_log_in_until_it_is_open_again(client, account):
    act(actions.block, account)
    assert try_password(client, account.email).status_code == 422
    act(actions.unblock, account)
    assert try_password(client, account.email).status_code == 303


def test_log_out_says_so_and_empties_the_cache(signed_in, rows):
    answer = signed_in.send("/log-ud")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert rows(LoginSession) == []
    assert "Du er logget ud" in text_of(signed_in.get("/log-ind"))
    assert not is_in(signed_in)


def test_log_out_with_a_dead_session_is_no_error(signed_in, account):
    act(actions.block, account)
    assert signed_in.send("/log-ud").status_code == 303


def test_log_out_needs_a_token(signed_in):
    assert signed_in.post("/log-ud").status_code == 400
    assert is_in(signed_in)
    assert signed_in.get("/log-ud").status_code in {404, 405}
    assert is_in(signed_in)


def test_log_out_here_leaves_other_devices_alone(signed_in, other, account):
    other.log_in(account)
    signed_in.send("/log-ud")
    assert is_in(other)


def test_pages_of_the_logged_in_are_not_kept(signed_in):
    answer = signed_in.get("/min-side")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Cookie" in answer.headers["Vary"]
