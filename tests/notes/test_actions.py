"""Entering, correcting and taking back notes from paper, and what becomes of their words."""

import pytest
from sqlalchemy import func, select

from forsamlingshus.accounts.models import Author
from forsamlingshus.contributions.models import Contribution
from forsamlingshus.inputs import actions as inputs
from forsamlingshus.inputs import queries as input_queries
from forsamlingshus.kernel import topics
from forsamlingshus.kernel.db import transaction
from forsamlingshus.kernel.errors import Closed, Conflict, Forbidden
from forsamlingshus.kernel.events import EventRow
from forsamlingshus.notes import actions, rules
from forsamlingshus.notes.actions import Sheet
from forsamlingshus.notes.models import TableNote


def test_note_is_a_contribution_of_its_table(paper, session):
    prompt = paper.prompt()
    note = paper.enter(people=6, prompt_id=prompt)
    (row,) = paper.rows()
    said = row.contribution
    assert (row.table_no, row.people, row.prompt_id) == (4, 6, prompt)
    assert (said.kind, said.text, said.theme_id) == (
        "table_note",
        "Lad morgensvømningen være.",
        paper.workshop.theme_id,
    )
    assert (said.author.kind, said.author_name) == ("paper", "Fra papir, bord 4")
    assert (said.place, said.path) == ("Hvad må vi ikke røre?", f"/budget/2024/temaer/trivsel#bordnote-{note.id}")


def test_a_table_is_one_author_and_another_table_another(paper, session):
    for table in (4, 4, 5):
        paper.enter(table=table)
    assert sorted(session.scalars(select(Author.name).where(Author.kind == "paper"))) == ["4", "5"]


def test_note_sent_twice_is_one_and_other_words_under_its_id_are_another(paper):
    first = paper.enter(client_id="det-samme")
    assert paper.enter(client_id="det-samme").id == first.id
    paper.enter("Noget andet", client_id="det-samme")
    assert [row.contribution.text for row in paper.rows()] == ["Lad morgensvømningen være.", "Noget andet"]


@pytest.mark.parametrize(
    ("who", "here", "there", "whole"),
    [
        ("staff", True, True, True),
        ("host", True, False, False),
        ("rival", False, True, False),
        ("leader", False, False, True),
        ("citizen", False, False, False),
        ("nobody", False, False, False),
    ],
)
def test_who_enters_notes_where(paper, who, here, there, whole):
    for workshop_id, may in ((paper.workshop.id, here), (paper.other.id, there), (None, whole)):
        if may:
            paper.enter(who=who, workshop_id=workshop_id)
        else:
            with pytest.raises(Forbidden):
                paper.enter(who=who, workshop_id=workshop_id)


def test_notes_are_taken_in_while_the_debate_or_the_collecting_is_open(paper):
    for activity in ("discuss", "collect"):
        paper.enter(who=paper.who(activities=[activity]))
    with pytest.raises(Closed):
        paper.enter(who=paper.who(activities=["respond"]))
    assert rules.is_open(paper.who(activities=["collect"]), 2024)
    assert not rules.is_open(paper.who(activities=["collect"]), 2025)


def test_note_is_corrected_and_of_two_who_correct_it_one_is_told(paper):
    note = paper.enter()
    sheet = Sheet(table_no=5, text="Lad aftensvømningen være.", people=3, workshop_id=paper.workshop.id)
    paper.do(actions.change_note, note, sheet=sheet, edition=1)
    (row,) = paper.rows()
    assert (row.table_no, row.people, row.contribution.text, row.edition) == (5, 3, "Lad aftensvømningen være.", 2)
    assert row.contribution.author_name == "Fra papir, bord 5"
    with pytest.raises(Conflict):
        paper.do(actions.change_note, note, sheet=sheet, edition=1)


def test_facilitator_moves_no_note_to_a_foreign_workshop(paper):
    note = paper.enter()
    with pytest.raises(Forbidden):
        paper.do(actions.change_note, note, sheet=Sheet(table_no=4, text="x", workshop_id=paper.other.id), edition=1)
    with pytest.raises(Forbidden):
        paper.do(actions.take_back_note, note, "rival")
    assert len(paper.rows()) == 1


def test_note_that_is_taken_back_leaves_no_words(paper, session):
    note = paper.enter("En tastefejl")
    paper.do(actions.take_back_note, note)
    session.rollback()
    for table in (TableNote, Contribution):
        assert session.scalar(select(func.count()).select_from(table)) == 0
    assert "tastefejl" not in str(session.execute(select(EventRow.data)).all())


def quote(paper, note, text):
    with transaction() as session:
        said = session.get_one(Contribution, note.contribution_id)
        row = inputs.create_input(
            session, who=paper.who("staff"), budget_year=2024, theme_id=paper.workshop.theme_id, title="Svømning"
        )
        inputs.add_quote(session, who=paper.who("staff"), input=row, contribution=said, text=text)
        return row


def test_note_is_quoted_in_an_input_like_a_post_and_its_words_stay_then(paper, session):
    note = paper.enter("Lad morgensvømningen være.\nOg cafeen.")
    row = quote(paper, note, "Lad morgensvømningen være. Og cafeen.")
    (found,) = input_queries.quotes_of(session, [row.id], public_only=True)
    assert found.contribution.author_name == "Fra papir, bord 4"
    (shown,) = paper.rows()
    assert [fate.kind for fate in shown.contribution.fates] == ["input"]
    with pytest.raises(Conflict):
        paper.do(actions.take_back_note, note)
    sheet = Sheet(table_no=4, text="Noget andet", workshop_id=paper.workshop.id)
    with pytest.raises(Conflict):
        paper.do(actions.change_note, note, sheet=sheet, edition=1)
    same = Sheet(table_no=4, text="Lad morgensvømningen være.\nOg cafeen.", people=7, workshop_id=paper.workshop.id)
    assert paper.do(actions.change_note, note, sheet=same, edition=1).people == 7


def test_board_hears_of_each_change(paper, session):
    def version():
        session.rollback()
        return topics.version_of(session, "contributions:2024")

    before = version()
    note = paper.enter()
    assert version() == before + 1
    paper.do(actions.take_back_note, note)
    assert version() == before + 2


def test_notes_stand_on_the_board_and_are_counted(paper, session):
    paper.enter()
    session.rollback()
    assert input_queries.progress(session, theme_id=paper.workshop.theme_id).total == 1
    (said,) = input_queries.posts(session, year=2024, theme_id=None, unhandled=True, words="", after=None).rows
    assert said.author_name == "Fra papir, bord 4"
