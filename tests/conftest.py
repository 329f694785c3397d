"""One app and one real database for the whole suite; every test begins with empty tables."""

import logging
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from hypothesis import settings

from forsamlingshus.app import create_app
from forsamlingshus.kernel import clock, db
from tests import services, tables
from tests.builders import Build
from tests.pages import PageClient


def pytest_addoption(parser):
    parser.addoption("--postgresql", action="store_true", help="run on a PostgreSQL cluster of the tests' own")
    parser.addoption("--full", action="store_true", help="as many kills, cuts and people as the house must bear")


def pytest_collection_modifyitems(config, items):
    if config.getoption("--postgresql"):
        for item in items:
            if item.get_closest_marker("sqlite"):
                item.add_marker(pytest.mark.skip(reason="about SQLite"))


@pytest.fixture(scope="session")
def full(request):
    """`full(5, 20)` is 5 in the suite, and 20 with --full."""
    return lambda reduced, whole: whole if request.config.getoption("--full") else reduced


@pytest.fixture(scope="session")
def postgres():
    """A PostgreSQL cluster; tests that need it are skipped where it is not installed."""
    if not services.available():
        pytest.skip(services.MISSING)
    cluster = services.Postgres()
    yield cluster
    cluster.close()


@pytest.fixture(scope="session")
def database_setting(request):
    """The settings that name the database of this run: none for SQLite, or a database of our own cluster."""
    if not request.config.getoption("--postgresql"):
        return {}
    return {"FORSAMLINGSHUS_DATABASE_URL": request.getfixturevalue("postgres").database()}


@pytest.fixture(scope="session")
def app(tmp_path_factory, database_setting):
    folder = tmp_path_factory.mktemp("instance")
    app = create_app({"FORSAMLINGSHUS_DATA_DIR": str(folder), **database_setting}, immediate_jobs=True)
    app.config["TESTING"] = True
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.test_client_class = PageClient
    with app.app_context():
        db.Base.metadata.create_all(db.db.engine)
    yield app
    with app.app_context():
        db.db.engine.dispose()  # PostgreSQL's driver complains of connections that nobody closed


@pytest.fixture(autouse=True)
def clean(request, monkeypatch):
    """Empty tables, the machine's clock, no counted tries and no sender thread, for each test that uses the app."""
    if not {"app", "client", "session", "build", "app_context"} & set(request.fixturenames):
        yield
        return
    app = request.getfixturevalue("app")
    # What one test pushed must not reach the listeners of the next, whose ids are the same.
    monkeypatch.setattr(app.extensions["forsamlingshus.sender"], "push", lambda changes: None)
    with app.app_context():
        tables.empty()
    yield
    clock.start_at(None)


@pytest.fixture
def app_context(app):
    """An app context, for tests that call queries and actions directly."""
    with app.test_request_context("/"):
        yield


@pytest.fixture
def session(app_context):
    return db.session()


@pytest.fixture
def build(session):
    """Builders of real rows; each writes in a transaction of its own."""
    return Build()


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture
def at():
    """Move the domain clock: `at("2023-05-03T18:35:00+02:00")`."""
    from datetime import datetime

    def move(moment):
        clock.start_at(datetime.fromisoformat(moment))

    return move


@pytest.fixture
def machine_time():
    """Move the machine's clock, which sessions and limits follow."""
    with time_machine.travel("2026-01-05T09:00:00+00:00", tick=False) as traveller:
        yield traveller


AT_ONCE = 16


@pytest.fixture
def together(app):
    """Send the same form many times at once, each from a browser of its own with the log-in of one of `users`."""

    def together(users, path, form, times):
        cookies = []
        for user in users:
            client = app.test_client()
            client.log_in(user)
            token = client.token("/min-side/indstillinger")
            cookies.append((client.get_cookie("fh_session").value, token))

        def send(number):
            cookie, token = cookies[number % len(cookies)]
            client = app.test_client()
            client.set_cookie("fh_session", cookie)
            return client.post(path, data={**form, "csrf_token": token}).status_code

        db.session().rollback()
        with ThreadPoolExecutor(AT_ONCE) as pool:
            return sorted(pool.map(send, range(times)))

    return together


settings.register_profile("house", deadline=None)  # a busy machine is no fault
settings.load_profile("house")
logging.getLogger("forsamlingshus").setLevel(logging.WARNING)
