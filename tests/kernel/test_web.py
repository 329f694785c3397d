"""The edge: addresses with odd numbers, headers, language and display choices, faults."""

import io

import pytest
from flask import abort

from forsamlingshus.app import create_app
from forsamlingshus.kernel import cookies, db


@pytest.mark.parametrize(
    "path", ["/budget/99999999999999999999", "/i/99999999999999999999", "/budget/2024/katalog/9999999999"]
)
def test_number_beyond_a_column_is_an_address_that_does_not_exist(client, path):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    ("path", "plain"),
    [
        ("/budget/02024/katalog/017?sprog=en", "/budget/2024/katalog/17?sprog=en"),
        ("/budget/2024/oplaeg/velkomst/007", "/budget/2024/oplaeg/velkomst/7"),
        ("/budget/2024/temaer/0-trivsel/00007-hallen", "/budget/2024/temaer/0-trivsel/7-hallen"),
    ],
)
def test_number_with_leading_zeros_leads_for_good_to_the_pages_own_address(client, path, plain):
    answer = client.get(path)
    assert (answer.status_code, answer.location) == (301, plain)
    assert client.get(plain).status_code == 404  # no such thing here, and no circle


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


ORIGIN = "http://127.0.0.1:8000"
FOREIGN = (
    "evil.example",
    "evil.example:8000",
    "127.0.0.1.evil.example",
    "localhost.evil.example",
    "evil.example/",
    "[::1]",
)


@pytest.mark.parametrize("host", FOREIGN)
def test_foreign_host_is_refused_and_stands_nowhere(client, host):
    answer = client.get("/hjaelp", headers={"Host": host})
    assert answer.status_code == 400
    assert "evil.example" not in answer.get_data(as_text=True)
    assert answer.get_data(as_text=True) == f"Der er ingen side under dette værtsnavn. Gå til {ORIGIN}\n"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("host", FOREIGN)
def test_forwarded_host_of_a_stranger_is_not_heard(client, host):
    answer = client.get("/hjaelp", headers={"X-Forwarded-Host": host, "X-Forwarded-Proto": "https"})
    assert answer.status_code == 200
    assert "evil.example" not in answer.get_data(as_text=True)


@pytest.mark.parametrize("host", ["localhost", "localhost:8123", "127.0.0.1:8123"])
def test_addresses_for_others_begin_with_the_public_one(client, host):
    page = client.get("/hjaelp?sprog=en", headers={"Host": host}).get_data(as_text=True)
    for name, address in (("og:url", f"{ORIGIN}/hjaelp"), ("og:image", f"{ORIGIN}/static/")):
        assert f'<meta property="{name}" content="{address}' in page
    assert f'<link rel="canonical" href="{ORIGIN}/hjaelp">' in page
    assert f"//{host}/" not in page


def test_site_behind_a_proxy_hears_its_own_host_alone(tmp_path):
    own = create_app(
        {
            "FORSAMLINGSHUS_DATA_DIR": str(tmp_path),
            "FORSAMLINGSHUS_PUBLIC_URL": "https://budget.example",
            "FORSAMLINGSHUS_SECRET_KEY": "x" * 32,
            "FORSAMLINGSHUS_TRUSTED_PROXIES": "1",
        },
        immediate_jobs=True,
    )
    with own.app_context():
        db.Base.metadata.create_all(db.db.engine)
    client = own.test_client()
    assert client.get("/healthz", headers={"X-Forwarded-Host": "budget.example"}).status_code == 200
    assert client.get("/healthz").status_code == 200  # a monitor on the machine itself
    for host in FOREIGN:
        assert client.get("/healthz", headers={"X-Forwarded-Host": host}).status_code == 400


def test_write_with_a_broken_referrer_is_refused_like_any_other(client):
    answer = client.post("/log-ud", headers={"Referer": "http://[::1"})
    assert answer.status_code == 400
    assert 'href="/?sprog=en"' in answer.get_data(as_text=True)


@pytest.mark.parametrize("path", ["/log-ind", "/opret"])
def test_file_in_the_place_of_words_is_no_words(client, path):
    data = {"email": (io.BytesIO(b"x"), "a.txt"), "password": (io.BytesIO(b"x"), "b.txt")}
    answer = client.send(path, data, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "Skriv din e-mail" in answer.get_data(as_text=True)


@pytest.mark.parametrize("body", ["[" * 100_000, '{"email": 5, "next": ["/"]}', '"x"', "null"])
def test_json_is_never_a_form(client, body):
    token = client.token()
    for path, status in (("/log-ind", 422), ("/log-ind/fra-debat", 200)):
        answer = client.post(path, data=body, content_type="application/json", headers={"X-CSRFToken": token})
        assert answer.status_code == status


PUBLIC_FOR_PROGRAMS = ("/robots.txt", "/humans.txt", "/healthz", "/was", "/.well-known/security.txt")


@pytest.mark.parametrize("path", PUBLIC_FOR_PROGRAMS)
def test_answer_that_renews_a_log_in_cookie_is_stored_nowhere(client, build, machine_time, path):
    assert client.get(path).headers["Cache-Control"] == "no-cache"
    client.log_in(build.user())
    machine_time.shift(cookies.RENEW_AFTER + 1)
    headers = client.get(path).headers
    assert "fh_session=" in headers["Set-Cookie"], "no cookie, nothing to leak"
    assert headers["Cache-Control"] == "no-store"


def test_first_token_of_a_visitor_stays_between_the_two(client):
    headers = client.get("/log-ind").headers
    assert "fh_session=" in headers["Set-Cookie"]
    assert headers["Cache-Control"] == "private, no-cache"


ODD_REFERRERS = ["http://[", "http://[::1", "//[", "http://localhost:x/", "http://localhost\\@x/"]


@pytest.mark.parametrize("referrer", ODD_REFERRERS)
def test_odd_referrer_is_no_fault(client, referrer):
    """Each write that is refused asks where it came from, its error page included."""
    assert client.post("/log-ud", headers={"Referer": referrer}).status_code == 400
    answer = client.post("/min-side/kladder/gem", headers={"Referer": referrer})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/log-ind?next=%2F")


def test_fault_in_what_every_page_is_built_from_shows_its_number_alone(app, client, monkeypatch, caplog):
    def broken():
        raise ZeroDivisionError("a secret detail")

    monkeypatch.setitem(app.jinja_env.globals, "place", broken)
    monkeypatch.setattr("forsamlingshus.kernel.web.origin", broken)
    page = client.get("/hjaelp")
    assert (page.status_code, page.mimetype) == (500, "text/plain")
    number = caplog.records[-1].getMessage().split()[1]
    assert number in page.get_data(as_text=True)
    assert "secret detail" not in page.get_data(as_text=True)
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]


@pytest.mark.parametrize("status", [405, 406, 412, 414, 415, 416, 422, 431])
def test_fault_of_the_asker_is_none_of_ours(app, client, monkeypatch, caplog, status):
    def refused():
        abort(status)

    refused.access = "public"
    monkeypatch.setitem(app.view_functions, "site.healthz", refused)
    assert client.get("/healthz").status_code == status
    assert caplog.records == []


def test_wrong_method_names_the_right_ones(client):
    answer = client.delete("/log-ind")
    assert answer.status_code == 405
    assert {"GET", "POST"} <= set(answer.headers["Allow"].split(", "))
