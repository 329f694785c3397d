"""The detector detects what slips past a sanitiser: when it runs, when the policy stops it, and when it only waits."""

import pytest
from sqlalchemy import text

from forsamlingshus.kernel import db
from tests.corpora.detector import Detector, served

RUNS = '<img src="/findes-ikke" onerror="alert(1)">'
WAITS = '<form><input name="attributes"><input name="localName"></form><a href="java&#115;cript:alert(1)">x</a>'


@pytest.fixture(autouse=True)
def clean():
    """The rows of the hall stay from test to test."""


@pytest.fixture
def planted(hall):
    """Store a text as if the sanitiser had let it through."""

    def plant(raw):
        path = hall.thread("En tråd")
        post_id = hall.value("SELECT max(id) FROM post")
        with hall.app.app_context(), db.db.engine.begin() as connection:
            connection.execute(text("UPDATE post SET html = :raw WHERE id = :id"), {"raw": raw, "id": post_id})
        return path

    return plant


@pytest.mark.parametrize(
    ("raw", "policy", "wanted"),
    [
        (RUNS, False, {"<img> in a text", "<img onerror>", "called alert"}),
        (RUNS, True, {"<img> in a text", "<img onerror>", "stopped script-src-attr"}),
        (WAITS, True, {"<form> in a text", "<input> in a text", "<a href=javascript:>"}),
        ("<svg><style>*{}</style></svg>", True, {"<svg> in a text", "<style>", "<style> in a text"}),
    ],
    ids=["runs", "stopped", "clobbers", "namespace"],
)
def test_planted_markup_is_seen(hall, planted, browser, raw, policy, wanted):
    path = planted(raw)
    with served(hall.app) as origin:
        detector = Detector(browser, origin, hall.citizen, policy=policy)
        detector.look(path)
        detector.page.wait_for_load_state("networkidle")
        detector.audit()
        detector.close()
    found = {problem for _path, problem in detector.problems}
    assert wanted <= found


def test_page_with_plain_words_has_nothing_to_tell(hall, browser):
    hall.post("**Fed**, [et link](https://example.org), `kode`")
    with served(hall.app) as origin:
        detector = Detector(browser, origin, hall.citizen)
        seen = detector.look(hall.thread_path)
        detector.close()
    assert detector.problems == []
    assert "Fed, et link, kode" in seen["words"]
    assert hall.post_id in seen["posts"]
