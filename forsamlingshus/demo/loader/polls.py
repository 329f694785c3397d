"""The polls of the plenary: prepared, opened, answered by one person after the other, and closed."""

from datetime import timedelta
from functools import partial

from sqlalchemy import select

from forsamlingshus.demo.loader.stage import Stage
from forsamlingshus.demo.told import PollText
from forsamlingshus.meetings.models import AgendaItem
from forsamlingshus.polls import actions, queries
from forsamlingshus.polls.models import Poll, PollKind
from forsamlingshus.slides.models import Deck
from forsamlingshus.stages import actions as stages
from forsamlingshus.stages.models import Mode
from forsamlingshus.stages.models import Stage as LiveStage

ONE_AFTER_THE_OTHER = timedelta(seconds=2)
BACK_TO_THE_SLIDES = timedelta(seconds=20)
"""How long the wall shows a question or result before the facilitator goes on."""


def plan(stage: Stage) -> None:
    """Plan each poll from its preparation on; the chapter's moment may fall into one."""
    plenary = stage.session.scalars(select(LiveStage).order_by(LiveStage.id)).first()
    assert plenary is not None
    citizens = [key for key, person in stage.texts.people.items() if person.role == "citizen"]
    for place, text in enumerate(stage.texts.polls):
        one = _Poll(stage, plenary, text)
        stage.at(text.prepared_at, one.prepare)
        stage.at(text.opened_at, one.open)
        stage.at(text.opened_at + BACK_TO_THE_SLIDES, one.back_to_the_slides)
        weights = [answer["weights"] for answer in text.answers for _person in range(answer["people"])]
        people = citizens[place:] + citizens[:place]
        # So that an open poll has some of each, the answers come mixed: every seventh, and so on round.
        mixed = [row for first in range(7) for row in weights[first::7]]
        for number, (key, row) in enumerate(zip(people, mixed, strict=False), 1):
            stage.at(text.opened_at + number * ONE_AFTER_THE_OTHER, partial(one.answer, key, row))
        stage.at(text.closed_at, one.close)


class _Poll:
    """One poll while it goes on."""

    def __init__(self, stage: Stage, plenary: LiveStage, text: PollText) -> None:
        self.stage, self.plenary, self.text, self.session = stage, plenary, text, stage.session
        self.host = stage.texts.meeting["facilitator"]
        self.poll_id = 0

    @property
    def poll(self) -> Poll:
        return queries.whole_poll(self.session, self.poll_id)

    def prepare(self) -> None:
        text = self.text
        deck = self.session.scalar(select(Deck).where(Deck.scope_key == self.plenary.scope_key)) if text.slide else None
        agenda = select(AgendaItem.id).where(AgendaItem.no == text.agenda)
        wording = actions.Wording(
            kind=PollKind(text.kind),
            question=text.question,
            options=text.options,
            points=text.points,
            agenda_item_id=self.session.scalar(agenda) if text.agenda else None,
            deck_id=deck.id if deck else None,
            slide_no=text.slide or None,
        )
        who = self.stage.who(self.host)
        self.poll_id = actions.make_poll(self.session, who=who, stage=self.plenary, wording=wording).id

    def open(self) -> None:
        actions.open_poll(self.session, who=self.stage.who(self.host), poll=self.poll)

    def back_to_the_slides(self) -> None:
        stages.set_mode(self.session, who=self.stage.who(self.host), stage=self.plenary, mode=Mode.SLIDE_QUESTIONS)

    def answer(self, key: str, weights: list[int]) -> None:
        actions.answer_poll(self.session, who=self.stage.who(key), poll=self.poll, weights=weights)

    def close(self) -> None:
        actions.close_poll(self.session, who=self.stage.who(self.host), poll=self.poll)
