"""Two real servers for the session, one for each chapter of the demo, and visitors with watched browsers."""

import asyncio
import logging
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import LAUNCH, MISSING, PROGRAM
from tests.browser.house import ROOT, House
from tests.browser.visitor import PATIENCE, Visitor

HERE = Path(__file__).parent
CHAPTERS = {"house": "borgermoede", "office": "katalog"}

# Nothing here measures how fast a page is (bench does): what holds returns at once, however long it might have taken.
expect.set_options(timeout=PATIENCE * 1000)


def pytest_collection_modifyitems(items):
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if not PROGRAM.exists():
                item.add_marker(pytest.mark.skip(reason=MISSING))


@pytest.fixture(scope="session")
def browser_type_launch_args():
    return LAUNCH


@pytest.fixture(scope="session")
def base_url():
    """None: each visitor knows its server. The plugin's own fixture is written in a way that this pytest warns about."""


@pytest.fixture(scope="session")
def houses(request, tmp_path_factory):
    """The servers that some test of this session asks for; their databases are made side by side."""
    _refresh_compressed_files()
    asked = {name for item in request.session.items for name in (*item.fixturenames, server_of(item))}
    houses = {
        name: House(tmp_path_factory.mktemp(chapter), chapter) for name, chapter in CHAPTERS.items() if name in asked
    }
    for house in houses.values():
        house.prepare()
    yield houses
    for house in houses.values():
        house.close()


def server_of(item):
    """The server that a page type names; such a test asks for it by that name when it runs."""
    return getattr(getattr(item, "callspec", None) and item.callspec.params.get("kind"), "server", None)


def _refresh_compressed_files():
    """Files compressed before their original changed would be served in its place."""
    packed = [path for path in (ROOT / "static").rglob("*.br") if path.with_suffix("").exists()]
    if any(path.stat().st_mtime < path.with_suffix("").stat().st_mtime for path in packed):
        subprocess.run([sys.executable, "-m", "whitenoise.compress", "--quiet", "static"], cwd=ROOT, check=True)


@pytest.fixture(scope="session")
def house(houses):
    """The evening of the citizen meeting: the debate is open."""
    houses["house"].open()
    return houses["house"]


@pytest.fixture(scope="session")
def office(houses):
    """The day on which the catalogue is published: the debate is closed, staff collect."""
    houses["office"].open()
    return houses["office"]


@pytest.fixture
def visitor(new_context):
    """`visitor(house, "borger")` opens a browser; afterwards none of them may have met a fault."""
    visitors = []

    def arrive(house, who=None, **options):
        visitors.append(Visitor(closing_in_time(new_context(**options)), house, who))
        return visitors[-1]

    yield arrive
    assert [fault for one in visitors for fault in one.unexpected()] == []


def closing_in_time(context):
    """A context that is not waited for without end: now and then Chromium never says that it has closed one.

    Closing knows no timeout of its own in Playwright, and an exception from a signal would end Playwright's loop.
    """
    close = context._impl_obj.close

    async def close_in_time(reason=None):
        try:
            await asyncio.wait_for(close(reason=reason), PATIENCE)
        except TimeoutError:
            logging.getLogger(__name__).warning("a browser context did not say that it closed")

    context._impl_obj.close = close_in_time
    return context


@pytest.fixture(autouse=True)
def quiet_server(request):
    """No page that a test asks for may end in a fault of the server."""
    asked = (*request.fixturenames, server_of(request.node))
    used = [request.getfixturevalue(name) for name in CHAPTERS if name in asked]
    before = [house.log.stat().st_size for house in used]
    yield
    written = "".join(house.log.read_text(encoding="utf-8")[size:] for house, size in zip(used, before, strict=True))
    marker = request.node.get_closest_marker("logs")
    expected = marker.args if marker else ()
    faults = [line for line in written.splitlines() if " ERROR " in line or line.startswith("Traceback")]
    assert [line for line in faults if not any(words in line for words in expected)] == []
