"""Makes an instance ready to be served: `python -m tests.browser.prepare katalog 120`, run before its server starts.

The real commands migrate and load the demo. Then come accounts for the tests, all with the demo's password and a cheap
hash of it: what a hash costs is not what these tests are about.
"""

import sys

from argon2 import PasswordHasher
from sqlalchemy import update

from forsamlingshus.accounts import actions, passwords
from forsamlingshus.app import create_app
from forsamlingshus.kernel.db import transaction
from forsamlingshus.slides.models import Deck, DeckState

DOMAIN = "proeve.example"


def email_of(number):
    """The address of the test account with that number."""
    return f"person{number}@{DOMAIN}"


def main(chapter, people):
    app = create_app()
    run = app.test_cli_runner()
    for command in (["db", "upgrade"], ["demo", "load", "--chapter", chapter]):
        done = run.invoke(args=command)
        if done.exit_code:
            sys.exit(f"flask {' '.join(command)}: {done.output} {done.exception!r}")
    passwords._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with app.app_context(), transaction() as session:
        for number in range(people):
            actions.open_account(
                session, email=email_of(number), password=app.config["SETTINGS"].demo_password, name=f"Nabo {number}"
            )
        if chapter == "katalog":
            # Nothing of this chapter is about slides, and to draw them keeps a processor busy for ten seconds.
            session.execute(update(Deck).values(state=DeckState.FAILED, fault="crashed"))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
