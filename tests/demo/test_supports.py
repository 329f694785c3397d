"""Pressing many at once leaves exactly what the action leaves for one press after the other."""

from datetime import datetime

import pytest

from forsamlingshus.demo import texts
from forsamlingshus.demo.loader import cast, frame, supports
from forsamlingshus.demo.loader.debate import _Talk
from forsamlingshus.demo.loader.stage import Stage, Support
from forsamlingshus.demo.loader.supports import Press
from forsamlingshus.discussions import actions as discussions
from forsamlingshus.kernel import clock, db
from forsamlingshus.kernel.db import transaction
from forsamlingshus.kernel.errors import Forbidden
from forsamlingshus.process import queries as process
from tests.databases import empty
from tests.demo.conftest import rows

TEXTS = texts.read()
WORKSHOP = TEXTS.workshops[0]
THREAD = WORKSHOP.threads[0]
# The password hash, the machine's time and the keys of the walls differ from one loading to the next.
OTHERWISE = {"user", "stage"}


def load_thread(app, session, *, one_by_one):
    """Load one thread; its supports through the action, or many at once."""
    clock.start_at(frame.begins(TEXTS))
    year = frame.set_up_year(session, TEXTS, "katalog")
    store = app.extensions["forsamlingshus.files"]
    stage = Stage(session=session, texts=TEXTS, until=TEXTS.moment("katalog"), store=store, year=year)
    stage.openings = process.openings(session)
    stage.authors, stage.users = cast.enter(session, TEXTS.people, password="korrekt hest batteri")
    frame.set_up_meeting(stage)
    stage._moments.clear()
    if one_by_one:
        plan = stage.at
        stage.at = lambda moment, happening: plan(moment, through_the_action(stage, happening))
    _Talk(stage, WORKSHOP, THREAD).plan()
    stage.play()
    session.info["events"].clear()
    return stage


def through_the_action(stage, happening):
    if not isinstance(happening, Support):
        return happening

    def press():
        discussions.support_post(
            stage.session,
            who=stage.who(happening.person),
            post=stage.posts[happening.post],
            forum=happening.forum,
            wanted=True,
        )

    return press


def without_fractions(found):
    """Moments to the minute: under a running clock two presses never fall on the same microsecond."""
    return {
        name: sorted(
            [tuple(v.replace(second=0, microsecond=0) if isinstance(v, datetime) else v for v in row) for row in table],
            key=repr,
        )
        for name, table in found.items()
    }


def test_many_presses_leave_what_the_action_leaves(app, session):
    found = []
    for one_by_one in (True, False):
        with transaction() as writing:
            load_thread(app, writing, one_by_one=one_by_one)
        found.append(without_fractions(rows(session, but=OTHERWISE)))
        session.expunge_all()
        with db.db.engine.begin() as connection:
            empty(connection)
    assert len(found[0]["reaction"]) == sum(post.supports for post in THREAD.posts) > 50
    assert len(found[0]["event"]) > 100
    for name, table in found[0].items():
        assert found[1][name] == table, name


def test_press_on_an_own_post_is_refused_as_by_the_action(app, session):
    first = THREAD.posts[0]
    with transaction() as writing:
        stage = load_thread(app, writing, one_by_one=False)
        clock.start_at(THREAD.posts[-1].at)
        post, forum = stage.posts[first.key], stage.forums[WORKSHOP.slug]
        before = post.support_count
        supports.press(writing, [Press(stage.who("line-storm"), post, forum)])
        assert post.support_count == before + 1
        with pytest.raises(Forbidden):
            supports.press(writing, [Press(stage.who(first.author), post, forum)])
