"""Many at once: whatever is pressed side by side has one effect."""

import re

import pytest
from sqlalchemy import text

from forsamlingshus.discussions.views import base
from forsamlingshus.kernel import db, limits


@pytest.fixture(autouse=True)
def unlimited(monkeypatch):
    for name in ("WRITING", "SUPPORTING"):
        monkeypatch.setattr(base, name, limits.Limit(name, 10**6, 1))


def value(query):
    with db.db.engine.connect() as connection:
        return connection.execute(text(query)).scalar()


def test_two_hundred_supports_of_one_person_are_one(talk, build, together):
    post = talk.first(talk.thread())
    statuses = together([build.user()], f"/i/{post.id}/vigtigt", {"wanted": "1"}, 200)
    assert statuses == [303] * 200
    assert value("SELECT count(*) FROM reaction") == 1
    assert value(f"SELECT support_count FROM post WHERE id = {post.id}") == 1


def test_supports_of_several_people_are_counted_once_each(talk, build, together):
    post = talk.first(talk.thread())
    assert set(together([build.user() for _ in range(5)], f"/i/{post.id}/vigtigt", {"wanted": "1"}, 50)) == {303}
    assert value("SELECT count(*) FROM reaction") == 5
    assert value(f"SELECT support_count FROM post WHERE id = {post.id}") == 5


def test_post_that_is_sent_many_times_is_one(talk, build, together):
    path = talk.thread().path
    form = {"body": "Sendt en gang.", "client_id": "3f0c3b1e-9a3e-4a4e-8f5e-0a5d1f4f7a11"}
    assert set(together([build.user()], path, form, 40)) == {303}
    assert value("SELECT count(*) FROM post WHERE source = 'Sendt en gang.'") == 1


def test_one_of_two_moderators_decides(app, talk, build, together):
    held = talk.post(talk.thread(), "I tvivl.", held=True)
    staff = [build.user(roles=["staff"]) for _ in range(2)]
    client = app.test_client()
    client.log_in(staff[0])
    seen = re.search(r'name="seen" value="(\w+)"', client.get("/arbejde/moderation").get_data(as_text=True)).group(1)
    statuses = together(staff, f"/i/{held.id}/vis", {"seen": seen}, 20)
    assert statuses == [303] + [409] * 19
    assert value("SELECT count(*) FROM event WHERE name = 'PostJudged'") == 1
