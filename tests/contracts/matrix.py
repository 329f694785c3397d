"""Prints the matrix of permissions as the app has it: `python -m tests.contracts.matrix`. Compare it with matrix.txt.

matrix.txt is what should be: nobody writes it over. Each line is a route, an address with names of the scene, and what
every role gets: a status, or `login` for the way to the log-in page.
"""

import re
import sys
from pathlib import Path
from typing import NamedTuple

from tests.contracts.scene import NOTE, PROPOSAL, ROLES

FILE = Path(__file__).with_name("matrix.txt")
FORMS = {
    "accounts.change_name": {"name": "Et nyt navn"},
    "accounts.check_log_in": {"email": "ingen@example.org", "password": "forkert"},
    "accounts.open_account": {"email": "ny@example.org", "name": "Ny", "password": "kort"},
    "accounts.save_draft": {"box": "thread:1", "path": "{thread}", "body": "Ord"},
    "accounts.delete_draft": {"box": "thread:1"},
    "catalogue.edit": {**PROPOSAL, "number": "1", "status": "ready", "edition": "1"},
    "catalogue.new": {**PROPOSAL, "number": "9", "status": "ready"},
    "catalogue.link": {"input": "{input_id}", "proposal": "{proposal_id}"},
    "discussions.write": {"body": "Et indlæg mere"},
    "discussions.new_thread": {"title": "En tråd mere", "body": "Ord", "prompt_no": "0"},
    "discussions.edit": {"body": "Andre ord", "seen": "Ord, der bliver citeret."},
    "discussions.reply": {"body": "Et svar"},
    "discussions.support": {"wanted": "1"},
    "discussions.answer": {"body": "Svaret er ja."},
    "discussions.hold_first": {"hold": "1"},
    "discussions.mute": {"reason_code": "tone", "length": "hour", "where": "here"},
    "discussions.hide": {"reason_code": "tone", "reason": "Tonen"},
    "discussions.release": {"seen": "{seen}"},
    "discussions.mark_read": {"position": "1"},
    "inputs.quote": {"quote": "bliver citeret", "target": "nyt", "title": "Et input mere", "theme": "{theme}"},
    "inputs.work": {"title": "Et andet navn", "note": "", "theme": "{theme}"},
    "polls.answer_plenary": {"choice": "1"},
    "polls.answer_workshop": {"choice": "1"},
    "polls.edit": {"kind": "multiple", "question": "Hvad så?", "options": "Ja\nNej", "about": "", "edition": "1"},
    "polls.new": {"kind": "multiple", "question": "Hvad så?", "options": "Ja\nNej", "about": ""},
    "notes.enter": NOTE,
    "notes.edit": {**NOTE, "note": "Andre ord", "edition": "1"},
    "slides.edit": {"title": "Et andet navn", "speaker": ""},
    "slides.write": {"body": "Om sliden"},
    "slides.describe": {"alt": "Et billede"},
    "slides.show": {"no": "2"},
    "slides.move": {"retning": "op"},
    "meetings.guests": {"guests": "on"},
    "meetings.guests_while_steering": {"guests": "on"},
    "meetings.door": {"attendance": "84"},
    "meetings.edit_point": {"edition": "1", "title_da": "Velkomst", "deck": "0", "workshop": "0"},
    "meetings.edit_workshop": {"edition": "1", "prompts_da": "Hvor?\nHvordan?"},
    "meetings.facilitators": {"email": "{email}", "scope": "0"},
    "meetings.facts": {
        "edition": "1",
        "title_da": "Møde",
        "day": "3.5.2023",
        "starts": "18.30",
        "ends": "20.30",
        "place": "Her",
    },
    "meetings.move_point": {"retning": "op"},
    "meetings.new_point": {"title_da": "Velkomst", "deck": "0", "workshop": "0"},
    "meetings.remove_facilitator": {"scope": "{workshop_id}"},
    "meetings.remove_point": {"edition": "1"},
    "meetings.sign_up": {"name": "Et Navn", "workshop": "0"},
    "records.keep_minutes": {"body": "Referatet", "edition": "1"},
    "records.summary": {"body": "Et punkt", "posts": "{post}"},
    "stages.ask_plenary": {"body": "Et spørgsmål til alle?"},
    "stages.ask_workshop": {"body": "Et spørgsmål til workshoppen?"},
    "stages.close": {"afterwards": "read_only"},
    "stages.question": {"fate": "answered"},
    "stages.release": {"seen": "{seen}"},
}


class Row(NamedTuple):
    """One line: what is asked, and what each role gets."""

    method: str
    endpoint: str
    path: str
    wanted: dict[str, str]

    def __str__(self):
        return f"{self.method} {self.endpoint} {self.path}"


def rows():
    """The lines of matrix.txt."""
    lines = [line.split() for line in FILE.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
    return [Row(*line[:3], dict(zip(ROLES, line[3:], strict=True))) for line in lines]


def asked(scene, row):
    """What each role gets now; what a write changed is undone before the next."""
    found = {}
    for role in ROLES:
        found[role] = scene.ask(role, row.method, row.path, FORMS.get(row.endpoint))
        if row.method == "POST":
            scene.put_back()
    return found


def declared(app):
    """Every method and endpoint of the app that a browser can ask for."""
    return {(method, rule.endpoint) for rule in app.url_map.iter_rules() for method in rule.methods & {"GET", "POST"}}


def line(method, endpoint, path, found):
    """A line of matrix.txt."""
    return " ".join([f"{method:4} {endpoint:32} {path:58}", *(f"{found[role]:5}" for role in ROLES)]).rstrip()


NAMES = {"year": "2024", "thread_id": "{thread_id}", "post_id": "{post}", "theme": "trivsel"}


def address(rule):
    """A first guess at the address of a new route."""
    return re.sub(r"<(?:[^:<>]+:)?(\w+)>", lambda found: NAMES.get(found.group(1), "1"), rule.rule)


def main():
    import tempfile

    from forsamlingshus.app import create_app
    from forsamlingshus.kernel import db
    from tests.contracts.scene import Scene
    from tests.pages import PageClient

    with tempfile.TemporaryDirectory() as folder:
        app = create_app({"FORSAMLINGSHUS_DATA_DIR": folder}, immediate_jobs=True)
        app.test_client_class = PageClient
        with app.test_request_context("/"):
            db.Base.metadata.create_all(db.db.engine)
            scene = Scene(app)
            known = rows() if FILE.exists() else []
            missing = declared(app) - {(row.method, row.endpoint) for row in known}
            guessed = [
                Row(method, rule.endpoint, address(rule), {})
                for rule in app.url_map.iter_rules()
                for method in sorted(rule.methods & {"GET", "POST"})
                if (method, rule.endpoint) in missing
            ]
            for row in sorted([*known, *guessed], key=lambda row: (row.method, row.endpoint)):
                sys.stdout.write(f"{line(*row[:3], asked(scene, row))}\n")


if __name__ == "__main__":
    main()
