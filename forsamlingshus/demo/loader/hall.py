"""What happened in the hall: the meeting begins, people ask and want to know too, the questions find their fates."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import select

from forsamlingshus.demo.loader import cast
from forsamlingshus.demo.loader.stage import ANSWERS, Stage, Support
from forsamlingshus.demo.told import LaterFate, QuestionText
from forsamlingshus.discussions import actions as discussions
from forsamlingshus.discussions.models import Forum, Question, QuestionFate, Thread
from forsamlingshus.kernel.clock import COPENHAGEN
from forsamlingshus.slides.models import Deck
from forsamlingshus.stages import actions as stages
from forsamlingshus.stages.models import Stage as LiveStage

ONE_AFTER_THE_OTHER = timedelta(seconds=6)
"""From one person who wants to know the same to the next."""
GO_ON = datetime(2023, 5, 4, 9, tzinfo=COPENHAGEN)
"""When the questions that nobody answered go on in threads: the morning after."""


def plan(stage: Stage) -> None:
    """Plan the evening in the plenary and in the workshops, and that everything ends with the meeting."""
    texts = stage.texts
    plenary, *rooms = stage.session.scalars(select(LiveStage).order_by(LiveStage.id)).all()
    hall = _Hall(stage, plenary, texts.meeting["facilitator"])
    stage.at(texts.meeting["begun_at"], hall.begin)
    guests = [key for key, person in texts.people.items() if person.role == "guest"]
    stage.at(texts.meeting["begun_at"], partial(cast.join, stage, plenary.scope_key, guests))
    hall.plan((*texts.questions, *texts.after.questions))
    for fate in texts.after.fates:
        hall.plan_later(fate)
    for room in rooms:
        evening = next(one for one in texts.after.workshops if room.place_path.endswith(f"/{one.slug}"))
        there = _Hall(stage, room, evening.host)
        stage.at(evening.first_slide_at, there.begin)
        there.plan(evening.questions)
    for one in (plenary, *rooms):
        stage.at(texts.meeting["ends_at"], partial(_close, stage, one))
        stage.at(GO_ON, partial(_go_on, stage, one))
    for post in texts.after.continued:
        stage.at(post["at"], partial(_talk_on, stage, post))


def _close(stage: Stage, one: LiveStage) -> None:
    stages.close_stage(stage.session, who=stage.who(ANSWERS), stage=one)


def _go_on(stage: Stage, one: LiveStage) -> None:
    stages.continue_questions(stage.session, who=stage.who(ANSWERS), stage=one)


def _talk_on(stage: Stage, text: Mapping[str, Any]) -> None:
    """Write in the thread in which a question goes on."""
    question = stage.session.get_one(Question, stage.posts[text["question"]].id)
    thread = stage.session.get_one(Thread, question.thread_id)
    stage.posts[text["key"]] = discussions.write_post(
        stage.session,
        who=stage.who(text["author"]),
        thread=thread,
        forum=stage.session.get_one(Forum, thread.forum_id),
        body=text["text"],
        client_id=text["key"],
    )


class _Hall:
    """The plenary or a workshop while it goes on."""

    def __init__(self, stage: Stage, plenary: LiveStage, host: str) -> None:
        self.stage, self.plenary, self.session, self.host = stage, plenary, stage.session, host
        self.thread = stage.session.get_one(Thread, plenary.thread_id)
        self.forum = stage.session.get_one(Forum, plenary.forum_id)

    def plan(self, questions: Sequence[QuestionText]) -> None:
        """Plan who asks what, who wants to know it too, and what becomes of it."""
        citizens = [key for key, person in self.stage.texts.people.items() if person.role == "citizen"]
        for place, question in enumerate(questions):
            self.stage.at(question.at, partial(self.ask, question))
            if question.fate_at:
                self.stage.at(question.fate_at, partial(self.settle, question))
            others = [key for key in citizens[place:] + citizens[:place] if key != question.author]
            for number, key in enumerate(others[: question.supports], 1):
                press = Support(person=key, post=question.key, forum=self.forum)
                self.stage.at(question.at + number * ONE_AFTER_THE_OTHER, press)

    def plan_later(self, text: LaterFate) -> None:
        """Plan what becomes of a question of before."""
        if text.shown_at:
            self.stage.at(text.shown_at, partial(self.show, text))
        if text.at:
            self.stage.at(text.at, partial(self.end, text))
        if text.answered_at:
            self.stage.at(text.answered_at, partial(self.answer, text.question, text.answer))

    def show(self, text: LaterFate) -> None:
        post, who = self.stage.posts[text.question], self.stage.who(self.host)
        stages.show_question(self.session, who=who, stage=self.plenary, post=post)

    def end(self, text: LaterFate) -> None:
        post, who = self.stage.posts[text.question], self.stage.who(self.host)
        if text.fate == "released":
            discussions.release(self.session, who=who, post=post, thread=self.thread, forum=self.forum)
            return
        fate = QuestionFate(text.fate)
        discussions.settle_question(self.session, who=who, post=post, forum=self.forum, fate=fate)
        if text.shown_at:
            stages.show_question(self.session, who=who, stage=self.plenary, post=None)

    def answer(self, key: str, words: str) -> None:
        """The municipality answers in writing."""
        post, who = self.stage.posts[key], self.stage.who(ANSWERS)
        discussions.answer_post(self.session, who=who, post=post, forum=self.forum, body=words)

    def begin(self) -> None:
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
            self.answer(text.key, text.answer)
