"""Odd decks through the real form and job: drawn, or one clear sentence. A sample of them, and all with --full."""

import os
import re
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import func, select

from forsamlingshus.kernel import db, pages
from forsamlingshus.slides import office, queries
from forsamlingshus.slides.models import Deck, DeckState
from tests.corpora.mutations import mutated
from tests.slides.conftest import Decks, pdf_of
from tests.slides.packages import odp, pptx
from tests.slides.test_views import send_file

FOLDER = os.environ.get("CORPORA")
ALL = 10**6
LEFT_OUT = "there is no LibreOffice; scripts/install-programs.sh says how to install it"
ERROR = re.compile(r'class="form-error-message" id="file-error">\s*<span class="sr-only">[^<]*</span>\s*([^<]+)<')

pytestmark = pytest.mark.skipif(not FOLDER, reason="CORPORA names no folder of test data")
with_office = pytest.mark.skipif(not office.available(), reason=LEFT_OUT)


def spread(found, how_many):
    """So many of them, spread over the whole list."""
    return found[:: max(1, len(found) // how_many)][:how_many]


def files(ending):
    """The published files of a kind, as pairs of name and content."""
    found = sorted(Path(FOLDER).rglob(f"*.{ending}")) if FOLDER else []
    return [(path.name, path.read_bytes()) for path in found]


def faulty(originals, how_many, of):
    """So many of `of` mutations, spread over them; the same number gives the same file."""
    contents = [content for _name, content in originals]
    for number in spread(range(of), how_many):
        name, content = originals[number % len(originals)]
        yield f"mutation {number} of {name}", mutated(content, number, contents)


class Uploads:
    """Sends files through the form of a workshop, and says what became of them."""

    def __init__(self, app, build, session):
        self.decks = Decks(app, build, session)
        self.client = self.decks.client("host")
        self.ends, self.slow = Counter(), (0.0, "")

    def fault_of(self, name, content, ending):
        """What is wrong with what became of a file, as a sentence; empty when it keeps the promise."""
        before = self._newest()
        begun = time.monotonic()
        answer = send_file(self.client, content, name=f"oplaeg.{ending}", title="Vores svømmehal")
        self.slow = max(self.slow, (time.monotonic() - begun, name))
        newest = self._newest()
        if answer.status_code == 422:
            said = ERROR.findall(answer.get_data(as_text=True))
            self.ends["refused by the form"] += 1
            return "" if len(said) == 1 and said[0].strip() and newest == before else f"refused with {said}"
        if answer.status_code != 303 or newest == before:
            return f"answered with {answer.status_code}"
        deck = self.decks.fresh(db.session().get(Deck, newest))
        self.ends[deck.fault or deck.state] += 1
        return self._fault_of_deck(deck)

    def _fault_of_deck(self, deck):
        session = db.session()
        drawn = queries.strip(session, deck.id)
        listed = deck.id in {other.id for other in queries.decks_of(session, [deck.scope_key], listed_only=True)}
        if deck.state == DeckState.READY:
            whole = len(drawn) == deck.page_count > 0 and all(slide.no == no for no, slide in enumerate(drawn, 1))
            answers = {self.client.get(f"{deck.path}/{slide.no}").status_code for slide in drawn[:3]}
            answers |= {self.client.get(slide.image_url, buffered=True).status_code for slide in drawn[:3]}
            kept = whole and (listed or deck.hidden) and answers == {200}
            return "" if kept else f"ready, but {len(drawn)} slides, {answers}"
        if deck.state == DeckState.FAILED:
            sentence = pages.partial("slides/_fault.html", "da", deck=deck).strip()
            return "" if sentence and not listed else f"failed with {sentence!r}, listed: {listed}"
        return f"left as {deck.state}"

    @staticmethod
    def _newest():
        session = db.session()
        session.rollback()
        return session.scalar(select(func.max(Deck.id))) or 0


@pytest.fixture
def uploads(app, build, session, monkeypatch, capsys):
    monkeypatch.setattr(app.extensions["forsamlingshus.sender"], "push", lambda changes: None)
    uploads = Uploads(app, build, session)
    yield uploads
    with capsys.disabled():
        sys.stdout.write(f" {dict(uploads.ends)}, longest {uploads.slow[0]:.1f} s ({uploads.slow[1]}) ")


@pytest.fixture
def keeps_the_promise(uploads, caplog):
    """`keeps_the_promise(files, "pdf")`: each is drawn whole, or refused with one sentence, and nothing is logged."""

    def check(given, ending):
        faults = {}
        for name, content in given:
            caplog.clear()
            fault = uploads.fault_of(name, content, ending)
            fault = fault or next((record.message for record in caplog.records if record.exc_info), "")
            if fault:
                faults[name] = fault
        assert faults == {}
        return uploads.ends

    return check


def test_published_pdfs(keeps_the_promise, full):
    given = spread(files("pdf"), full(30, ALL))
    ends = keeps_the_promise(given, "pdf")
    assert len(given) == ends.total() >= 30
    assert ends[DeckState.READY] > len(given) / 2


@with_office
def test_published_presentations(keeps_the_promise, full):
    given = spread(files("pptx"), full(4, ALL))
    ends = keeps_the_promise(given, "pptx")
    assert len(given) == ends.total() >= 4
    assert ends[DeckState.READY] > len(given) / 2


def test_mutated_pdfs(keeps_the_promise, full):
    originals = [("own.pdf", pdf_of("Første", "Anden", "Tredje")), *files("pdf")]
    ends = keeps_the_promise(faulty(originals, full(30, 200), 200), "pdf")
    assert ends.total() == full(30, 200)
    assert len(ends) > 1
    assert ends[DeckState.READY]


@with_office
def test_mutated_presentations(keeps_the_promise, full):
    own = [(f"own.{kind.__name__}", kind("Første", ("Anden", "Noter"), "Tredje")) for kind in (pptx, odp)]
    # Every other one is an ODP: nobody has published odd ones.
    originals = [pair for published in files("pptx") for pair in (published, own[1])] + own
    ends = keeps_the_promise(faulty(originals, full(10, 100), 100), "odp")
    assert ends.total() == full(10, 100)
    assert len(ends) > 1
    assert ends[DeckState.READY]
