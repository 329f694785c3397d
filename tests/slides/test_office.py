"""Presentations of office programs: made harmless, read by LibreOffice where it is installed, and never kept."""

import io
import socket
import subprocess
import threading
import zipfile

import pytest
from sqlalchemy import select

from forsamlingshus.kernel import db
from forsamlingshus.site import checks
from forsamlingshus.slides import actions, converter, harmless, jobs, office, queries, unpack
from forsamlingshus.slides.converter import ConversionFailed, Fault
from forsamlingshus.slides.models import DeckState, FileType, Slide
from tests.slides.conftest import pdf_of
from tests.slides.packages import box, odp, package, page, pptx, relationships
from tests.slides.test_views import UPLOAD, send_file, text

SPOKEN = ("To", "Husk at sige tak\nog smile")
HIDDEN = ("Skjult", "Vises ikke", "hidden")
BOMB = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbbbbbbbb">]><a>&b;</a>'

with_office = pytest.mark.skipif(
    not office.available(), reason="there is no LibreOffice; scripts/install-programs.sh says how to install it"
)


@pytest.fixture
def unpacked(tmp_path):
    """What the child program makes of a file: its notes, and the parts of the harmless copy."""

    def run(data, kind="pptx"):
        (tmp_path / "file").write_bytes(data)
        notes = unpack.unpack(tmp_path / "file", kind, tmp_path)
        with zipfile.ZipFile(tmp_path / f"clean.{kind}") as copy:
            return notes, {name: copy.read(name) for name in copy.namelist()}

    return run


@pytest.fixture
def fault_of(tmp_path):
    """Why the child process, in its limits, refuses a file."""

    def run(data, kind=FileType.PPTX):
        (tmp_path / "file").write_bytes(data)
        with pytest.raises(ConversionFailed) as refused:
            office._unpack(tmp_path / "file", kind, tmp_path)
        return refused.value.fault

    return run


# ---------- what is read ----------


@pytest.mark.parametrize(("build", "kind"), [(pptx, "pptx"), (odp, "odp")])
def test_notes_belong_to_the_slides_that_are_shown(unpacked, build, kind):
    assert unpacked(build("En", SPOKEN, HIDDEN, ("Fire", "Slut")), kind)[0] == ["", SPOKEN[1], "Slut"]


def test_number_and_footer_of_a_notes_page_are_no_notes(unpacked):
    assert unpacked(pptx(("En", "Kun dette")))[0] == ["Kun dette"]


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (pptx("En", kind="presentation.main+xml"), "pptx"),
        (pptx("En", kind="application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml"), "pptx"),
        (odp("En"), "odp"),
    ],
)
def test_presentations_are_taken(unpacked, data, kind):
    assert unpacked(data, kind)[0] == [""]


# ---------- what is refused ----------


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (pptx("En", kind="slideshow.main+xml"), Fault.SHOW),
        (pptx("En", kind="application/vnd.ms-powerpoint.slideshow.macroEnabled.main+xml"), Fault.SHOW),
        (pptx("En", kind="template.main+xml"), Fault.SHOW),
        (package({"[Content_Types].xml": "<Types/>", "word/document.xml": "<a/>"}), Fault.NOT_SLIDES),
        (package({"readme.txt": "Hej"}), Fault.BROKEN),
        (pptx("En")[:-100], Fault.BROKEN),
        (b"PK\x03\x04 not a presentation", Fault.BROKEN),
        (pptx("En", extra={"ppt/theme/theme1.xml": BOMB}), Fault.BROKEN),
        (pptx("En", extra={"ppt/slides/_rels/slide1.xml.rels": BOMB}), Fault.BROKEN),
        (pptx("En", extra={f"ppt/media/{no}.txt": "" for no in range(10_000)}), Fault.TOO_HEAVY),
    ],
)
def test_refused_with_one_fault(fault_of, data, fault):
    assert fault_of(data) == fault


def test_open_documents_are_refused_with_one_fault(fault_of):
    template = "application/vnd.oasis.opendocument.presentation-template"
    assert fault_of(odp("En", mimetype=template), FileType.ODP) == Fault.SHOW
    assert fault_of(odp("En", mimetype="application/vnd.oasis.opendocument.text"), FileType.ODP) == Fault.NOT_SLIDES
    locked = odp("En", extra={"META-INF/manifest.xml": "<manifest:encryption-data/>"})
    assert fault_of(locked, FileType.ODP) == Fault.ENCRYPTED


def test_zip_bomb_ends_at_what_an_honest_file_unpacks_to(fault_of):
    out = io.BytesIO()
    with (
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file,
        file.open("ppt/media/a.bin", "w") as part,
    ):
        for _megabyte in range(450):
            part.write(bytes(1024 * 1024))
    assert len(out.getvalue()) < 5_000_000
    assert fault_of(out.getvalue()) == Fault.TOO_HEAVY


def test_answer_of_the_child_that_makes_no_sense_is_not_believed(tmp_path, monkeypatch):
    for words in ('{"fault": "opdigtet"}', '{"notes": [1]}', "[]"):
        monkeypatch.setattr(office, "_run", lambda *_args, words=words: (tmp_path / "result.json").write_text(words))
        with pytest.raises(ConversionFailed) as refused:
            office._unpack(tmp_path, FileType.PPTX, tmp_path)
        assert refused.value.fault == Fault.CRASHED


# ---------- what is taken out ----------


def test_what_runs_and_what_leads_out_is_not_in_the_copy_of_a_powerpoint_file(unpacked):
    outside = "http://127.0.0.1:1/x.png"
    evil = {
        "ppt/vbaProject.bin": "makro",
        "ppt/activeX/activeX1.xml": "<a/>",
        "ppt/media/image1.svg": '<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>',
    }
    before = pptx("En", outside=outside, extra=evil)
    with zipfile.ZipFile(io.BytesIO(before)) as package_before:
        assert outside.encode() in package_before.read("ppt/slides/_rels/slide1.xml.rels")
    _notes, parts = unpacked(before)
    assert not {"ppt/vbaProject.bin", "ppt/activeX/activeX1.xml"} & set(parts)
    assert all(word not in data for data in parts.values() for word in (outside.encode(), b"/etc/passwd"))


@pytest.mark.parametrize(
    ("target", "stays"),
    [
        ("../media/image1.png", True),
        ("file:///etc/passwd", False),
        ("//server/share.png", False),
        ("\\\\server\\share.png", False),
        ("vbaProject.bin", False),
    ],
)
def test_relationship_stays_within_the_package(target, stays):
    rels = relationships(("rId1", "image", target)).encode()
    assert (target.encode() in harmless.inner_relationships(rels)) is stays


@pytest.mark.parametrize(
    ("href", "stays"),
    [
        ("Pictures/1.png", True),
        ("./Object 1", True),
        ("#side1", True),
        ("data:image/png;base64,iVBORw0KGgo=", True),
        ("data:image/png;base64,AAAA", False),
        ("http://127.0.0.1/x.png", False),
        ("file:///etc/passwd", False),
        ("/etc/passwd", False),
        ("../../etc/passwd", False),
        ("\\\\server\\x", False),
        (" ftp://server/x", False),
        ("vnd.sun.star.script:Makro?language=Basic", False),
    ],
)
def test_reference_of_an_open_document_stays_within_the_package(href, stays):
    data = f'<a xmlns:x="urn:x" x:href="{href}">Æ &amp; <b/></a>'.encode()
    cleaned = harmless.inner_references(data).decode()
    assert (f'x:href="{href}"' in cleaned) is stays
    assert "Æ &amp; <b></b></a>" in cleaned


def test_text_that_a_database_chokes_on_is_taken_out_of_notes():
    said = unpack.said_in(page("notes", box("Et\u200bord\u202e og\tto")).encode())
    assert said == "Etord ogto"


# ---------- LibreOffice itself ----------


@with_office
@pytest.mark.parametrize(("build", "kind"), [(pptx, FileType.PPTX), (odp, FileType.ODP)])
def test_presentation_becomes_a_pdf_of_what_is_shown(tmp_path, build, kind):
    (tmp_path / "file").write_bytes(build("En", SPOKEN, HIDDEN))
    pdf, notes = office.to_pdf(tmp_path / "file", kind, tmp_path)
    drawn = list(converter.render(pdf, tmp_path, pages=converter.probe(pdf, tmp_path).pages))
    assert [slide.text for slide in drawn] == ["En", "To"]
    assert notes == ["", SPOKEN[1]]
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


@pytest.fixture
def canary():
    """A server that notes who asks it for anything."""
    asked = []
    server = socket.create_server(("127.0.0.1", 0))

    def answer():
        while True:
            try:
                connection, _address = server.accept()
            except OSError:
                return
            asked.append(connection.recv(200))
            connection.close()

    threading.Thread(target=answer, daemon=True).start()
    yield f"http://127.0.0.1:{server.getsockname()[1]}/billede.png", asked
    server.close()


@with_office
def test_picture_elsewhere_is_never_asked_for(tmp_path, canary):
    address, asked = canary
    file = tmp_path / "file.odp"
    file.write_bytes(odp("En", outside=address))
    plain = [
        office.program(),
        f"-env:UserInstallation={(tmp_path / 'p').as_uri()}",
        "--headless",
        "--convert-to",
        "pdf",
    ]
    subprocess.run([*plain, "--outdir", tmp_path / "o", file], check=True, capture_output=True, timeout=120)
    assert asked  # as it comes, LibreOffice asks
    asked.clear()
    office.to_pdf(file, FileType.ODP, tmp_path)
    assert asked == []


@with_office
def test_program_that_takes_too_long_is_ended_with_all_that_it_started(tmp_path):
    (tmp_path / "file").write_bytes(pptx("En"))
    hasty = office.Limits(wall=0.5, memory=4 * 1024**3, cpu=100, written=1024**3)
    with pytest.raises(ConversionFailed) as refused:
        office.to_pdf(tmp_path / "file", FileType.PPTX, tmp_path, converting=hasty)
    assert refused.value.fault == Fault.TOO_SLOW
    left = subprocess.run(["/bin/ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    assert str(tmp_path) not in left


# ---------- upload and job ----------


@pytest.fixture
def fake_office(monkeypatch):
    """LibreOffice without its ten seconds: a PDF of two slides, and notes for both."""

    def to_pdf(source, kind, folder):
        pdf = folder / "made.pdf"
        pdf.write_bytes(pdf_of("En", "To"))
        return pdf, ["Første note", "Anden note"]

    monkeypatch.setattr(office, "available", lambda: True)
    monkeypatch.setattr(office, "to_pdf", to_pdf)


def slides_of(deck):
    session = db.session()
    session.rollback()
    return list(session.scalars(select(Slide).where(Slide.deck_id == deck.id).order_by(Slide.no)))


@pytest.mark.usefixtures("fake_office")
def test_powerpoint_file_becomes_slides_with_notes_and_is_not_kept(drawing_decks, client):
    deck = drawing_decks.upload(pptx("En", "To"), name="budget.pptx", file_type=FileType.PPTX)
    source = deck.file_key
    deck = drawing_decks.fresh(deck)
    assert (deck.state, deck.file_type, deck.file_name) == (DeckState.READY, "pdf", "budget.pptx")
    assert [slide.notes for slide in slides_of(deck)] == ["Første note", "Anden note"]
    assert deck.file_notes == []
    assert not drawing_decks.store.path(source).exists()
    original = client.get(f"{deck.path}/original.pdf", buffered=True)
    assert original.get_data().startswith(b"%PDF-")
    assert "vores-svoemmehal.pdf" in original.headers["Content-Disposition"]


def test_presentation_that_is_no_pdf_yet_is_not_handed_out(decks):
    deck = decks.draw(decks.upload(pptx(SPOKEN), name="budget.pptx", file_type=FileType.PPTX), pages=2)
    assert decks.client("host").get(f"{deck.path}/original.pdf").status_code == 404


@pytest.mark.usefixtures("fake_office")
def test_notes_that_do_not_match_the_slides_are_left_out(drawing_decks, monkeypatch):
    real = office.to_pdf
    monkeypatch.setattr(office, "to_pdf", lambda *args: (real(*args)[0], ["Kun en"]))
    deck = drawing_decks.upload(pptx("En", "To"), file_type=FileType.PPTX)
    assert [slide.notes for slide in slides_of(deck)] == ["", ""]


@pytest.mark.usefixtures("fake_office")
def test_worker_that_died_after_the_pdf_was_made_goes_on_with_its_notes(decks, monkeypatch):
    deck = decks.upload(pptx("En", "To"), file_type=FileType.PPTX)

    class Killed(BaseException):
        pass

    def die(*_args, **_kwargs):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(converter, "probe", die)
        with pytest.raises(Killed):
            jobs.render_deck(deck.id)
    assert decks.fresh(deck).file_type == "pdf"
    monkeypatch.setattr(office, "to_pdf", die)
    jobs.render_deck(deck.id)
    assert [slide.notes for slide in slides_of(deck)] == ["Første note", "Anden note"]


@pytest.mark.usefixtures("fake_office")
def test_typed_notes_are_not_overwritten_by_those_of_a_newer_file(drawing_decks):
    deck = drawing_decks.fresh(drawing_decks.upload(pptx("En", "To"), file_type=FileType.PPTX))
    slide = slides_of(deck)[0]
    with db.transaction() as session:
        actions.describe_slide(
            session,
            who=drawing_decks.who(),
            deck=session.merge(deck),
            slide=session.get_one(Slide, slide.id),
            alt="",
            notes="Mine egne ord",
        )
    key, size = drawing_decks.store.put(io.BytesIO(pptx("En", "To", "Tre")), limit=10**6)
    with db.transaction() as session:
        actions.replace_deck(
            session,
            who=drawing_decks.who(),
            deck_id=deck.id,
            file_key=key,
            file_size=size,
            file_name="ny.pptx",
            file_type=FileType.PPTX,
        )
    assert [slide.notes for slide in slides_of(deck)] == ["Mine egne ord", "Anden note"]


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (Fault.SHOW, "Filen er et show eller en skabelon"),
        (Fault.NOT_SLIDES, "Filen er ikke et oplæg."),
        (Fault.NO_OFFICE, "Her kan kun PDF læses."),
    ],
)
def test_file_that_can_not_be_read_says_why_in_its_row(drawing_decks, monkeypatch, fault, sentence):
    def refuse(*_args):
        raise ConversionFailed(fault)

    monkeypatch.setattr(office, "to_pdf", refuse)
    deck = drawing_decks.fresh(drawing_decks.upload(pptx("En"), file_type=FileType.PPTX))
    assert (deck.state, deck.fault) == (DeckState.FAILED, fault)
    assert sentence in text(drawing_decks.client("host").get(UPLOAD))


@pytest.mark.usefixtures("fake_office")
def test_upload_takes_presentations_where_they_can_be_read(decks, session):
    for data, name, kind in ((pptx("En"), "a.pptx", "pptx"), (odp("En"), "b.odp", "odp"), (pdf_of(), "c.odp", "pdf")):
        assert send_file(decks.client("host"), data, name=name).status_code == 303
        session.rollback()
        newest = max(queries.decks_of(session, [decks.scope], listed_only=False), key=lambda deck: deck.id)
        assert (newest.file_type, newest.file_name.rpartition(".")[2]) == (kind, kind)


def test_without_the_program_page_form_and_doctor_say_so(decks, app, monkeypatch):
    monkeypatch.setattr(office, "program", lambda: None)
    host = decks.client("host")
    assert "PowerPoint og ODP kan ikke læses her: gem som PDF" in text(host.get(UPLOAD))
    answer = send_file(host, pptx("En"), name="a.pptx")
    assert answer.status_code == 422 and "Her kan kun PDF læses. Gem oplægget som PDF" in text(answer)
    found = checks._office(app.config["SETTINGS"])
    assert found.ok and "LibreOffice is not installed" in found.found
    with pytest.raises(ConversionFailed) as refused:
        office.to_pdf(decks.store.path("0" * 64), FileType.PPTX, app.config["SETTINGS"].data_dir)
    assert refused.value.fault == Fault.NO_OFFICE
