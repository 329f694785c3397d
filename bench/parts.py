"""P5 without HTTP: `python bench/parts.py THREAD ROUNDS COUNT` prints a JSON list of [ours, bare] in ms of CPU.

What the goal names and no more (guard, sanitise, store, event, render), beside what it is compared with (one ORM
insert and commit, synchronous=FULL), in one process and in turn.
"""

import json
import sys
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count

from bare import Line, sessions
from seed import body, who
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from forsamlingshus.accounts.models import User
from forsamlingshus.app import create_app
from forsamlingshus.discussions import actions, partials, queries
from forsamlingshus.kernel import clock, db, guard
from forsamlingshus.kernel.db import transaction

_numbers = count()


def post(thread_id: int, user: User) -> None:
    """One post, from its words to the partial that everybody gets."""
    text = f"{body()} {''.join(chr(97 + int(digit)) for digit in str(next(_numbers)))}"
    guard.scan(text)
    with transaction() as session:
        found = queries.forum_of(session, thread_id)
        if found is None:
            sys.exit(f"there is no thread {thread_id}")
        thread, forum = found
        written = actions.write_post(
            session, who=who(user), thread=thread, forum=forum, body=text, client_id=str(uuid.uuid4())
        )
    if written.position is None or not partials.put_changes([written], "da", clock.now()):
        sys.exit("the post did not come onto the page")
    db.session().expunge_all()


def store() -> None:
    """One bare ORM insert and commit."""
    text = body()
    with sessions() as session:
        session.add(Line(thread_id=1, text=text, html=f"<p>{text}</p>", created_at=datetime.now(UTC)))
        session.commit()


def cost(act: Callable[[], None], times: int) -> float:
    """Milliseconds of this process's CPU for one of `times` calls."""
    start = time.process_time()
    for _ in range(times):
        act()
    return (time.process_time() - start) / times * 1000


def main() -> None:
    """Measure both in turn; the first calls fill caches that every later one finds."""
    thread_id, rounds, times = (int(word) for word in sys.argv[1:])
    with create_app().test_request_context():
        newest = select(User).options(joinedload(User.author)).order_by(User.id.desc()).limit(1)
        user = db.session().scalars(newest).one()
        sides = (lambda: post(thread_id, user), store)
        found = []
        for number in range(-1, rounds):
            order = sides if number % 2 else tuple(reversed(sides))
            costs = {side: cost(side, times) for side in order}
            found.append([costs[side] for side in sides])
    print(json.dumps(found[1:]))


if __name__ == "__main__":
    main()
