"""Migrations go up and down, also with data, and their head is what the models say."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, text

from forsamlingshus.app import create_app
from forsamlingshus.kernel import db


@pytest.fixture
def migrated(tmp_path):
    app = create_app({"FORSAMLINGSHUS_DATA_DIR": str(tmp_path)}, immediate_jobs=True)
    with app.app_context():
        upgrade()
        yield db.db.engine
        db.db.session.remove()
        db.db.engine.dispose()


def test_head_is_what_the_models_say(migrated):
    with migrated.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, db.Base.metadata) == []


def test_down_leaves_nothing_and_up_again_everything(migrated):
    tables = set(inspect(migrated).get_table_names())
    downgrade(revision="base")
    assert set(inspect(migrated).get_table_names()) <= {"alembic_version"}
    upgrade()
    assert set(inspect(migrated).get_table_names()) == tables


def test_down_and_up_with_data_in_the_tables(migrated):
    with migrated.begin() as connection:
        connection.execute(text("INSERT INTO author (kind, name, is_demo) VALUES ('account', 'Anne', 0)"))
    downgrade(revision="base")
    upgrade()
    with migrated.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM author")).scalar() == 0
