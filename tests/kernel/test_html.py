"""The one sanitiser: what passes, what never does, and that both passes agree on the tree."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from forsamlingshus.kernel import html


class Audit(HTMLParser):
    """Collects whatever the public rules do not allow."""

    def __init__(self, text):
        super().__init__()
        self.faults = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        if tag not in html.TAGS:
            self.faults.append(tag)
        for name, value in attrs:
            if tag != "a" or name not in {"href", "title", "rel"}:
                self.faults.append(f"{tag} {name}")
            if name == "href" and not (value or "").startswith(("http://", "https://", "mailto:", "/")):
                self.faults.append(value)


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("Hej", "<p>Hej</p>\n"),
        ("**Fed** og *kursiv*", "<p><strong>Fed</strong> og <em>kursiv</em></p>\n"),
        ("- et\n- to", "<ul>\n<li>et</li>\n<li>to</li>\n</ul>\n"),
        ("a < b & c", "<p>a &lt; b &amp; c</p>\n"),
        ("# Overskrift", "Overskrift\n"),
        ("<b>ikke fed</b>", "<p>&lt;b&gt;ikke fed&lt;/b&gt;</p>\n"),
    ],
)
def test_render_small_markdown(source, shown):
    assert html.render_markdown(source) == Markup(shown)


def test_render_links_get_a_relation_and_www_becomes_https():
    shown = html.render_markdown("Se www.example.org og [her](https://example.org/a)")
    assert shown.count('rel="nofollow ugc noopener"') == 2
    assert 'href="https://www.example.org"' in shown
    assert 'href="https://example.org/a"' in shown


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "javascript:123",
        "data:1",
        "vbscript:1",
        "JaVaScRiPt:alert(1)",
        "//evil.example",
        "http://",
    ]
    + ["java\tscript:alert(1)", "&#106;avascript:alert(1)", "file:///etc/passwd"],
)
def test_render_link_to_a_foreign_scheme_keeps_the_words_alone(address):
    shown = html.render_markdown(f"[klik]({address})")
    assert "href" not in shown or Audit(shown).faults == []
    assert "klik" in shown


def test_render_image_and_raw_html_leave_nothing_active():
    shown = html.render_markdown('![x](http://a/b.png) <img src=x onerror=alert(1)> <svg onload="x">')
    assert "<img" not in shown and "<svg" not in shown


@given(st.text(max_size=400))
def test_render_never_leaves_a_forbidden_node(text):
    assert Audit(html.render_markdown(text)).faults == []


@given(st.text(alphabet="[]()<>*_`\\&#;:/\"'ajhvrscript!ø \n", max_size=300))
def test_render_of_markup_soup_never_leaves_a_forbidden_node(text):
    assert Audit(html.render_markdown(text)).faults == []


def test_render_too_long_is_refused_before_it_is_parsed():
    with pytest.raises(ValueError, match="at most"):
        html.render_markdown("x" * (html.MAX_SOURCE + 1))


def test_visible_text_is_what_a_reader_sees():
    shown = html.render_markdown("Ring **0102**03 og `kode`\n\n- et\n- to")
    assert html.visible_text(shown) == "Ring 010203 og kode\n\n\net\n\nto"


@pytest.mark.parametrize(
    "letter", ["\x00", "\x1b", "\ufeff", "\u2028", "\u202e", "\u2066", "\ue000", "\ue001", "\ud800"]
)
def test_tidy_drops_control_characters_and_the_marks_of_places(letter):
    assert html.tidy(f"a{letter}b") == "ab"


@pytest.mark.parametrize("code", ["#xE000", "#57345", "#x202E", "#x2066", "#x2028", "#xFEFF"])
@pytest.mark.parametrize("source", ["før {} efter", "[ord](https://x.example '{}')", "\\{}", "> {}", "*{}*"])
def test_controls_spelled_as_entities_are_dropped_like_typed_ones(source, code):
    shown = html.render_markdown(source.format(f"&{code};"))
    letter = chr(int(code[2:], 16) if "x" in code else int(code[1:]))
    assert letter not in shown
    assert letter not in html.visible_text(shown)
    assert "&amp;lt;" in html.render_markdown("`&lt;`"), "other entities are what they were"


def test_tidy_keeps_letters_of_every_script_and_line_breaks():
    assert html.tidy(" Æblegrød\r\nعربي\r日本 ") == "Æblegrød\nعربي\n日本"


def test_mark_spans_escapes_everything_else():
    assert html.mark_spans("<a> 12 <b>", [(4, 6)]) == Markup("&lt;a&gt; <mark>12</mark> &lt;b&gt;")
    assert html.mark_spans("abcdef", [(0, 3), (2, 4)]) == Markup("<mark>abc</mark><mark>d</mark>ef")


def test_column_refuses_a_string_that_was_never_cleaned():
    column = html.SafeHtml()
    assert column.process_bind_param(html.render_markdown("x"), None) == "<p>x</p>\n"
    with pytest.raises(TypeError):
        column.process_bind_param("<p>x</p>", None)
