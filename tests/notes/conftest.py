"""Notes from paper at a meeting with two workshops."""

import uuid

import pytest
from sqlalchemy import select

from forsamlingshus.kernel.db import transaction
from forsamlingshus.meetings.models import Meeting, Prompt
from forsamlingshus.notes import actions, queries
from forsamlingshus.notes.actions import Sheet
from tests.meetings.conftest import Meetings

EVENING = "2023-05-03T20:00:00+02:00"
PROMPTS = [("Hvad må vi ikke røre?", "What must we leave alone?"), ("Hvad kan vi undvære?", "What can we do without?")]


class Paper:
    """`host` leads `workshop`, `rival` another one, `leader` the meeting; `enter()` enters a note."""

    def __init__(self, app, build, session):
        self.app, self.build, self.session = app, build, session
        meetings = Meetings(build, session)
        self.meeting = meetings.add()
        self.workshop = meetings.workshop(self.meeting, prompts=PROMPTS)
        self.other = meetings.workshop(self.meeting, slug="groen", name="Grøn", token="groen", prompts=PROMPTS[:1])
        self.users = {
            "host": meetings.facilitator(workshop=self.workshop, name="Vibeke Ordstyrer"),
            "rival": meetings.facilitator(workshop=self.other, name="Otto Ordstyrer"),
            "leader": meetings.facilitator(meeting=self.meeting, name="Mette Holm"),
            "staff": build.user("Birgit Dam", roles=["staff"]),
            "citizen": build.user("Anne Bjerre"),
        }
        self.scopes = {"host": self.workshop, "rival": self.other, "leader": self.meeting}
        self.path = "/styring/2024/trivsel/bordnoter"

    def who(self, name="host", **values):
        if name == "nobody":
            return self.build.who(None, **values)
        scopes = [self.scopes[name].scope_key] if name in self.scopes else []
        roles = ["staff"] if name == "staff" else []
        return self.build.who(self.users[name], roles=roles, scopes=scopes, **values)

    def client(self, name="host"):
        client = self.app.test_client()
        if name != "nobody":
            client.log_in(self.users[name])
        return client

    def prompt(self, no=1, workshop=None):
        """The id of a question that is asked in a workshop."""
        wanted = select(Prompt.id).where(Prompt.workshop_id == (workshop or self.workshop).id, Prompt.no == no)
        return self.session.scalar(wanted)

    def enter(self, text="Lad morgensvømningen være.", who="host", *, table=4, client_id=None, **values):
        values.setdefault("workshop_id", self.workshop.id)
        with transaction() as session:
            return actions.enter_note(
                session,
                who=self.who(who) if isinstance(who, str) else who,
                meeting=session.get_one(Meeting, self.meeting.id),
                sheet=Sheet(table_no=table, text=text, **values),
                client_id=client_id or str(uuid.uuid4()),
            )

    def do(self, verb, note, who="host", **values):
        with transaction() as session:
            return verb(session, who=self.who(who), note=queries.note(session, note.id), **values)

    def rows(self):
        self.session.rollback()
        self.session.expire_all()
        return list(queries.notes_on(self.session, self.workshop))


@pytest.fixture
def paper(app, build, session, at):
    at(EVENING)
    return Paper(app, build, session)
