import re

import pytest
from argon2 import PasswordHasher

from forsamlingshus.accounts import actions, passwords, sessions
from forsamlingshus.accounts.models import LoginSession, User
from forsamlingshus.accounts.views import tries
from forsamlingshus.kernel import web
from forsamlingshus.kernel.db import transaction
from tests.accounts.helpers import cookie_of, is_in, text_of, try_password, with_cookie
from tests.builders import PASSWORD

WRONG = "E-mail eller adgangskode er forkert"


@pytest.fixture
def checks(monkeypatch):
    """The hashes that were checked, one entry for each."""
    done = []
    real = passwords._hasher

    class Counting:
        def verify(self, stored, password):
            done.append(stored)
            return real.verify(stored, password)

        def hash(self, password):
            done.append("made")
            return real.hash(password)

    monkeypatch.setattr(passwords, "_hasher", Counting())
    return done


def block(user):
    with transaction() as session:
        actions.block(session, user=session.get_one(User, user.id))


def without_token(response):
    return re.sub(r'name="csrf_token" value="[^"]+"', "", text_of(response))


def test_log_in_page_says_what_it_needs(client):
    page = text_of(client.get("/log-ind"))
    assert "<title>Log ind – Forsamlingshuset</title>" in page
    assert re.search(r'<input[^>]*autocomplete="email"[^>]*name="email"[^>]*type="email"', page)
    assert re.search(r'<input[^>]*autocomplete="current-password"[^>]*name="password"[^>]*type="password"', page)
    assert 'href="/opret"' in page


def test_log_in_in_english(client):
    page = text_of(client.get("/log-ind?sprog=en"))
    assert "<h1>Sign in</h1>" in page
    assert "Adgangskode" not in page
    assert "E-mail or password is wrong" in text_of(try_password(client, "a@example.org", "not the right one"))


def test_log_in_ignores_the_case_of_the_address(client, account):
    answer = try_password(client, " ANNE@Example.org ")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert "Du er logget ind som Anne Bjerre" in text_of(client.get("/min-side"))


@pytest.mark.parametrize("who", ["known", "unknown", "blocked", "blocked with the right password"])
def test_refused_log_in_is_the_same_page_after_the_same_work(client, build, checks, who):
    user = build.user(email="samme@example.org") if who != "unknown" else None
    if who.startswith("blocked"):
        block(user)
    password = PASSWORD if who.endswith("password") else "ikke den rigtige"
    checks.clear()
    answer = try_password(client, "samme@example.org", password)
    assert answer.status_code == 422
    assert len(checks) == 1
    assert checks[0].split("$")[3] == "m=19456,t=2,p=1"
    fresh = client.application.test_client()
    assert without_token(answer) == without_token(try_password(fresh, "samme@example.org", "noget helt andet"))
    assert WRONG in text_of(answer)


def test_refused_log_in_keeps_the_address_and_never_the_password(client):
    answer = try_password(client, "jeg@example.org", "ikke den rigtige")
    page = text_of(answer)
    assert "<title>Fejl: Log ind – Forsamlingshuset</title>" in page
    assert 'value="jeg@example.org"' in page
    assert "ikke den rigtige" not in page
    assert not is_in(client)


@pytest.mark.parametrize(
    ("given", "message"),
    [({"password": "x"}, "Skriv din e-mail"), ({"email": "a@example.org"}, "Skriv din adgangskode")],
)
def test_log_in_with_an_empty_field_says_what_to_do(client, checks, given, message):
    answer = client.send("/log-ind", given)
    assert answer.status_code == 422
    assert message in text_of(answer)
    assert checks == []


@pytest.mark.parametrize(
    "email", ["nul\x00@example.org", "a" * 5000 + "@example.org", "' OR 1=1 --", "\u202e@x", "=cmd|' /C calc'!A0"]
)
def test_log_in_with_odd_addresses(client, email):
    assert try_password(client, email).status_code == 422


def test_log_in_with_a_megabyte_of_password(client, account):
    assert try_password(client, account.email, "x" * 900_000).status_code == 422


class TestLimits:
    @pytest.fixture(autouse=True)
    def cheap(self, monkeypatch):
        """Hundreds of tries: the cost of a hash is another test's matter."""
        hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        monkeypatch.setattr(passwords, "_hasher", hasher)
        monkeypatch.setattr(passwords, "_NOBODYS", hasher.hash("nobody"))

    def test_eleventh_try_at_an_account_waits(self, client, account, machine_time, checks):
        for _ in range(10):
            assert try_password(client, account.email, "forkert igen").status_code == 422
        checks.clear()
        answer = try_password(client, account.email)
        assert answer.status_code == 429
        assert answer.headers["Retry-After"] == "600"
        assert "Det var for mange forsøg. Vent 10 minutter, og prøv igen" in text_of(answer)
        assert f'value="{account.email}"' in text_of(answer)
        assert checks == []
        machine_time.shift(9 * 60 + 1)
        assert "Vent 1 minut, og prøv igen" in text_of(try_password(client, account.email))
        machine_time.shift(60)
        assert try_password(client, account.email).status_code == 303

    def test_unknown_address_waits_just_the_same(self, client, machine_time):
        answers = [try_password(client, "ingen@example.org", "forkert igen").status_code for _ in range(11)]
        assert answers == [422] * 10 + [429]

    def test_limit_of_the_account_holds_from_every_address_and_spelling(self, client, account, machine_time):
        for number in range(10):
            try_password(client, account.email, "forkert", environ_base={"REMOTE_ADDR": f"192.0.2.{number}"})
        spelt = account.email.upper() + " "
        assert try_password(client, spelt, environ_base={"REMOTE_ADDR": "198.51.100.9"}).status_code == 429

    def test_another_account_is_not_held_up(self, client, account, build, machine_time):
        for _ in range(11):
            try_password(client, account.email, "forkert")
        assert try_password(client, build.user().email).status_code == 303

    def test_thirty_first_try_from_an_address_waits(self, client, account, machine_time, other):
        for number in range(30):
            assert try_password(client, f"nr{number}@example.org", "forkert").status_code == 422
        assert try_password(client, account.email).status_code == 429
        elsewhere = {"REMOTE_ADDR": "198.51.100.9"}
        assert try_password(other, account.email, environ_base=elsewhere).status_code == 303
        machine_time.shift(10 * 60 + 1)
        assert try_password(client, account.email).status_code == 303

    def test_header_of_a_proxy_that_nobody_named_changes_nothing(self, client, machine_time):
        answers = [
            try_password(
                client, f"nr{n}@example.org", "forkert", headers={"X-Forwarded-For": f"192.0.2.{n}"}
            ).status_code
            for n in range(31)
        ]
        assert answers == [422] * 30 + [429]

    def test_addresses_of_one_ipv6_network_count_together(self, client, machine_time):
        answers = [
            try_password(
                client, f"nr{n}@example.org", "forkert", environ_base={"REMOTE_ADDR": f"2001:db8:1:2::{n:x}"}
            ).status_code
            for n in range(31)
        ]
        assert answers == [422] * 30 + [429]

    def test_success_forgives_the_tries_of_the_account(self, client, account, other, machine_time):
        for _ in range(9):
            try_password(client, account.email, "forkert")
        assert try_password(client, account.email).status_code == 303
        answers = [try_password(other, account.email, "forkert").status_code for _ in range(10)]
        assert answers == [422] * 10

    def test_a_hall_that_knows_its_passwords_comes_in_from_one_address(self, app, account, machine_time):
        answers = [try_password(app.test_client(), account.email).status_code for _ in range(40)]
        assert answers == [303] * 40

    def test_success_does_not_buy_tries_at_other_accounts(self, app, account, machine_time):
        answers = []
        for number in range(31):
            answers.append(try_password(app.test_client(), f"nr{number}@example.org", "forkert").status_code)
            try_password(app.test_client(), account.email)
        assert answers == [422] * 30 + [429]

    def test_tries_from_a_held_address_do_not_hold_up_the_account(self, client, account, other, machine_time):
        for number in range(30):
            try_password(client, f"nr{number}@example.org", "forkert")
        for _ in range(12):
            assert try_password(client, account.email, "forkert").status_code == 429
        elsewhere = {"REMOTE_ADDR": "198.51.100.9"}
        assert try_password(other, account.email, environ_base=elsewhere).status_code == 303

    def test_limits_are_those_that_were_promised(self):
        assert [(limit.amount, limit.minutes) for limit in (tries.ACCOUNT, tries.ADDRESS)] == [(10, 10), (30, 10)]


class TestCookie:
    def test_cookie_changes_at_log_in_and_keeps_nothing_of_before(self, client, account):
        client.get("/log-ind")
        before = cookie_of(client)
        with client.session_transaction() as planted:
            planted["planted"] = "by somebody else"
            token_before = planted["csrf_token"]
        try_password(client, account.email)
        assert cookie_of(client) != before
        with client.session_transaction() as now:
            assert "planted" not in now
            assert now.get("csrf_token") != token_before
            assert now.permanent

    def test_planted_cookie_stays_a_strangers(self, app, client, account):
        client.get("/log-ind")
        thief = with_cookie(app, cookie_of(client))
        try_password(client, account.email)
        assert is_in(client)
        assert not is_in(thief)

    def test_cookie_holds_no_address_or_password(self, signed_in):
        with signed_in.session_transaction() as kept:
            assert set(kept) <= {"_user_id", "_fresh", "_id", "_flashes", "_permanent", "csrf_token"}
            assert "anne@example.org" not in str(dict(kept))

    def test_cookie_is_for_this_site_and_no_script(self, client, account):
        header = try_password(client, account.email).headers["Set-Cookie"]
        assert "HttpOnly" in header
        assert "SameSite=Lax" in header
        assert "Path=/" in header

    def test_cookie_that_is_not_used_dies(self, client, account, machine_time):
        try_password(client, account.email)
        for _ in range(2):
            machine_time.shift((web.IDLE_DAYS - 1) * 86_400)
            assert is_in(client)
        copied = cookie_of(client)
        machine_time.shift(web.IDLE_DAYS * 86_400 + 1)
        assert not is_in(with_cookie(client.application, copied))

    def test_log_in_over_a_log_in_ends_the_old_one(self, client, account, build, rows, app):
        try_password(client, account.email)
        old = cookie_of(client)
        another = build.user("Jens P.")
        try_password(client, another.email)
        assert [row.user_id for row in rows(LoginSession)] == [another.id]
        assert not is_in(with_cookie(app, old))

    def test_second_browser_has_a_session_of_its_own(self, client, other, account, rows):
        try_password(client, account.email)
        try_password(other, account.email)
        assert len(rows(LoginSession)) == 2
        assert is_in(client)
        assert is_in(other)


class TestNext:
    def test_log_in_leads_back(self, client, account):
        page = text_of(client.get("/log-ind?next=/budget/2024/temaer/x/5-y%23skriv"))
        assert '<input type="hidden" name="next" value="/budget/2024/temaer/x/5-y#skriv">' in page
        answer = client.send(
            "/log-ind", {"email": account.email, "password": PASSWORD, "next": "/budget/2024?a=b#skriv"}
        )
        assert answer.headers["Location"] == "/budget/2024?a=b#skriv"

    def test_refused_log_in_keeps_the_way_back(self, client):
        answer = client.send("/log-ind", {"email": "a@example.org", "password": "forkert", "next": "/budget/2024"})
        assert 'name="next" value="/budget/2024"' in text_of(answer)

    def test_page_for_accounts_sends_to_log_in_and_back(self, client, account):
        answer = client.get("/min-side/kladder")
        assert (answer.status_code, answer.headers["Location"]) == (303, "/log-ind?next=%2Fmin-side%2Fkladder")

    @pytest.mark.parametrize(
        "target",
        [
            "https://evil.example",
            "//evil.example",
            "///evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            "javascript:alert(1)",
            "data:text/html,x",
            " //evil.example",
            "evil.example",
            "http:evil.example",
            "/\u0000/evil",
            "/" + "x" * 3000,
            "",
        ],
    )
    def test_next_never_leaves_the_site(self, client, account, target):
        answer = client.send("/log-ind", {"email": account.email, "password": PASSWORD, "next": target})
        assert (answer.status_code, answer.headers["Location"]) == (303, "/")
        page = text_of(client.application.test_client().get("/log-ind", query_string={"next": target}))
        assert "evil" not in page.partition("<main")[2]

    def test_who_is_in_already_finds_the_way_on_and_out(self, signed_in):
        page = text_of(signed_in.get("/log-ind?next=/budget/2024"))
        assert "Du er logget ind som Anne Bjerre" in page
        assert 'href="/budget/2024">Fortsæt' in page
        assert 'name="password"' not in page
        assert 'name="password"' not in text_of(signed_in.get("/opret"))


def test_log_in_without_token_is_refused_and_the_text_kept(client, account):
    given = {"email": account.email, "password": PASSWORD, "title": "Min titel", "body": "Det, jeg ville sige"}
    answer = client.post("/log-ind", data=given)
    assert answer.status_code == 400
    for kept in ("Min titel", "Det, jeg ville sige", account.email):
        assert kept in text_of(answer)
    assert PASSWORD not in text_of(answer)
    assert not is_in(client)


def test_log_in_reads_only_its_own_fields(client, account, rows):
    extra = {
        "id": "99",
        "blocked_at": "",
        "roles": "admin",
        "role": "admin",
        "user_id": "1",
        "is_admin": "1",
        "_user_id": "x",
    }
    answer = client.send("/log-ind", {"email": account.email, "password": PASSWORD, **extra})
    assert answer.status_code == 303
    (user,) = rows(User)
    assert (user.id, user.grants, user.email) == (account.id, [], account.email)


def test_password_that_changes_during_the_check_opens_nothing(client, account, monkeypatch, rows):
    real = passwords.verify

    def verify_slowly(stored, password):
        fits = real(stored, password)
        with transaction() as session:
            actions.change_password(session, user=session.get_one(User, account.id), password="en helt ny adgang")
        return fits

    monkeypatch.setattr(passwords, "verify", verify_slowly)
    assert try_password(client, account.email).status_code == 422
    assert rows(LoginSession) == []


def test_block_that_comes_during_the_check_opens_nothing(client, account, monkeypatch, rows):
    real = passwords.verify

    def verify_slowly(stored, password):
        fits = real(stored, password)
        block(account)
        return fits

    monkeypatch.setattr(passwords, "verify", verify_slowly)
    assert try_password(client, account.email).status_code == 422
    assert rows(LoginSession) == []


def test_session_that_ended_before_the_cookie_was_made_opens_nothing(client, account, monkeypatch):
    real = sessions.begin
    monkeypatch.setattr(sessions, "begin", lambda token: (block(account), real(token)))
    assert try_password(client, account.email).status_code == 303
    assert not is_in(client)


def test_logs_tell_of_refusals_without_address_or_password(client, account, caplog):
    with caplog.at_level("INFO", logger="forsamlingshus"):
        try_password(client, account.email, "forkert adgang")
        for _ in range(10):
            try_password(client, "ingen\nFALSK linje@example.org", "forkert adgang")
    told = [record.getMessage() for record in caplog.records]
    assert told[0] == f"log-in refused: account {account.id}"
    assert "log-in refused: account unknown" in told
    assert not any(secret in line for line in told for secret in ("@", "forkert", "FALSK", "\n"))
