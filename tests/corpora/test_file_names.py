"""The published lists of path traversals, as names of uploaded files and as addresses of stored ones."""

import io
import os
import re
from pathlib import Path
from urllib.parse import quote, unquote_to_bytes

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from forsamlingshus.kernel import db
from forsamlingshus.slides import queries, rules
from tests.slides.conftest import Decks, pdf_of

FOLDER = os.environ.get("CORPORA")
TARGET = "secret_key"  # lies in the data folder, two steps above the stored files

pytestmark = pytest.mark.skipif(not FOLDER, reason="CORPORA names no folder of test data")


def lines():
    """Each line of each list with our own secret as the file that it asks for."""
    found = []
    for path in sorted((Path(FOLDER) / "traversal").glob("*.txt")) if FOLDER else []:
        found += [line.decode("utf-8", "replace") for line in path.read_bytes().split(b"\n") if line]
    return [line.replace("{FILE}", TARGET) for line in found]


@pytest.fixture
def waiting(app, build, session, monkeypatch):
    """A workshop whose uploads wait: their slides are no matter here."""
    monkeypatch.setattr(app.extensions["forsamlingshus.jobs"], "run", lambda name, row_id: None)
    monkeypatch.setattr(app.extensions["forsamlingshus.sender"], "push", lambda changes: None)
    return Decks(app, build, session)


def test_lists_are_there_and_would_escape(app):
    data = app.config["SETTINGS"].data_dir
    assert (data / TARGET).is_file()
    cases = lines()
    assert len(cases) > 500
    store = data / "files" / "ab"
    store.mkdir(parents=True, exist_ok=True)
    escaping = [case for case in cases if "\x00" not in case and (store / case).resolve() == data / TARGET]
    assert escaping, "none of the lines leads from the store to the secret: the lists prove nothing"


def test_names_are_shown_without_a_path():
    shown = [rules.display_name(line) for line in lines()]
    assert not [name for name in shown if re.search(r"[/\\\x00-\x1f]", name) or not name.endswith(".pdf")]
    assert max(map(len, shown)) <= rules.NAME_MAX


def test_uploads_write_one_file_whatever_they_are_called(app, waiting):
    data = app.config["SETTINGS"].data_dir
    client, content = waiting.client("host"), pdf_of("Det samme hver gang")
    token = client.token()

    def outside():
        return {
            path: path.stat().st_mtime_ns
            for path in data.rglob("*")
            if path.is_file() and "forsamlingshus.db" not in path.name and data / "files" not in path.parents
        }

    before, stored = outside(), {path for path in (data / "files").rglob("*") if path.is_file()}
    # A name that ends in a backslash would swallow the end of its own header: it does not arrive as a file at all.
    names = [line for line in lines() if not line.endswith("\\")]
    for number, name in enumerate(names):
        fields = {
            "csrf_token": token,
            "title": f"Nr. {number}",
            "speaker": "",
            "file": FileStorage(io.BytesIO(content), name),
        }
        boundary, body = encode_multipart(fields)
        kind = f"multipart/form-data; boundary={boundary}"
        answer = client.post("/styring/2024/trivsel/oplaeg", data=body, content_type=kind)
        assert answer.status_code == 303, name
    assert outside() == before
    fresh = {path for path in (data / "files").rglob("*") if path.is_file()} - stored
    assert [path.read_bytes() for path in fresh] == [content]

    db.session().rollback()
    decks = queries.decks_of(db.session(), [waiting.scope], listed_only=False)
    assert len(decks) == len(names) > 500
    for deck in decks[::10]:
        answer = client.get(f"{deck.path}/original.pdf", buffered=True)
        assert answer.get_data() == content
        assert re.fullmatch(r"attachment; filename=[^/\\\r\n]+", answer.headers["Content-Disposition"])


@pytest.mark.parametrize(
    "place", ["/fil/slide/{}.webp", "/fil/mini/{}.webp", "/fil/slide/{}", "/budget/2024/oplaeg/{}/original.pdf"]
)
def test_addresses_lead_to_no_file(app, client, place):
    secret = (app.config["SETTINGS"].data_dir / TARGET).read_text()
    for line in lines():
        # A server takes the escapes off once, whatever is left of them stays.
        path = unquote_to_bytes(place.format(quote(line, safe="/%\\;.?=&"))).decode("latin-1")
        answer = client.get("/", environ_overrides={"PATH_INFO": path}, buffered=True)
        assert answer.status_code in {303, 308, 400, 404}, line
        assert secret not in answer.get_data(as_text=True)
