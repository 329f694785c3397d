"""Fixtures of the inputs tests."""

import pytest

from tests.inputs.builders import Collecting


@pytest.fixture
def collecting(build):
    return Collecting(build)


@pytest.fixture
def staff(app, collecting):
    """The browser of somebody who collects."""
    client = app.test_client()
    assert client.log_in(collecting.staff).status_code == 303
    return client
