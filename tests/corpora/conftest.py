"""The hall of a module, and the browser of the tests that look at its pages."""

import pytest

from tests.browser.chromium import LAUNCH
from tests.corpora.hall import opened


@pytest.fixture(scope="module")
def hall(app):
    """An instance whose rows stay for the module; modules that use it override `clean`."""
    with pytest.MonkeyPatch.context() as monkeypatch, opened(app, monkeypatch) as hall:
        yield hall


@pytest.fixture(scope="session")
def browser_type_launch_args():
    return LAUNCH


@pytest.fixture(scope="session")
def base_url():
    """None: pages are named in full. The plugin's own fixture is written in a way that this pytest warns about."""
