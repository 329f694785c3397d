import re

import pytest

from forsamlingshus.accounts import actions, queries
from forsamlingshus.accounts.models import Author, LoginSession, RoleGrant, User
from forsamlingshus.accounts.views import settings
from forsamlingshus.kernel.db import transaction
from forsamlingshus.kernel.errors import Forbidden
from tests.accounts.helpers import cookie_of, is_in, text_of, try_password, with_cookie
from tests.builders import PASSWORD

SETTINGS = "/min-side/indstillinger"
NEW = "en helt ny adgang"
PHONE = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/127.0 Mobile Safari/537.36"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1 Version/17.5 Mobile/15E Safari/604.1"


def change_password(client, **changes):
    return client.send(f"{SETTINGS}/adgangskode", {"current": PASSWORD, "password": NEW} | changes)


def change_name(client, name, **extra):
    return client.send(f"{SETTINGS}/navn", {"name": name} | extra)


@pytest.mark.parametrize("path", ["/min-side", SETTINGS, "/min-side/kladder"])
def test_own_pages_ask_a_stranger_to_log_in(client, path):
    answer = client.get(path)
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/log-ind?next=")


def test_settings_without_an_account_are_refused_even_if_the_guard_were_gone(app_context):
    with pytest.raises(Forbidden):
        settings._account()


@pytest.mark.parametrize("lang", ["da", "en"])
@pytest.mark.parametrize("path", ["/min-side", SETTINGS, "/min-side/kladder"])
def test_own_pages_in_both_languages(signed_in, path, lang):
    page = text_of(signed_in.get(f"{path}?sprog={lang}"))
    assert f'<html lang="{lang}"' in page
    assert ("Min side" in page) == (lang == "da")


def test_my_page_shows_the_name_and_to_me_alone_the_address(signed_in, other, build):
    assert "Anne Bjerre" in text_of(signed_in.get("/min-side"))
    assert "anne@example.org" in text_of(signed_in.get("/min-side"))
    other.log_in(build.user())
    assert "anne@example.org" not in text_of(other.get("/min-side"))


def test_my_page_shows_the_badge_of_a_role(client, build):
    client.log_in(build.user(roles=["staff"]))
    assert re.search(r'class="badge badge-success">\s*Medarbejder', text_of(client.get("/min-side")))


class TestName:
    def test_name_changes_everywhere(self, signed_in, account, rows):
        assert change_name(signed_in, "  Cykel   mor ").status_code == 303
        assert rows(Author)[0].name == "Cykel mor"
        assert "Dit navn er Cykel mor fra nu af" in text_of(signed_in.get(SETTINGS))

    def test_own_name_may_be_written_differently(self, signed_in, rows):
        assert change_name(signed_in, "anne bjerre").status_code == 303
        assert rows(Author)[0].name == "anne bjerre"

    def test_name_that_changes_all_the_time_waits_and_stays_in_the_field(self, signed_in, rows):
        for number in range(5):
            assert change_name(signed_in, f"Cykelmor {number}").status_code == 303
        answer = change_name(signed_in, "Cykelmor 5")
        assert (answer.status_code, rows(Author)[0].name) == (429, "Cykelmor 4")
        assert "Vent 10 minutter" in text_of(answer) and 'value="Cykelmor 5"' in text_of(answer)

    @pytest.mark.parametrize(
        ("name", "message"),
        [
            ("", "Skriv et navn"),
            ("Kommunen", "Navnet ligner kommunens"),
            ("Jens P", "En anden skriver under det navn"),
            ("Anne\u200bB", "Navnet har tegn"),
            ("Ring 20304050", "Navnet ligner et nummer"),
        ],
    )
    def test_name_is_refused_and_kept_in_the_field(self, signed_in, build, rows, name, message):
        build.user("Jens P.")
        answer = change_name(signed_in, name)
        assert answer.status_code == 422
        assert message in text_of(answer)
        assert f'name="name" required type="text" value="{name}"' in text_of(answer)
        assert "<title>Fejl: Indstillinger" in text_of(answer)
        assert {author.name for author in rows(Author)} == {"Anne Bjerre", "Jens P."}

    def test_name_taken_in_the_same_moment(self, signed_in, build, monkeypatch, rows):
        build.user("Jens P.")
        monkeypatch.setattr(queries, "name_taken", lambda *_args, **_kwargs: False)
        answer = change_name(signed_in, "Jens P.")
        assert answer.status_code == 422
        assert "En anden skriver under det navn" in text_of(answer)

    def test_name_form_reads_only_its_own_field(self, signed_in, account, build, rows):
        stranger = build.user("Jens P.")
        extra = {"author_id": stranger.author_id, "id": stranger.author_id, "kind": "paper", "email": "x@example.org"}
        change_name(signed_in, "Cykelmor", **extra, role="admin", is_demo="1", name_key="jensp", user_id=stranger.id)
        assert {(author.name, author.kind, author.is_demo) for author in rows(Author)} == {
            ("Cykelmor", "account", False),
            ("Jens P.", "account", False),
        }
        assert {user.email for user in rows(User)} == {"anne@example.org", stranger.email}
        assert rows(RoleGrant) == []

    def test_name_without_token_is_refused_and_kept(self, signed_in, rows):
        answer = signed_in.post(f"{SETTINGS}/navn", data={"name": "Cykelmor"})
        assert answer.status_code == 400
        assert "Cykelmor" in text_of(answer)
        assert rows(Author)[0].name == "Anne Bjerre"


class TestPassword:
    def test_new_password_opens_and_the_old_does_not(self, app, signed_in, account):
        assert change_password(signed_in).status_code == 303
        assert "Din adgangskode er ændret" in text_of(signed_in.get(SETTINGS))
        assert try_password(app.test_client(), account.email).status_code == 422
        assert try_password(app.test_client(), account.email, NEW).status_code == 303

    def test_other_devices_are_out_and_this_one_has_a_new_cookie(self, app, signed_in, other, account, rows):
        other.log_in(account)
        before = cookie_of(signed_in)
        old_rows = {row.token_hash for row in rows(LoginSession)}
        change_password(signed_in)
        assert cookie_of(signed_in) != before
        assert not is_in(with_cookie(app, before))
        assert not is_in(other)
        (row,) = rows(LoginSession)
        assert row.token_hash not in old_rows

    @pytest.mark.parametrize(
        ("changes", "message"),
        [
            ({"current": ""}, "Skriv den adgangskode, du bruger nu"),
            ({"current": "ikke den rigtige"}, "Det er ikke din nuværende adgangskode"),
            ({"password": ""}, "Skriv en ny adgangskode"),
            ({"password": "kort"}, "mindst 10 tegn"),
            ({"password": "anne.bjerre"}, "let at gætte"),
            ({"password": "anne@example.org"}, "let at gætte"),
        ],
    )
    def test_password_is_refused(self, app, signed_in, account, changes, message):
        answer = change_password(signed_in, **changes)
        assert answer.status_code == 422
        assert message in text_of(answer)
        assert NEW not in text_of(answer)
        assert is_in(signed_in)
        assert try_password(app.test_client(), account.email).status_code == 303

    def test_guessing_the_password_of_an_open_page_is_held_up(self, app, signed_in, account, machine_time):
        signed_in.log_in(account)
        answers = [change_password(signed_in, current=f"gæt nummer {n}").status_code for n in range(11)]
        assert answers == [422] * 10 + [429]
        assert change_password(signed_in).status_code == 429
        assert try_password(app.test_client(), account.email).status_code == 429
        machine_time.shift(601)
        assert change_password(signed_in).status_code == 303

    def test_password_changed_elsewhere_in_the_same_moment(self, signed_in, account, monkeypatch):
        from forsamlingshus.accounts import passwords

        real = passwords.verify

        def verify_slowly(stored, password):
            fits = real(stored, password)
            with transaction() as session:
                actions.change_password(
                    session, user=session.get_one(User, account.id), password="ændret et andet sted"
                )
            return fits

        monkeypatch.setattr(passwords, "verify", verify_slowly)
        assert change_password(signed_in).status_code == 409

    def test_password_managers_find_the_account(self, signed_in):
        page = text_of(signed_in.get(SETTINGS))
        assert re.search(r'value="anne@example.org" autocomplete="username" readonly', page)
        assert 'autocomplete="current-password"' in page
        assert 'autocomplete="new-password"' in page


class TestDevices:
    def ids(self, rows, user):
        return [row.id for row in rows(LoginSession, user_id=user.id)]

    def test_devices_in_plain_words(self, client, other, account):
        client.send("/log-ind", {"email": account.email, "password": PASSWORD}, headers={"User-Agent": PHONE})
        other.send("/log-ind", {"email": account.email, "password": PASSWORD}, headers={"User-Agent": IPHONE})
        page = text_of(client.get(SETTINGS))
        assert "<strong>Chrome på Android</strong>" in page
        assert "<strong>Safari på iPhone</strong>" in page
        assert page.count("Denne enhed") == 1
        assert "Chrome on Android" in text_of(client.get(f"{SETTINGS}?sprog=en"))

    def test_nothing_else_of_the_browser_is_stored(self, client, account, rows):
        client.send(
            "/log-ind", {"email": account.email, "password": PASSWORD}, headers={"User-Agent": PHONE + "<script>"}
        )
        assert rows(LoginSession)[0].device == "Chrome/Android"

    def test_unknown_browser_has_a_name_too(self, client, account):
        client.send("/log-ind", {"email": account.email, "password": PASSWORD}, headers={"User-Agent": "<b>x</b>"})
        assert "<strong>Ukendt enhed</strong>" in text_of(client.get(SETTINGS))

    def test_one_device_is_logged_out(self, signed_in, other, account, rows):
        mine = self.ids(rows, account)[0]
        other.log_in(account)
        theirs = next(i for i in self.ids(rows, account) if i != mine)
        page = text_of(signed_in.get(SETTINGS))
        assert f'formaction="/min-side/sessioner/{theirs}/afslut"' in page
        assert f"/min-side/sessioner/{mine}/afslut" not in page
        assert signed_in.send(f"/min-side/sessioner/{theirs}/afslut").status_code == 303
        assert is_in(signed_in)
        assert not is_in(other)

    def test_device_of_somebody_else_is_not_found(self, signed_in, other, build, rows):
        stranger = build.user()
        other.log_in(stranger)
        (theirs,) = self.ids(rows, stranger)
        assert signed_in.send(f"/min-side/sessioner/{theirs}/afslut").status_code == 404
        assert is_in(other)

    def test_all_other_devices_are_logged_out(self, app, signed_in, account, rows):
        others = [app.test_client() for _ in range(2)]
        for browser in others:
            browser.log_in(account)
        assert "Log ud på alle andre enheder" in text_of(signed_in.get(SETTINGS))
        signed_in.send("/min-side/sessioner/afslut-andre")
        page = text_of(signed_in.get(SETTINGS))
        assert "2 andre enheder er logget ud" in page
        assert "Log ud på alle andre enheder" not in page
        assert not any(is_in(browser) for browser in others)

    def test_no_other_device_is_said_as_well(self, signed_in):
        signed_in.send("/min-side/sessioner/afslut-andre")
        assert "Du er ikke logget ind andre steder" in text_of(signed_in.get(SETTINGS))

    def test_expired_session_is_not_listed(self, client, other, account, machine_time):
        other.log_in(account)
        machine_time.shift(31 * 86_400)
        client.log_in(account)
        assert text_of(client.get(SETTINGS)).count("<strong>Ukendt enhed</strong>") == 1


def test_settings_lead_to_light_and_dark(signed_in):
    page = text_of(signed_in.get(SETTINGS)).partition("<main")[2]
    for display in ("lys", "moerk", "system"):
        assert f'href="/min-side/indstillinger?visning={display}"' in page
