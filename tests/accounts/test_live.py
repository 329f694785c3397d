"""Sockets are bound to the log-in session that opened them, and are closed with it."""

import contextvars

import pytest

from forsamlingshus.accounts import actions
from forsamlingshus.accounts.models import Role, User
from forsamlingshus.app import create_app
from forsamlingshus.kernel import db, live, permissions
from forsamlingshus.kernel.db import transaction
from forsamlingshus.kernel.watcher import CHECK_EVERY, SessionWatcher
from tests.accounts.helpers import cookie_of, is_in, with_cookie
from tests.builders import PASSWORD


@pytest.fixture
def connect(app):
    """Open a socket with the cookies of a browser."""
    opened = []

    def open_socket(browser):
        # In a context of its own, as a real socket's: the test's would lend it its `g`.
        socket = contextvars.Context().run(live.socketio.test_client, app, flask_test_client=browser)
        opened.append(socket)
        assert socket.is_connected()
        return socket

    yield open_socket
    for socket in opened:
        if socket.is_connected():
            socket.disconnect()


@pytest.fixture
def watcher(app):
    """The look at open sockets that a thread takes every two seconds, taken by hand."""
    return app.extensions["forsamlingshus.session-watcher"]


@pytest.fixture(autouse=True)
def no_thread(monkeypatch):
    """The watcher's own thread must not do by chance what a test looks for."""
    monkeypatch.setattr(SessionWatcher, "start", lambda self: None)


def act(verb, user, **values):
    with transaction() as session:
        verb(session, user=session.get_one(User, user.id), **values)


def test_watcher_looks_often_enough():
    assert CHECK_EVERY < 5


HERE = {
    "log-out": lambda browser: browser.send("/log-ud"),
    "new password": lambda browser: browser.send(
        "/min-side/indstillinger/adgangskode", {"current": PASSWORD, "password": "en helt ny adgang"}
    ),
}


@pytest.mark.parametrize("end", HERE)
def test_socket_closes_at_once_with_the_session_of_this_process(signed_in, other, build, connect, end):
    other.log_in(build.user())
    own, strangers, anonymous = connect(signed_in), connect(other), connect(other.application.test_client())
    assert own.is_connected()
    HERE[end](signed_in)
    assert not own.is_connected()
    assert strangers.is_connected()
    assert anonymous.is_connected()


def test_new_password_closes_the_sockets_of_every_device(signed_in, other, account, connect):
    other.log_in(account)
    sockets = [connect(signed_in), connect(other)]
    HERE["new password"](signed_in)
    assert [socket.is_connected() for socket in sockets] == [False, False]


def test_ending_another_device_closes_its_socket_and_not_this_one(signed_in, other, account, connect):
    other.log_in(account)
    here, there = connect(signed_in), connect(other)
    signed_in.send("/min-side/sessioner/afslut-andre")
    assert here.is_connected()
    assert not there.is_connected()


def test_logging_in_as_somebody_else_closes_the_socket_of_before(signed_in, build, connect):
    socket = connect(signed_in)
    another = build.user()
    signed_in.send("/log-ind", {"email": another.email, "password": PASSWORD})
    assert not socket.is_connected()


ELSEWHERE = {
    "block": (actions.block, {}),
    "role given": (actions.grant_role, {"role": Role.STAFF}),
    "role taken": (actions.revoke_role, {"role": Role.COUNCIL}),
    "new password": (actions.change_password, {"password": "en helt ny adgang"}),
}


@pytest.mark.parametrize("end", ELSEWHERE)
def test_watcher_closes_the_sockets_of_what_ended_in_another_process(app, build, connect, watcher, end):
    user, stranger = build.user(roles=["council"]), build.user()
    browsers = [app.test_client() for _ in range(3)]
    for browser, person in zip(browsers, [user, user, stranger], strict=True):
        browser.log_in(person)
    sockets = [connect(browser) for browser in browsers] + [connect(app.test_client())]
    watcher.look()
    assert [socket.is_connected() for socket in sockets] == [True] * 4
    verb, values = ELSEWHERE[end]
    act(verb, user, **values)
    assert [socket.is_connected() for socket in sockets] == [True] * 4
    watcher.look()
    assert [socket.is_connected() for socket in sockets] == [False, False, True, True]


def test_watcher_closes_sockets_of_sessions_that_ran_out(client, account, connect, watcher, machine_time):
    client.log_in(account)
    socket = connect(client)
    machine_time.shift(31 * 86_400)
    watcher.look()
    assert not socket.is_connected()


def test_watcher_of_another_app_leaves_sockets_alone(tmp_path, app, account, connect):
    other = create_app({"FORSAMLINGSHUS_DATA_DIR": str(tmp_path)}, immediate_jobs=True)
    with other.app_context():
        db.Base.metadata.create_all(db.db.engine)
    strange = other.extensions["forsamlingshus.session-watcher"]
    browser = app.test_client()
    browser.log_in(account)
    others = set(live._sockets)  # of tests before this one
    socket = connect(browser)
    (own,) = set(live._sockets) - others
    strange.look()
    assert socket.is_connected()
    strange.watch(own)  # were it its own to look after, it would find no such session
    strange.look()
    assert not socket.is_connected()


def test_copied_cookie_opens_no_socket_of_its_owner_after_log_out(app, signed_in, connect):
    thief = with_cookie(app, cookie_of(signed_in))
    assert is_in(thief)
    connect(thief)
    assert any(live._sockets.values())
    signed_in.send("/log-ud")
    assert not any(live._sockets.values())
    connect(thief)
    assert set(live._sockets.values()) == {""}


def test_closed_socket_leaves_nothing_behind(signed_in, connect):
    before = live.connected()
    connect(signed_in)
    assert live.connected() == before + 1
    signed_in.send("/log-ud")
    assert live.connected() == before


def test_living_sessions_are_the_living_ones_of_those_asked(account):
    with transaction() as session:
        mine, gone, unasked = (actions.log_in(session, user=account, device="", days=1) for _ in range(3))
        actions.end_sessions(session, user_id=account.id, reason="ended", only=actions.token_hash(gone))
    asked = {actions.token_hash(token) for token in (mine, gone, "never existed")}
    assert permissions.living_sessions(asked) == {actions.token_hash(mine)}
    assert permissions.living_sessions({actions.token_hash(unasked)})
    assert permissions.living_sessions(set()) == set()
