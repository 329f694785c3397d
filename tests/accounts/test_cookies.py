"""The cookie of a visit: signed anew once an hour, read once, never shared between requests."""

import pytest

from forsamlingshus.kernel import cookies
from tests.accounts.helpers import cookie_of, with_cookie


@pytest.fixture
def visit(machine_time, signed_in):
    """A browser whose cookie was signed just now and holds all that a page puts there."""
    signed_in.get("/min-side")
    return signed_in


def set_again(client):
    return "Set-Cookie" in client.get("/min-side").headers


def test_cookie_is_signed_anew_after_an_hour_of_use_and_not_by_each_page(visit, machine_time):
    assert not set_again(visit)
    machine_time.shift(cookies.RENEW_AFTER + 1)
    assert set_again(visit)
    assert not set_again(visit)


def test_cookie_that_was_read_before_is_refused_once_a_letter_differs(visit):
    good = cookie_of(visit)
    app = visit.application
    assert with_cookie(app, good).get("/min-side").status_code == 200
    assert with_cookie(app, good[:-1] + ("A" if good[-1] != "A" else "B")).get("/min-side").status_code == 303


def test_cookie_signed_with_another_key_is_refused_after_the_key_changed(visit, monkeypatch):
    app, good = visit.application, cookie_of(visit)
    assert with_cookie(app, good).get("/min-side").status_code == 200
    monkeypatch.setattr(app, "secret_key", "another key, long enough to sign with")
    assert with_cookie(app, good).get("/min-side").status_code == 303


def test_notices_of_one_answer_are_not_in_the_next_with_the_same_cookie(signed_in):
    with signed_in.session_transaction() as kept:
        kept["_flashes"] = [("success", "Kun én gang")]
    copied = cookie_of(signed_in)
    for _ in range(2):
        page = with_cookie(signed_in.application, copied).get("/min-side").text
        assert page.count("Kun én gang") == 1
