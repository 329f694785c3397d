"""A path that a form or address carries along stays on this site, or is dropped; a number is a number or nothing."""

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from werkzeug.utils import redirect

from forsamlingshus.kernel.addresses import MAX_PATH, own_path, page_before, small_number

HOME = "https://forsamlingshus.example"


@pytest.mark.parametrize(
    "target",
    [
        "/",
        "/budget/2024",
        "/budget/2024/temaer/x/5-y?sort=nyeste&a=%2F%2Fb#skriv",
        "/m/K7QFX",
        "/søg?ord=æøå",
        "/http://evil.example",
        "/%2f%2fevil.example",
        "/a//b",
        "/.evil.example",
    ],
)
def test_own_path_is_kept(target):
    assert own_path(target) == target


@pytest.mark.parametrize(
    "target",
    [
        None,
        "",
        "budget/2024",
        "?a=b",
        "#skriv",
        ".",
        "..//evil.example",
        "//evil.example",
        "///evil.example",
        "////evil.example",
        "/\\evil.example",
        "/\\/evil.example",
        "\\/evil.example",
        "\\\\evil.example",
        "/a\\b",
        "/\t/evil.example",
        "/\n/evil.example",
        "/\r\nSet-Cookie: a=b",
        " /budget",
        "/bud get",
        "/\x00",
        "/\x7f",
        "https://evil.example/",
        "http:evil.example",
        "https:/evil.example",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "mailto:a@example.org",
        "//[::1",
        "/" + "a" * MAX_PATH,
    ],
)
def test_what_is_no_own_path_is_dropped(target):
    assert own_path(target) == ""


PARTS = ["/", "\\", "//", "http:", "https://", "evil.example", "@", ":", "?", "#", "%2f", "%5c", ".", "..", "\t", " "]
PIECES = st.lists(st.sampled_from(PARTS) | st.characters(), max_size=12).map("".join)


@given(PIECES)
@example("\ud800")
def test_own_path_never_leaves_home_whatever_is_put_together(text):
    kept = own_path("/" + text)
    if kept:
        # As a browser reads it: tabs and line breaks are dropped, a backslash is a slash.
        read = kept.replace("\t", "").replace("\n", "").replace("\r", "").replace("\\", "/")
        assert urlsplit(urljoin(HOME + "/log-ind", read)).netloc == "forsamlingshus.example"
        location = redirect(kept, code=303).headers["Location"]
        assert urlsplit(urljoin(HOME + "/log-ind", location)).netloc == "forsamlingshus.example"


def test_small_number_takes_plain_digits_only():
    assert [small_number(text) for text in ("17", "0", "", None, "-1", "1.0", "１７", "9" * 10, "²")] == [
        17, 0, None, None, None, None, None, None, None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("named", "page"),
    [
        (f"{HOME}/arbejde/moderation?fra=3#mod", "/arbejde/moderation?fra=3"),
        ("https://forsamlingshus.example.evil.example/arbejde", ""),
        (f"{HOME}//evil.example", ""),
        ("https://evil.example/", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_page_before_is_one_of_ours_or_none(named, page):
    assert page_before(named, HOME) == page
