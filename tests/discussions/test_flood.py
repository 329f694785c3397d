"""Hiding all that waits from one author with one press."""

import pytest
from sqlalchemy import select, update

from forsamlingshus.contributions.models import Contribution
from forsamlingshus.discussions import actions, queries
from forsamlingshus.discussions.models import Post
from forsamlingshus.kernel.db import transaction
from forsamlingshus.kernel.events import EventRow


class TestFlood:
    """Forty posts of one machine are hidden by one press, and nothing else is."""

    @pytest.fixture
    def flood(self, talk, build):
        thread = talk.thread()
        held = [talk.post(thread, f"Køb nu {no}.", held=True) for no in range(4)]
        other = talk.post(thread, "Også i tvivl.", user=talk.anne, held=True)
        return held, other

    @staticmethod
    def states(session, posts):
        session.rollback()
        session.expire_all()
        return [session.get_one(Post, post.id).state for post in posts]

    @pytest.fixture
    def staff(self, client, build):
        client.log_in(build.user(roles=["staff"]))
        return client

    def press(self, staff, post, **values):
        path = f"/i/{post.id}/skjul"
        return staff.send(path, {"reason_code": "advert", "others": "1", **values}, token_from=path)

    def test_one_press_hides_all_that_waits_of_the_author_with_the_reason_and_a_line_each(self, staff, flood, session):
        held, other = flood
        page = staff.get(f"/i/{held[1].id}/skjul?next=/styring").get_data(as_text=True)
        assert "Skjul det og 3 mere, der venter fra samme person" in page
        answer = self.press(staff, held[1], next="/styring")
        assert (answer.status_code, answer.location) == (303, "/styring")
        assert self.states(session, [*held, other]) == ["hidden"] * 4 + ["held"]
        assert {session.get_one(Post, post.id).reason_code for post in held} == {"advert"}
        rows = session.scalars(select(EventRow).where(EventRow.name == "PostJudged")).all()
        assert sorted(row.data["post_id"] for row in rows) == [post.id for post in held]

    def test_without_the_press_one_post_is_hidden(self, staff, flood, session):
        held, _other = flood
        self.press(staff, held[0], others="")
        assert self.states(session, held) == ["hidden", "held", "held", "held"]
        assert "Skjul det og" not in staff.get(f"/i/{flood[1].id}/skjul").get_data(as_text=True)

    def test_missing_reason_hides_nothing_and_is_asked_for(self, staff, flood, session):
        held, _other = flood
        answer = self.press(staff, held[0], reason_code="")
        assert answer.status_code == 422 and "Skjul det og 3 mere" in answer.get_data(as_text=True)
        assert self.states(session, held) == ["held"] * 4

    def test_what_another_moderator_decided_meanwhile_stays(self, staff, talk, flood, session, build, monkeypatch):
        held, _other = flood
        judge = build.who(roles=["staff"])

        read = queries.waiting_beside

        def read_and_then_two_are_shown(writing, who, post):
            found = read(writing, who, post)
            shown = update(Post).where(Post.id.in_([held[0].id, held[2].id])).values(state="visible")
            writing.execute(shown.execution_options(synchronize_session=False))
            return found

        monkeypatch.setattr(queries, "waiting_beside", read_and_then_two_are_shown)
        with transaction() as writing:
            post = queries.post_with_place(writing, held[1].id)
            count = actions.hide_with_waiting(writing, who=judge, post=post, reason_code="advert", reason="")
        assert count == 2
        assert self.states(session, held) == ["visible", "hidden", "visible", "hidden"]

    def test_named_posts_do_not_go_with_an_anonymous_one(self, staff, flood, session):
        held, _other = flood
        with transaction() as writing:
            said = select(Post.contribution_id).where(Post.id.in_([held[0].id, held[1].id]))
            writing.execute(update(Contribution).where(Contribution.id.in_(said)).values(anonymous=True))
        assert "Skjul det og 1 mere" in staff.get(f"/i/{held[0].id}/skjul").get_data(as_text=True)
        self.press(staff, held[0])
        assert self.states(session, held) == ["hidden", "hidden", "held", "held"]
