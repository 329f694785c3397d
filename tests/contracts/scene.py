"""What the matrix of permissions asks about, each thing somebody's own: made once, and put back after each write."""

import re

from sqlalchemy import text

from forsamlingshus.catalogue import actions as catalogue
from forsamlingshus.kernel import clock, db, limits, pages
from forsamlingshus.kernel.db import transaction
from forsamlingshus.meetings.models import SignUp
from forsamlingshus.slides import actions as slides
from tests import databases, tables
from tests.builders import Build
from tests.slides.conftest import Decks

ROLES = ("nobody", "citizen", "neighbour", "host", "rival", "staff", "council", "admin")
"""`citizen` wrote what is written, `host` leads the workshop with the forum and the decks, `rival` another one."""
FORUM = "/budget/2024/temaer/trivsel"
TALK = "FROM thread WHERE kind = 'talk'"
PLACE = re.compile(r"{(\w+)}")


class Scene:
    """`scene.ask(role, method, path, form)` is one request by somebody; `scene.put_back()` undoes what it changed."""

    def __init__(self, app):
        self.app = app
        tables.empty()
        self._build = Build()
        decks = Decks(app, self._build, db.session())
        self.users = dict.fromkeys(ROLES) | decks.users
        self.users["neighbour"] = decks.build.user("Nabo Jensen")
        self.users["council"] = decks.build.user("Bo Byråd", roles=["council"])
        self.users["admin"] = decks.build.user("Ada Admin", roles=["admin"])
        self.cookies = {role: self._enter(user) for role, user in self.users.items()}
        shown, hidden = decks.ready("En", "To"), decks.ready("Skjult", title="Et skjult oplæg")
        decks.do(slides.hide_deck, hidden, who=decks.who())
        with transaction() as session:
            catalogue.publish(session, budget_year=2024, at=clock.now())
        self.names = {
            "deck": shown.path,
            "control": shown.control_path,
            "hidden_deck": hidden.path,
            "hidden_control": hidden.control_path,
            "uploads": shown.manage_path,
            "image": self._value("SELECT image_key FROM slide WHERE deck_id = 1 AND no = 1"),
            "hidden_image": self._value("SELECT image_key FROM slide WHERE deck_id = 2 AND no = 1"),
            "thumb": self._value("SELECT thumb_key FROM slide WHERE deck_id = 1 AND no = 1"),
            "hidden_thumb": self._value("SELECT thumb_key FROM slide WHERE deck_id = 2 AND no = 1"),
            "theme": self._value("SELECT id FROM theme WHERE slug = 'trivsel'"),
            "forum": FORUM,
        }
        self._write()
        db.session().rollback()
        self._kept = databases.Copy()

    def ask(self, role, method, path, form=None):
        """What the answer was: a status, or `login` for the way to the log-in page."""
        cookie, token = self.cookies[role]
        client = self.app.test_client()
        client.check_pages = False
        client.set_cookie("fh_session", cookie)
        if method == "POST":
            answer = client.post(self.named(path), data={**self._form(form or {}), "csrf_token": token}, buffered=True)
        else:
            answer = client.get(self.named(path), buffered=True)
        to_log_in = answer.status_code == 303 and answer.headers["Location"].startswith("/log-ind")
        return "login" if to_log_in else str(answer.status_code)

    def put_back(self):
        """Everything as it was before the last write."""
        db.session().rollback()
        self._kept.restore()
        limits.forget_all()
        pages.forget_all()

    def named(self, path):
        """A path with the scene's names in it."""
        return PLACE.sub(lambda found: str(self.names[found.group(1)]), path)

    def _form(self, form):
        return {name: self.named(value) for name, value in form.items()}

    def _enter(self, user):
        client = self.app.test_client()
        if user is not None:
            client.log_in(user)
        token = client.token("/min-side/indstillinger" if user is not None else "/log-ind")
        return client.get_cookie("fh_session").value, token

    def _write(self):
        """The citizen's thread, posts, draft and log-in elsewhere; staff's inputs and proposals."""
        names = self.names
        self._send("citizen", f"{FORUM}/ny", title="Min tråd", body="Ord, der bliver citeret.", prompt_no="0")
        names["thread"], names["thread_id"] = self._value(f"SELECT path {TALK}"), self._value(f"SELECT id {TALK}")
        names["post"] = self._value("SELECT id FROM post")
        names["contribution"] = self._value("SELECT contribution_id FROM post")
        held = "Ring til mig på 22 33 44 55."
        answer = self._send("citizen", names["thread"], body=held)
        confirmed = re.search(r'name="confirmed" value="(\w+)"', answer.get_data(as_text=True)).group(1)
        self._send("citizen", names["thread"], body=held, confirmed=confirmed, confirm_box="1")
        names["held"] = self._value("SELECT id FROM post WHERE state = 'held'")
        self._send(
            "citizen",
            "/min-side/kladder/gem",
            box=f"thread:{names['thread_id']}",
            path=names["thread"],
            body="En kladde",
        )
        names["draft"] = self._value("SELECT id FROM draft")
        self._enter(self.users["citizen"])
        names["session"] = self._value("SELECT max(id) FROM login_session")
        quoted = {"quote": "Ord, der bliver citeret.", "target": "nyt", "title": "Et input", "theme": names["theme"]}
        self._send("staff", f"/arbejde/input/citat/{names['contribution']}", **quoted)
        names["input"], names["quote"] = 1, self._value("SELECT id FROM quote")
        for number, status in (("1", "ready"), ("2", "draft")):
            self._send("staff", "/arbejde/forslag/nyt", **self._form({**PROPOSAL, "number": number, "status": status}))
        names["proposal_id"] = self._value("SELECT id FROM proposal WHERE number = 1")
        names["input_id"] = self._value("SELECT id FROM input")
        self._send("staff", "/arbejde/forslag/knyt", input=str(names["input_id"]), proposal=str(names["proposal_id"]))
        page = self._client("staff").get("/arbejde/moderation").get_data(as_text=True)
        names["seen"] = re.search(r'name="seen" value="(\w+)"', page).group(1)
        self._meet()

    def _meet(self):
        """The meeting's code, the stage of the host's workshop, a question to it, and somebody who lost the word.

        The citizen signed up before the meeting, which is long over, and a point stands in its programme.
        """
        names = self.names
        self._send("staff", "/arbejde/borgermoede/2024/program/nyt", title_da="Velkomst", deck="0", workshop="0")
        names["point"] = self._value("SELECT id FROM agenda_item")
        names["email"], names["host_id"] = self.users["neighbour"].email, self.users["host"].id
        names["workshop_id"] = self._value("SELECT id FROM workshop WHERE slug = 'trivsel'")
        with transaction() as session:
            citizen = self.users["citizen"].author_id
            session.add(SignUp(meeting_id=1, author_id=citizen, name="Et Navn", created_at=clock.now()))
        names["code"] = self._value("SELECT join_code FROM meeting")
        names["stage"] = self._value(f"SELECT control_path FROM stage WHERE place_path = '{FORUM}'")
        names["key"] = self._value(f"SELECT display_key FROM stage WHERE place_path = '{FORUM}'")
        names["forum_id"] = self._value(f"SELECT id FROM forum WHERE path = '{FORUM}'")
        self._send("citizen", f"{FORUM}/live", body="Hvor kan vi læse mere?")
        names["question"] = self._value("SELECT max(id) FROM post")
        self.cookies["loud"] = self._enter(self._build.user("Larmende Lars"))
        self._send("loud", names["thread"], body="Det her er mit eget.")
        loud = self._value("SELECT max(id) FROM post")
        self._send("host", f"/i/{loud}/fratag-ordet", reason_code="tone", length="day", where="here")
        names["mute"] = self._value("SELECT id FROM mute")
        self._gather()

    def _gather(self):
        """Of the host's workshop: a poll that is open, one that is prepared, and a note from paper."""
        names, poll = (
            self.names,
            {"kind": "single", "question": "Hvad nu?", "options": "Det ene\nDet andet", "points": "10"},
        )
        for _poll in range(2):
            self._send("host", f"{names['stage']}/afstemninger/ny", **poll, about="")
        self._send("host", f"{names['stage']}/afstemning/1/aaben")
        names["workshop"] = self._value("SELECT id FROM workshop WHERE slug = 'trivsel'")
        self._send("host", "/styring/2024/trivsel/bordnoter", **self._form(NOTE))
        names["note"] = self._value("SELECT id FROM table_note")

    def _client(self, role):
        client = self.app.test_client()
        client.check_pages = False
        client.set_cookie("fh_session", self.cookies[role][0])
        return client

    def _send(self, role, where, /, **fields):
        answer = self._client(role).post(where, data={**fields, "csrf_token": self.cookies[role][1]})
        assert answer.status_code in {303, 422}, (where, answer.status_code)
        return answer

    def _value(self, query):
        with db.db.engine.connect() as connection:
            return connection.execute(text(query)).scalar()


PROPOSAL = {
    "title": "Et forslag",
    "lead": "Kort sagt.",
    "committee": "Børn og unge",
    "content": "Det hele.",
    "theme": "{theme}",
    "type": "reduction",
    "source": "administration",
} | {f"amount_{no}": "-100" for no in range(4)}
NOTE = {"place": "{workshop}", "table": "4", "prompt": "0", "note": "Lad det være, som det er.", "people": "6"}
