"""The scene that the matrix of permissions and the sweep of the log ask about."""

import pytest

from tests.contracts.scene import Scene


@pytest.fixture(scope="module")
def scene(app):
    """One of everything, for the tests of a module that ask every route."""
    with pytest.MonkeyPatch.context() as monkeypatch, app.test_request_context("/"):
        monkeypatch.setattr(app.extensions["forsamlingshus.jobs"], "run", lambda name, row_id: None)
        monkeypatch.setattr(app.extensions["forsamlingshus.sender"], "push", lambda changes: None)
        scene = Scene(app)
        yield scene
        scene.put_back()
