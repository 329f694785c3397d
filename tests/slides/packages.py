"""Presentations of office programs written by hand, from an honest one to the worst that somebody may upload."""

import io
import zipfile

TYPES = "application/vnd.openxmlformats-officedocument.presentationml."
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SPACES = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    f'xmlns:r="{REL}" xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
)
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def package(parts):
    """A zip of parts by name; the type of an open document stands first and as it is."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in parts.items():
            file.writestr(name, data, zipfile.ZIP_STORED if name == "mimetype" else None)
    return out.getvalue()


def relationships(*rows):
    """A part's relationships: (id, kind, target) and, for what lies outside, a fourth."""
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    lines = []
    for number, kind, target, *outside in rows:
        mode = ' TargetMode="External"' if outside else ""
        lines.append(f'<Relationship Id="{number}" Type="{REL}/{kind}" Target="{target}"{mode}/>')
    return f'{HEAD}<Relationships xmlns="{space}">{"".join(lines)}</Relationships>'


def box(text, kind="body", offset=0):
    """A text box; its kind is the placeholder that it fills."""
    paragraphs = "".join(f"<a:p><a:r><a:t>{line}</a:t></a:r></a:p>" for line in text.split("\n"))
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{offset + 2}" name="Tekst"/><p:cNvSpPr/>'
        f'<p:nvPr><p:ph type="{kind}"/></p:nvPr></p:nvSpPr>'
        '<p:spPr><a:xfrm><a:off x="500000" y="500000"/><a:ext cx="8000000" cy="2000000"/></a:xfrm></p:spPr>'
        f"<p:txBody><a:bodyPr/><a:lstStyle/>{paragraphs}</p:txBody></p:sp>"
    )


def page(tag, shapes, attributes=""):
    tree = '<p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/>'
    return f"{HEAD}<p:{tag} {SPACES}{attributes}><p:cSld><p:spTree>{tree}{shapes}</p:spTree></p:cSld></p:{tag}>"


def linked_picture(no=9):
    """A picture that is fetched from wherever the relationship `rIdOut` points."""
    return (
        f'<p:pic><p:nvPicPr><p:cNvPr id="{no}" name="Billede"/><p:cNvPicPr/><p:nvPr/></p:nvPicPr>'
        '<p:blipFill><a:blip r:link="rIdOut"/><a:stretch><a:fillRect/></a:stretch></p:blipFill>'
        '<p:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="2000000" cy="2000000"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr></p:pic>'
    )


def pptx(*slides, kind="presentation.main+xml", outside="", extra=None):
    """A PowerPoint file: a slide is its text, or (text, notes), or (text, notes, "hidden").

    `outside` is the address of a picture on the first slide; `extra` are more parts.
    """
    parts, overrides = {}, [("/ppt/presentation.xml", TYPES + kind if "/" not in kind else kind)]
    rels, order = [], []
    for no, slide in enumerate(slides, 1):
        text, notes, *hidden = (slide, "") if isinstance(slide, str) else slide
        shapes = box(text, "title") + (linked_picture() if outside and no == 1 else "")
        parts[f"ppt/slides/slide{no}.xml"] = page("sld", shapes, ' show="0"' if hidden else "")
        overrides.append((f"/ppt/slides/slide{no}.xml", TYPES + "slide+xml"))
        own = [("rIdOut", "image", outside, True)] if outside and no == 1 else []
        if notes:
            own.append(("rId9", "notesSlide", f"../notesSlides/notesSlide{no}.xml"))
            parts[f"ppt/notesSlides/notesSlide{no}.xml"] = page("notes", box(notes) + box(str(no), "sldNum", 5))
            overrides.append((f"/ppt/notesSlides/notesSlide{no}.xml", TYPES + "notesSlide+xml"))
        parts[f"ppt/slides/_rels/slide{no}.xml.rels"] = relationships(*own)
        rels.append((f"rId{no}", "slide", f"slides/slide{no}.xml"))
        order.append(f'<p:sldId id="{255 + no}" r:id="rId{no}"/>')
    types = "".join(f'<Override PartName="{name}" ContentType="{what}"/>' for name, what in overrides)
    parts["[Content_Types].xml"] = (
        f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{types}</Types>'
    )
    parts["_rels/.rels"] = relationships(("rId1", "officeDocument", "ppt/presentation.xml"))
    parts["ppt/_rels/presentation.xml.rels"] = relationships(*rels)
    parts["ppt/presentation.xml"] = (
        f"{HEAD}<p:presentation {SPACES}><p:sldIdLst>{''.join(order)}</p:sldIdLst>"
        '<p:sldSz cx="12192000" cy="6858000"/><p:notesSz cx="6858000" cy="9144000"/></p:presentation>'
    )
    return package({**parts, **(extra or {})})


ODF = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{where}:1.0"'
    for name, where in {
        "office": "office",
        "draw": "drawing",
        "text": "text",
        "style": "style",
        "presentation": "presentation",
        "manifest": "manifest",
        "svg": "svg-compatible",
    }.items()
)
ODF += ' xmlns:xlink="http://www.w3.org/1999/xlink"'


def odp(*slides, mimetype="application/vnd.oasis.opendocument.presentation", outside="", extra=None):
    """An ODP file: slides as for `pptx`."""
    pages = []
    for no, slide in enumerate(slides, 1):
        text, notes, *hidden = (slide, "") if isinstance(slide, str) else slide
        picture = f'<draw:frame svg:width="5cm" svg:height="5cm"><draw:image xlink:href="{outside}"/></draw:frame>'
        lines = "".join(f"<text:p>{line}</text:p>" for line in notes.split("\n"))
        pages.append(
            f'<draw:page draw:name="s{no}" draw:style-name="{"gemt" if hidden else "vist"}">'
            '<draw:frame svg:width="20cm" svg:height="3cm" svg:x="1cm" svg:y="1cm">'
            f"<draw:text-box><text:p>{text}</text:p></draw:text-box></draw:frame>"
            f"{picture if outside and no == 1 else ''}<presentation:notes>"
            f'<draw:frame presentation:class="notes"><draw:text-box>{lines}</draw:text-box></draw:frame>'
            "</presentation:notes></draw:page>"
        )
    styles = "".join(
        f'<style:style style:name="{name}" style:family="drawing-page">'
        f'<style:drawing-page-properties presentation:visibility="{state}"/></style:style>'
        for name, state in (("vist", "visible"), ("gemt", "hidden"))
    )
    content = (
        f"{HEAD}<office:document-content {ODF} office:version='1.3'>"
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:presentation>{''.join(pages)}</office:presentation></office:body></office:document-content>"
    )
    manifest = (
        f'{HEAD}<manifest:manifest {ODF} manifest:version="1.3"><manifest:file-entry manifest:full-path="/" '
        f'manifest:media-type="{mimetype}"/><manifest:file-entry manifest:full-path="content.xml" '
        'manifest:media-type="text/xml"/></manifest:manifest>'
    )
    parts = {"mimetype": mimetype, "content.xml": content, "META-INF/manifest.xml": manifest}
    return package({**parts, **(extra or {})})
