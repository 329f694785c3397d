import pytest

from forsamlingshus.accounts import forms
from forsamlingshus.accounts.models import Draft, User
from tests.accounts.helpers import CREATE, text_of
from tests.builders import PASSWORD

PLACE = "/budget/2024/temaer/x/5-skal-svoemmehallen#skriv"
CARRIED = {"next": PLACE, "box": "thread:5", "body": 'Min tekst\r\nmed <b>to</b> linjer & "tegn"'}
KEPT = 'Min tekst\nmed <b>to</b> linjer & "tegn"'
FETCH = {"X-Requested-With": "fetch"}
CPR = "140245-5019"  # a made-up number: born in a year to come


def hidden(page):
    """The hidden fields of the page's main form, as a browser would send them."""
    from html.parser import HTMLParser

    class Fields(HTMLParser):
        found, form = {}, 0

        def handle_starttag(self, tag, attrs):
            values = dict(attrs)
            if tag == "form" and values.get("action") in {"/log-ind", "/opret", "/min-side/kladder/gem"}:
                self.form = 1
                self.found = {}
            if tag == "input" and self.form and values.get("type") == "hidden":
                self.found[values["name"]] = values["value"]

        def handle_endtag(self, tag):
            if tag == "form" and self.form:
                self.form = 0
                self.done = True

    fields = Fields()
    fields.feed(page.partition("<main")[2])
    return fields.found


def draft(rows):
    (kept,) = rows(Draft)
    return kept


class TestFromTheBox:
    def test_log_in_keeps_the_text_and_returns_to_the_box(self, client, account, rows):
        page = text_of(client.post("/log-ind/fra-debat", data=CARRIED))
        assert "Din tekst er gemt her. Log ind, så sender du den bagefter" in page
        assert "<b>to</b>" not in page
        fields = hidden(page)
        assert {name: fields[name] for name in ("next", "box", "body")} == CARRIED | {"body": KEPT}
        answer = client.post("/log-ind", data=fields | {"email": account.email, "password": PASSWORD})
        assert (answer.status_code, answer.headers["Location"]) == (303, PLACE)
        kept = draft(rows)
        assert (kept.author_id, kept.box, kept.path, kept.body) == (account.author_id, "thread:5", PLACE, KEPT)
        assert "Din tekst er her. Send den, når du er klar" in text_of(client.get("/min-side"))

    def test_question_of_a_new_thread_comes_along(self, client, account, rows):
        fields = hidden(text_of(client.post("/log-ind/fra-debat", data=CARRIED | {"prompt_no": "2"})))
        client.post("/log-ind", data=fields | {"email": account.email, "password": PASSWORD})
        assert draft(rows).prompt_no == 2

    def test_text_survives_a_wrong_password_and_a_limit(self, client, account, rows):
        fields = hidden(text_of(client.post("/log-ind/fra-debat", data=CARRIED)))
        for status in [422] * 10 + [429]:
            answer = client.post("/log-ind", data=fields | {"email": account.email, "password": "forkert"})
            assert answer.status_code == status
            fields = hidden(text_of(answer))
            assert fields["body"] == KEPT
        assert rows(Draft) == []

    def test_new_account_keeps_the_text_too(self, client, rows):
        log_in = text_of(client.post("/log-ind/fra-debat", data=CARRIED | {"title": "Min titel"}))
        assert 'action="/opret/fra-debat"' in log_in
        page = text_of(client.post("/opret/fra-debat", data=hidden(log_in)))
        assert "Din tekst er gemt her" in page
        assert 'action="/log-ind/fra-debat"' in page
        assert "Din tekst er gemt her. Opret en bruger, så sender du den bagefter" in page
        assert "Log ind, så sender du" not in page
        refused = client.post("/opret", data=hidden(page) | CREATE | {"password": "kort"})
        assert hidden(text_of(refused))["body"] == KEPT
        answer = client.post("/opret", data=hidden(text_of(refused)) | CREATE)
        assert answer.headers["Location"] == PLACE
        assert (draft(rows).title, draft(rows).body) == ("Min titel", KEPT)

    def test_draft_that_waits_is_kept_above(self, client, account, rows):
        client.log_in(account)
        client.send(
            "/min-side/kladder/gem",
            {"box": "thread:5", "path": PLACE, "body": "Fra i går, og meget længere end det nye"},
        )
        client.send("/log-ud")
        fields = hidden(text_of(client.post("/log-ind/fra-debat", data=CARRIED | {"body": "Nyt"})))
        client.post("/log-ind", data=fields | {"email": account.email, "password": PASSWORD})
        assert draft(rows).body == "Fra i går, og meget længere end det nye\n\nNyt"

    def test_page_from_the_box_changes_nothing_and_sets_no_draft(self, client, rows):
        for path in ("/log-ind/fra-debat", "/opret/fra-debat"):
            assert client.post(path, data=CARRIED).status_code == 200
        assert rows(Draft) == rows(User) == []

    def test_nothing_typed_is_a_plain_log_in(self, client, account, rows):
        page = text_of(client.post("/log-ind/fra-debat", data={"next": PLACE, "box": "thread:5", "body": " \n "}))
        assert "Din tekst er gemt her" not in page
        answer = client.post("/log-ind", data=hidden(page) | {"email": account.email, "password": PASSWORD})
        assert answer.headers["Location"] == PLACE
        assert rows(Draft) == []

    @pytest.mark.parametrize("path", ["/log-ind/fra-debat", "/opret/fra-debat"])
    def test_text_that_another_site_sends_is_not_taken(self, client, path):
        answer = client.post(path, data=CARRIED, headers={"Sec-Fetch-Site": "cross-site"})
        assert answer.status_code == 403
        assert client.post(path, data=CARRIED, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 200

    @pytest.mark.parametrize("path", ["/log-ind/fra-debat", "/opret/fra-debat"])
    @pytest.mark.parametrize("field", ["title", "body"])
    def test_cpr_number_is_given_back_and_not_carried(self, client, path, field):
        answer = client.post(path, data=CARRIED | {field: f"Mit nummer er {CPR}."})
        assert answer.status_code == 422
        assert "Det ligner et cpr-nummer" in text_of(answer) and f"Mit nummer er {CPR}." in text_of(answer)

    def test_cpr_number_past_that_page_is_not_kept(self, client, account, rows):
        given = CARRIED | {"body": f"Nr. {CPR}", "email": account.email, "password": PASSWORD}
        assert client.send("/log-ind", given).status_code == 303
        assert rows(Draft) == []

    @pytest.mark.parametrize("path", ["/log-ind/fra-debat", "/opret/fra-debat"])
    def test_text_that_is_too_long_is_given_back(self, client, path):
        body = "ord " * 6000
        answer = client.post(path, data=CARRIED | {"body": body})
        assert answer.status_code == 413
        assert body.strip() in text_of(answer)
        assert "Højst 20.000 tegn" in text_of(answer)

    @pytest.mark.parametrize(
        "changes", [{"next": "//evil.example"}, {"next": ""}, {"box": "x'; DROP"}, {"box": "a" * 60 + ":1"}]
    )
    def test_odd_place_or_box_carries_nothing(self, client, account, rows, changes):
        given = CARRIED | changes | {"email": account.email, "password": PASSWORD}
        answer = client.send("/log-ind", given)
        assert answer.status_code == 303
        assert "evil" not in answer.headers["Location"]
        assert rows(Draft) == []

    def test_tampered_length_stops_at_the_form(self, client, account, rows):
        given = CARRIED | {"body": "x" * 20_001, "email": account.email, "password": PASSWORD}
        assert client.send("/log-ind", given).status_code == 422
        assert rows(Draft) == []

    def test_who_is_in_already_goes_on_with_the_text(self, signed_in, account, rows):
        page = text_of(signed_in.post("/log-ind/fra-debat", data=CARRIED))
        assert "Fortsæt med din tekst" in page
        answer = signed_in.post("/min-side/kladder/gem", data=hidden(page))
        assert (answer.status_code, answer.headers["Location"]) == (303, PLACE)
        assert draft(rows).body == KEPT


class TestSave:
    def save(self, client, *, fetch=True, **changes):
        given = {"box": "thread:5", "path": PLACE, "title": "", "body": "Ord"} | changes
        return client.send("/min-side/kladder/gem", given, headers=FETCH if fetch else {})

    def test_save_answers_with_the_time(self, signed_in, at, rows):
        at("2023-05-03T19:42:10+02:00")
        assert self.save(signed_in).json == {"saved": "19.42", "text": "Kladde gemt kl.\N{NO-BREAK SPACE}19.42"}
        assert draft(rows).body == "Ord"

    @pytest.mark.parametrize(("typed", "kept"), [("3", 3), ("", 0), ("-1", 0), ("x", 0), ("99999999999", 0), ("²", 0)])
    def test_save_keeps_the_chosen_question(self, signed_in, rows, typed, kept):
        self.save(signed_in, prompt_no=typed)
        assert draft(rows).prompt_no == kept

    def test_save_in_english(self, signed_in, at):
        at("2023-05-03T19:42:10+02:00")
        signed_in.get("/min-side?sprog=en")
        assert self.save(signed_in).json == {"saved": "19:42", "text": "Draft saved at 19:42"}

    def test_save_nothing_drops(self, signed_in, rows):
        self.save(signed_in)
        assert self.save(signed_in, body="  ").json == {"saved": "", "text": ""}
        assert rows(Draft) == []

    def test_save_without_script_returns_to_the_box(self, signed_in, rows):
        answer = self.save(signed_in, fetch=False)
        assert (answer.status_code, answer.headers["Location"]) == (303, PLACE)
        assert draft(rows).body == "Ord"

    def test_save_nothing_without_script_says_nothing(self, signed_in, rows):
        answer = self.save(signed_in, fetch=False, body="")
        assert (answer.status_code, answer.headers["Location"]) == (303, PLACE)
        assert "Kladde gemt" not in text_of(signed_in.get("/min-side"))

    @pytest.mark.parametrize(
        "changes",
        [
            {"box": ""},
            {"box": "THREAD"},
            {"path": "https://evil.example"},
            {"body": "x" * 20_001},
            {"title": "x" * 201},
        ],
    )
    def test_save_refuses_what_is_no_draft(self, signed_in, rows, changes):
        answer = self.save(signed_in, **changes)
        assert answer.status_code == 422
        assert answer.json == {"error": "Din kladde kunne ikke gemmes. Lad siden stå åben"}
        assert rows(Draft) == []

    @pytest.mark.parametrize("body", [f"Nr. {CPR}", "Nr. 140245‑**50**19", "http://x.example/140245%2D5019"])
    def test_save_keeps_no_cpr_number_and_the_draft_before_it(self, signed_in, rows, body):
        self.save(signed_in)
        answer = self.save(signed_in, body=body)
        assert (answer.status_code, answer.get_json()) == (
            422,
            {"error": "Det ligner et cpr-nummer, så din kladde er ikke gemt. Fjern det"},
        )
        page = self.save(signed_in, body=body, fetch=False)
        assert page.status_code == 422
        assert body in text_of(page)
        assert self.save(signed_in, title=f"Om {CPR}").status_code == 422
        assert draft(rows).body == "Ord"

    def test_save_refused_without_script_gives_the_text_back(self, signed_in):
        answer = self.save(signed_in, fetch=False, body="x" * 20_001)
        assert answer.status_code == 413
        assert "x" * 20_001 in text_of(answer)

    def test_save_is_for_the_logged_in_with_a_token(self, client, signed_in, app, rows):
        stranger = app.test_client()
        assert self.save(stranger).status_code == 403
        assert (
            signed_in.post("/min-side/kladder/gem", data={"box": "thread:5", "path": "/", "body": "x"}).status_code
            == 400
        )
        assert rows(Draft) == []

    def test_expired_form_carries_all_that_was_typed_and_chosen(self, signed_in):
        typed = {"title": "En titel", "body": "Ord", "quote": "Citeret", "prompt_no": "2"}
        page = text_of(signed_in.post("/min-side/kladder/gem", data={"box": "forum:1", "next": "/ny", **typed}))
        for name, words in typed.items():
            assert f'<input type="hidden" name="{name}" value="{words}">' in page

    def test_save_reads_only_its_own_fields(self, signed_in, account, build, rows):
        stranger = build.user()
        self.save(signed_in, author_id=stranger.author_id, id="77", saved_at="2020-01-01")
        kept = draft(rows)
        assert kept.author_id == account.author_id
        assert kept.saved_at.year > 2020

    def test_box_keys(self):
        assert [forms.box_key(key) for key in ("thread:5", "forum:3", "reply:123")] == [
            "thread:5",
            "forum:3",
            "reply:123",
        ]
        assert {
            forms.box_key(key)
            for key in ("", None, "thread", "thread:", "thread:x", "Thread:5", "thread:5\n", "thread:٣")
        } == {""}


class TestList:
    def test_list_shows_drafts_with_a_way_back(self, signed_in, at):
        at("2023-05-03T19:42:10+02:00")
        signed_in.send(
            "/min-side/kladder/gem",
            {
                "box": "forum:3",
                "path": "/budget/2024/temaer/x/ny",
                "title": "Åbent om <søndagen>",
                "body": "Ord " * 100,
            },
        )
        page = text_of(signed_in.get("/min-side/kladder"))
        assert '<a href="/budget/2024/temaer/x/ny">Åbent om &lt;søndagen&gt;</a>' in page
        assert "3. maj kl. 19.42" in page
        assert "1 tekst, der ikke er sendt" in text_of(signed_in.get("/min-side"))

    def test_empty_list_says_where_drafts_come_from(self, signed_in):
        assert "Du har ingen kladder" in text_of(signed_in.get("/min-side/kladder"))

    def test_delete_own_draft(self, signed_in, rows):
        signed_in.send("/min-side/kladder/gem", {"box": "thread:5", "path": PLACE, "body": "Ord"})
        answer = signed_in.send(f"/min-side/kladder/{draft(rows).id}/slet")
        assert (answer.status_code, answer.headers["Location"]) == (303, "/min-side/kladder")
        assert rows(Draft) == []

    def test_draft_of_somebody_else_is_unseen_and_not_found(self, signed_in, other, build, rows):
        signed_in.send("/min-side/kladder/gem", {"box": "thread:5", "path": PLACE, "body": "Hemmeligt"})
        assert "Hemmeligt" in text_of(signed_in.get("/min-side/kladder"))
        other.log_in(build.user())
        assert "Hemmeligt" not in text_of(other.get("/min-side/kladder"))
        assert other.send(f"/min-side/kladder/{draft(rows).id}/slet").status_code == 404
        assert draft(rows).body == "Hemmeligt"
