"""What refuses to start, and says why in one sentence."""

import runpy
from types import SimpleNamespace

import pytest

from forsamlingshus.app import create_app
from forsamlingshus.kernel import web
from forsamlingshus.serving import CANNOT_START, serve


@pytest.fixture
def starting(monkeypatch, tmp_path):
    """`starting(workers=2)` starts a server with other values than our own."""
    monkeypatch.setenv("FORSAMLINGSHUS_DATA_DIR", str(tmp_path))
    file = runpy.run_path(str(web.ROOT / "deploy" / "gunicorn.conf.py"))

    def start(**values):
        own = {"workers": file["workers"], "worker_class_str": file["worker_class"], "threads": file["threads"]}
        file["on_starting"](SimpleNamespace(cfg=SimpleNamespace(**{**own, **values})))

    return start


def test_start_with_our_own_values_is_allowed(starting):
    starting()


def test_connections_may_rest_between_two_requests(starting):
    """Without room for them the server closes each after its answer, and a page is twenty connections."""
    file = runpy.run_path(str(web.ROOT / "deploy" / "gunicorn.conf.py"))
    assert file["worker_connections"] - file["threads"] >= 500
    assert file["keepalive"] > 0


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"workers": 2}, "several workers need PostgreSQL"),
        ({"worker_class_str": "gevent"}, "gthread"),
        ({"threads": 300}, "384 threads"),
    ],
)
def test_start_with_an_unsafe_mixture_is_refused(starting, values, sentence):
    with pytest.raises(SystemExit, match=sentence):
        starting(**values)


def test_start_with_a_wrong_setting_is_refused(monkeypatch):
    monkeypatch.setenv("FORSAMLINGSHUS_THREADS", "few")
    with pytest.raises(SystemExit, match="FORSAMLINGSHUS_THREADS"):
        runpy.run_path(str(web.ROOT / "deploy" / "gunicorn.conf.py"))


def test_serve_on_a_database_that_is_not_migrated_is_refused(tmp_path, caplog):
    app = create_app({"FORSAMLINGSHUS_DATA_DIR": str(tmp_path)}, immediate_jobs=True)
    with pytest.raises(SystemExit) as refused:
        serve(app)
    assert refused.value.code == CANNOT_START
    assert "flask db upgrade" in caplog.text
