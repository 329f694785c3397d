import re

import pytest

from forsamlingshus.accounts import actions, queries
from forsamlingshus.accounts.models import Author, LoginSession, RoleGrant, User
from forsamlingshus.accounts.views import tries
from forsamlingshus.kernel.db import transaction
from tests.accounts.helpers import CREATE, cookie_of, is_in, text_of, with_cookie


def create(client, **changes):
    return client.send("/opret", CREATE | changes)


def refused(answer, message):
    page = text_of(answer)
    return answer.status_code == 422 and "<title>Fejl: Opret bruger" in page and message in page


def test_page_says_that_the_name_is_public_and_may_be_invented(client):
    page = text_of(client.get("/opret"))
    assert "Navn, som alle ser" in page
    assert "Du må gerne finde på det" in page
    assert re.search(r'autocomplete="nickname"[^>]*name="name"', page)
    assert re.search(r'autocomplete="new-password"[^>]*name="password"', page)
    assert re.search(r'autocomplete="email"[^>]*name="email"', page)


def test_create_opens_an_account_and_logs_it_in(client, rows):
    answer = create(client, email=" Ny@Example.ORG ")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    (user,) = rows(User)
    assert (user.email, user.author.name) == ("ny@example.org", "Cykelfar")
    page = text_of(client.get("/min-side"))
    assert "Din bruger er klar. Du skriver som Cykelfar" in page


def test_create_leads_back(client):
    assert create(client, next="/budget/2024#skriv").headers["Location"] == "/budget/2024#skriv"
    assert (
        create(client.application.test_client(), email="to@example.org", name="To", next="//evil.example").headers[
            "Location"
        ]
        == "/"
    )


def test_create_changes_the_cookie(app, client):
    client.get("/opret")
    thief = with_cookie(app, cookie_of(client))
    create(client)
    assert is_in(client)
    assert not is_in(thief)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"email": ""}, "Skriv din e-mail"),
        ({"email": "ikke en adresse"}, "Skriv en hel e-mailadresse"),
        ({"email": "a@b"}, "Skriv en hel e-mailadresse"),
        ({"email": "a@example.org\nBcc: b@example.org"}, "Skriv en hel e-mailadresse"),
        ({"email": "a" * 250 + "@example.org"}, "Skriv en hel e-mailadresse"),
        ({"name": ""}, "Skriv et navn"),
        ({"name": "A"}, "Skriv et navn på 2 til 40 tegn"),
        ({"name": "A" * 41}, "Skriv et navn på 2 til 40 tegn"),
        ({"name": "…!?…"}, "Skriv et navn på 2 til 40 tegn"),
        ({"name": "Albertslund K0mmune"}, "Navnet ligner kommunens"),
        ({"name": "Оrdstyrer"}, "Navnet blander bogstaver"),
        ({"name": "Kоmmune"}, "Navnet blander bogstaver"),
        ({"name": "Anne\u200bBjerre"}, "Navnet har tegn, som ikke kan ses"),
        ({"name": "\u202eennA"}, "Navnet har tegn, som ikke kan ses"),
        ({"name": "Ring 20 30 40 50"}, "Navnet ligner et nummer eller en adresse"),
        ({"name": "anne@example.org"}, "Navnet ligner et nummer eller en adresse"),
        ({"name": "140245-5019"}, "Navnet ligner et nummer eller en adresse"),
        ({"password": ""}, "Skriv en adgangskode"),
        ({"password": "kort nok"}, "mindst 10 tegn"),
        ({"password": "a1 " * 43}, "højst 128 tegn"),
        ({"password": "Albertslund2024"}, "let at gætte"),
        ({"password": "cykelfar1234"}, "let at gætte"),
    ],
)
def test_create_refuses_with_what_to_do(client, rows, changes, message):
    answer = create(client, **changes)
    assert refused(answer, message)
    assert rows(User) == []
    assert not is_in(client)


@pytest.mark.parametrize("name", ["Наталья", "李明", "محمد", "Borger 14", "Bo"])
def test_create_takes_names_of_every_alphabet(client, rows, name):
    assert create(client, name=name).status_code == 303
    assert rows(Author)[0].name == name


def test_refused_keeps_what_was_typed_but_the_password(client):
    page = text_of(create(client, email="halv@", next="/budget/2024"))
    assert 'value="halv@"' in page
    assert 'value="Cykelfar"' in page
    assert 'value="/budget/2024"' in page
    assert CREATE["password"] not in page


@pytest.mark.parametrize(
    "password", ["  mellemrum foran og bagi  ", "ÆØÅ æøå ß ñ", "🙂🐝🌧🍞🎈🌲🐞🦆🍎🌻", "<b>'\";--%s{{7*7}}"]
)
def test_password_of_any_characters_opens_the_account_again(app, client, password):
    assert create(client, password=password).status_code == 303
    again = app.test_client().send("/log-ind", {"email": CREATE["email"], "password": password})
    assert again.status_code == 303


def test_name_is_stored_in_its_plain_form(client, rows):
    create(client, name="  Ｃｙｋｅｌ   far ")
    assert rows(Author)[0].name == "Cykel far"


def test_name_with_markup_is_shown_as_text(client):
    create(client, name="<img src=x onerror=a()>")
    page = text_of(client.get("/min-side"))
    assert "&lt;img src=x onerror=a()&gt;" in page
    assert "<img src=x" not in page


@pytest.mark.parametrize("name", ["Anne Bjerre", "anne  bjerre", "Anne-Bjerre", "Аnnе", "Anné Bjerre"])
def test_name_of_somebody_else_is_refused(client, account, rows, name):
    answer = create(client, name=name)
    assert answer.status_code == 422
    assert len(rows(User)) == 1


def test_known_address_gets_one_sentence_and_no_account(client, account, rows):
    answer = create(client, email="ANNE@example.org")
    assert refused(answer, "Der er allerede en bruger med den e-mail. Log ind i stedet")
    assert [user.author.name for user in rows(User)] == ["Anne Bjerre"]


def test_known_address_is_told_only_when_all_else_is_right(client, account):
    for changes in ({"password": "kort nok"}, {"name": "Kommunen"}):
        assert "Der er allerede en bruger" not in text_of(create(client, email=account.email, **changes))


def test_asking_for_known_addresses_is_held_up(client, account, machine_time, rows):
    for _ in range(tries.KNOWN.amount):
        assert create(client, email=account.email).status_code == 422
    answer = create(client, email="helt-ny@example.org")
    assert answer.status_code == 429
    assert "Vent 10 minutter" in text_of(answer)
    assert 'value="helt-ny@example.org"' in text_of(answer)
    assert len(rows(User)) == 1
    elsewhere = client.application.test_client()
    assert elsewhere.send("/opret", CREATE, environ_base={"REMOTE_ADDR": "198.51.100.9"}).status_code == 303
    machine_time.shift(601)
    assert create(client, email="helt-ny@example.org", name="Helt ny").status_code == 303


def test_new_accounts_from_one_address_are_held_up(client, machine_time, monkeypatch, rows):
    monkeypatch.setattr(tries, "NEW_ACCOUNT", tries.Limit("few", 2, 10))
    answers = [
        client.application.test_client().send("/opret", CREATE | {"email": f"nr{n}@example.org", "name": f"Nummer {n}"})
        for n in range(3)
    ]
    assert [answer.status_code for answer in answers] == [303, 303, 429]
    assert len(rows(User)) == 2


def test_typing_errors_count_as_no_try(client, machine_time, monkeypatch):
    monkeypatch.setattr(tries, "NEW_ACCOUNT", tries.Limit("one", 1, 10))
    for _ in range(3):
        create(client, password="kort")
    assert create(client).status_code == 303


@pytest.mark.parametrize("taken", ["email", "name"])
def test_two_at_once_make_one_account(client, monkeypatch, rows, taken):
    """Both have looked before either wrote: the database decides."""
    first = CREATE | ({"name": "En anden"} if taken == "email" else {"email": "anden@example.org"})
    with transaction() as session:
        actions.open_account(session, **first)
    monkeypatch.setattr(queries, "by_email", lambda *_args: None)
    monkeypatch.setattr(queries, "name_taken", lambda *_args, **_kwargs: False)
    answer = create(client)
    assert refused(answer, "E-mailen eller navnet er optaget")
    assert len(rows(User)) == len(rows(Author)) == 1
    assert rows(LoginSession) == []


def test_create_reads_only_its_own_fields(client, rows):
    extra = {
        "id": "99",
        "author_id": "7",
        "kind": "paper",
        "is_demo": "1",
        "role": "admin",
        "roles": "admin",
        "grants": "admin",
        "blocked_at": "2020-01-01",
        "created_at": "2020-01-01",
        "password_hash": "x",
        "name_key": "x",
        "user_id": "1",
    }
    assert create(client, **extra).status_code == 303
    (user,) = rows(User)
    assert user.id != 99
    assert (user.author.kind, user.author.is_demo, user.author.name_key) == ("account", False, "cykelfar")
    assert user.created_at.year > 2020
    assert rows(RoleGrant) == []


def test_create_without_token_is_refused_and_the_text_kept(client, rows):
    answer = client.post("/opret", data=CREATE | {"body": "Det, jeg ville sige"})
    assert answer.status_code == 400
    for kept in ("Det, jeg ville sige", CREATE["name"], CREATE["email"]):
        assert kept in text_of(answer)
    assert CREATE["password"] not in text_of(answer)
    assert rows(User) == []


def test_create_in_english(client):
    page = text_of(client.get("/opret?sprog=en"))
    assert "Name that everyone sees" in page
    assert "Write a password of at least 10 characters" in text_of(create(client, password="short"))
