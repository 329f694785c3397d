"""Each chapter is loaded once; every test that asks for it gets a fresh copy of that database."""

import pytest

from forsamlingshus.demo import instance, loader, texts
from forsamlingshus.kernel import clock, db
from forsamlingshus.kernel.db import transaction
from tests.databases import Copy

_kept = {}


class Chapter:
    """A loaded chapter: its moment and the password of its accounts."""

    def __init__(self, name, password):
        self.name, self.password = name, password
        self.moment = texts.read().moment(name)


@pytest.fixture
def chapter(app, session):
    """`chapter("katalog")` fills the empty database and moves the domain clock."""

    def load(name):
        session.rollback()
        if name not in _kept:
            settings = app.config["SETTINGS"]
            password = instance.password(settings.demo_password, settings.data_dir)
            with transaction() as writing:
                loader.load(writing, chapter=name, password=password, store=app.extensions["forsamlingshus.files"])
            _kept[name] = Chapter(name, password), Copy()
        else:
            _kept[name][1].restore()
        session.expunge_all()
        clock.start_at(_kept[name][0].moment)
        return _kept[name][0]

    return load


@pytest.fixture
def meeting_night(chapter):
    return chapter("borgermoede")


@pytest.fixture
def catalogue_day(chapter):
    return chapter("katalog")


@pytest.fixture
def run(app):
    """Run a command as a shell would: `run("demo", "load")`."""

    def invoke(*args, **kwargs):
        return app.test_cli_runner().invoke(args=[*args], **kwargs)

    return invoke


def rows(session, *, but=()):
    """Every row of every table as plain values, for comparing whole databases."""
    session.rollback()
    return {
        table.name: sorted(map(tuple, session.execute(table.select())), key=repr)
        for table in db.Base.metadata.sorted_tables
        if table.name not in but
    }
