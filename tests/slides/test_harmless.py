"""What LibreOffice may read of an uploaded presentation: parts go by what they hold, whatever they are called."""

import base64
import gzip
import io
import os
import subprocess
import zipfile

import pytest
from PIL import Image

from forsamlingshus.slides import converter, harmless, office, unpack
from forsamlingshus.slides.models import FileType
from tests.slides.packages import odp, pptx, relationships
from tests.slides.test_office import with_office

SPACES = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'


def dots(colour="red", kind="PNG"):
    out = io.BytesIO()
    Image.new("RGB", (60, 60), colour).save(out, kind)
    return out.getvalue()


def svg(href, more=""):
    return (
        f'<svg {SPACES} width="600" height="600"{more}><rect width="600" height="600" fill="#0000ff"/>'
        f'<image width="600" height="600" xlink:href="{href}"/></svg>'
    )


def as_data(data):
    return f"data:image/png;base64,{base64.b64encode(data.encode()).decode()}"


SECRET = "file:///srv/hemmelig.png"
ESCAPES = {
    "plain": svg(SECRET),
    "indented": "\n\n  " + svg(SECRET),
    "declared": '<?xml version="1.0"?><?xml-stylesheet href="file:///srv/hemmelig.css"?>' + svg(SECRET),
    "climbing": svg("../../srv/hemmelig.png"),
    "climbing later": svg("a/../../srv/hemmelig.png"),
    "climbing in numbers": svg("%2e%2e/srv/hemmelig.png"),
    "scheme in numbers": svg("file%3A///srv/hemmelig.png"),
    "broken scheme": svg("fi&#10;le:///srv/hemmelig.png"),
    "absolute": svg("/srv/hemmelig.png"),
    "based": svg("hemmelig.png", ' xml:base="file:///srv/"'),
    "nested in place": svg(as_data(svg(SECRET))),
    "rule": f'<svg {SPACES}><style>@import "hemmelig.css"; rect {{ fill: url(hemmelig.svg#a) }}</style></svg>',
    "rule in numbers": f'<svg {SPACES}><rect style="fill:u\\72l(hemmelig.svg#a)"/></svg>',
    "attribute": f'<svg {SPACES}><rect fill="url(hemmelig.svg#a)"/></svg>',
}


def texts_in(data):
    """Everything that a part says, also what it spells in place."""
    found = [data.decode("utf-8", "replace")]
    for piece in found[0].split("base64,")[1:]:
        found.append(base64.b64decode(piece.split('"')[0]).decode("utf-8", "replace"))
    return "".join(found)


@pytest.mark.parametrize("name", ["ppt/media/image1.svg", "Pictures/billede", "ppt/media/image1.bin"])
@pytest.mark.parametrize("way", ESCAPES)
def test_drawing_names_nothing_outside_of_the_package(way, name):
    assert "hemmelig" in texts_in(ESCAPES[way].encode())
    kept = harmless.cleaned(name, ESCAPES[way].encode())
    assert kept is not None and "<svg" in kept.decode()
    if way == "based":
        assert "file:" not in kept.decode()
    else:
        assert "hemmelig" not in texts_in(kept)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp500"])
def test_drawing_in_another_encoding_is_no_way_round(encoding):
    data = ('<?xml version="1.0"?>' + svg(SECRET)).encode(encoding)
    assert b"hemmelig" not in (harmless.cleaned("Pictures/a", data) or b"")
    declared = f'<?xml version="1.0" encoding="UTF-7"?>{svg(SECRET)}'.encode()
    assert harmless.cleaned("Pictures/a", declared) is None


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("ppt/media/image1.png", svg("#a").encode()),
        ("Pictures/a.JPG", ('<?xml version="1.0"?>' + svg("#a")).encode("utf-16")),
        ("Pictures/a.emf", svg("#a").encode()),
        ("Pictures/a.svgz", gzip.compress(svg(SECRET).encode())),
        ("Pictures/a.svg", f'<!DOCTYPE svg [<!ENTITY a SYSTEM "{SECRET}">]><svg>&a;</svg>'.encode()),
        ("Pictures/a.eps", b"%!PS-Adobe-3.0 EPSF-3.0\n(/srv/hemmelig) run"),
        ("Pictures/a.pdf", b"%PDF-1.4"),
        ("ObjectReplacements/Object 1", b"VCLMTF\1\0"),
        ("ppt/embeddings/oleObject1.bin", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        ("ppt/embeddings/ark.xlsx", b"PK\x03\x04"),
        ("Object 1", b"PK\x03\x04"),
        ("ppt/media/film.mp4", b"\0\0\0\x20ftypisom"),
        ("mimetype", b"application/vnd.oasis.opendocument.text"),
        ("../../srv/a.png", dots()),
        ("Pictures/../../a.png", dots()),
    ],
)
def test_what_is_not_known_by_its_content_stays_out(name, data):
    assert harmless.cleaned(name, data) is None


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP"])
def test_pictures_of_dots_stay_as_they_are(kind):
    data = dots(kind=kind)
    assert harmless.cleaned("ppt/media/image1.png", data) == data
    assert harmless.cleaned("Pictures/uden-endelse", data) == data


def test_metafile_stays_without_the_pictures_that_it_wraps():
    head = b"\1\0\0\0" + bytes(36) + b" EMF"
    inside = b"EMF+" + svg(SECRET).encode()
    assert harmless.cleaned("ppt/media/image1.emf", head + inside) == head + bytes(4) + inside[4:]
    placeable = b"\xd7\xcd\xc6\x9a" + bytes(40)
    assert harmless.cleaned("a.wmf", placeable + b"WMFC....") == placeable + bytes(4) + b"...."


def test_picture_spelled_in_place_is_read_by_content_too():
    red = base64.b64encode(dots()).decode()
    bad = base64.b64encode(svg(SECRET).encode()).decode()
    assert harmless.inner_references(f"<a><b:binary-data>{red}</b:binary-data></a>".encode()).count(red.encode()) == 1
    assert bad.encode() not in harmless.inner_references(f"<a><b:binary-data>{bad}</b:binary-data></a>".encode())


@pytest.mark.parametrize(
    "xml",
    [
        '<form:button form:image-data="file:///srv/hemmelig.png"/>',
        "<table:cell table:formula=\"of:='file:///srv/hemmelig.ods'#$A.A1\"/>",
        "<table:cell table:formula=\"of:='../hemmelig.ods'#$A.A1\"/>",
        '<text:section-source xlink:href="../hemmelig.odt"/>',
        '<script:event-listener xlink:href="vnd.sun.star.script:hemmelig.py?language=Python"/>',
        '<config:config-item config:name="BitmapTableURL">file:///srv/hemmelig.sob</config:config-item>',
        "<?mso-application href='file:///srv/hemmelig'?><a/>",
        "<a><!-- file:///srv/hemmelig --></a>",
    ],
)
@pytest.mark.parametrize("name", ["content.xml", "Object 1/settings.xml", "ppt/slides/slide1.xml"])
def test_xml_of_a_package_names_nothing_outside(name, xml):
    assert b"hemmelig" not in harmless.cleaned(name, xml.encode())


def test_xml_of_a_package_keeps_what_it_says():
    space = "http://schemas.openxmlformats.org/drawingml/2006/main"
    said = f'<a:t xmlns:a="{space}" uri="http://x/y" b="3:4">Se file: Æ &amp;\n </a:t>'
    assert harmless.cleaned("ppt/slides/slide1.xml", said.encode()).decode().endswith(said)


@pytest.mark.parametrize("target", [" file:///srv/a.png", "file%3A///srv/a.png", "FILE:/srv/a.png"])
def test_relationship_that_hides_its_scheme_is_left_out(target):
    assert target.strip().encode() not in harmless.inner_relationships(relationships(("r", "image", target)).encode())


# ---------- LibreOffice itself ----------


def powerpoint(picture):
    """A slide with a picture of the package, called .png whatever it is."""
    linked = pptx("En", outside="x")
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(linked)) as before, zipfile.ZipFile(out, "w") as after:
        for name in before.namelist():
            data = before.read(name).replace(b'r:link="rIdOut"', b'r:embed="rIdOut"')
            if name.endswith("slide1.xml.rels"):
                data = relationships(("rIdOut", "image", "../media/image1.png")).encode()
            after.writestr(name, data)
        after.writestr("ppt/media/image1.png", picture)
    return out.getvalue()


def open_document(picture):
    """The same as an open document, whose manifest lists the picture."""
    plain = odp("En", outside="Pictures/a.png")
    with zipfile.ZipFile(io.BytesIO(plain)) as before:
        manifest = before.read("META-INF/manifest.xml").decode()
    entry = '<manifest:file-entry manifest:full-path="Pictures/a.png" manifest:media-type="image/png"/>'
    listed = manifest.replace("</manifest:manifest>", f"{entry}</manifest:manifest>")
    return odp("En", outside="Pictures/a.png", extra={"META-INF/manifest.xml": listed, "Pictures/a.png": picture})


def reds(pdf, folder):
    """How many dots of the drawn first page are the red of the picture that nobody may see."""
    with Image.open(next(converter.render(pdf, folder, pages=1)).image) as image:
        pixels = image.convert("RGB").tobytes()
    return sum(1 for r, g, b in zip(pixels[::3], pixels[1::3], pixels[2::3], strict=True) if r > 200 > 60 > g + b)


def plainly_made(file, folder):
    """What LibreOffice makes of a file as it was uploaded."""
    profile = f"-env:UserInstallation={(folder / 'p').as_uri()}"
    command = [office.program(), profile, "--headless", "--convert-to", "pdf", "--outdir", folder / "o", file]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return folder / "o" / f"{file.stem}.pdf"


@with_office
@pytest.mark.parametrize(
    ("build", "kind"), [(powerpoint, FileType.PPTX), (open_document, FileType.ODP)], ids=["pptx", "odp"]
)
def test_picture_of_the_server_is_never_on_a_slide(tmp_path, build, kind):
    secret = tmp_path / "hemmelig.png"
    secret.write_bytes(dots())
    file = tmp_path / f"file.{kind}"
    file.write_bytes(build(svg(secret.as_uri())))
    assert reds(plainly_made(file, tmp_path), tmp_path) > 1000  # as it comes, it would be on the slide
    pdf, _notes = office.to_pdf(file, kind, tmp_path)
    assert reds(pdf, tmp_path) == 0
    file.write_bytes(build(dots()))
    pdf, _notes = office.to_pdf(file, kind, tmp_path)
    assert reds(pdf, tmp_path) > 1000  # an honest picture is


def can_hide():
    """Whether this system lets a program go on in a tree of its own."""
    return subprocess.run(["/usr/bin/unshare", "-Urmn", "true"], capture_output=True, check=False).returncode == 0


@with_office
@pytest.mark.skipif(not can_hide(), reason="this system gives programs no tree of their own")
def test_program_sees_no_files_but_its_own_even_when_a_name_slips_through(tmp_path, monkeypatch):
    secret = tmp_path / "hemmelig.png"
    secret.write_bytes(dots())
    file = tmp_path / "file.odp"
    file.write_bytes(open_document(svg(secret.as_uri())))

    def careless(_source, kind, room):
        os.link(file, room / f"clean.{kind}")
        return [""]

    monkeypatch.setattr(office, "_unpack", careless)
    pdf, _notes = office.to_pdf(file, FileType.ODP, tmp_path)
    assert reds(pdf, tmp_path) == 0


def test_package_that_is_two_things_at_once_is_read_as_one(tmp_path):
    (tmp_path / "file").write_bytes(pptx("En", extra={"mimetype": "application/vnd.oasis.opendocument.text"}))
    unpack.unpack(tmp_path / "file", "pptx", tmp_path)
    with zipfile.ZipFile(tmp_path / "clean.pptx") as copy:
        assert "mimetype" not in copy.namelist()
