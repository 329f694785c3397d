"""Pages for many viewers: places are filled, nobody can write one, and no token gets into the cache."""

import pytest

from forsamlingshus.kernel import html, pages
from forsamlingshus.kernel.pages import Cache, fill, place


def test_fill_takes_values_then_defaults():
    page = f"a{place('own:1')}b{place('own:2')}c{place('name')}"
    assert fill(page, {"own:1": "X", "name": "Anne"}, {"own": "-"}) == "aXb-cAnne"


def test_fill_unknown_place_is_an_error_and_not_an_empty_page():
    with pytest.raises(KeyError):
        fill(place("nobody-knows"), {}, {})


def test_place_typed_by_a_person_is_taken_out():
    assert html.tidy(f"x{place('csrf')}y") == "xcsrfy"


def test_csrf_token_of_a_page_for_many_is_a_place(app):
    with app.test_request_context("/"):
        assert pages.render_for_many(lambda: pages.csrf_token()) == place("csrf")
        assert pages.csrf_token() != place("csrf")


def test_cache_forgets_what_was_used_least_lately():
    cache = Cache(2)
    cache.put("a", 1)
    cache.put("b", 2)
    assert cache.get("a") == 1
    cache.put("c", 3)
    assert (cache.get("a"), cache.get("b"), cache.get("c")) == (1, None, 3)


def test_cache_makes_an_entry_once():
    made = []
    cache = Cache(2)
    for _ in range(3):
        cache.get_or("a", lambda: made.append(1) or "entry")
    assert made == [1]
