"""The committed decks are what the texts say, in 16:9, with a text layer and without traces of the tools."""

import re

import pypdfium2
import pytest

from forsamlingshus.demo import texts

DECKS = {deck.slug: deck for deck in texts.read().decks()}


def words(text):
    return re.sub(r"\s+", " ", text).strip()


@pytest.fixture(params=sorted(DECKS))
def deck(request):
    return DECKS[request.param]


def test_deck_says_what_its_text_says(deck):
    with pypdfium2.PdfDocument(deck.file) as document:
        assert len(document) == len(deck.slides)
        for page, slide in zip(document, deck.slides, strict=True):
            said = words(page.get_textpage().get_text_range())
            wanted = [slide["title"], *slide.get("bullets", ())]
            wanted += [figure["label"] for figure in slide.get("figures", ())]
            wanted += [bar["label"] for bar in slide.get("bars", ())]
            wanted += slide["text"].splitlines() if "text" in slide else []
            for part in wanted:
                assert words(part) in said, (deck.slug, part, said)


def test_deck_is_wide_light_and_neutral(deck):
    raw = deck.file.read_bytes()
    assert len(raw) < 300_000
    for trace in (b"Skia", b"Chrom", b"Mozilla", b"/home", b"/work", b"/tmp"):
        assert trace not in raw, trace
    with pypdfium2.PdfDocument(deck.file) as document:
        assert document.get_metadata_value("Title") == deck.title
        assert all(page.get_width() / page.get_height() == pytest.approx(16 / 9, rel=0.002) for page in document)
