"""Who may do what, as pure functions over made-up people and posts."""

from datetime import UTC, datetime

import pytest

from forsamlingshus.discussions import rules
from forsamlingshus.discussions.models import Forum, Post, PostState, Thread, ThreadKind
from forsamlingshus.kernel.permissions import Who

NOW = datetime(2023, 5, 3, 17, tzinfo=UTC)
FORUM = Forum(id=1, budget_year=2024, scope_key="workshop:1")
THREAD = Thread(id=3, kind=ThreadKind.TALK, shown=True, closed=False)
OPEN = frozenset({(2024, "discuss")})


def who(author_id=1, opened=OPEN, **kwargs):
    return Who(now=NOW, author_id=author_id, user_id=author_id, opened=opened, **kwargs)


def post(author_id=1, state=PostState.VISIBLE, position=1):
    return Post(id=5, author_id=author_id, state=state, position=position)


@pytest.mark.parametrize(
    ("person", "allowed"),
    [
        (who(), True),
        (who(author_id=None), False),
        (who(opened=frozenset()), False),
        (who(opened=frozenset({(2025, "discuss")})), False),
        (who(opened=frozenset({(2024, "collect")})), False),
        (who(roles=frozenset({"admin"}), opened=frozenset()), False),
    ],
)
def test_may_write_needs_account_and_open_debate(person, allowed):
    assert rules.may_write(person, FORUM) is allowed


@pytest.mark.parametrize(
    ("person", "allowed"),
    [
        (who(2, roles=frozenset({"staff"})), True),
        (who(2, scopes=frozenset({"workshop:1"})), True),
        (who(2, scopes=frozenset({"workshop:2"})), False),
        (who(2, scopes=frozenset({"meeting:1"})), False),
        (who(2, roles=frozenset({"council"})), False),
        (who(2, roles=frozenset({"admin"})), False),
        (who(2), False),
    ],
)
def test_may_moderate_is_staff_or_the_own_facilitator(person, allowed):
    assert rules.may_moderate(person, FORUM) is allowed


def test_may_support_own_post_is_refused():
    assert rules.may_support(who(2), post(author_id=1), FORUM) is True
    assert rules.may_support(who(1), post(author_id=1), FORUM) is False


@pytest.mark.parametrize("state", [PostState.HELD, PostState.HIDDEN, PostState.WITHDRAWN])
def test_may_support_needs_a_visible_post(state):
    assert rules.may_support(who(2), post(state=state), FORUM) is False


def test_may_see_held_post_only_author_and_moderators():
    held = post(author_id=1, state=PostState.HELD, position=None)
    assert rules.may_see(who(1), held, THREAD, FORUM) is True
    assert rules.may_see(who(2, roles=frozenset({"staff"})), held, THREAD, FORUM) is True
    assert rules.may_see(who(2), held, THREAD, FORUM) is False
    assert rules.may_see(who(None), held, THREAD, FORUM) is False


def test_may_withdraw_after_the_debate_closed():
    assert rules.may_withdraw(who(1, opened=frozenset()), post()) is True
    assert rules.may_edit(who(1, opened=frozenset()), post(), FORUM) is False


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("Kort.\n\nOg godt.", "Kort. Og godt."),
        ("En sætning. " * 60, ("En sætning. " * 41).strip()),
        ("ord " * 200, ("ord " * 125).strip()),
        ("x" * 900, "x" * 500),
        ("", ""),
    ],
)
def test_quote_begins_with_as_much_of_the_post_as_it_may_hold(text, quote):
    assert rules.quotable(text) == quote
    assert quote in " ".join(text.split())
    assert len(quote) <= rules.QUOTE_MAX
