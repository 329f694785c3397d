"""Fills an instance for measuring: `python bench/seed.py ACCOUNTS SIZE …` prints as JSON what there is.

`python bench/seed.py --hall ACCOUNTS` opens accounts in a demo that is loaded already, of which the first may steer.

Accounts, the forum and a thread of 200 posts come through the product's own actions; a thread of each SIZE posts is
copied in by bulk SQL, because only its size matters.
"""

import json
import random
import sys
import uuid
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from forsamlingshus.accounts import actions as accounts
from forsamlingshus.accounts.models import User
from forsamlingshus.app import create_app
from forsamlingshus.contributions.models import Contribution, Kind
from forsamlingshus.discussions import actions
from forsamlingshus.discussions.models import Forum, Participant, Post, PostState, Thread
from forsamlingshus.kernel import clock, db, html, topics
from forsamlingshus.kernel.db import transaction
from forsamlingshus.kernel.permissions import Who
from forsamlingshus.meetings import actions as meetings
from forsamlingshus.meetings.models import Meeting
from forsamlingshus.process import actions as process
from forsamlingshus.process.models import Activity
from forsamlingshus.slides.models import Deck
from forsamlingshus.stages.models import Stage

PASSWORD = "korrekt hest batteri"
AUTHORS = 20
"""The first accounts wrote the thread's posts; the others only press and write while it is measured."""
POSTS = 200
WORDS = """
    borgerne kommunen forslag skole budget penge hallen bibliotek cykelsti natur ældre børn hjælp flere færre bedre
    sammen lokalt tidligt aften åbent svømning kultur plejehjem vikarer indsats frivillige
"""

_random = random.Random(7)


def body() -> str:
    """About 45 words in two paragraphs: what people write in a hall."""
    words = WORDS.split()
    halves = (" ".join(_random.choice(words) for _ in range(length)) for length in (28, 17))
    return "\n\n".join(f"{half.capitalize()}." for half in halves)


def who(user: User) -> Who:
    """An account as a request would see it."""
    opened = frozenset({(2024, str(Activity.DISCUSS))})
    return Who(now=clock.now(), author_id=user.author_id, user_id=user.id, name=user.author.name, opened=opened)


def frame() -> Forum:
    """A budget year whose debate is open, its theme and the theme's forum."""
    with transaction() as session:
        process.set_municipality(session, name="Prøve")
        year = process.add_year(session, year=2024)
        process.add_phase(
            session,
            budget_year=year,
            key="debat",
            title_da="Debat i temaer",
            title_en="Debate in themes",
            opens_at=datetime.fromisoformat("2020-01-01T00:00:00+01:00"),
            closes_at=datetime.fromisoformat("2099-01-01T00:00:00+01:00"),
            activities=[Activity.DISCUSS],
        )
        theme = process.add_theme(
            session, budget_year=year, slug="trivsel", name_da="Trivsel", name_en="Wellbeing", token="trivsel"
        )
        return actions.open_forum(
            session,
            budget_year=2024,
            theme_id=theme.id,
            scope_key="workshop:1",
            path="/budget/2024/temaer/trivsel",
            title_da="Trivsel",
            title_en="Wellbeing",
        )


def people(count: int) -> list[User]:
    """Accounts, opened as the form opens them."""
    users = []
    for number in range(count):
        with transaction() as session:
            users.append(
                accounts.open_account(
                    session, email=f"maaling{number}@example.org", password=PASSWORD, name=f"Måling {number}"
                )
            )
    return users


def thread_by_actions(forum: Forum, users: list[User], posts: int, title: str) -> Thread:
    """A thread as people write it: every third post answers the one before."""
    with transaction() as session:
        here = session.get_one(Forum, forum.id)
        thread, first = actions.open_thread(
            session, who=who(users[0]), forum=here, title=title, body=body(), client_id=str(uuid.uuid4())
        )
    roots = [first]
    for number in range(1, posts):
        answers = number % 3 == 2
        with transaction() as session:
            post = actions.write_post(
                session,
                who=who(users[number % len(users)]),
                thread=session.get_one(Thread, thread.id),
                forum=session.get_one(Forum, forum.id),
                body=body(),
                client_id=str(uuid.uuid4()),
                parent=session.get_one(Post, roots[-1].id) if answers else None,
            )
        if not answers:
            roots.append(post)
    return thread


def thread_by_sql(forum: Forum, users: list[User], posts: int) -> Thread:
    """A thread of the same shape, in bulk."""
    with transaction() as session:
        thread, _first = actions.open_thread(
            session,
            who=who(users[0]),
            forum=session.get_one(Forum, forum.id),
            title=f"Tråd med {posts} indlæg",
            body=body(),
            client_id=str(uuid.uuid4()),
        )
        first_id = (session.scalar(select(func.max(Post.id))) or 0) + 1
        first_contribution = (session.scalar(select(func.max(Contribution.id))) or 0) + 1
        said = [_contribution(thread, forum, users, first_contribution, first_id, n) for n in range(posts - 1)]
        written = [_post(thread, users, first_contribution, first_id, n) for n in range(posts - 1)]
        _insert_all(session, Contribution, said)
        _insert_all(session, Post, written)
        _insert_all(
            session,
            Participant,
            [{"thread_id": thread.id, "author_id": user.author_id, "forum_id": forum.id} for user in users[1:]],
        )
        here = session.get_one(Forum, forum.id)
        here.post_count += posts - 1
        thread.post_count = thread.last_position = posts
        thread.author_count = len(users)
        session.get_one(topics.Topic, thread.topic).version = posts
    return thread


_TEXTS = [(source := body(), html.render_markdown(source)) for _ in range(50)]


def _contribution(
    thread: Thread, forum: Forum, users: list[User], first: int, first_post: int, n: int
) -> dict[str, Any]:
    return {
        "id": first + n,
        "kind": Kind.POST,
        "author_id": users[n % len(users)].author_id,
        "budget_year": forum.budget_year,
        "theme_id": forum.theme_id,
        "path": f"/i/{first_post + n}",
        "place": thread.title,
        "text": html.visible_text(_TEXTS[n % len(_TEXTS)][1]),
        "created_at": thread.created_at + timedelta(seconds=n),
        "public": True,
        "topic": thread.topic,
        "version": n + 2,
    }


def _post(thread: Thread, users: list[User], first_contribution: int, first: int, n: int) -> dict[str, Any]:
    answers = n % 3 == 2
    source, clean = _TEXTS[n % len(_TEXTS)]
    return {
        "id": first + n,
        "thread_id": thread.id,
        "contribution_id": first_contribution + n,
        "author_id": users[n % len(users)].author_id,
        "client_id": str(uuid.uuid4()),
        "parent_id": first + n - 1 if answers else None,
        "source": source,
        "html": clean,
        "sanitizer_version": html.SANITIZER_VERSION,
        "state": PostState.VISIBLE,
        "position": n + 2,
        "root_position": n + 1 if answers else n + 2,
        "created_at": thread.created_at + timedelta(seconds=n),
    }


def _insert_all(session: Session, model: type[db.Base], rows: list[dict[str, Any]]) -> None:
    for start in range(0, len(rows), 5000):
        session.execute(insert(model), rows[start : start + 5000])


def main(count: int, sizes: list[int]) -> None:
    """Fill the database and print where everything is."""
    with create_app().app_context():
        db.Base.metadata.create_all(db.db.engine)  # does nothing after a migration
        forum, users = frame(), people(count)
        writing = users[:AUTHORS]
        main_thread = thread_by_actions(forum, writing, POSTS, "Skal hallen åbne før?")
        quiet = thread_by_actions(forum, writing, 1, "Hvad skal vi spørge om?")
        grown = {size: thread_by_sql(forum, writing, size) for size in sizes}
        print(
            json.dumps(
                {
                    "thread": {"id": main_thread.id, "path": main_thread.path},
                    "quiet": {"id": quiet.id, "path": quiet.path},
                    "grown": [{"size": n, "id": thread.id, "path": thread.path} for n, thread in grown.items()],
                    "emails": [user.email for user in users[AUTHORS:]],
                    "password": PASSWORD,
                }
            )
        )


def hall(count: int) -> None:
    """Open accounts for the plenary of the demo's meeting and print who and where they are."""
    with create_app().app_context():
        users = people(count)
        with transaction() as session:
            stage = session.scalars(select(Stage).where(Stage.path.endswith("/borgermoede/live"))).one()
            meeting = session.get_one(Meeting, int(stage.scope_key.partition(":")[2]))
            meetings.grant_facilitator(session, user=session.get_one(User, users[0].id), meeting=meeting)
            decks = session.scalars(select(Deck.id).where(Deck.scope_key == stage.scope_key).order_by(Deck.id)).all()
        found = {
            "stage": {"id": stage.id, "path": stage.path, "thread": stage.thread_id, "control": stage.control_path},
            "decks": list(decks),
            "emails": [user.email for user in users],
            "password": PASSWORD,
        }
        print(json.dumps(found))


if __name__ == "__main__":
    if sys.argv[1] == "--hall":
        hall(int(sys.argv[2]))
    else:
        main(int(sys.argv[1]), [int(size) for size in sys.argv[2:]])
