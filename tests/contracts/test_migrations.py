"""Migrations go up and down on both databases, also with data, and their head is what the models say."""

import re

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, text

from forsamlingshus.app import create_app
from forsamlingshus.contributions.models import Fate
from forsamlingshus.kernel import db


@pytest.fixture(params=["sqlite", "postgresql"])
def migrated(request, tmp_path):
    environ = {"FORSAMLINGSHUS_DATA_DIR": str(tmp_path)}
    if request.param == "postgresql":
        environ["FORSAMLINGSHUS_DATABASE_URL"] = request.getfixturevalue("postgres").database()
    app = create_app(environ, immediate_jobs=True)
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
        connection.execute(text("INSERT INTO author (kind, name, is_demo) VALUES ('account', 'Anne', false)"))
    downgrade(revision="base")
    upgrade()
    with migrated.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM author")).scalar() == 0


BEFORE_STAGES = """
INSERT INTO author (kind, name, is_demo) VALUES ('account', 'Anne', false);
INSERT INTO budget_year (year, lead_da, lead_en, summary_da, summary_en, hearing_mailbox) VALUES (2024,'','','','','');
INSERT INTO theme (budget_year_id, slug, name_da, name_en, token, no)
  VALUES (1, 'trivsel', 'Trivsel', '', 'trivsel', 1);
INSERT INTO meeting (budget_year_id, year, slug, title_da, title_en, lead_da, lead_en, starts_at, ends_at, place,
  sign_up_required)
  VALUES (1, 2024, 'borgermoede', 'Borgermøde', '', '', '', '2023-05-03 16:30:00', '2023-05-03 18:30:00', 'Her', false);
INSERT INTO agenda_item (meeting_id, no, title_da, title_en, speaker) VALUES (1, 1, 'Velkomst', 'Welcome', '');
INSERT INTO forum (budget_year, theme_id, scope_key, path, title_da, title_en, hold_first, prompts, thread_count,
  post_count, author_count)
  VALUES (2024, 1, 'workshop:1', '/budget/2024/temaer/trivsel', 'Trivsel', '', false, '[]', 1, 1, 1);
INSERT INTO workshop (meeting_id, theme_id, forum_id, no, year, slug, lead_da, lead_en, question_da, question_en)
  VALUES (1, 1, 1, 1, 2024, 'trivsel', '', '', '', '');
INSERT INTO thread (forum_id, title, path, author_id, created_at, last_post_at, excerpt, shown, post_count,
  author_count, support_count, last_position)
  VALUES (1, 'Hal', '/t', 1, '2023-05-03 16:30:00', '2023-05-03 16:30:00', '', true, 1, 1, 1, 1);
INSERT INTO contribution (kind, author_id, author_role, budget_year, path, place, text, created_at, public, used, topic,
  version)
  VALUES ('post', 1, '', 2024, '/i/1', 'Hal', 'Ja', '2023-05-03 16:30:00', true, false, 'thread:1', 1);
INSERT INTO post (thread_id, contribution_id, author_id, client_id, quote, quote_name, quote_shown, source, html,
  sanitizer_version, state, support_count, created_at, reason_code, reason)
  VALUES (1, 1, 1, 'en', '', '', true, 'Ja', 'Ja', 1, 'visible', 1, '2023-05-03 16:30:00', '', '');
INSERT INTO reaction (post_id, author_id) VALUES (1, 1);
INSERT INTO post_version (post_id, html, replaced_at) VALUES (1, 'Nej', '2023-05-03 16:30:00')
"""
KEPT = ("agenda_item", "thread", "post", "reaction", "post_version", "contribution")


def test_meetings_of_the_first_version_get_stages_and_lose_nothing(migrated):
    downgrade(revision="20261123_first")
    with migrated.begin() as connection:
        for statement in BEFORE_STAGES.split(";"):
            connection.execute(text(statement))
    upgrade()
    with migrated.connect() as connection:
        kept = {table: connection.execute(text(f"SELECT count(*) FROM {table}")).scalar() for table in KEPT}
        stages = connection.execute(text("SELECT scope_key, path, control_path FROM stage ORDER BY id")).all()
        places = [connection.execute(text(f"SELECT stage_id FROM {name}")).scalar() for name in ("meeting", "workshop")]
        keys = connection.execute(text("SELECT display_key FROM stage")).scalars().all()
    assert kept == {**dict.fromkeys(KEPT, 1), "thread": 3}
    assert stages == [
        ("meeting:1", "/budget/2024/borgermoede/live", "/styring/2024/borgermoede/live"),
        ("workshop:1", "/budget/2024/temaer/trivsel/live", "/styring/2024/trivsel/live"),
    ]
    assert places == [1, 2]
    assert len(set(keys)) == 2
    downgrade(revision="20261123_first")
    with migrated.connect() as connection:
        assert {table: connection.execute(text(f"SELECT count(*) FROM {table}")).scalar() for table in KEPT} == (
            dict.fromkeys(KEPT, 1)
        )
    upgrade()


MEETING = {"y": 2024, "a": "2023-05-03 16:30:00", "z": "2023-05-03 18:30:00"}
ADD_YEAR = (
    "INSERT INTO budget_year (id, year, lead_da, lead_en, summary_da, summary_en, hearing_mailbox) "
    "VALUES (1, :y, '', '', '', '', '')"
)
ADD_MEETING = (
    "INSERT INTO meeting (budget_year_id, year, slug, title_da, title_en, lead_da, lead_en, starts_at, ends_at, place, "
    "sign_up_required) VALUES (1, :y, 'm', 'M', 'M', '', '', :a, :z, 'Her', false)"
)


def test_a_meeting_from_before_gets_a_join_code_and_lets_guests_write_moderated(migrated):
    downgrade(revision="20261123_first")
    with migrated.begin() as connection:
        connection.execute(text(ADD_YEAR), MEETING)
        connection.execute(text(ADD_MEETING), MEETING)
    upgrade()
    with migrated.connect() as connection:
        code, guests = connection.execute(text("SELECT join_code, guests FROM meeting")).one()
    assert re.fullmatch("[23456789BCDFGHJKMNPQRSTVWXZ]{5}", code)
    assert guests == "moderated"


BEFORE_TALKS = """
INSERT INTO deck (scope_key, budget_year, slug, title, speaker, place_title, place_path, manage_path, state, fault,
  page_count, done_count, cover_key, file_key, file_size, file_name, uploaded_by, uploaded_at, position, presenting,
  hidden, version)
  VALUES ('workshop:1', 2024, 'hal', 'Hal', '', '', '', '', 'ready', '', 2, 2, '', 'a', 1, 'hal.pdf', 1,
  '2023-05-03 16:30:00', 1, false, false, 1);
INSERT INTO deck (scope_key, budget_year, slug, title, speaker, place_title, place_path, manage_path, state, fault,
  page_count, done_count, cover_key, file_key, file_size, file_name, uploaded_by, uploaded_at, position, presenting,
  hidden, version)
  VALUES ('workshop:1', 2024, 'bad', 'Bad', '', '', '', '', 'ready', '', 1, 1, '', 'b', 1, 'bad.pdf', 1,
  '2023-05-03 16:30:00', 2, false, true, 1);
INSERT INTO slide (deck_id, no, image_key, thumb_key, width, height, text, alt, caution)
  VALUES (1, 1, 'x', 'x', 16, 9, '', '', '')
"""


def test_slides_from_before_get_talks_in_the_forum_of_their_place_and_down_loses_no_post(migrated):
    downgrade(revision="20261123_first")
    with migrated.begin() as connection:
        for statement in (BEFORE_STAGES + ";" + BEFORE_TALKS).split(";"):
            connection.execute(text(statement))
    upgrade()
    with migrated.begin() as connection:
        talks = connection.execute(
            text(
                "SELECT title, path, shown, forum_id FROM thread JOIN slide_talk ON thread_id = thread.id"
                " ORDER BY deck_id, no"
            )
        ).all()
        bare = connection.execute(text("SELECT bare_count, forum_id FROM deck ORDER BY id")).all()
        connection.execute(
            text("UPDATE post SET thread_id = (SELECT thread_id FROM slide_talk WHERE deck_id = 1 AND no = 1)")
        )
    assert [tuple(row) for row in talks] == [
        ("Slide 1: Hal", "/budget/2024/oplaeg/hal/1", True, 1),
        ("Slide 2: Hal", "/budget/2024/oplaeg/hal/2", True, 1),
        ("Slide 1: Bad", "/budget/2024/oplaeg/bad/1", False, 1),
    ]
    assert [tuple(row) for row in bare] == [(1, 1), (0, 1)]
    downgrade(revision="20261125_guests")
    with migrated.connect() as connection:
        kinds = connection.execute(text("SELECT kind FROM thread WHERE title LIKE 'Slide %'")).scalars().all()
        assert kinds == ["talk"]
        assert connection.execute(text("SELECT count(*) FROM post")).scalar() == 1
    upgrade()


def test_decks_from_before_learn_the_year_of_the_page_that_they_were_uploaded_on(migrated):
    downgrade(revision="20261123_first")
    with migrated.begin() as connection:
        for statement in (BEFORE_STAGES + ";" + BEFORE_TALKS).split(";"):
            connection.execute(text(statement))
        connection.execute(text("UPDATE deck SET manage_path = '/styring/trivsel/oplaeg' WHERE slug = 'hal'"))
    read = text("SELECT manage_path FROM deck ORDER BY id")
    upgrade()
    with migrated.connect() as connection:
        assert connection.execute(read).scalars().all() == ["/styring/2024/trivsel/oplaeg", ""]
    downgrade(revision="20261202_anonymous_mutes")
    with migrated.connect() as connection:
        assert connection.execute(read).scalars().all() == ["/styring/trivsel/oplaeg", ""]
    upgrade()


BEFORE_WORDS = """
INSERT INTO input (id, number, budget_year, theme_id, title, note, quote_count, created_at, version)
  VALUES (1, 1, 2024, 1, 'Hal', '', 1, '2023-05-03 16:30:00', 1),
    (2, 2, 2024, 1, 'Bad', '', 1, '2023-05-03 16:30:00', 1);
INSERT INTO quote (input_id, contribution_id, text, start, path, created_at)
  VALUES (1, 1, 'a', 3, '/i/1', '2023-05-03 16:30:00'), (2, 1, 'J', 0, '/i/1', '2023-05-03 16:30:00');
INSERT INTO input_use (input_id, ref_id, number, title, path) VALUES (1, 7, 17, 'Hal', '/budget/2024/katalog/17');
INSERT INTO fate (contribution_id, kind, ref_id, number, title, path)
  VALUES (1, 'input', 1, 1, 'Hal', ''), (1, 'input', 2, 2, 'Bad', ''), (1, 'proposal', 7, 17, 'Hal', '')
"""


def test_marks_from_before_learn_which_words_are_used(migrated):
    downgrade(revision="20261123_first")
    with migrated.begin() as connection:
        for statement in (BEFORE_STAGES + ";" + BEFORE_WORDS).split(";"):
            connection.execute(text(statement))
    upgrade()
    with db.db.engine.connect() as connection:
        found = connection.execute(sa.select(Fate.number, Fate.words).order_by(Fate.id)).all()
    assert [tuple(row) for row in found] == [(1, []), (2, []), (17, ["a"])]
