"""What happened in the hall: the doors open, people ask and want to know too, the questions find their fates."""

from datetime import timedelta
from functools import partial

from sqlalchemy import select

from forsamlingshus.demo.loader.stage import ANSWERS, Stage, Support
from forsamlingshus.demo.texts import QuestionText
from forsamlingshus.discussions import actions as discussions
from forsamlingshus.discussions.models import Forum, QuestionFate, Thread
from forsamlingshus.slides.models import Deck
from forsamlingshus.stages import actions as stages
from forsamlingshus.stages.models import Stage as LiveStage

ONE_AFTER_THE_OTHER = timedelta(seconds=6)
"""From one person who wants to know the same to the next."""


def plan(stage: Stage) -> None:
    """Plan the plenary's evening, and that everything ends with the meeting."""
    texts = stage.texts
    citizens = [key for key, person in texts.people.items() if person.role == "citizen"]
    plenary = stage.session.scalars(select(LiveStage).order_by(LiveStage.id)).first()
    assert plenary is not None
    hall = _Hall(stage, plenary)
    stage.at(texts.meeting["doors_open_at"], hall.open_doors)
    for place, question in enumerate(texts.questions):
        stage.at(question.at, partial(hall.ask, question))
        if question.fate_at:
            stage.at(question.fate_at, partial(hall.settle, question))
        others = [key for key in citizens[place:] + citizens[:place] if key != question.author]
        for number, key in enumerate(others[: question.supports], 1):
            press = Support(person=key, post=question.key, forum=hall.forum)
            stage.at(question.at + number * ONE_AFTER_THE_OTHER, press)
    for one in stage.session.scalars(select(LiveStage)).all():
        stage.at(texts.meeting["ends_at"], partial(_close, stage, one))


def _close(stage: Stage, one: LiveStage) -> None:
    stages.close_stage(stage.session, who=stage.who(ANSWERS), stage=one)


class _Hall:
    """The plenary while it goes on."""

    def __init__(self, stage: Stage, plenary: LiveStage) -> None:
        self.stage, self.plenary, self.session = stage, plenary, stage.session
        self.host = stage.texts.meeting["facilitator"]
        self.thread = stage.session.get_one(Thread, plenary.thread_id)
        self.forum = stage.session.get_one(Forum, plenary.forum_id)

    def open_doors(self) -> None:
        stages.start_stage(self.session, who=self.stage.who(self.host), stage=self.plenary)

    def ask(self, text: QuestionText) -> None:
        # As stages.ask does, which rightly sees no deck whose slides are not drawn; the demo's are drawn at the start.
        on = select(Deck).where(Deck.scope_key == self.plenary.scope_key, Deck.presenting)
        deck = self.session.scalar(on)
        self.stage.posts[text.key] = discussions.ask_question(
            self.session,
            who=self.stage.who(text.author),
            thread=self.thread,
            forum=self.forum,
            body=text.text,
            client_id=text.key,
            held=text.held,
            anonymous=text.anonymous,
            about_path=f"{deck.path}/{deck.showing}" if deck else "",
            about_title=f"slide {deck.showing}" if deck else "",
        )

    def settle(self, text: QuestionText) -> None:
        post, who = self.stage.posts[text.key], self.stage.who(self.host)
        if text.fate == "hidden":
            discussions.hide(
                self.session,
                who=who,
                post=post,
                thread=self.thread,
                forum=self.forum,
                reason_code="tone",
                reason=text.reason,
            )
        elif text.fate == QuestionFate.MERGED:
            into = self.stage.posts[text.into]
            discussions.merge_question(self.session, who=who, post=post, into=into, forum=self.forum)
        else:
            fate = QuestionFate(text.fate)
            discussions.settle_question(self.session, who=who, post=post, forum=self.forum, fate=fate)
        if text.answer:
            staff = self.stage.who(ANSWERS)
            discussions.answer_post(self.session, who=staff, post=post, forum=self.forum, body=text.answer)
