"""The one sanitiser: what passes, what never does, and that both passes agree on the tree."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from forsamlingshus.kernel import html, joints


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


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("3. maj mødes vi", "3. maj mødes vi"),
        ("Husk:\n\n21. august kommer kataloget", "Husk:\n21. august kommer kataloget"),
        ("- 3. maj: møde\n- 21. august: katalog", "3. maj: møde\n21. august: katalog"),
        ("1. May is a day off", "1. May is a day off"),
    ],
)
def test_a_date_that_begins_a_line_keeps_its_day(source, words):
    shown = html.render_markdown(source)
    assert "<ol" not in shown
    assert [line for line in html.visible_text(shown).split("\n") if line] == words.split("\n")


def test_a_numbered_list_stays_a_list():
    assert html.render_markdown("1. majs\n2. havre").count("<li>") == 2


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


def marked(source, *quotes):
    return str(html.mark_quotes(html.render_markdown(source), quotes, "Fra", "til"))


BOTH = '<mark data-begins="Fra" data-ends="til">'


def test_a_quote_is_marked_where_it_stands_and_says_where_it_begins_and_ends():
    assert marked("Luk hellere en aften. Ja", "en  aften.") == f"<p>Luk hellere {BOTH}en aften.</mark> Ja</p>\n"
    assert marked("A & B", "& B") == f"<p>A {BOTH}&amp; B</mark></p>\n"


def test_a_quote_that_no_longer_stands_there_marks_nothing():
    clean = html.render_markdown("Luk *hellere* en aften")
    assert html.mark_quotes(clean, ["Luk aldrig", "", " "]) == clean


def test_a_quote_through_several_elements_is_marked_in_each_of_them():
    assert marked("Luk **hellere en** aften, `nu`", "Luk hellere en aften") == (
        '<p><mark data-begins="Fra">Luk </mark><strong><mark>hellere en</mark></strong>'
        '<mark data-ends="til"> aften</mark>, <code>nu</code></p>\n'
    )
    assert marked("- et\n- to\n\nslut", "et to slut") == (
        '<ul>\n<li><mark data-begins="Fra">et</mark></li>\n<li><mark>to</mark></li>\n</ul>\n'
        '<p><mark data-ends="til">slut</mark></p>\n'
    )


def test_quotes_that_overlap_are_one_mark_and_others_two():
    assert marked("en to tre fire", "to tre", "en to") == f"<p>{BOTH}en to tre</mark> fire</p>\n"
    assert marked("en to tre fire", "fire", "en") == f"<p>{BOTH}en</mark> to tre {BOTH}fire</mark></p>\n"


def test_a_quote_brings_no_words_of_its_own_onto_the_page():
    clean = html.render_markdown("a <b>x</b> & [her](https://example.org/?a=1&b=2 'b>\"c')")
    shown = html.mark_quotes(clean, ["<b>x</b> & her", '"><script>', "example.org", "&amp;", "lt;"], '"><b>', "'<i>")
    assert shown.count("<mark") == 2
    assert html.visible_text(shown) == html.visible_text(clean)
    assert {fault.split()[0] for fault in Audit(shown).faults} == {"mark"}
    assert '"&gt;<b>' not in shown and "<i>" not in shown


@given(st.text(alphabet="ab *_`>&-\n[](/)", max_size=60), st.lists(st.text(alphabet="ab &", max_size=8), max_size=3))
def test_marks_change_no_word_and_nest_well(source, quotes):
    clean = html.render_markdown(source)
    shown = str(html.mark_quotes(clean, quotes, "<", ">"))
    assert re.sub(r"</?mark[^>]*>", "", shown) == clean
    assert re.fullmatch(r"(?:(?!</?mark).|<mark[^>]*>(?:[^<])+</mark>)*", shown, re.DOTALL)


def test_column_refuses_a_string_that_was_never_cleaned():
    column = html.SafeHtml()
    assert column.process_bind_param(html.render_markdown("x"), None) == "<p>x</p>\n"
    with pytest.raises(TypeError):
        column.process_bind_param("<p>x</p>", None)


JOINED = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("source", "joined"),
    [
        ("28 mio. kr. og 28,0 mia. kroner", "28_mio._kr. og 28,0_mia._kroner"),
        ("1.000 kr. eller 12 tkr.", "1.000_kr. eller 12_tkr."),
        ("den 3. maj, 17 April, kl. 18.35", "den 3._maj, 17_April, kl._18.35"),
        ("5 % af 20 km og 3 m²", "5_% af 20_km og 3_m²"),
        ("§ 5, stk. 2, nr. 17", "§_5, stk._2, nr._17"),
        ("**28** mio. *kr.*", "28_mio._kr."),
        ("28\nmio. kr.", "28_mio._kr."),
        ("3 mennesker, 6 ud af 10, 112. majfest, 2 lande", "3 mennesker, 6 ud af 10, 112. majfest, 2 lande"),
        ("`28 mio. kr.` og 5 kr.", "28 mio. kr. og 5_kr."),
    ],
)
def test_a_number_stays_with_its_unit_except_in_code(source, joined):
    clean = html.render_markdown(source)
    assert re.sub("<[^>]*>", "", clean).strip() == joined.replace("_", JOINED)
    assert html.visible_text(clean) == joined.replace("_", " ")


def test_nothing_is_joined_in_an_address():
    clean = html.render_markdown("[se 5 kr.](https://example.org/a 'til 5 kr.')")
    assert 'title="til 5 kr."' in clean
    assert f">se 5{JOINED}kr.</a>" in clean


def test_a_quote_is_found_and_marked_with_either_space():
    clean = html.render_markdown("Det koster 28 mio. kr. om året")
    for words in ("28 mio. kr.", f"28{JOINED}mio.{JOINED}kr."):
        assert html.find_words(html.visible_text(clean), words) == (11, 22)
        assert f"<mark data-begins data-ends>28{JOINED}mio.{JOINED}kr.</mark>" in re.sub(
            '=""', "", html.mark_quotes(clean, [words])
        )


@pytest.mark.parametrize("text", ["<code>" * 5_000 + "1 " * 5_000, "<" * 20_000, "kl. " * 5_000])
def test_joining_leaves_what_no_sanitiser_wrote_alone(text):
    assert joints.unbroken(text) == text
