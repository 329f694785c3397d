"""Loads the demo through the verbs of the slices, each thing under the clock of its own moment."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from forsamlingshus.accounts.models import Author
from forsamlingshus.demo import texts
from forsamlingshus.demo.loader import cast, coming, debate, frame, hall, paper, polls, record, work
from forsamlingshus.demo.loader.stage import Stage
from forsamlingshus.demo.models import DemoState
from forsamlingshus.kernel import clock
from forsamlingshus.kernel.files import FileStore
from forsamlingshus.process import queries as process


def load(session: Session, *, chapter: str, password: str, store: FileStore) -> DemoState:
    """Load a chapter into an empty database; the domain clock stands at its moment afterwards.

    Subscribers hear nothing of it: nobody listens to a demo that is being built, and its slides are drawn at the start
    of the server, which sweeps up the decks that wait.
    """
    told = texts.read()
    until = told.moment(chapter)
    clock.start_at(frame.begins(told))
    year = frame.set_up_year(session, told, chapter)
    stage = Stage(session=session, texts=told, until=until, store=store, year=year)
    stage.openings = process.openings(session)
    stage.authors, stage.users = cast.enter(session, told.people, password=password)
    frame.set_up_meeting(stage)
    coming.plan(stage)
    polls.plan(stage)
    hall.plan(stage)
    paper.plan(stage)
    debate.plan(stage)
    record.plan(stage)
    work.plan(stage)
    stage.play()
    session.execute(update(Author).values(is_demo=True))  # the tables and the hall, which came with what they said
    state = DemoState(chapter=chapter, moment=until)
    session.add(state)
    session.flush()
    session.info["events"].clear()
    clock.start_at(until)
    return state
