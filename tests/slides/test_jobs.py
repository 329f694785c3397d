"""The job behind an upload: real PDFs through the real child process, interruptions and failures included."""

import io
import time

import pytest
from flask import current_app
from sqlalchemy import select

from forsamlingshus.app import NAMED_FILES, SWEEPS
from forsamlingshus.kernel import db, files
from forsamlingshus.slides import actions, converter, jobs, queries
from forsamlingshus.slides.converter import ConversionFailed, Fault
from forsamlingshus.slides.models import Deck, DeckState, Slide
from tests.slides.conftest import pdf_of
from tests.slides.pdfs import CATALOGUE, LOCKED, SLIDE, TEXT, deck, png, says, stream


def slides_of(found):
    session = db.session()
    session.rollback()
    return list(session.scalars(select(Slide).where(Slide.deck_id == found.id).order_by(Slide.no)))


@pytest.fixture
def dies(monkeypatch):
    """Let the worker die (or the machine fail) after so many slides: `dies(2)`, `dies(2, OSError())`."""
    real = converter.render

    class Killed(BaseException):
        """Stands for a kill: nothing in the job may catch it."""

    def arrange(after, error=None):
        def render(*args, **kwargs):
            for done, slide in enumerate(real(*args, **kwargs)):
                if done == after:
                    raise error or Killed
                yield slide

        monkeypatch.setattr(converter, "render", render)
        return Killed

    arrange.back = lambda: monkeypatch.setattr(converter, "render", real)
    return arrange


def test_upload_becomes_slides_with_pictures_and_words(drawing_decks, client):
    found = drawing_decks.fresh(drawing_decks.upload(pdf_of("Første slide", "Åben hal", "Rødgrød")))
    assert (found.state, found.page_count, found.done_count, found.listed) == (DeckState.READY, 3, 3, True)
    drawn = slides_of(found)
    assert [slide.text for slide in drawn] == ["Første slide", "Åben hal", "Rødgrød"]
    assert {(slide.width, slide.height) for slide in drawn} == {(1600, 900)}
    assert found.cover_key == drawn[0].thumb_key
    for slide in drawn:
        picture = client.get(slide.image_url, buffered=True).get_data()
        assert picture[:4] == b"RIFF" and picture[8:12] == b"WEBP"
        assert len(client.get(slide.thumb_url, buffered=True).get_data()) < len(picture)


def test_work_folder_is_empty_afterwards(drawing_decks, app):
    drawing_decks.upload()
    drawing_decks.upload(b"%PDF-1.7 broken")
    assert list((app.config["SETTINGS"].data_dir / "work").iterdir()) == []


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"%PDF-1.7\nbroken", Fault.BROKEN),
        (png(), Fault.NOT_PDF),
        (deck(TEXT, trailer=LOCKED % b"Standard"), Fault.ENCRYPTED),
        (deck(), Fault.EMPTY),
    ],
)
def test_file_that_gives_no_slides_is_failed_with_its_fault(drawing_decks, client, content, fault):
    found = drawing_decks.fresh(drawing_decks.upload(content))
    assert (found.state, found.fault, found.listed) == (DeckState.FAILED, fault, False)
    assert slides_of(found) == []
    assert client.get(found.path).status_code == 404


def test_too_many_pages_are_refused_before_any_is_drawn(decks, monkeypatch):
    found = decks.upload()

    def probe(_pdf, _folder):
        raise ConversionFailed(Fault.TOO_MANY_PAGES)

    monkeypatch.setattr(converter, "probe", probe)
    jobs.render_deck(found.id)
    assert decks.fresh(found).fault == "too_many_pages"


def test_sweep_keeps_the_files_of_decks_and_slides(decks, session, monkeypatch):
    found = decks.ready("En", "To")
    orphan = decks.store.put(io.BytesIO(b"nobody names me"), limit=100)[0]
    data = current_app.config["SETTINGS"].data_dir
    monkeypatch.setattr(files, "GRACE", -60)
    monkeypatch.setattr(queries, "AT_ONCE", 2)
    before = set(decks.store.keys(time.time() + 60))
    files.sweep(session, data, NAMED_FILES)
    kept = set(decks.store.keys(time.time() + 60))
    assert orphan in before and orphan not in kept
    assert queries.keys_of(session, decks.fresh(found)) == kept


def test_deck_that_fails_half_way_is_never_listed(decks, client, dies, session):
    found = decks.upload(pdf_of("En", "To", "Tre"))
    dies(2, ConversionFailed(Fault.TOO_SLOW, 2))
    jobs.render_deck(found.id)
    found = decks.fresh(found)
    assert (found.state, found.fault, found.done_count) == (DeckState.FAILED, "too_slow", 2)
    assert queries.decks_of(session, [decks.scope], listed_only=True) == []
    assert client.get(f"{found.path}/1").status_code == 404
    assert client.get(slides_of(found)[0].image_url).status_code == 404


def test_worker_that_died_is_taken_up_at_the_first_missing_slide(decks, dies, session, monkeypatch):
    found = decks.upload(pdf_of("En", "To", "Tre", "Fire"))
    killed = dies(2)
    with pytest.raises(killed):
        jobs.render_deck(found.id)
    found = decks.fresh(found)
    assert (found.state, found.done_count, found.page_count, found.listed) == (DeckState.DRAWING, 2, 4, False)
    assert jobs.unfinished(session) == [("render_deck", found.id)]

    dies.back()
    firsts = []
    real = converter.render
    monkeypatch.setattr(
        converter, "render", lambda *args, first, pages: firsts.append(first) or real(*args, first=first, pages=pages)
    )
    jobs.render_deck(found.id)
    assert firsts == [2]
    found = decks.fresh(found)
    assert (found.state, found.listed) == (DeckState.READY, True)
    assert [slide.text for slide in slides_of(found)] == ["En", "To", "Tre", "Fire"]
    assert jobs.unfinished(session) == []


def test_worker_that_died_before_the_last_word_only_finishes(decks, session):
    found = decks.draw(decks.upload(pdf_of("En", "To")), "En", "To")
    jobs.render_deck(found.id)
    assert decks.fresh(found).state == DeckState.READY


def test_unfinished_names_what_waits_and_what_was_begun(decks, session):
    waiting, begun = decks.upload(), decks.draw(decks.upload(), "En", pages=2)
    decks.ready()
    decks.failed()
    session.rollback()
    assert jobs.unfinished(session) == [("render_deck", waiting.id), ("render_deck", begun.id)]
    assert jobs.unfinished in SWEEPS


def test_doing_a_finished_job_again_changes_nothing(drawing_decks, pushed):
    found = drawing_decks.fresh(drawing_decks.upload())
    version = found.version
    pushed.clear()
    jobs.render_deck(found.id)
    jobs.render_deck(10_000)
    assert (drawing_decks.fresh(found).version, pushed) == (version, [])


def test_fault_of_the_machine_is_told_and_logged(decks, dies, caplog):
    found = decks.upload()
    dies(1, OSError(28, "No space left on device"))
    jobs.render_deck(found.id)
    assert (decks.fresh(found).state, decks.fresh(found).fault) == (DeckState.FAILED, "crashed")
    assert "could not be drawn" in caplog.text


def test_lost_file_is_a_fault_and_not_an_endless_wait(decks, caplog):
    found = decks.upload()
    decks.store.path(found.file_key).unlink()
    jobs.render_deck(found.id)
    assert decks.fresh(found).fault == "crashed"


def test_deck_removed_while_it_is_drawn_ends_the_job(decks, monkeypatch):
    found = decks.upload()
    real = actions.add_slide

    def remove_first(session, **values):
        if values["no"] == 2:
            actions.remove_deck(session, who=decks.who(), deck=session.get_one(Deck, found.id))
        return real(session, **values)

    monkeypatch.setattr(actions, "add_slide", remove_first)
    jobs.render_deck(found.id)
    assert decks.fresh(found) is None
    assert slides_of(found) == []


def test_same_file_twice_is_two_decks_and_one_set_of_files(drawing_decks, session):
    one, two = (drawing_decks.fresh(drawing_decks.upload(pdf_of("Ens"))) for _ in range(2))
    assert one.path != two.path
    assert queries.keys_of(session, one) == queries.keys_of(session, two)


@pytest.mark.parametrize(
    ("properties", "extra"),
    [
        (b"/Creator (010150-5001)", b"null"),
        (b"/Author (borger@example.org)", b"null"),
        (b"/Title (Hallen)", b"<rdf:RDF><dc:creator>0101&#53;0-5001</dc:creator></rdf:RDF>"),
        (b"/Title (Hallen)", b'<rdf:RDF><rdf:Description pdf:Keywords="010150-5001"/></rdf:RDF>'),
        (b"/Title (Hallen)", stream(b"<rdf:RDF><dc:creator>010150-5001</dc:creator></rdf:RDF>", b"/Type /Metadata")),
    ],
)
def test_personal_data_in_the_properties_of_the_file_keeps_it_private(drawing_decks, client, properties, extra):
    plain = deck(TEXT)
    content = plain.replace(b"/Title (Budget\n2024)", properties) + b"\n%" + extra
    found = drawing_decks.fresh(drawing_decks.upload(content))
    assert (found.state, found.fault, found.listed) == (DeckState.FAILED, Fault.PRIVATE, False)
    assert client.get(f"{found.path}/original.pdf").status_code != 200
    harmless = b"<rdf:RDF><xmpMM:DocumentID>uuid:30000012-0000-0000-0000-010150500101</xmpMM:DocumentID></rdf:RDF>"
    assert drawing_decks.fresh(drawing_decks.upload(plain + b"\n%" + harmless)).listed


ANNOTATION = b"<< /Type /Annot /Rect [0 0 90 20] %b >>"
HIDDEN = {
    "a comment": b"/Subtype /Text /Contents (Se %b)",
    "a comment's author": b"/Subtype /Text /Contents (Se her) /T (%b)",
    "a text field": b"/Subtype /Widget /FT /Tx /T (nummer) /V (%b)",
    "a hint of a field": b"/Subtype /Widget /FT /Tx /T (nummer) /TU (%b)",
    "a choice of a list": b"/Subtype /Widget /FT /Ch /T (nummer) /Opt [(Ja) (%b)]",
    "an address": b"/Subtype /Link /A << /S /URI /URI (https://example.org/?q=%b) >>",
}
FORM = b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [6 0 R] >> >>"


def with_hidden(kind, words):
    """A deck whose second slide has an annotation or field; the object is named by the form as well."""
    annotation = ANNOTATION % (HIDDEN[kind] % words)
    plain = deck(TEXT, (says("To"), SLIDE + b" /Annots [6 0 R]"), extra=annotation)
    return plain.replace(CATALOGUE, FORM)


@pytest.mark.parametrize("kind", HIDDEN)
def test_a_cpr_number_beside_the_text_of_a_slide_keeps_the_deck_private(drawing_decks, client, kind):
    found = drawing_decks.fresh(drawing_decks.upload(with_hidden(kind, b"010150-5001")))
    assert (found.state, found.hidden, found.listed) == (DeckState.READY, True, False)
    assert [(slide.no, slide.caution) for slide in slides_of(found)] == [(1, ""), (2, "cpr")]
    assert all("010150" not in slide.text for slide in slides_of(found))
    assert client.get(f"{found.path}/original.pdf").status_code != 200
    page = drawing_decks.client("host").get(f"{found.control_path}/ret").get_data(as_text=True)
    assert "ser ud til at have et cpr-nummer" in page and "en kommentar, et formularfelt" in page
    assert drawing_decks.fresh(drawing_decks.upload(with_hidden(kind, b"svar 17"))).listed


def test_more_annotations_than_are_read_are_refused(drawing_decks):
    many = b"6 0 R " * 2_001
    found = drawing_decks.upload(
        deck((says("Et"), SLIDE + b" /Annots [%b]" % many), extra=ANNOTATION % b"/Subtype /Text")
    )
    assert drawing_decks.fresh(found).fault == Fault.TOO_HEAVY


def test_a_certificate_with_a_cpr_number_keeps_the_deck_private(drawing_decks):
    def signed(words):
        content = (b"\x30\x82\x01\x0c\x0c" + words + b"\x00\x01").hex().encode()
        signature = b"/Subtype /Widget /FT /Sig /T (navn) /V << /Type /Sig /Filter /A /Contents <%b> >>" % content
        plain = deck((says("Et"), SLIDE + b" /Annots [6 0 R]"), extra=ANNOTATION % signature)
        return drawing_decks.fresh(drawing_decks.upload(plain.replace(CATALOGUE, FORM)))

    assert signed(b"CPR:010150-5001").fault == Fault.PRIVATE
    assert signed("CPR:010150-5001".encode("utf-16-be")).fault == Fault.PRIVATE
    assert signed(b"Anne Bjerre").listed
