"""An instance with somebody of every role, and every text field of every form as a function of what is typed there."""

import io
import re
from contextlib import contextmanager
from itertools import count
from typing import NamedTuple

from sqlalchemy import text

from forsamlingshus.accounts import rules as account_rules
from forsamlingshus.catalogue import actions as catalogue
from forsamlingshus.kernel import clock, db, html, limits
from forsamlingshus.kernel.db import transaction
from tests import tables
from tests.builders import Build
from tests.slides.conftest import Decks, pdf_of

FORUM = "/budget/2024/temaer/trivsel"
HIDDEN = re.compile(r'name="(confirmed|edition)" value="([^"]+)"')


class Person:
    """A test client of one person, with one token for all it sends."""

    def __init__(self, app, user=None):
        self.client = app.test_client()
        self.client.check_pages = False
        if user is not None:
            self.client.log_in(user)
        self.cookie = self.client.get_cookie("fh_session")
        self._token = self.client.token()

    def get(self, path, **kwargs):
        return self.client.get(path, **kwargs)

    def send(self, path, /, **fields):
        """Send a form; what the guard doubts is confirmed, as a person would who means it."""
        given = {**fields, "csrf_token": self._token}
        answer = self.client.post(path, data=given)
        if answer.status_code == 422:
            confirmed = dict(HIDDEN.findall(answer.get_data(as_text=True))).get("confirmed")
            if confirmed:
                answer = self.client.post(path, data={**given, "confirmed": confirmed, "confirm_box": "1"})
        return answer


class Hall:
    """The instance. Rows stay between the tests of a module: what one writes, another reads."""

    def __init__(self, app):
        self.app = app
        self._numbers = count(1)
        with app.app_context():
            tables.empty()
            decks = Decks(app, Build(), db.session())
            deck = decks.ready("Første slide", "Anden slide")
            self.deck_path, self.deck_control = deck.path, deck.control_path
            self.uploads = deck.manage_path
            with transaction() as session:
                catalogue.publish(session, budget_year=2024, at=clock.now())
            self.theme = db.session().execute(text("SELECT id FROM theme WHERE slug = 'trivsel'")).scalar_one()
            self.citizen, self.host, self.staff = (
                Person(app, user) for user in (decks.citizen, decks.host, decks.staff)
            )
            self.stranger = Person(app)
            self.neighbour = Person(app, Build().user("Nabo uden for nummer", email="nabo@example.org"))
        self.thread_path = self.thread("Den første tråd")
        self.post_id = self.post("Det første indlæg")
        self.contribution = self.value(
            f"SELECT contribution_id FROM post WHERE id = {self.post('Ord, der bliver citeret.')}"
        )
        _input_of_quote(self, "Det første input")
        self.input_number = 1

    def number(self):
        return next(self._numbers)

    def value(self, query):
        """The first column of the first row, as it stands in the database now."""
        with self.app.app_context(), db.db.engine.connect() as connection:
            return connection.execute(text(query)).scalar()

    def row(self, query):
        with self.app.app_context(), db.db.engine.connect() as connection:
            return tuple(connection.execute(text(query)).one())

    def column(self, query):
        with self.app.app_context(), db.db.engine.connect() as connection:
            return list(connection.execute(text(query)).scalars())

    def thread(self, title, body="Her begynder tråden."):
        answer = self.citizen.send(f"{FORUM}/ny", title=title, body=body, prompt_no="0")
        assert answer.status_code == 303, answer.status_code
        return answer.headers["Location"].partition("#")[0]

    def post(self, body, who=None):
        answer = (who or self.citizen).send(self.thread_path, body=body)
        assert answer.status_code == 303, answer.status_code
        return self.value("SELECT max(id) FROM post")

    def upload(self, title, speaker=""):
        """A deck of one slide, through the form."""
        file = (io.BytesIO(pdf_of("Slide")), "slides.pdf", "application/pdf")
        return self.host.send_file(self.uploads, title=title, speaker=speaker, file=file)


@contextmanager
def opened(app, monkeypatch):
    """A hall without limits of speed, with cheap hashes, no drawing and no push: these have tests of their own."""
    from argon2 import PasswordHasher

    from forsamlingshus.accounts import passwords
    from forsamlingshus.accounts.views import tries
    from forsamlingshus.discussions.views import base

    many = 10**9
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    for module, name in (
        (tries, "ACCOUNT"),
        (tries, "ADDRESS"),
        (tries, "NEW_ACCOUNT"),
        (tries, "KNOWN"),
        (tries, "NAME"),
    ):
        monkeypatch.setattr(module, name, limits.Limit(name, many, 1))
    for name in ("WRITING", "SUPPORTING"):
        monkeypatch.setattr(base, name, limits.Limit(name, many, 1))
    monkeypatch.setattr(app.extensions["forsamlingshus.jobs"], "run", lambda name, row_id: None)
    monkeypatch.setattr(app.extensions["forsamlingshus.sender"], "push", lambda changes: None)
    yield Hall(app)
    clock.start_at(None)


class Field(NamedTuple):
    """One text field, or all of a form.

    `send(hall, typed)` gives the answer; `kept(hall)` what is then stored, `tidied(typed)` what should be.
    """

    name: str
    send: object
    kept: object = None
    tidied: object = html.tidy


STAND_IN = "Ord"


def fits(typed, most):
    """What is typed, or a word in its place where the field is too short for it or may not be empty."""
    return typed if 0 < len(html.tidy(typed)) <= most else STAND_IN


def _newest(table, *columns, order="id"):
    def kept(hall):
        return hall.row(f"SELECT {', '.join(columns)} FROM {table} ORDER BY {order} DESC LIMIT 1")

    return kept


def _tidied(*most):
    """What a form with fields of these lengths stores when the same is typed in each."""
    return lambda typed: tuple(html.tidy(fits(typed, length)) for length in most)


def _thread(hall, typed):
    return hall.citizen.send(f"{FORUM}/ny", title=fits(typed, 120), body=fits(typed, 2000), prompt_no="0")


def _edit(hall, typed):
    seen = hall.value(f"SELECT source FROM post WHERE id = {hall.post_id}")
    return hall.citizen.send(f"/i/{hall.post_id}/ret", body=typed, seen=seen)


def _quote(hall, typed):
    """A reply that quotes the whole of a post which says just that."""
    answer = hall.neighbour.send(hall.thread_path, body=f"`{typed}`")
    if answer.status_code != 303:
        return answer
    return hall.citizen.send(f"/i/{hall.value('SELECT max(id) FROM post')}/svar", body="Et svar", quote=typed)


def _words(typed):
    """How a quote is tidied: its marks go, and white space of any kind is one space."""
    return (" ".join(html.tidy(typed).strip('»«"” ').split()),)


def _hide(hall, typed):
    post_id = hall.value("SELECT max(id) FROM post WHERE state = 'visible'")
    return hall.staff.send(f"/i/{post_id}/skjul", reason_code="tone", reason=typed)


def _sign_up(hall, typed):
    given = {"email": f"ny{hall.number()}@example.org", "password": "sommerfugle og kaffe", "name": typed}
    return Person(hall.app).send("/opret", **given)


def _name(typed):
    return (account_rules.tidy_name(html.tidy(typed)),)


def _draft(hall, typed):
    given = {"title": fits(typed, 200), "body": fits(typed, 20_000), "path": hall.thread_path}
    return hall.citizen.send("/min-side/kladder/gem", box=f"thread:{hall.number()}", **given)


def _deck(hall, typed):
    return hall.host.send(f"{hall.deck_control}/ret", title=fits(typed, 120), speaker=fits(typed, 120))


def _input(hall, typed):
    given = {"title": fits(typed, 120), "note": fits(typed, 500), "theme": hall.theme}
    return hall.staff.send(f"/arbejde/input/{hall.input_number}", **given)


def _input_of_quote(hall, typed):
    words = hall.value(f"SELECT text FROM contribution WHERE id = {hall.contribution}")
    given = {"quote": words, "target": "nyt", "title": typed, "theme": hall.theme}
    return hall.staff.send(f"/arbejde/input/citat/{hall.contribution}", **given)


PROPOSAL = {"title": 120, "lead": 400, "committee": 80} | dict.fromkeys(
    ("content", "citizens", "staff", "legal", "implementation", "risk"), 5000
)


def _proposal(hall, typed):
    given = {name: fits(typed, most) for name, most in PROPOSAL.items()}
    given |= {"number": str(hall.number() % 999 + 1), "theme": hall.theme, "type": "reduction", "status": "ready"}
    given |= {"source": "administration", "fte": ""} | {f"amount_{no}": "-100" for no in range(4)}
    return hall.staff.send("/arbejde/forslag/nyt", **given)


TEXTS = [
    Field(
        "post",
        lambda hall, typed: hall.citizen.send(hall.thread_path, body=typed),
        _newest("post", "source"),
        _tidied(2000),
    ),
    Field(
        "thread",
        _thread,
        _newest("thread JOIN post ON thread_id = thread.id", "title", "source", order="post.id"),
        _tidied(120, 2000),
    ),
    Field(
        "reply",
        lambda hall, typed: hall.citizen.send(f"/i/{hall.post_id}/svar", body=typed),
        _newest("post", "source"),
        _tidied(2000),
    ),
    Field("quote in a reply", _quote, _newest("post", "quote"), _words),
    Field(
        "edited post", _edit, lambda hall: hall.row(f"SELECT source FROM post WHERE id = {hall.post_id}"), _tidied(2000)
    ),
    Field("reason", _hide, _newest("post", "reason", order="ended_at"), lambda typed: (html.tidy(typed).rstrip("."),)),
    Field(
        "name in settings",
        lambda hall, typed: hall.neighbour.send("/min-side/indstillinger/navn", name=typed),
        lambda hall: hall.row(
            "SELECT name FROM author JOIN user ON author_id = author.id WHERE email = 'nabo@example.org'"
        ),
        _name,
    ),
    Field("name at sign-up", _sign_up, _newest("author", "name"), _name),
    Field("draft", _draft, _newest("draft", "title", "body"), _tidied(200, 20_000)),
    Field("deck", _deck, _newest("deck", "title", "speaker"), _tidied(120, 120)),
    Field(
        "slide's description",
        lambda hall, typed: hall.host.send(f"{hall.deck_control}/slide/1", alt=typed),
        _newest("slide", "alt", order="-no"),
        lambda typed: (html.tidy(typed),),
    ),
    Field("input", _input, lambda hall: hall.row("SELECT title, note FROM input WHERE number = 1"), _tidied(120, 500)),
    Field("input of a quote", _input_of_quote, _newest("input", "title"), _tidied(120)),
    Field("proposal", _proposal, _newest("proposal", *PROPOSAL), _tidied(*PROPOSAL.values())),
]


def _argument(path, *names):
    return lambda hall, typed: hall.staff.get(path, query_string=dict.fromkeys(names, typed))


def _numbers(hall, typed):
    names = ("number", "theme", "type", "status", "source", "fte", *(f"amount_{no}" for no in range(4)))
    return hall.staff.send("/arbejde/forslag/nyt", title="T", lead="L", committee="U", **dict.fromkeys(names, typed))


OTHERS = [
    Field(
        "log in", lambda hall, typed: hall.stranger.send("/log-ind", email=typed, password=typed, next=typed, box=typed)
    ),
    Field(
        "address at sign-up",
        lambda hall, typed: hall.stranger.send("/opret", email=typed, name="Ny", password="sommerfugle og kaffe"),
    ),
    Field(
        "new password",
        lambda hall, typed: hall.neighbour.send("/min-side/indstillinger/adgangskode", current=typed, password=typed),
    ),
    Field("proposal's numbers", _numbers),
    Field("slide to show", lambda hall, typed: hall.host.send(f"{hall.deck_control}/vis", no=typed)),
    Field("place read", lambda hall, typed: hall.citizen.send("/traad/1/laest", position=typed)),
    Field(
        "what a write carries",
        lambda hall, typed: hall.citizen.send(f"{FORUM}/ny", title="T", body="B", prompt_no=typed, client_id=typed),
    ),
    Field(
        "box of a draft",
        lambda hall, typed: hall.citizen.send("/min-side/kladder/gem", box=typed, path=typed, body="Ord"),
    ),
    Field("board's arguments", _argument("/arbejde/input", "soeg", "efter", "foer", "tema", "vis", "kolonne")),
    Field("board's year", _argument("/arbejde/input", "aar")),
    Field("everybody's arguments", _argument("/budget/2024/katalog", "tema", "status", "sprog", "visning", "sorter")),
    Field("workshop's arguments", _argument(FORUM, "sorter", "fra", "antal")),
    Field("version", _argument(FORUM, "efter")),
    Field(
        "thread's arguments",
        lambda hall, typed: hall.citizen.get(
            hall.thread_path, query_string=dict.fromkeys(("fra", "foer", "vis"), typed)
        ),
    ),
    Field("report", lambda hall, typed: hall.citizen.client.post("/csp", data=typed.encode("utf-8", "surrogatepass"))),
]
