"""Migrates and fills the instance of a test: `python -m tests.processes.seed ACCOUNTS THREADS` prints what there is."""

import json
import sys
import uuid

from argon2 import PasswordHasher
from sqlalchemy import select

from forsamlingshus.accounts import passwords
from forsamlingshus.accounts.models import User
from forsamlingshus.app import create_app
from forsamlingshus.discussions import actions
from forsamlingshus.discussions.models import Forum
from forsamlingshus.kernel.db import transaction
from tests.builders import PASSWORD, Build


def main(accounts, threads):
    app = create_app()
    done = app.test_cli_runner().invoke(args=["db", "upgrade"])
    if done.exit_code:
        sys.exit(f"{done.output} {done.exception!r}")
    # What a hash costs is not what these tests are about.
    passwords._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with app.test_request_context("/"):
        build = Build()
        theme = build.theme(build.year(), slug="trivsel")
        users = [build.user() for _ in range(accounts)]
        staff = build.user(roles=["staff"])
        with transaction() as session:
            actions.open_forum(
                session,
                budget_year=2024,
                theme_id=theme.id,
                scope_key="workshop:1",
                path="/budget/2024/temaer/trivsel",
                title_da="Trivsel",
                title_en="Wellbeing",
            )
        found = []
        for number in range(threads):
            with transaction() as session:
                thread, _first = actions.open_thread(
                    session,
                    who=build.who(session.get_one(User, users[0].id)),
                    forum=session.scalars(select(Forum)).one(),
                    title=f"Hvad skal vi bruge hallen til nr. {number}?",
                    body="Her begynder en samtale om hverdagen.",
                    client_id=str(uuid.uuid4()),
                )
                found.append({"id": thread.id, "path": thread.path, "topic": thread.topic})
        emails = [user.email for user in users]
        json.dump({"threads": found, "emails": emails, "staff": staff.email, "password": PASSWORD}, sys.stdout)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
