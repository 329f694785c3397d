"""Builders of forums, threads and posts."""

import uuid

import pytest

from forsamlingshus.discussions import actions, queries
from forsamlingshus.discussions.models import Forum, Thread
from forsamlingshus.kernel.db import transaction


class Talk:
    """A workshop's forum and people who write in it."""

    def __init__(self, build):
        self.build = build
        self.theme = build.theme(slug="trivsel")
        with transaction() as session:
            self.forum = actions.open_forum(
                session,
                budget_year=2024,
                theme_id=self.theme.id,
                scope_key="workshop:1",
                path="/budget/2024/temaer/trivsel",
                title_da="Trivsel",
                title_en="Wellbeing",
                prompts=[("Hvad bruger du?", "What do you use?")],
            )
        self.anne = build.user("Anne Bjerre")
        self.jens = build.user("Jens P.")

    def who(self, user, **kwargs):
        return self.build.who(user, **kwargs)

    def thread(self, title="Skal hallen åbne før?", body="Vi svømmer om morgenen.", user=None, **kwargs):
        with transaction() as session:
            thread, _post = actions.open_thread(
                session,
                who=self.who(user or self.anne),
                forum=session.get_one(Forum, self.forum.id),
                title=title,
                body=body,
                client_id=str(uuid.uuid4()),
                **kwargs,
            )
        return thread

    def post(self, thread, body="Det er jeg enig i.", user=None, client_id=None, **kwargs):
        with transaction() as session:
            return actions.write_post(
                session,
                who=self.who(user or self.jens),
                thread=session.get_one(Thread, thread.id),
                forum=session.get_one(Forum, self.forum.id),
                body=body,
                client_id=client_id or str(uuid.uuid4()),
                **kwargs,
            )

    def first(self, thread):
        return queries.thread_page(self.build_session(), thread.id).posts[0]

    @staticmethod
    def build_session():
        from forsamlingshus.kernel import db

        return db.session()


@pytest.fixture
def talk(build):
    return Talk(build)
