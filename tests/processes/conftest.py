"""Towns: instances served by real processes, one on the embedded default and one with roles of its own."""

import pytest

from tests import services
from tests.processes.people import Listener, Writer
from tests.processes.town import Town


@pytest.fixture(scope="module")
def redis():
    if not services.available():
        pytest.skip(services.MISSING)
    server = services.Redis()
    yield server
    server.close()


@pytest.fixture(scope="module")
def split(tmp_path_factory, postgres, redis):
    """Two web processes, one live and one for jobs, on PostgreSQL and Redis."""
    folder = tmp_path_factory.mktemp("split")
    town = Town(folder, accounts=40, threads=8, database_url=postgres.database(), redis_url=redis.url)
    town.redis = redis
    town.web = [town.serve("web", f"web{number}") for number in (1, 2)]
    town.live, town.jobs = town.serve("live"), town.serve("jobs")
    for server in (*town.web, town.live):
        server.answers()
    yield town
    town.close()


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The embedded default: one process on SQLite."""
    town = Town(tmp_path_factory.mktemp("whole"), accounts=200, threads=8)
    town.web = [town.serve("all")]
    town.live = town.web[0]
    town.live.answers()
    yield town
    town.close()


@pytest.fixture
def follow():
    """`follow(town, thread)` is somebody who has the thread's page open and listens."""
    listeners = []

    def begin(town, thread, *, writer=None, page=0):
        version = town.rows("SELECT version FROM topic WHERE name = :name", name=thread["topic"])[0][0]
        listener = Listener(
            town.live.url,
            town.web[page].url,
            thread,
            cookie=writer.cookie if writer else "",
            posts=town.posts(thread),
            version=version,
        )
        listeners.append(listener)
        return listener

    yield begin
    for listener in listeners:
        listener.leave()


@pytest.fixture(scope="module")
def account():
    """`account(town)` logs in somebody that no other test of this module uses."""
    taken = {}

    def log_in(town, page=0):
        number = taken[town] = taken.get(town, -1) + 1
        return Writer(town.web[page].url, town.seeded["emails"][number], town.seeded["password"])

    return log_in
