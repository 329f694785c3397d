"""The edge: addresses with odd numbers, headers, language and display choices, faults."""

import pytest


@pytest.mark.parametrize(
    "path", ["/budget/99999999999999999999", "/i/99999999999999999999", "/budget/2024/katalog/9999999999"]
)
def test_number_beyond_a_column_is_an_address_that_does_not_exist(client, path):
    assert client.get(path).status_code == 404


def test_fault_gives_a_number_and_no_detail(app, client, monkeypatch, caplog):
    def broken(**_arguments):
        raise ZeroDivisionError("a secret detail")

    broken.access = "public"
    monkeypatch.setitem(app.view_functions, "site.front", broken)
    page = client.get("/")
    assert page.status_code == 500
    number = caplog.records[-1].getMessage().split()[1]
    assert number in page.get_data(as_text=True)
    assert "secret detail" not in page.get_data(as_text=True)


def test_view_without_declared_access_is_refused(app, client, monkeypatch):
    monkeypatch.setitem(app.view_functions, "site.front", lambda: "open")
    assert client.get("/").status_code in {303, 403}


def test_language_is_remembered_and_danish_is_first(client):
    assert 'lang="da"' in client.get("/hjaelp").get_data(as_text=True)
    assert 'lang="en"' in client.get("/hjaelp?sprog=en").get_data(as_text=True)
    assert 'lang="en"' in client.get("/hjaelp").get_data(as_text=True)
    assert 'lang="en"' in client.get("/hjaelp?sprog=tlh").get_data(as_text=True)


def test_display_choice_is_remembered(client):
    assert 'data-theme="dark"' in client.get("/hjaelp?visning=moerk").get_data(as_text=True)
    assert 'data-theme="dark"' in client.get("/hjaelp").get_data(as_text=True)
    assert "data-theme" not in client.get("/hjaelp?visning=system").get_data(as_text=True)


@pytest.mark.parametrize("path", ["/hjaelp", "/findes-ikke", "/log-ind"])
def test_headers_stand_on_every_answer(client, path):
    headers = client.get(path).headers
    assert "script-src 'self'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "Cookie" in headers["Vary"]


def test_static_files_are_immutable_under_their_release(app, client):
    with app.test_request_context("/"):
        path = app.jinja_env.globals["static_url"]("css/base.css")
    headers = client.get(path, buffered=True).headers
    assert "immutable" in headers["Cache-Control"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert client.get("/static/css/base.css").status_code == 404


def test_pages_of_the_logged_in_are_not_stored(client, build):
    client.log_in(build.user())
    assert client.get("/min-side").headers["Cache-Control"] == "no-store"
    assert client.get("/hjaelp").headers["Cache-Control"] == "no-store"


def test_upload_above_the_limit_is_refused_before_it_is_read(client):
    answer = client.post("/log-ind", data=b"", headers={"Content-Length": str(60 * 1024 * 1024)})
    assert answer.status_code in {400, 413}


def test_language_switch_on_an_answer_that_is_no_page_leads_to_where_one_came_from(client):
    answer = client.post("/log-ud", data={"body": "x"}, headers={"Referer": "http://localhost/hjaelp?a=1"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert 'href="/hjaelp?a=1&amp;sprog=en"' in page
    foreign = client.post("/log-ud", headers={"Referer": "http://andre.example/x"}).get_data(as_text=True)
    assert 'href="/?sprog=en"' in foreign
