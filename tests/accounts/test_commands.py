import pytest

from forsamlingshus.accounts import commands, passwords
from forsamlingshus.accounts.models import LoginSession, RoleGrant, User
from tests.accounts.helpers import is_in, try_password
from tests.builders import PASSWORD

GOOD = "sommerfugle og kaffe"


@pytest.fixture
def run(app, session):
    """Run `flask user …`; `given` is what is typed or piped."""
    runner = app.test_cli_runner()

    def command(*words, given=""):
        session.rollback()
        return runner.invoke(args=["user", *words], input=given)

    return command


def failed(result, sentence):
    return (result.exit_code, result.output) == (1, f"Error: {sentence}\n")


def test_group_is_wired(app):
    assert app.cli.commands["user"] in commands.GROUPS
    assert set(commands.user.commands) == {"add", "password", "grant", "revoke", "block", "unblock"}


class TestAdd:
    def test_add_reads_the_password_from_standard_input(self, run, rows):
        result = run("add", "Ny@Example.org", "--name", "Birgit Dam", "--password-stdin", given=f"{GOOD}\nmore\n")
        assert (result.exit_code, result.output) == (0, "Created ny@example.org, who writes as Birgit Dam.\n")
        (user,) = rows(User)
        assert (user.email, user.author.name) == ("ny@example.org", "Birgit Dam")
        assert passwords.verify(user.password_hash, GOOD)

    def test_add_asks_twice_and_shows_nothing(self, run, rows):
        result = run("add", "ny@example.org", "--name", "Birgit Dam", given=f"{GOOD}\n{GOOD}\n")
        assert result.exit_code == 0
        assert GOOD not in result.output
        assert passwords.verify(rows(User)[0].password_hash, GOOD)

    def test_add_with_roles(self, run, rows):
        words = ["--role", "staff", "--role", "admin", "--role", "staff", "--password-stdin"]
        result = run("add", "ny@example.org", "--name", "Birgit Dam", *words, given=GOOD)
        assert result.output == "Created ny@example.org, who writes as Birgit Dam, with the role staff, admin.\n"
        assert {grant.role for grant in rows(RoleGrant)} == {"staff", "admin"}

    def test_add_may_name_a_role_for_those_who_have_one(self, run, rows):
        words = ["--name", "Albertslund Kommune", "--password-stdin"]
        sentence = "The name looks like one of the municipality or of somebody with a role here. Choose another name."
        assert failed(run("add", "ny@example.org", *words, given=GOOD), sentence)
        assert run("add", "ny@example.org", *words, "--role", "staff", given=GOOD).exit_code == 0

    @pytest.mark.parametrize(
        ("email", "name", "given", "sentence"),
        [
            ("ikke en adresse", "Birgit Dam", GOOD, "ikke en adresse is not an e-mail address."),
            ("ANNE@example.org", "Birgit Dam", GOOD, "There is an account with the address anne@example.org already."),
            ("ny@example.org", "anne bjerre", GOOD, "Somebody else writes under that name. Choose another one."),
            ("ny@example.org", "B", GOOD, "Write a name of 2 to 40 characters, with at least one letter or number."),
            ("ny@example.org", "Birgit Dam", "kort", "Write a password of at least 10 characters."),
            ("ny@example.org", "Birgit Dam", "", "Write a password of at least 10 characters."),
            (
                "ny@example.org",
                "Birgit Dam",
                "birgitdam123",
                "That password is easy to guess. Take three words that do not belong together.",
            ),
        ],
    )
    def test_add_refuses_in_one_line(self, run, account, rows, email, name, given, sentence):
        result = run("add", email, "--name", name, "--password-stdin", given=given)
        assert failed(result, sentence)
        assert len(rows(User)) == 1

    def test_add_knows_only_site_wide_roles(self, run, rows):
        result = run("add", "ny@example.org", "--name", "B D", "--role", "facilitator", "--password-stdin", given=GOOD)
        assert result.exit_code == 2
        assert rows(User) == []


class TestChange:
    def test_password_ends_every_session(self, run, app, signed_in, account, rows):
        result = run("password", "ANNE@example.org", "--password-stdin", given=GOOD)
        assert result.output == "Changed the password of anne@example.org; 1 log-in sessions ended.\n"
        assert not is_in(signed_in)
        assert try_password(app.test_client(), account.email).status_code == 422
        assert try_password(app.test_client(), account.email, GOOD).status_code == 303

    def test_password_must_be_a_good_one(self, run, app, account):
        result = run("password", account.email, "--password-stdin", given="annebjerre1")
        assert failed(result, "That password is easy to guess. Take three words that do not belong together.")
        assert try_password(app.test_client(), account.email, PASSWORD).status_code == 303

    def test_grant_and_revoke(self, run, signed_in, account, rows):
        assert run("grant", account.email, "staff").output == "anne@example.org has the role staff now.\n"
        assert [grant.role for grant in rows(RoleGrant)] == ["staff"]
        assert rows(LoginSession) == []
        assert failed(run("grant", account.email, "staff"), "anne@example.org already has the role staff.")
        assert failed(run("revoke", account.email, "admin"), "anne@example.org does not have the role admin.")
        assert (
            run("revoke", account.email, "staff").output == "anne@example.org does not have the role staff any more.\n"
        )
        assert rows(RoleGrant) == []

    def test_block_and_unblock(self, run, signed_in, account):
        assert run("block", account.email).output == "anne@example.org is blocked.\n"
        assert not is_in(signed_in)
        assert try_password(signed_in, account.email).status_code == 422
        assert failed(run("block", account.email), "anne@example.org is blocked already.")
        assert run("unblock", account.email).output == "anne@example.org can log in again.\n"
        assert failed(run("unblock", account.email), "anne@example.org is not blocked.")
        assert try_password(signed_in, account.email).status_code == 303

    @pytest.mark.parametrize(
        "words", [("password", "--password-stdin"), ("grant", "staff"), ("revoke", "staff"), ("block",), ("unblock",)]
    )
    def test_unknown_account_is_one_line(self, run, words):
        name, *rest = words
        result = run(name, "ingen@example.org", *rest, given=GOOD)
        assert failed(result, "There is no account with the address ingen@example.org.")
