"""Pages are kept for several viewers: whatever anybody asked before, the tokens on a page are the viewer's own."""

import re

import pytest
from itsdangerous import URLSafeTimedSerializer

from tests.contracts import matrix

PAGES = [row for row in matrix.rows() if row.method == "GET"]
TOKEN = re.compile(r'name="csrf_token"[^>]* value="([^"]+)"|value="([^"]+)"[^>]* name="csrf_token"')


@pytest.fixture(autouse=True)
def clean():
    """The scene stays from test to test."""


@pytest.mark.parametrize("row", PAGES, ids=str)
def test_tokens_of_a_page_belong_to_whoever_asks(app, scene, row):
    read = URLSafeTimedSerializer(app.secret_key, salt="wtf-csrf-token").loads
    path, found = scene.named(row.path), 0
    for role in ("citizen", "neighbour", "nobody", "neighbour", "citizen", "staff", "council", "staff"):
        cookie, own = scene.cookies[role]
        client = app.test_client()
        client.set_cookie("fh_session", cookie)
        answer = client.get(path, buffered=True)
        if answer.mimetype != "text/html":
            continue
        tokens = {one or other for one, other in TOKEN.findall(answer.get_data(as_text=True))}
        found += len(tokens)
        assert {read(token) for token in tokens} <= {read(own)}, role
    if row.endpoint in {"discussions.thread", "meetings.workshop", "site.front"}:
        assert found >= 5, "there was nothing to compare"
    scene.put_back()
