"""Who may ask and answer, what is a valid answer, and how answers are counted: pure functions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from forsamlingshus.kernel.permissions import Who
from forsamlingshus.polls.models import Poll, PollKind
from forsamlingshus.process.models import Activity
from forsamlingshus.stages import rules as stages
from forsamlingshus.stages.models import Stage

QUESTION_MAX, OPTION_MAX = 200, 80
OPTIONS_MIN, OPTIONS_MAX = 2, 8
POINTS_MIN, POINTS_MAX = 2, 20
STEPS = 5
"""Of a scale."""


def may_run(who: Who, stage: Stage) -> bool:
    """Those who steer the stage make, open and close its polls."""
    return stages.may_steer(who, stage)


def may_answer(who: Who, stage: Stage) -> bool:
    """Accounts, and guests where the meeting lets them write. Nobody is left out for words: an answer has none."""
    return who.takes_part_in(stage.scope_key)


def is_time(who: Who, stage: Stage) -> bool:
    """True while the meeting goes on, and the debate of its year is open."""
    return stages.is_live(stage, who.now) and who.open(stage.budget_year, Activity.DISCUSS)


def fits(poll: Poll, weights: Sequence[int]) -> bool:
    """True for a whole answer: as many numbers as options, and as many chosen or spread as the kind allows."""
    if len(weights) != len(poll.options) or any(weight < 0 for weight in weights):
        return False
    most = {PollKind.MULTIPLE: len(weights), PollKind.SPREAD: poll.points}.get(PollKind(poll.kind), 1)
    each = poll.points if poll.kind == PollKind.SPREAD else 1
    return 1 <= sum(weights) <= most and max(weights) <= each


def tally(options: int, answers: Iterable[Sequence[int]]) -> list[int]:
    """What each option got from all answers together."""
    sums = [0] * options
    for weights in answers:
        sums = [total + weight for total, weight in zip(sums, weights, strict=True)]
    return sums


@dataclass(frozen=True, slots=True)
class Bar:
    """One option of a result: its words, what it got, and its share of a hundred."""

    label: str
    count: int
    share: int


def bars(poll: Poll) -> list[Bar]:
    """The result, option by option; nothing before the poll is closed. Of points the share is that of all points."""
    if poll.result is None:
        return []
    whole = sum(poll.result) if poll.kind == PollKind.SPREAD else poll.answer_count
    labels = [label_of(poll, no) for no in range(len(poll.options))]
    return [Bar(label, count, _share(count, whole)) for label, count in zip(labels, poll.result, strict=True)]


def label_of(poll: Poll, no: int) -> str:
    """The words of an option; a step of a scale is its number, with the words that it was given."""
    words = poll.options[no]
    if poll.kind != PollKind.SCALE:
        return words
    return f"{no + 1}: {words}" if words else str(no + 1)


def average(poll: Poll) -> float | None:
    """The mean step of a scale's result; None for other kinds, and when nobody answered."""
    if poll.kind != PollKind.SCALE or not poll.result or not poll.answer_count:
        return None
    return sum(step * count for step, count in enumerate(poll.result, 1)) / poll.answer_count


def in_words(poll: Poll) -> str:
    """The result as a Danish text: what is quoted, and what stands on the board. It is data, so it has one language."""
    unit = " point" if poll.kind == PollKind.SPREAD else ""
    parts = [f"{bar.label}: {bar.count}{unit} ({bar.share} %)." for bar in bars(poll)]
    mean = average(poll)
    if mean is not None:
        parts.append(f"Gennemsnit: {mean:.1f}.".replace(".", ",", 1))
    guests = f", heraf {poll.guest_count} fra gæster" if poll.answer_count and poll.guest_count is not None else ""
    return " ".join([f"{poll.question} {poll.answer_count} svar{guests}.", *parts])


def _share(count: int, whole: int) -> int:
    """A share of a hundred, halves rounded up as people expect it."""
    return (200 * count + whole) // (2 * whole) if whole else 0
