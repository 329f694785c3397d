import pytest
import time_machine

from forsamlingshus.accounts import actions, passwords, queries
from forsamlingshus.accounts.models import Author, AuthorKind, Draft, LoginSession, Role, RoleGrant, User
from forsamlingshus.kernel import clock
from forsamlingshus.kernel.db import transaction
from forsamlingshus.kernel.errors import Conflict
from forsamlingshus.kernel.events import EventRow
from tests.builders import PASSWORD


def log_in(user, days=30):
    with transaction() as session:
        return actions.log_in(session, user=user, device="Chrome/Android", days=days)


def living(session, *tokens):
    return queries.living(session, {actions.token_hash(token) for token in tokens}, clock.machine_now())


def names(rows):
    return [row.name for row in rows(EventRow)]


def test_open_account_stores_a_hash_and_an_author(rows):
    with transaction() as session:
        actions.open_account(session, email=" Anne@Example.ORG ", password=PASSWORD, name="Anne Bjerre")
    (user,) = rows(User)
    assert (user.email, user.author.name, user.author.kind) == ("anne@example.org", "Anne Bjerre", "account")
    assert PASSWORD not in user.password_hash
    assert passwords.verify(user.password_hash, PASSWORD)


@pytest.mark.parametrize(
    ("email", "name"),
    [("ANNE@example.org", "En anden"), ("ny@example.org", "anne  bjerre"), ("ny@example.org", "Аnne Bjerre")],
)
def test_open_account_with_a_taken_address_or_name(account, rows, email, name):
    with pytest.raises(Conflict), transaction() as session:
        actions.open_account(session, email=email, password=PASSWORD, name=name)
    assert len(rows(User)) == len(rows(Author)) == 1


def test_guests_may_share_a_name(build, rows):
    build.user("Anne Bjerre")
    with transaction() as session:
        session.add_all([Author(kind=AuthorKind.GUEST, name="Anne Bjerre") for _ in range(2)])
    assert len(rows(Author)) == 3


def test_log_in_keeps_only_the_hash_of_the_token(account, rows):
    token = log_in(account)
    (row,) = rows(LoginSession)
    assert len(token) >= 43
    assert token not in row.token_hash
    assert row.token_hash == actions.token_hash(token)
    assert token not in str([event.data for event in rows(EventRow)])


def test_log_in_ends_after_its_days(account, session):
    with time_machine.travel("2026-01-05T09:00:00+00:00", tick=False) as machine:
        token = log_in(account, days=30)
        machine.shift(30 * 86_400 - 1)
        assert living(session, token)
        machine.shift(2)
        assert not living(session, token)


def test_log_in_follows_the_machine_not_the_demo(account, session, at):
    token = log_in(account, days=1)
    at("2023-05-03T18:35:00+02:00")
    assert living(session, token)
    at("2099-05-03T18:35:00+02:00")
    assert living(session, token)


def test_end_sessions_of_one_device(account, session):
    first, second = log_in(account), log_in(account)
    with transaction() as session_:
        ended = actions.end_sessions(session_, user_id=account.id, reason="log-out", only=actions.token_hash(first))
    assert ended == [actions.token_hash(first)]
    assert living(session, first, second) == {actions.token_hash(second)}


def test_end_sessions_never_touches_another_account(build, account, session):
    stranger = build.user()
    mine, theirs = log_in(account), log_in(stranger)
    row_id = queries.sessions_of(session, stranger.id, clock.machine_now())[0].id
    with transaction() as session_:
        assert actions.end_sessions(session_, user_id=account.id, reason="ended", only_id=row_id) == []
    assert len(living(session, mine, theirs)) == 2


CHANGES = {
    "password": lambda session, user: actions.change_password(session, user=user, password="en helt ny adgang"),
    "block": lambda session, user: actions.block(session, user=user),
    "grant": lambda session, user: actions.grant_role(session, user=user, role=Role.STAFF),
    "revoke": lambda session, user: actions.revoke_role(session, user=user, role=Role.COUNCIL),
}


@pytest.mark.parametrize("change", CHANGES)
def test_change_ends_every_session_of_that_account_alone(build, session, change):
    user, stranger = build.user(roles=["council"]), build.user()
    tokens, theirs = [log_in(user), log_in(user)], log_in(stranger)
    assert len(living(session, *tokens, theirs)) == 3
    with transaction() as session_:
        CHANGES[change](session_, session_.get_one(User, user.id))
    assert living(session, *tokens, theirs) == {actions.token_hash(theirs)}


def test_blocked_account_has_no_living_session_even_if_a_row_is_left(account, session, rows):
    token = log_in(account)
    with transaction() as session_:
        session_.get_one(User, account.id).blocked_at = clock.machine_now()
    assert len(rows(LoginSession)) == 1
    assert not living(session, token)
    assert queries.by_token(actions.token_hash(token), clock.machine_now(), clock.now()) is None


def test_block_and_unblock_are_told_once(account, rows):
    with transaction() as session:
        actions.block(session, user=session.get_one(User, account.id))
    with pytest.raises(Conflict), transaction() as session:
        actions.block(session, user=session.get_one(User, account.id))
    with transaction() as session:
        actions.unblock(session, user=session.get_one(User, account.id))
    with pytest.raises(Conflict), transaction() as session:
        actions.unblock(session, user=session.get_one(User, account.id))
    assert names(rows)[1:] == ["UserBlocked", "SessionsEnded", "UserUnblocked"]


def test_role_is_given_and_taken_once(account, rows):
    with transaction() as session:
        actions.grant_role(session, user=session.get_one(User, account.id), role=Role.STAFF)
    with pytest.raises(Conflict), transaction() as session:
        actions.grant_role(session, user=session.get_one(User, account.id), role=Role.STAFF)
    with transaction() as session:
        actions.revoke_role(session, user=session.get_one(User, account.id), role=Role.STAFF)
    with pytest.raises(Conflict), transaction() as session:
        actions.revoke_role(session, user=session.get_one(User, account.id), role=Role.STAFF)
    assert rows(RoleGrant) == []


def test_name_follows_the_author_and_stays_free_of_others(account, build, session):
    build.user("Jens P.")
    with transaction() as session_:
        actions.change_name(session_, author=session_.get_one(Author, account.author_id), name="Cykelmor")
    assert queries.name_taken(session, "cykel-mor")
    assert not queries.name_taken(session, "Cykelmor", but=account.author_id)
    assert not queries.name_taken(session, "Anne Bjerre")
    with pytest.raises(Conflict), transaction() as session_:
        actions.change_name(session_, author=session_.get_one(Author, account.author_id), name="JENS P")


def test_events_hold_no_address_password_or_draft(account, rows):
    with transaction() as session:
        actions.save_draft(session, author_id=account.author_id, box="thread:1", path="/x", body="Min hemmelige tekst")
    told = str([(event.name, event.data) for event in rows(EventRow)])
    for secret in (account.email, PASSWORD, account.author.name, "hemmelige"):
        assert secret not in told


class TestDrafts:
    @pytest.fixture(autouse=True)
    def author(self, account, session):
        self.author_id, self.session = account.author_id, session

    def save(self, body, *, title="", box="thread:5", verb=actions.save_draft):
        with transaction() as session:
            verb(session, author_id=self.author_id, box=box, path="/her", title=title, body=body)

    def carry(self, body, **kwargs):
        self.save(body, verb=actions.carry_draft, **kwargs)

    @property
    def kept(self):
        self.session.rollback()
        self.session.expire_all()
        draft = queries.draft_of(self.session, self.author_id, "thread:5")
        return draft and (draft.title, draft.body)

    def test_save_replaces(self):
        self.save("Første")
        self.save("Anden", title="En titel")
        assert self.kept == ("En titel", "Anden")

    def test_save_nothing_drops(self):
        self.save("Første")
        self.save("")
        assert self.kept is None

    def test_save_a_title_alone_keeps_it(self):
        self.save("", title="Kun en titel")
        assert self.kept == ("Kun en titel", "")

    def test_carry_to_an_empty_box(self):
        self.carry("Skrevet før log-in", title="Titel")
        assert self.kept == ("Titel", "Skrevet før log-in")

    def test_carry_below_what_waits(self):
        self.save("En lang kladde fra i går, som ikke må gå tabt")
        self.carry("Kort")
        assert self.kept[1] == "En lang kladde fra i går, som ikke må gå tabt\n\nKort"

    def test_carry_below_what_is_shorter(self):
        self.save("Kort")
        self.carry("En meget længere tekst")
        assert self.kept[1] == "Kort\n\nEn meget længere tekst"

    def test_carry_the_same_text_twice(self):
        self.carry("Den samme tekst")
        self.carry("Den samme tekst")
        assert self.kept[1] == "Den samme tekst"

    def test_carry_what_goes_on(self):
        self.save("Jeg synes")
        self.carry("Jeg synes, at svømmehallen skal have åbent")
        assert self.kept[1] == "Jeg synes, at svømmehallen skal have åbent"

    def test_carry_another_title_keeps_both(self):
        self.save("Gammel", title="Gammel titel")
        self.carry("Ny", title="Ny titel")
        assert self.kept == ("Gammel titel", "Gammel\n\nNy titel\nNy")

    def test_carry_again_and_again_stays_bounded(self):
        for letter in "abcde":
            self.carry(letter * 20_000)
        assert len(self.kept[1]) == actions.MAX_DRAFT
        assert self.kept[1].endswith("e" * 20_000)

    def test_drafts_are_their_authors_own(self, build):
        self.save("Min")
        stranger = build.user()
        assert queries.draft_of(self.session, stranger.author_id, "thread:5") is None
        assert queries.draft_of(self.session, None, "thread:5") is None
        assert queries.drafts_of(self.session, stranger.author_id) == []
        draft_id = queries.drafts_of(self.session, self.author_id)[0].id
        with transaction() as session:
            assert not actions.delete_draft(session, author_id=stranger.author_id, draft_id=draft_id)
        with transaction() as session:
            actions.drop_draft(session, author_id=stranger.author_id, box="thread:5")
        assert self.kept == ("", "Min")

    def test_drop_when_sent(self):
        self.save("Min")
        with transaction() as session:
            actions.drop_draft(session, author_id=self.author_id, box="thread:5")
        assert self.kept is None

    def test_only_the_newest_hundred_stay(self, rows):
        for number in range(102):
            self.save("Kladde", box=f"thread:{number}")
        boxes = {draft.box for draft in rows(Draft)}
        assert len(boxes) == 100
        assert {"thread:0", "thread:1"}.isdisjoint(boxes)
