"""What is a valid answer of each kind, and how answers are counted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forsamlingshus.kernel import clock
from forsamlingshus.kernel.permissions import Who
from forsamlingshus.polls import rules
from forsamlingshus.polls.models import Poll, PollKind
from forsamlingshus.stages.models import Stage


def poll(kind, *, options=("A", "B", "C"), points=0, result=None, answers=0):
    return Poll(
        no=1, kind=kind, question="Hvad?", options=list(options), points=points, result=result, answer_count=answers
    )


SCALE = ("slet ikke", "", "", "", "i høj grad")


@pytest.mark.parametrize(
    ("kind", "options", "weights", "fits"),
    [
        ("single", "ABC", [0, 1, 0], True),
        ("single", "ABC", [0, 0, 0], False),
        ("single", "ABC", [1, 1, 0], False),
        ("single", "ABC", [2, 0, 0], False),
        ("single", "ABC", [1, 0], False),
        ("single", "ABC", [1, 0, 0, 0], False),
        ("multiple", "ABC", [1, 0, 1], True),
        ("multiple", "ABC", [1, 1, 1], True),
        ("multiple", "ABC", [0, 0, 0], False),
        ("multiple", "ABC", [2, 0, 0], False),
        ("scale", SCALE, [0, 0, 0, 0, 1], True),
        ("scale", SCALE, [1, 0, 0, 0, 1], False),
        ("spread", "ABC", [10, 0, 0], True),
        ("spread", "ABC", [3, 3, 4], True),
        ("spread", "ABC", [1, 0, 0], True),
        ("spread", "ABC", [6, 5, 0], False),
        ("spread", "ABC", [0, 0, 0], False),
        ("spread", "ABC", [11, -1, 0], False),
    ],
)
def test_answer_fits_its_kind(kind, options, weights, fits):
    points = 10 if kind == "spread" else 0
    assert rules.fits(poll(kind, options=options, points=points), weights) is fits


@given(st.lists(st.lists(st.integers(0, 20), min_size=3, max_size=3), max_size=50))
def test_tally_loses_and_adds_nothing(answers):
    sums = rules.tally(3, answers)
    assert sum(sums) == sum(map(sum, answers))
    assert sums == rules.tally(3, reversed(answers))


def test_there_are_no_bars_before_the_poll_is_closed():
    assert [bar.count for bar in rules.bars(poll("single", result=[2, 1, 0], answers=3))] == [2, 1, 0]
    assert rules.bars(poll("single", answers=3)) == []


def test_shares_are_of_people_and_of_points_where_points_are_spread():
    assert [bar.share for bar in rules.bars(poll("single", result=[2, 1, 0], answers=3))] == [67, 33, 0]
    assert [bar.share for bar in rules.bars(poll("multiple", result=[3, 3, 1], answers=4))] == [75, 75, 25]
    assert [bar.share for bar in rules.bars(poll("spread", points=10, result=[10, 5, 5], answers=2))] == [50, 25, 25]
    assert [bar.share for bar in rules.bars(poll("single", result=[0, 0, 0], answers=0))] == [0, 0, 0]
    assert rules.bars(poll("multiple", result=[1, 0, 0], answers=200))[0].share == 1  # halves go up


def test_average_is_of_a_scale_alone():
    assert rules.average(poll("scale", options=SCALE, result=[1, 0, 0, 0, 3], answers=4)) == 4.0
    assert rules.average(poll("scale", options=SCALE, result=[0] * 5)) is None
    assert rules.average(poll("single", result=[1, 0, 0], answers=1)) is None


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (poll("single", result=[2, 1, 0], answers=3), "Hvad? 3 svar. A: 2 (67 %). B: 1 (33 %). C: 0 (0 %)."),
        (
            poll("spread", points=10, result=[12, 8, 0], answers=2),
            "Hvad? 2 svar. A: 12 point (60 %). B: 8 point (40 %). C: 0 point (0 %).",
        ),
        (
            poll("scale", options=SCALE, result=[0, 0, 1, 0, 1], answers=2),
            "Hvad? 2 svar. 1: slet ikke: 0 (0 %). 2: 0 (0 %). 3: 1 (50 %). 4: 0 (0 %). 5: i høj grad: 1 (50 %). "
            "Gennemsnit: 4,0.",
        ),
    ],
)
def test_result_in_words(found, words):
    assert rules.in_words(found) == words


def test_kinds_are_all_covered_by_fits():
    for kind in PollKind:
        assert not rules.fits(poll(kind, points=10 if kind == "spread" else 0), [])


def test_who_lost_the_word_still_answers_and_a_guest_elsewhere_does_not():
    stage, now = Stage(scope_key="meeting:1"), clock.now()
    muted = Who(now=now, author_id=1, user_id=1, mutes=frozenset({"meeting:1"}))
    assert not muted.writes_in("meeting:1") and rules.may_answer(muted, stage)
    here, elsewhere = (Who(now=now, author_id=2, guest_scopes=frozenset({key})) for key in ("meeting:1", "meeting:2"))
    assert rules.may_answer(here, stage) and not rules.may_answer(elsewhere, stage)
    assert not rules.may_answer(Who(now=now), stage)
