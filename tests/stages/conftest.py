"""A meeting with its plenary, a workshop beside it, people, and decks that are drawn: all by the real actions."""

import uuid

import pytest
from sqlalchemy import select

from forsamlingshus.discussions import actions as discussions
from forsamlingshus.discussions import queries as discussion_queries
from forsamlingshus.discussions.models import Forum, QuestionFate, Thread
from forsamlingshus.kernel import db
from forsamlingshus.kernel import live as kernel_live
from forsamlingshus.kernel.db import transaction
from forsamlingshus.slides import actions as slides
from forsamlingshus.stages import actions
from forsamlingshus.stages.models import Stage, StageMoment
from tests.meetings.conftest import Meetings
from tests.slides.conftest import Decks, nudges, pushed

__all__ = ["nudges", "pushed"]


class Hall(Decks):
    """`hall.stage` is the plenary, led by `host`; `hall.room` the stage of a workshop, led by `rival`."""

    def __init__(self, app, build, session):
        self.app, self.build = app, build
        meetings = Meetings(build, session)
        meeting = meetings.add()
        workshop = meetings.workshop(meeting)
        self.scope, self.other_scope = meeting.scope_key, workshop.scope_key
        self.host = meetings.facilitator(meeting=meeting, name="Mette Holm")
        self.rival = meetings.facilitator(workshop=workshop, name="Otto Ordstyrer")
        self.staff = build.user("Birgit Dam", roles=["staff"])
        self.citizen, self.neighbour = build.user("Anne Bjerre"), build.user("Jens P.")
        self.users = {"host": self.host, "rival": self.rival, "staff": self.staff, "citizen": self.citizen}
        self.users["neighbour"] = self.neighbour
        self.forum_id = self.stage.forum_id

    @property
    def stage(self):
        return self._stage(self.scope)

    @property
    def room(self):
        return self._stage(self.other_scope)

    @staticmethod
    def _stage(scope):
        session = db.session()
        session.rollback()
        session.expire_all()
        return session.scalar(select(Stage).where(Stage.scope_key == scope))

    def steer(self, verb, who="host", stage=None, **values):
        """One press of somebody who leads."""
        stage = stage or self.stage
        with transaction() as session:
            return verb(session, who=self.who(who), stage=session.get_one(Stage, stage.id), **values)

    def ask(self, body="Hvor mange penge mangler der?", who="citizen", **values):
        stage = self.stage
        with transaction() as session:
            return actions.ask(
                session,
                who=self.who(who),
                stage=session.get_one(Stage, stage.id),
                body=body,
                client_id=values.pop("client_id", None) or str(uuid.uuid4()),
                **values,
            )

    def whole(self, post):
        session = db.session()
        session.rollback()
        session.expire_all()
        return discussion_queries.post_with_place(session, post.id)

    def settle(self, post, fate, who="host"):
        with transaction() as session:
            forum = session.get_one(Forum, self.stage.forum_id)
            discussions.settle_question(
                session, who=self.who(who), post=self.post(session, post), forum=forum, fate=QuestionFate(fate)
            )

    def merge(self, post, into, who="host"):
        with transaction() as session:
            forum = session.get_one(Forum, self.stage.forum_id)
            discussions.merge_question(
                session, who=self.who(who), post=self.post(session, post), into=self.post(session, into), forum=forum
            )

    def want(self, post, who="neighbour", wanted=True):
        with transaction() as session:
            forum = session.get_one(Forum, self.stage.forum_id)
            discussions.support_post(
                session, who=self.who(who), post=self.post(session, post), forum=forum, wanted=wanted
            )

    def hide(self, post, reason="Spørgsmålet angriber en person"):
        with transaction() as session:
            discussions.hide(
                session,
                who=self.who(),
                post=self.post(session, post),
                thread=session.get_one(Thread, post.thread_id),
                forum=session.get_one(Forum, self.stage.forum_id),
                reason_code="tone",
                reason=reason,
            )

    @staticmethod
    def post(session, post):
        return discussion_queries.post_with_place(session, post.id)

    def show(self, deck, no=1, who="host"):
        with transaction() as session:
            slides.start_presenting(session, who=self.who(who), deck_id=deck.id)
            if no != 1:
                slides.show_slide(session, who=self.who(who), deck_id=deck.id, no=no)
        return self.fresh(deck)

    def moments(self):
        session = db.session()
        session.rollback()
        return [
            (row.kind, row.slide_no or row.question_id or row.mode or None)
            for row in session.scalars(select(StageMoment).order_by(StageMoment.id))
        ]


@pytest.fixture
def hall(app, build, session, nudges, pushed):
    return Hall(app, build, session)


@pytest.fixture
def listener(app):
    """Sockets that follow a topic, and what they were answered."""
    sockets = []

    def listen(topic, client=None, **more):
        db.session().rollback()  # the socket reads with the test's own session, which may stand before the log-in
        socket = kernel_live.socketio.test_client(app, flask_test_client=client)
        sockets.append(socket)
        return socket, socket.emit("listen", {"topic": topic, "lang": "da", **more}, callback=True)

    yield listen
    for socket in sockets:
        if socket.is_connected():
            socket.disconnect()


@pytest.fixture
def deliver(app, pushed):
    """Send what was pushed, as the sender's thread would."""

    def send():
        with app.app_context():
            for topic in {change.topic for change in pushed}:
                kernel_live.send(topic, [change for change in pushed if change.topic == topic])
        pushed.clear()

    return send


def heard(socket):
    """The HTML that a socket got, joined."""
    messages = [row["args"][0] for row in socket.get_received() if row["name"] == "changes"]
    return "\n".join(change["html"] for message in messages for change in message["changes"])
