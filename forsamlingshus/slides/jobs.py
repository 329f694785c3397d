"""Draws the slides of a deck: each is stored as soon as it is done, and a job that died goes on where it stopped."""

import contextlib
import logging
from pathlib import Path

from flask import current_app
from sqlalchemy.orm import Session

from forsamlingshus.kernel import files
from forsamlingshus.kernel.db import transaction
from forsamlingshus.slides import actions, converter, office, queries
from forsamlingshus.slides.converter import ConversionFailed, Fault
from forsamlingshus.slides.models import Deck, FileType

log = logging.getLogger(__name__)


def render_deck(deck_id: int) -> None:
    """Draw whatever slides of the deck are missing; afterwards it is ready, or failed with one fault."""
    with transaction() as session:
        deck = actions.take_up(session, deck_id=deck_id)
    if deck is None:
        return
    try:
        _draw(deck)
    except ConversionFailed as failed:
        _fail(deck_id, failed.fault)
    except Exception:
        # The machine's fault, not the file's (a full disk, a lost file): the uploader must hear of it all the same.
        log.exception("deck %s could not be drawn", deck_id)
        _fail(deck_id, Fault.CRASHED)


def unfinished(session: Session) -> list[tuple[str, int]]:
    """What the next start takes up again: decks that wait, and those whose worker died."""
    return [("render_deck", deck_id) for deck_id in queries.unfinished(session)]


def _draw(deck: Deck) -> None:
    store: files.FileStore = current_app.extensions["forsamlingshus.files"]
    with files.work_folder(current_app.config["SETTINGS"].data_dir / "work") as folder:
        if deck.file_type != FileType.PDF:
            made = _make_pdf(store, deck, folder)
            if made is None:
                return
            deck = made
        pdf = store.path(deck.file_key)
        told = converter.probe(pdf, folder)
        pages = told.pages
        with transaction() as session:
            if actions.caution(session, told.words):
                raise ConversionFailed(Fault.PRIVATE)
            first = actions.count_slides(session, deck_id=deck.id, pages=pages)
        with contextlib.closing(converter.render(pdf, folder, first=first, pages=pages - first)) as drawing:  # type: ignore[type-var]
            if not all(_keep(store, deck, drawn) for drawn in drawing):
                return
    with transaction() as session:
        drawn_deck = session.get(Deck, deck.id)
        before = queries.keys_before(session, drawn_deck) if drawn_deck is not None else set()
        actions.finish_deck(session, deck_id=deck.id)
        orphans = before - queries.still_named(session, before)
    for key in orphans:
        store.remove(key)


def _make_pdf(store: files.FileStore, deck: Deck, folder: Path) -> Deck | None:
    """Let a PDF take the place of the uploaded presentation; None when the deck was removed meanwhile."""
    pdf, notes = office.to_pdf(store.path(deck.file_key), FileType(deck.file_type), folder)
    size, source = pdf.stat().st_size, deck.file_key
    key = store.put_file(pdf)
    pdf.unlink()
    with transaction() as session:
        kept = actions.keep_pdf(session, deck_id=deck.id, file_key=key, file_size=size, notes=notes)
        session.flush()
        orphans = {source} - queries.still_named(session, {source})
    for orphan in orphans:
        store.remove(orphan)
    return kept


def _keep(store: files.FileStore, deck: Deck, drawn: converter.RenderedSlide) -> bool:
    """Store a slide; False when the deck was removed meanwhile."""
    image_key, thumb_key = store.put_file(drawn.image), store.put_file(drawn.thumbnail)
    drawn.image.unlink()
    drawn.thumbnail.unlink()
    with transaction() as session:
        slide = actions.add_slide(
            session,
            deck_id=deck.id,
            no=drawn.index + 1,
            width=drawn.width,
            height=drawn.height,
            image_key=image_key,
            thumb_key=thumb_key,
            text=drawn.text,
            beside=drawn.beside,
        )
    return slide is not None


def _fail(deck_id: int, fault: Fault) -> None:
    with transaction() as session:
        actions.fail_deck(session, deck_id=deck_id, fault=fault)
