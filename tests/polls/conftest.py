"""A meeting that goes on, with polls in every state: all by the real actions."""

import pytest

from forsamlingshus.kernel import db
from forsamlingshus.kernel.db import transaction
from forsamlingshus.meetings import actions as meetings
from forsamlingshus.meetings.models import GuestPolicy, Meeting
from forsamlingshus.polls import actions, queries
from forsamlingshus.polls.actions import Wording
from forsamlingshus.polls.models import Poll, PollKind
from forsamlingshus.stages.models import Stage
from tests.stages.conftest import Hall, deliver, listener, nudges, pushed

__all__ = ["deliver", "listener", "nudges", "pushed"]

EVENING = "2023-05-03T19:00:00+02:00"
QUESTION = "Hvad skal vi bruge flest kræfter på?"
OPTIONS = ("Genoptræning", "Bevægelse sammen", "Hjælp i hjemmet")


class Polls(Hall):
    """`polls.make()`, `polls.opened()`, `polls.answer(poll, "citizen", [1, 0, 0])`, `polls.closed()`."""

    def make(self, kind="single", *, who="host", question=QUESTION, options=OPTIONS, stage=None, **values):
        if kind == "scale":
            options = ("slet ikke", "", "", "", "i høj grad")
        wording = Wording(
            kind=PollKind(kind),
            question=question,
            options=options,
            points=values.pop("points", 10 if kind == "spread" else 0),
            **values,
        )
        with transaction() as session:
            here = session.get_one(Stage, (stage or self.stage).id)
            return actions.make_poll(session, who=self.who(who), stage=here, wording=wording)

    def do(self, verb, poll, who="host", **values):
        with transaction() as session:
            return verb(session, who=self.who(who), poll=queries.whole_poll(session, poll.id), **values)

    def opened(self, kind="single", **values):
        poll = self.make(kind, **values)
        self.do(actions.open_poll, poll)
        return poll

    def answer(self, poll, who="citizen", weights=(1, 0, 0)):
        return self.do(actions.answer_poll, poll, who, weights=list(weights))

    def close(self, poll, who="host"):
        return self.do(actions.close_poll, poll, who)

    def closed(self, kind="single", **values):
        """A poll that the citizen and the neighbour answered, each otherwise."""
        poll = self.opened(kind, **values)
        self.answer(poll, "citizen", (1, 0, 0))
        self.answer(poll, "neighbour", (0, 1, 0))
        return self.close(poll)

    @staticmethod
    def row(session, poll):
        session.rollback()
        session.expire_all()
        return queries.whole_poll(session, poll.id)

    @staticmethod
    def number(session):
        session.rollback()
        return session.query(Poll).count()

    def guests_may(self, policy):
        with transaction() as session:
            meeting = session.get_one(Meeting, int(self.scope.partition(":")[2]))
            meetings.set_guest_policy(session, who=self.who("staff"), meeting=meeting, policy=GuestPolicy(policy))

    def guest(self):
        """A browser in which somebody joined by the code."""
        client = self.app.test_client()
        client.join(db.session().get_one(Meeting, int(self.scope.partition(":")[2])))
        return client


@pytest.fixture
def polls(app, build, session, nudges, pushed, at):
    found = Polls(app, build, session)
    at(EVENING)
    return found
