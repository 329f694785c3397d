"""Making, opening, answering and closing polls, and what is left of each."""

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
from forsamlingshus.meetings import queries as meetings
from forsamlingshus.meetings.actions import add_agenda_item
from forsamlingshus.polls import actions, partials, queries
from forsamlingshus.polls.actions import Wording
from forsamlingshus.polls.models import PollAnswer, PollKind
from forsamlingshus.process import queries as process
from forsamlingshus.stages import actions as stages
from forsamlingshus.stages.models import Mode
from tests.polls.conftest import OPTIONS, QUESTION
from tests.stages.test_actions import rows_of


def answers(session):
    session.rollback()
    return session.scalar(select(func.count()).select_from(PollAnswer))


def test_poll_is_prepared_opened_answered_and_closed_once_each(polls, session):
    poll = polls.make()
    assert (poll.no, poll.path) == (1, "/budget/2024/borgermoede/live/afstemning/1")
    polls.do(actions.open_poll, poll)
    polls.answer(poll, "citizen", [1, 0, 0])
    polls.answer(poll, "neighbour", [1, 0, 0])
    polls.answer(poll, "rival", [0, 0, 1])
    polls.close(poll)
    row = polls.row(session, poll)
    assert (row.result, row.answer_count, row.is_open) == ([2, 0, 1], 3, False)
    closed_at = row.closed_at
    polls.close(poll)
    assert polls.row(session, poll).closed_at == closed_at
    with pytest.raises(Conflict):
        polls.do(actions.open_poll, poll)


def test_answer_is_one_of_a_person_and_the_newest_counts(polls, session):
    poll = polls.opened()
    polls.answer(poll, "citizen", [1, 0, 0])
    polls.answer(poll, "citizen", [0, 1, 0])
    assert (answers(session), polls.row(session, poll).answer_count) == (1, 1)
    polls.close(poll)
    assert polls.row(session, poll).result == [0, 1, 0]
    with pytest.raises(Closed):
        polls.answer(poll, "citizen", [1, 0, 0])


@pytest.mark.parametrize(
    ("kind", "given", "result"),
    [
        ("multiple", [(1, 1, 0), (0, 1, 1)], [1, 2, 1]),
        ("scale", [(0, 0, 0, 1, 0), (0, 0, 0, 0, 1)], [0, 0, 0, 1, 1]),
        ("spread", [(7, 3, 0), (0, 5, 0)], [7, 8, 0]),
    ],
)
def test_each_kind_is_counted(polls, session, kind, given, result):
    poll = polls.opened(kind)
    for who, weights in zip(("citizen", "neighbour"), given, strict=True):
        polls.answer(poll, who, weights)
    polls.close(poll)
    assert polls.row(session, poll).result == result


def test_answer_that_does_not_fit_is_refused_and_kept_nowhere(polls, session):
    poll = polls.opened()
    for weights in ([], [1, 1, 0], [0, 0, 0], [5, 0, 0]):
        with pytest.raises(Forbidden):
            polls.answer(poll, "citizen", weights)
    assert answers(session) == 0


@pytest.mark.parametrize("who", ["citizen", "rival", "nobody"])
def test_outsiders_run_no_poll(polls, who):
    draft, other = polls.make(), polls.make(question="Og så?")
    with pytest.raises(Forbidden):
        polls.make(who=who)
    wording = Wording(kind=PollKind.SINGLE, question="Hvad?", options=["a", "b"])
    presses = [
        (actions.open_poll, {}),
        (actions.remove_poll, {}),
        (actions.change_poll, {"wording": wording, "edition": 1}),
    ]
    for verb, values in presses:
        with pytest.raises(Forbidden):
            polls.do(verb, draft, who, **values)
    polls.do(actions.open_poll, other)
    for verb in (actions.close_poll, actions.show_poll):
        with pytest.raises(Forbidden):
            polls.do(verb, other, who)


def test_draft_is_changed_and_of_two_editors_one_is_told(polls, session):
    poll = polls.make()
    wording = Wording(kind=PollKind.SCALE, question="Hvor enig er du?", options=["nej", "", "", "", "ja"])
    polls.do(actions.change_poll, poll, wording=wording, edition=1)
    row = polls.row(session, poll)
    assert (row.kind, row.question, row.options, row.edition) == (
        "scale",
        "Hvor enig er du?",
        ["nej", "", "", "", "ja"],
        2,
    )
    with pytest.raises(Conflict):
        polls.do(actions.change_poll, poll, wording=wording, edition=1)


def test_opened_poll_is_neither_changed_nor_removed(polls, session):
    poll = polls.opened()
    wording = Wording(kind=PollKind.SINGLE, question="Noget andet", options=["a", "b"])
    with pytest.raises(Conflict):
        polls.do(actions.change_poll, poll, wording=wording, edition=1)
    with pytest.raises(Conflict):
        polls.do(actions.remove_poll, poll)
    assert polls.row(session, poll).question == QUESTION
    draft = polls.make()
    polls.do(actions.remove_poll, draft)
    assert polls.number(session) == 1


def test_one_poll_of_a_stage_is_open_at_a_time(polls, session):
    polls.opened()
    second, elsewhere = polls.make(), polls.make(who="rival", stage=polls.room)
    with pytest.raises(Conflict):
        polls.do(actions.open_poll, second)
    polls.do(actions.open_poll, elsewhere, "rival")
    assert polls.row(session, elsewhere).is_open


@pytest.mark.parametrize("moment", ["2023-05-03T18:00:00+02:00"])
def test_poll_is_opened_only_while_the_meeting_goes_on(polls, at, moment):
    poll = polls.make()
    at(moment)
    with pytest.raises(Closed):
        polls.do(actions.open_poll, poll)
    polls.steer(stages.start_stage)
    polls.do(actions.open_poll, poll)


def test_nobody_answers_when_the_debate_of_the_year_is_closed(polls):
    poll = polls.opened()
    with pytest.raises(Closed), transaction() as session:
        who, row = polls.who("citizen", activities=()), queries.whole_poll(session, poll.id)
        actions.answer_poll(session, who=who, poll=row, weights=[1, 0, 0])


def test_end_of_the_meeting_closes_the_open_poll_and_keeps_its_result(polls, session):
    poll = polls.opened()
    polls.answer(poll)
    polls.steer(stages.close_stage)
    row = polls.row(session, poll)
    assert (row.result, row.is_open, row.contribution_id is not None) == ([1, 0, 0], False, True)


def test_result_is_kept_as_a_contribution_that_names_nobody(polls, session):
    poll = polls.closed()
    said = session.get_one(Contribution, polls.row(session, poll).contribution_id)
    author = session.get_one(Author, said.author_id)
    assert (said.kind, said.budget_year, said.public, said.path) == ("poll_result", 2024, True, poll.path)
    assert said.text == (
        f"{QUESTION} 2 svar, heraf 0 fra gæster. Genoptræning: 1 (50 %). Bevægelse sammen: 1 (50 %)."
        " Hjælp i hjemmet: 0 (0 %)."
    )
    assert author.kind == "hall"
    session.refresh(said, ["author"])
    assert said.author_name == "Deltagere på mødet"


def test_poll_that_nobody_answered_leaves_no_contribution(polls, session):
    poll = polls.opened()
    polls.close(poll)
    assert polls.row(session, poll).result == [0, 0, 0]
    assert session.scalar(select(func.count()).select_from(Contribution)) == 0


def test_result_of_a_workshop_has_its_theme_and_is_quoted_in_an_input(polls, session):
    poll = polls.make(who="rival", stage=polls.room)
    polls.do(actions.open_poll, poll, "rival")
    polls.answer(poll)
    polls.close(poll, "rival")
    theme = process.year_of(session, 2024).themes[0]
    with transaction() as writing:
        said = writing.get_one(Contribution, polls.row(writing, poll).contribution_id)
        assert said.theme_id == theme.id
        row = inputs.create_input(
            writing, who=polls.who("staff"), budget_year=2024, theme_id=theme.id, title="Genoptræning først"
        )
        inputs.add_quote(writing, who=polls.who("staff"), input=row, contribution=said, text="Genoptræning: 1 (100 %)")
    (quote,) = input_queries.quotes_of(session, [row.id], public_only=True)
    assert quote.contribution.author_name == "Deltagere på mødet"


def test_board_hears_of_a_result(polls, session, pushed):
    poll = polls.opened()
    polls.answer(poll)
    before = topics.version_of(session, "contributions:2024")
    pushed.clear()
    polls.close(poll)
    session.rollback()
    assert topics.version_of(session, "contributions:2024") == before + 1
    assert ("contributions:2024", before + 1) in [(change.topic, change.version) for change in pushed]


def test_who_answered_what_is_gone_when_the_poll_is_closed(polls, session):
    poll = polls.opened()
    polls.answer(poll)
    assert answers(session) == 1
    polls.close(poll)
    assert answers(session) == 0
    told = session.execute(select(EventRow.name, EventRow.actor_id)).all()
    assert (("PollClosed", polls.host.author_id) in told) and "PollAnswered" not in [name for name, _actor in told]
    assert polls.citizen.author_id not in [actor for name, actor in told if name.startswith("Poll")]


def test_poll_can_be_about_a_point_of_the_programme_or_a_slide(polls, session):
    deck = polls.ready("En", "To")
    poll = polls.make(deck_id=deck.id, slide_no=2)
    assert partials.subject(polls.row(session, poll)) == "Slide 2"
    with transaction() as writing:
        meeting = meetings.meeting_of_stage(writing, polls.stage)
        item = add_agenda_item(writing, meeting=meeting, title_da="Velkomst", title_en="Welcome")
    about = polls.make(agenda_item_id=item.id)
    whole = polls.make()
    assert [partials.subject(polls.row(session, row)) for row in (about, whole)] == ["Velkomst", ""]
    offered = queries.subjects(session, polls.room)
    assert ([one.id for one in offered.agenda], offered.decks) == ([item.id], [])


def test_opening_puts_the_question_on_the_wall_and_another_poll_takes_its_place(polls, session):
    first = polls.closed()
    second = polls.opened(question="Og så?")
    rows = [polls.row(session, poll) for poll in (first, second)]
    assert (polls.stage.mode, [row.on_screen for row in rows]) == ("poll", [False, True])
    polls.steer(stages.set_mode, mode=Mode.SLIDE)
    polls.do(actions.show_poll, first)
    rows = [polls.row(session, poll) for poll in (first, second)]
    assert (polls.stage.mode, [row.on_screen for row in rows]) == ("poll", [True, False])
    polls.steer(stages.set_mode, mode=Mode.SLIDE)
    with pytest.raises(Conflict):
        polls.steer(stages.set_mode, mode=Mode.POLL)


def test_closing_puts_the_result_on_the_wall_once_whatever_stood_there(polls, session):
    poll = polls.opened()
    polls.answer(poll)
    polls.steer(stages.set_mode, mode=Mode.SLIDE_QUESTIONS)
    polls.close(poll)
    assert (polls.stage.mode, polls.row(session, poll).on_screen) == ("poll", True)
    assert "fh-bars" in partials.on_wall(session, polls.stage)
    polls.steer(stages.set_mode, mode=Mode.SLIDE)
    polls.close(poll)
    assert polls.stage.mode == "slide"


def test_poll_that_is_closed_in_a_rehearsal_leaves_the_wall_to_it(polls, session):
    poll = polls.opened()
    polls.steer(stages.rehearse, on=True)
    polls.steer(stages.set_mode, mode=Mode.SLIDE)
    polls.close(poll)
    assert polls.row(session, poll).result == [0, 0, 0]
    assert polls.stage.mode == "slide"


def test_rehearsal_shows_a_sample_and_leaves_nothing(polls, session, pushed):
    draft, deck = polls.make(), polls.ready("En", "To")
    before = rows_of(session)
    pushed.clear()
    polls.steer(stages.rehearse, on=True, deck_id=deck.id)
    polls.steer(stages.set_mode, mode=Mode.POLL)
    html = partials.on_wall(session, polls.stage)
    assert "Prøve: Kan alle læse søjlerne?" in html and QUESTION not in html
    with pytest.raises(Conflict):
        polls.do(actions.open_poll, draft)
    polls.steer(stages.rehearse, on=False)
    assert rows_of(session) == before
    assert {change.topic.partition(":")[0] for change in pushed} == {"control", "projector"}
    assert (polls.stage.mode, polls.row(session, draft).opened_at) == ("slide_questions", None)


def test_options_are_in_the_order_in_which_they_were_written(polls, session):
    assert polls.row(session, polls.make()).options == list(OPTIONS)
