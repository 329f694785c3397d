"""Collecting: what is stored, what the posts are told, and what is refused."""

from datetime import timedelta

import pytest
from sqlalchemy import event, select

from forsamlingshus.contributions.models import Contribution, Fate, FateKind
from forsamlingshus.inputs import actions, queries
from forsamlingshus.inputs.models import Input, InputUse
from forsamlingshus.kernel import clock, db, topics
from forsamlingshus.kernel.db import transaction
from forsamlingshus.kernel.errors import Closed, Conflict, Forbidden
from forsamlingshus.kernel.events import EventRow
from forsamlingshus.process.models import Activity
from tests.inputs.builders import WORDS

INPUT, PROPOSAL = FateKind.INPUT, FateKind.PROPOSAL


def recorded(name):
    return list(db.session().scalars(select(EventRow).where(EventRow.name == name)))


def test_create_numbers_run_in_each_year_apart(collecting, build):
    other = build.year(2025)
    theme = build.theme(other)
    who = build.who(collecting.staff, roles=["staff"], year=2025)
    numbers = [collecting.input().number, collecting.input().number]
    assert (numbers, collecting.input(theme=theme, year=2025, who=who).number) == ([1, 2], 1)
    assert collecting.input().number == 3


def test_create_records_the_event_and_takes_a_version(collecting):
    row = collecting.input()
    assert [(event.data, event.actor_id) for event in recorded("InputCreated")] == [
        ({"input_id": row.id, "budget_year": 2024, "number": 1}, collecting.staff.author_id)
    ]
    assert row.version == topics.version_of(db.session(), "inputs:2024") == 1


@pytest.mark.parametrize("roles", [(), ("council",), ("admin",)])
def test_create_by_others_is_forbidden(collecting, build, roles):
    who = build.who(collecting.anne, roles=roles, scopes=["workshop:1"])
    with pytest.raises(Forbidden):
        collecting.input(who=who)


def test_create_outside_the_phase_is_closed_and_says_why(collecting, build):
    who = build.who(collecting.staff, roles=["staff"], activities=[Activity.DISCUSS])
    with pytest.raises(Closed) as refused:
        collecting.input(who=who)
    assert refused.value.next_url == "/arbejde/input?aar=2024"
    assert db.session().scalar(select(Input)) is None


def test_quote_stores_words_place_and_permalink_and_leaves_the_post_alone(collecting):
    said = collecting.said()
    quote = collecting.quote(collecting.input(), said, "tomt. Morgenen  skal")
    assert (quote.text, quote.start, quote.path) == ("tomt. Morgenen skal", WORDS.index("tomt"), said.path)
    assert collecting.reload(said).text == WORDS


def test_quote_marks_the_post_and_stamps_its_topic(collecting):
    said, row = collecting.said(), collecting.input()
    collecting.quote(row, said)
    fate = db.session().scalar(select(Fate))
    assert (fate.kind, fate.number, fate.title, fate.path) == (INPUT, 1, row.title, "/budget/2024/input/1")
    assert fate.is_public(clock.now())
    said = collecting.reload(said)
    assert (said.used, said.version) == (True, topics.version_of(db.session(), "thread:1"))
    assert collecting.reload(row).quote_count == 1


@pytest.mark.parametrize("words", ["Luk hellere en weekendaften.", "luk hellere", "", "  "])
def test_quote_must_be_part_of_the_text(collecting, words):
    said, row = collecting.said(), collecting.input()
    with pytest.raises(Conflict):
        collecting.quote(row, said, words)
    assert collecting.quotes(row) == []
    assert collecting.fates(said) == []


def test_quote_twice_is_refused_but_other_words_of_the_post_are_not(collecting):
    said, row = collecting.said(), collecting.input()
    collecting.quote(row, said)
    with pytest.raises(Conflict):
        collecting.quote(row, said, "Luk  hellere")
    collecting.quote(row, said, "Morgenen skal I lade være.")
    assert collecting.reload(row).quote_count == 2
    assert collecting.fates(said) == [(INPUT, 1)]


def test_quote_of_a_hidden_post_or_another_year_is_refused(collecting, build):
    row = collecting.input()
    other = build.theme(build.year(2025))
    for said in (collecting.said(public=False), collecting.said(year=2025, theme=other)):
        with pytest.raises(Conflict):
            collecting.quote(row, said)


def test_remove_the_last_quote_takes_the_mark_back(collecting):
    said, row = collecting.said(), collecting.input()
    first = collecting.quote(row, said)
    second = collecting.quote(row, said, "Morgenen skal I lade være.")
    collecting.unquote(first)
    assert collecting.fates(said) == [(INPUT, 1)]
    assert collecting.reload(said).used
    before = collecting.reload(said).version
    collecting.unquote(second)
    assert collecting.fates(said) == []
    assert not collecting.reload(said).used
    assert collecting.reload(said).version > before
    assert collecting.reload(row).quote_count == 0
    assert len(recorded("QuoteRemoved")) == 2


def test_change_title_follows_to_the_posts(collecting):
    said, row = collecting.said(), collecting.input()
    collecting.quote(row, said)
    with transaction() as session:
        actions.change_input(
            session, who=collecting.who, input=session.get_one(Input, row.id), title="Andet", theme_id=row.theme_id
        )
    assert db.session().scalar(select(Fate.title)) == "Andet"


def test_delete_only_when_empty(collecting):
    said, row = collecting.said(), collecting.input()
    quote = collecting.quote(row, said)

    def delete():
        with transaction() as session:
            actions.delete_input(session, who=collecting.who, input=session.get_one(Input, row.id))

    with pytest.raises(Conflict):
        delete()
    collecting.unquote(quote)
    collecting.use(row)
    with pytest.raises(Conflict):
        delete()
    collecting.drop_use(row)
    delete()
    assert db.session().scalar(select(Input)) is None
    assert recorded("InputDeleted")[0].data["number"] == 1


# ------------------------------------------------------------- what is told from above


def test_use_with_a_moment_marks_every_quoted_post(collecting):
    first, second, row = collecting.said(), collecting.said("Enig om morgenen."), collecting.input()
    collecting.quote(row, first)
    collecting.quote(row, second, "Enig om morgenen.")
    collecting.use(row, public_from=clock.now())
    assert collecting.fates(first) == collecting.fates(second) == [(INPUT, 1), (PROPOSAL, 17)]


def test_use_without_a_moment_marks_nothing_until_it_gets_one(collecting):
    said, row = collecting.said(), collecting.input()
    collecting.quote(row, said)
    collecting.use(row)
    assert collecting.fates(said) == [(INPUT, 1)]
    moment = clock.now() + timedelta(days=1)
    collecting.use(row, public_from=moment)
    fate = db.session().scalar(select(Fate).where(Fate.kind == PROPOSAL))
    assert (fate.is_public(moment - timedelta(seconds=1)), fate.is_public(moment)) == (False, True)
    collecting.use(row, public_from=None)
    assert collecting.fates(said) == [(INPUT, 1)]


def test_use_told_twice_stirs_no_listener(collecting):
    said, row = collecting.said(), collecting.input()
    collecting.quote(row, said)
    moment = clock.now()
    collecting.use(row, public_from=moment)
    before = collecting.reload(said).version
    collecting.use(row, public_from=moment)
    assert collecting.reload(said).version == before
    collecting.use(row, public_from=moment, title="Svømmehal: ny åbningstid")
    assert collecting.reload(said).version > before


def test_quote_added_to_a_used_input_gets_exactly_the_marks_of_that_input(collecting):
    """A post may be quoted in two inputs; the marks that it has from the other one must not spread."""
    shared, fresh = collecting.said(), collecting.said("Enig om morgenen.")
    first, second = collecting.input("Første"), collecting.input("Anden")
    collecting.quote(first, shared)
    collecting.quote(second, shared)
    collecting.use(first, 17, public_from=clock.now())
    collecting.use(second, 22, public_from=clock.now())
    assert collecting.fates(shared) == [(INPUT, 1), (INPUT, 2), (PROPOSAL, 17), (PROPOSAL, 22)]
    collecting.quote(first, fresh, "Enig om morgenen.")
    assert collecting.fates(fresh) == [(INPUT, 1), (PROPOSAL, 17)]


def test_take_back_keeps_a_mark_that_another_input_carries(collecting):
    said = collecting.said()
    first, second = collecting.input("Første"), collecting.input("Anden")
    collecting.quote(first, said)
    quote = collecting.quote(second, said)
    for row in (first, second):
        collecting.use(row, 17, public_from=clock.now())
    collecting.drop_use(first)
    assert (PROPOSAL, 17) in collecting.fates(said)
    collecting.unquote(quote)
    assert collecting.fates(said) == [(INPUT, 1)]
    assert [use.input_id for use in db.session().scalars(select(InputUse))] == [second.id]


def words_of(contribution):
    fate = db.session().scalar(select(Fate).filter_by(contribution_id=contribution.id, kind=PROPOSAL))
    return fate and fate.words


def test_a_mark_knows_the_words_that_the_proposal_uses_and_no_others(collecting):
    said, first, second = collecting.said(), collecting.input("Første"), collecting.input("Anden")
    collecting.quote(first, said, "Morgenen skal")
    aside = collecting.quote(second, said, "Efter kl. 20")
    collecting.use(first, 17, public_from=clock.now())
    assert words_of(said) == ["Morgenen skal"]
    collecting.use(second, 17, public_from=clock.now())
    assert words_of(collecting.reload(said)) == ["Efter kl. 20", "Morgenen skal"]
    collecting.quote(first, said)
    assert words_of(collecting.reload(said)) == ["Luk hellere en hverdagsaften.", "Efter kl. 20", "Morgenen skal"]
    before = collecting.reload(said).version
    collecting.unquote(aside)
    assert words_of(collecting.reload(said)) == ["Luk hellere en hverdagsaften.", "Morgenen skal"]
    assert collecting.reload(said).version > before
    collecting.quote(second, said, "er der næsten tomt.")
    collecting.drop_use(first)
    assert words_of(collecting.reload(said)) == ["er der næsten tomt."]
    collecting.drop_use(second)
    assert words_of(collecting.reload(said)) is None


def test_posts_of_another_thread_are_not_stirred(collecting):
    said, other = collecting.said(topic="thread:1"), collecting.said(topic="thread:2")
    collecting.quote(collecting.input(), said)
    assert collecting.reload(other).version == 0
    assert topics.version_of(db.session(), "thread:2") == 0


# ------------------------------------------------------------- reading


def plans(session, work):
    """How the database answers each SELECT that `work` sends."""
    asked = []

    def note(_connection, _cursor, statement, parameters, *_rest):
        if statement.startswith("SELECT"):
            asked.append((statement, parameters))

    engine = db.db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        work()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    connection = session.connection()
    return [
        (sql, [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values)])
        for sql, values in asked
    ]


@pytest.mark.sqlite
@pytest.mark.parametrize("unhandled", [True, False])
@pytest.mark.parametrize("by_theme", [False, True])
def test_board_walks_an_index_whatever_it_shows(collecting, session, unhandled, by_theme):
    theme_id = collecting.theme.id if by_theme else None
    collecting.quote(collecting.input(), collecting.said())
    collecting.said()

    def board():
        queries.posts(session, year=2024, theme_id=theme_id, unhandled=unhandled, after=900, words="hver")
        queries.progress(session, year=2024, theme_id=theme_id)
        queries.inputs(session, year=2024, theme_id=theme_id, before=9)

    found = plans(session, board)
    assert len(found) == 7
    for sql, steps in found:
        scans = [step for step in steps if step.startswith("SCAN") and not step.startswith(("SCAN anon", "SCAN (sub"))]
        assert scans == [], (sql, steps)
    walk = "ix_contribution_board_theme" if by_theme else "ix_contribution_board"
    assert any(f"USING INDEX {walk} (" in step or f"USING COVERING INDEX {walk} (" in step for step in found[0][1])
    assert any("COVERING INDEX" in step for step in found[2][1])


def test_search_folds_danish_letters_and_takes_wildcards_literally(collecting, session):
    wanted = collecting.said("Åbn svømmehallen 100 % hver dag")
    collecting.said("Luk den")

    def found(words):
        return [row.id for row in queries.posts(session, year=2024, words=words).rows]

    for words in ("åbn", "ÅBN", "SVØMME hver", "100 %", "hallen"):
        assert found(words) == [wanted.id], words
    assert found("100%hver") == found("_bn") == found("åbn luk") == []


def test_posts_pages_hold_every_public_post_once(collecting, session):
    ids = [collecting.said(f"Nummer {n}").id for n in range(queries.PAGE * 2 + 3)]
    collecting.said("Skjult", public=False)
    for n in range(4):
        collecting.quote(collecting.input(), collecting.reload(session.get_one(Contribution, ids[n])), f"Nummer {n}")
    seen, after = [], None
    while True:
        page = queries.posts(session, year=2024, unhandled=False, after=after)
        seen += [row.id for row in page.rows]
        after = page.next_after
        if after is None:
            break
    assert seen == sorted(ids, reverse=True)
    assert queries.progress(session, year=2024) == queries.Progress(4, len(ids))
