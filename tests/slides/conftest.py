"""Builders of decks: a workshop with its facilitator, another one, and decks in every state, by the real actions."""

import io
from types import SimpleNamespace

import pytest
from PIL import Image

from forsamlingshus.kernel import db
from forsamlingshus.kernel.db import transaction
from forsamlingshus.slides import actions
from forsamlingshus.slides.models import Deck
from tests.meetings.conftest import Meetings
from tests.slides.pdfs import SLIDE, deck, says


def pdf_of(*words):
    """A PDF with one slide for each text."""
    return deck(*((says(text), SLIDE) for text in words or ("Første", "Anden", "Tredje")))


def webp(colour):
    out = io.BytesIO()
    Image.new("RGB", (16, 9), colour).save(out, "WEBP", lossless=True)
    out.seek(0)
    return out


class Decks:
    """`decks.host` facilitates `decks.scope`, `decks.rival` another workshop, `decks.citizen` nothing."""

    def __init__(self, app, build, session):
        self.app, self.build = app, build
        meetings = Meetings(build, session)
        meeting = meetings.add()
        workshop = meetings.workshop(meeting)
        other = meetings.workshop(meeting, slug="groen", name="Grøn", token="groen")
        self.forum_id = workshop.forum_id
        self.scope, self.other_scope = workshop.scope_key, other.scope_key
        self.host = meetings.facilitator(workshop=workshop, name="Vibeke Ordstyrer")
        self.rival = meetings.facilitator(workshop=other, name="Otto Ordstyrer")
        self.staff = build.user("Mette Holm", roles=["staff"])
        self.citizen = build.user("Anne Bjerre")
        self.users = {"host": self.host, "rival": self.rival, "staff": self.staff, "citizen": self.citizen}

    @property
    def store(self):
        return self.app.extensions["forsamlingshus.files"]

    def who(self, name="host", **kwargs):
        roles = {"staff": ("staff",)}.get(name, ())
        scopes = {"host": (self.scope,), "rival": (self.other_scope,)}.get(name, ())
        if name == "nobody":
            return self.build.who(None, **kwargs)
        return self.build.who(self.users[name], roles=roles, scopes=scopes, **kwargs)

    def client(self, name):
        """A browser in which that person is logged in."""
        client = self.app.test_client()
        if name != "nobody":
            client.log_in(self.users[name])
        return client

    def upload(self, content=None, *, title="Vores svømmehal", name="svømmehal æøå.pdf", **values):
        key, size = self.store.put(io.BytesIO(content or pdf_of()), limit=50_000_000)
        given = {"scope_key": self.scope, "budget_year": 2024, "place_title": "Trivsel", "speaker": "Kultur og fritid"}
        given |= {"place_path": "/budget/2024/temaer/trivsel", "manage_path": "/styring/2024/trivsel/oplaeg"}
        given["forum_id"] = self.forum_id
        with transaction() as session:
            return actions.upload_deck(
                session,
                who=values.pop("who", None) or self.who(),
                title=title,
                file_key=key,
                file_size=size,
                file_name=name,
                **{**given, **values},
            )

    def draw(self, deck, *texts, pages=None, first=1):
        """Draw some slides as the job would: a small picture of its own colour for each."""
        with transaction() as session:
            if actions.take_up(session, deck_id=deck.id):
                actions.count_slides(session, deck_id=deck.id, pages=pages or len(texts))
        for no, text in enumerate(texts, first):
            image, thumb = (self.store.put(webp((deck.id % 256, no, side)), limit=10**6)[0] for side in (0, 1))
            with transaction() as session:
                actions.add_slide(
                    session, deck_id=deck.id, no=no, width=16, height=9, image_key=image, thumb_key=thumb, text=text
                )
        return self.fresh(deck)

    def ready(self, *texts, **values):
        """A deck that is drawn and, unless its texts forbid it, public."""
        drawn = self.draw(self.upload(**values), *(texts or ("Første", "Anden", "Tredje")))
        with transaction() as session:
            actions.finish_deck(session, deck_id=drawn.id)
        return self.fresh(drawn)

    def failed(self, fault="broken", **values):
        deck = self.upload(**values)
        with transaction() as session:
            actions.fail_deck(session, deck_id=deck.id, fault=fault)
        return self.fresh(deck)

    def present(self, deck, no=1, who=None):
        with transaction() as session:
            actions.start_presenting(session, who=who or self.who(), deck_id=deck.id)
            if no != 1:
                actions.show_slide(session, who=who or self.who(), deck_id=deck.id, no=no)
        return self.fresh(deck)

    def do(self, verb, deck, **values):
        """One action on a deck, in a transaction of its own."""
        with transaction() as session:
            return verb(session, deck=session.get_one(Deck, deck.id), **values)

    @staticmethod
    def fresh(deck):
        session = db.session()
        session.rollback()
        session.expire_all()
        return session.get(Deck, deck.id)


@pytest.fixture
def nudges(app, monkeypatch):
    """The jobs that would run; without them a deck stays where a test puts it."""
    asked = []
    monkeypatch.setattr(app.extensions["forsamlingshus.jobs"], "run", lambda name, row_id: asked.append((name, row_id)))
    return asked


@pytest.fixture
def pushed(app, monkeypatch):
    """What is handed to the sender."""
    changes = []
    monkeypatch.setattr(app.extensions["forsamlingshus.sender"], "push", changes.extend)
    return changes


@pytest.fixture
def decks(app, build, session, nudges, pushed):
    return Decks(app, build, session)


@pytest.fixture
def drawing_decks(app, build, session, pushed):
    """The same, with the real job behind it."""
    return Decks(app, build, session)


@pytest.fixture
def pixels():
    return SimpleNamespace(webp=webp)
