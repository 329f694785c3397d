"""The pieces of HTML that pages and live push share. While a poll is open they know its question and a number."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from forsamlingshus.discussions.partials import shown_fates
from forsamlingshus.kernel import clock, db, i18n, pages
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.i18n import ngettext
from forsamlingshus.kernel.permissions import Who
from forsamlingshus.kernel.sender import Change
from forsamlingshus.polls import queries, rules
from forsamlingshus.polls.models import Poll, PollKind, topic_of
from forsamlingshus.stages import queries as stages
from forsamlingshus.stages.models import Stage


def shown(
    stage: Stage,
    polls: Sequence[Poll],
    language: str,
    *,
    mine: Sequence[int] | None = None,
    wrong: str = "",
    answers: bool = True,
    folded: bool = False,
) -> str:
    """The poll of a stage that is open, else the way to the newest result. What follows `language` is this viewer's:
    the own answer, what is wrong with it, whether this is somebody who may answer, and whether the poll is folded once
    it is answered; without it the part knows no viewer."""
    newest = polls[0] if polls else None
    return pages.partial(
        "polls/_shown.html",
        language,
        stage=stage,
        row=view(newest) if newest and newest.is_open else None,
        over=newest if newest and not newest.is_open else None,
        mine=mine,
        wrong=wrong,
        answers=answers,
        folded=folded,
    )


def personal(
    session: Session,
    who: Who,
    stage: Stage,
    *,
    sent: Sequence[int] | None = None,
    wrong: str = "",
    folded: bool = False,
) -> str:
    """The same part as everybody gets, with this viewer's own answer in it: as it is kept, or as it was just `sent`."""
    polls = queries.shown_polls(session, stage)
    mine = sent
    if mine is None and polls and polls[0].is_open:
        mine = queries.own_answer(session, polls[0].id, who.author_id)
    answers = rules.may_answer(who, stage)
    return shown(stage, polls, i18n.language(), mine=mine, wrong=wrong, answers=answers, folded=folded)


def results(stage: Stage, polls: Sequence[Poll], language: str) -> str:
    """What came of the polls that are over: `polls` in their order, of which the open one is left out."""
    rows = [view(poll) for poll in polls if not poll.is_open]
    return pages.partial("polls/_results.html", language, stage=stage, polls=rows)


def view(poll: Poll) -> dict[str, Any]:
    """A poll with all that a page may say of it."""
    return {
        "poll": poll,
        "labels": [rules.label_of(poll, no) for no in range(len(poll.options))],
        "bars": rules.bars(poll),
        "most": max(poll.result or [0]),
        "average": rules.average(poll),
        "subject": subject(poll),
    }


def subject(poll: Poll) -> str:
    """What a poll is about, in the page's language; empty for the whole meeting."""
    if poll.agenda_item is not None:
        return poll.agenda_item.title
    if poll.deck is not None and poll.deck.listed:
        return _("Slide %(no)s", no=poll.slide_no)
    return ""


def count_words(count: int) -> str:
    """How many have answered: all that anybody is told of an open poll."""
    return ngettext("%(num)s answer", "%(num)s answers", count)


def used(poll: Poll, language: str, now: datetime) -> str:
    """What the result of a poll was used for; empty for a poll without one."""
    if poll.contribution is None:
        return ""
    fates = shown_fates(poll.contribution.fates, now)
    return pages.partial("polls/_used.html", language, poll=poll, fates=fates)


def used_change(poll: Poll, version: int) -> Change:
    """A result was used, or no longer is."""
    return Change(poll.topic, version, "replace", f"poll-used-{poll.id}", partial(_used_later, poll.path))


def shown_changes(stage_id: int, version: int) -> list[Change]:
    """A poll was opened or closed: both parts are replaced, for the form goes and the result comes."""
    change = partial(Change, topic_of(stage_id), version, "replace")
    return [
        change(f"polls-{stage_id}", partial(_later, shown, stage_id)),
        change(f"results-{stage_id}", partial(_later, results, stage_id)),
    ]


def count_change(topic: str, poll_id: int, version: int) -> Change:
    """One more has answered: only the number, so that nobody's half-made choice is lost."""
    return Change(topic, version, "text", f"poll-count-{poll_id}", partial(_count_later, poll_id))


def _later(part: Callable[[Stage, Sequence[Poll], str], str], stage_id: int, language: str) -> str:
    session = db.session()
    with i18n.in_language(language):
        stage = stages.whole_stage(session, stage_id)
        return part(stage, queries.shown_polls(session, stage), language)


def _used_later(path: str, language: str) -> str:
    poll = queries.poll_at(db.session(), path)
    return used(poll, language, clock.now()) if poll is not None else ""


def _count_later(poll_id: int, language: str) -> str:
    with i18n.in_language(language):
        return count_words(queries.whole_poll(db.session(), poll_id).answer_count)


def on_control(session: Session, stage: Stage) -> str:
    """The polls of a stage with the presses of those who steer it, as part of the control view."""
    polls = queries.polls_of(session, stage)
    rows = sorted((view(poll) for poll in polls), key=lambda row: _turn(row["poll"]))
    return pages.partial("polls/_control.html", i18n.language(), stage=stage, polls=rows)


def _turn(poll: Poll) -> tuple[int, int]:
    """The open one first, then what is to come in its order, then what is over, the newest first."""
    if poll.is_open:
        return 0, 0
    return (1, poll.no) if poll.opened_at is None else (2, -poll.no)


def on_wall(session: Session, stage: Stage) -> str:
    """The poll that the wall shows; in a rehearsal an invented one. Empty when there is none."""
    poll = sample() if stage.rehearsal else queries.poll_on_screen(session, stage)
    return pages.partial("polls/_wall.html", i18n.language(), **view(poll)) if poll is not None else ""


def sample() -> Poll:
    """An invented result for a rehearsal: it was never stored, and nothing of it will be."""
    options = [_("Sample: the first answer"), _("Sample: the second answer"), _("Sample: the third answer")]
    question = _("Sample: can everybody read the bars?")
    return Poll(
        id=0, no=0, kind=PollKind.SINGLE, question=question, options=options, result=[21, 12, 5], answer_count=38
    )
