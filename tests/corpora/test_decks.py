"""Thirty odd PDFs of the published collection through the real upload and job: drawn, or one clear sentence."""

import os
from pathlib import Path

import pytest

from forsamlingshus.kernel import db, pages
from forsamlingshus.slides import queries
from forsamlingshus.slides.models import DeckState
from tests.slides.conftest import Decks

FOLDER = os.environ.get("CORPORA")
HOW_MANY = 30

pytestmark = pytest.mark.skipif(not FOLDER, reason="CORPORA names no folder of test data")


def chosen():
    """Thirty of the files, spread over the whole list."""
    found = sorted((Path(FOLDER) / "pdf-pdfjs").glob("*.pdf")) if FOLDER else []
    return found[:: max(1, len(found) // HOW_MANY)][:HOW_MANY]


def fault_of(deck, client):
    """What is wrong with a deck after its job, as a sentence; empty when it keeps the promise."""
    session = db.session()
    drawn = queries.strip(session, deck.id)
    listed = deck.id in {other.id for other in queries.decks_of(session, [deck.scope_key], listed_only=True)}
    if deck.state == DeckState.READY:
        whole = len(drawn) == deck.page_count > 0 and all(slide.no == no for no, slide in enumerate(drawn, 1))
        answers = {client.get(f"{deck.path}/{slide.no}").status_code for slide in drawn[:3]}
        answers |= {client.get(slide.image_url, buffered=True).status_code for slide in drawn[:3]}
        return (
            ""
            if whole and (listed or deck.hidden) and answers == {200}
            else f"ready, but {len(drawn)} slides, {answers}"
        )
    if deck.state == DeckState.FAILED:
        sentence = pages.partial("slides/_fault.html", "da", deck=deck).strip()
        return "" if sentence and not listed else f"failed with {sentence!r}, listed: {listed}"
    return f"left as {deck.state}"


def test_files_are_drawn_or_refused_with_one_sentence(app, build, session, monkeypatch, caplog):
    monkeypatch.setattr(app.extensions["forsamlingshus.sender"], "push", lambda changes: None)
    decks = Decks(app, build, session)
    client = decks.client("host")
    faults, states = {}, []
    for path in chosen():
        caplog.clear()
        deck = decks.fresh(decks.upload(path.read_bytes(), title=path.stem, name=path.name))
        fault = fault_of(deck, client) or next((record.message for record in caplog.records if record.exc_info), "")
        states.append(deck.state)
        if fault:
            faults[path.name] = fault
    assert faults == {}
    assert len(states) == HOW_MANY
    assert states.count(DeckState.READY) > HOW_MANY / 2
