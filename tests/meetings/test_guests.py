"""Guests in the debate: what they may write and where, and that nothing of one reaches the page of another."""

import contextvars
import re
import uuid

import pytest
from sqlalchemy import select

from forsamlingshus.accounts import actions as accounts
from forsamlingshus.accounts.models import Author, AuthorKind, Draft, Guest, User
from forsamlingshus.discussions import actions as discussions
from forsamlingshus.discussions.models import Forum, Post, PostState, Reaction
from forsamlingshus.discussions.views import base
from forsamlingshus.kernel import limits, live, permissions
from forsamlingshus.kernel.db import transaction
from forsamlingshus.meetings import actions
from forsamlingshus.meetings.models import GuestPolicy, Meeting

EVENING = "2023-05-03T19:00:00+02:00"


def text_of(response):
    return response.get_data(as_text=True).replace("\N{NO-BREAK SPACE}", " ")


class Evening:
    """A meeting with one workshop, in whose thread Anne has written."""

    def __init__(self, build, meetings, session, at):
        self.build, self.meetings, self.session = build, meetings, session
        self.meeting = meetings.add(join_code="K7QFX")
        self.workshop = meetings.workshop(self.meeting)
        at(EVENING)
        self.anne = build.user("Anne Bjerre")
        self.thread, self.first = self.open(self.workshop)

    def open(self, workshop, title="Skal hallen åbne før?"):
        with transaction() as session:
            return discussions.open_thread(
                session,
                who=self.build.who(self.anne, year=workshop.year),
                forum=session.get_one(Forum, workshop.forum_id),
                title=title,
                body="Vi svømmer om morgenen.",
                client_id=str(uuid.uuid4()),
            )

    def policy(self, policy):
        with transaction() as session:
            meeting = session.get_one(Meeting, self.meeting.id)
            actions.set_guest_policy(session, who=self.build.who(roles=["staff"]), meeting=meeting, policy=policy)

    def rows(self, model, **where):
        self.session.rollback()
        self.session.expire_all()
        return list(self.session.scalars(select(model).filter_by(**where).order_by(model.id)))

    def own(self):
        """The posts that are not Anne's first one."""
        return [post for post in self.rows(Post) if post.author_id != self.anne.author_id]


@pytest.fixture
def evening(build, meetings, session, at):
    return Evening(build, meetings, session, at)


@pytest.fixture
def guest(client, evening):
    client.join(evening.meeting)
    return client


@pytest.fixture
def free(guest, evening):
    """A guest of a meeting that shows what guests write at once."""
    evening.policy(GuestPolicy.ON)
    return guest


def write(client, thread, body="Åbn klokken seks.", **kwargs):
    return client.send(thread.path, {"body": body}, token_from=kwargs.pop("token_from", thread.path), **kwargs)


class TestWriting:
    def test_moderated_guests_post_waits_for_a_moderator(self, app, guest, evening):
        assert "vises, når en ordstyrer har set det" in text_of(guest.get(evening.thread.path))
        write(guest, evening.thread)
        [post] = evening.own()
        assert (post.state, post.position) == (PostState.HELD, None)
        assert "Åbn klokken seks." in text_of(guest.get(evening.thread.path))
        assert "Åbn klokken seks." not in text_of(app.test_client().get(evening.thread.path))

    def test_guests_post_is_shown_at_once_where_the_meeting_says_so(self, app, free, evening):
        write(free, evening.thread)
        [post] = evening.own()
        assert (post.state, post.position) == (PostState.VISIBLE, 2)
        stranger = text_of(app.test_client().get(evening.thread.path))
        assert "Åbn klokken seks." in stranger and "Gæst 1" in stranger

    def test_closed_meeting_refuses_what_guests_write_and_keeps_the_text(self, guest, evening):
        token = guest.token(evening.thread.path)
        evening.policy(GuestPolicy.OFF)
        answer = guest.post(evening.thread.path, data={"body": "Mine ord", "csrf_token": token})
        assert answer.status_code == 403
        assert "Mine ord" in text_of(answer) and "Log ind for at skrive her" in text_of(answer)
        assert evening.own() == []
        assert "/log-ind/fra-debat" in text_of(guest.get(evening.thread.path))

    def test_guest_writes_nowhere_but_at_the_own_meeting(self, client, evening):
        elsewhere = evening.meetings.workshop(evening.meetings.add(year=2025), slug="andet")
        thread, post = evening.open(elsewhere, "Et andet møde")
        client.join(evening.meeting)
        page = text_of(client.get(thread.path))
        assert "Som gæst kan du skrive ved det møde, du deltager i" in page
        token = client.token("/gaest")
        tries = [
            client.post(path, data={"body": "Her også", "title": "Ny", "wanted": "1", "csrf_token": token})
            for path in (thread.path, f"/i/{post.id}/svar", f"/i/{post.id}/vigtigt", f"{elsewhere.path}/ny")
        ]
        assert [answer.status_code for answer in tries] == [403] * 4
        assert evening.own() == [] and evening.rows(Reaction) == []

    def test_guest_opens_a_thread_and_replies(self, free, evening):
        path = f"{evening.workshop.path}/ny"
        opened = free.send(path, {"title": "Må vi få lys?", "body": "Det er mørkt."}, token_from=path)
        replied = free.send(f"/i/{evening.first.id}/svar", {"body": "Enig."}, token_from=f"/i/{evening.first.id}/svar")
        assert (opened.status_code, replied.status_code) == (303, 303)
        assert [post.state for post in evening.own()] == [PostState.VISIBLE] * 2

    def test_support_of_a_guest_counts_once(self, free, evening):
        for _press in range(2):
            free.send(f"/i/{evening.first.id}/vigtigt", {"wanted": "1"}, token_from=evening.thread.path)
        assert evening.rows(Post)[0].support_count == 1

    def test_moderated_guests_support_and_reading_need_no_moderator(self, guest, evening):
        guest.send(f"/i/{evening.first.id}/vigtigt", {"wanted": "1"}, token_from=evening.thread.path)
        assert evening.rows(Post)[0].support_count == 1

    def test_edit_of_a_moderated_guest_is_looked_at_again(self, free, evening):
        write(free, evening.thread)
        evening.policy(GuestPolicy.MODERATED)
        [post] = evening.own()
        free.send(f"/i/{post.id}/ret", {"body": "Andre ord"}, token_from=f"/i/{post.id}/ret")
        [post] = evening.own()
        assert (post.state, post.source) == (PostState.HELD, "Andre ord")

    def test_guest_takes_words_back_also_when_the_meeting_is_closed_to_guests(self, free, evening):
        write(free, evening.thread)
        evening.policy(GuestPolicy.OFF)
        [post] = evening.own()
        free.send(f"/i/{post.id}/traek-tilbage", token_from=f"/i/{post.id}/traek-tilbage")
        assert evening.own()[0].state == PostState.WITHDRAWN

    def test_guest_cannot_touch_what_another_guest_wrote(self, app, free, evening):
        write(free, evening.thread)
        [post] = evening.own()
        other = app.test_client()
        other.join(evening.meeting)
        for path in ("ret", "traek-tilbage"):
            answer = other.send(f"/i/{post.id}/{path}", {"body": "Kapret"}, token_from="/gaest")
            assert answer.status_code == 403
        assert evening.own()[0].source == "Åbn klokken seks."

    def test_one_phone_cannot_flood(self, free, evening):
        answers = [write(free, evening.thread, f"Nr. {n}") for n in range(6)]
        assert [answer.status_code for answer in answers] == [303] * 5 + [429]
        assert "Nr. 5" in text_of(answers[-1])

    def test_one_phone_cannot_press_without_end(self, free, evening, monkeypatch):
        monkeypatch.setattr(base, "SUPPORTING", limits.Limit("few presses", 2, 1))
        path = f"/i/{evening.first.id}/vigtigt"
        presses = [free.send(path, {"wanted": wanted}, token_from=evening.thread.path) for wanted in "101"]
        assert [answer.status_code for answer in presses] == [303, 303, 429]
        assert evening.rows(Post)[0].support_count == 0

    def test_all_guests_of_one_address_have_a_common_bound(self, app, free, evening, monkeypatch):
        monkeypatch.setattr(base, "GUESTS_OF_ADDRESS", limits.Limit("few", 2, 1))
        hall = [app.test_client() for _n in range(3)]
        for phone in hall:
            phone.join(evening.meeting)
        assert [write(phone, evening.thread).status_code for phone in hall] == [303, 303, 429]


class TestNothingOfAGuestReachesAnother:
    """Each test writes, supports and drafts as a guest, warms the caches, and reads what others get."""

    PERSONAL = (
        "Jeg hedder Ove",  # the name in the header and below the composer
        "Halvt skrevet",  # the draft
        "(dig)",
        'aria-pressed="true"',
    )

    def busy(self, guest, evening):
        guest.send("/gaest/navn", {"name": "Jeg hedder Ove"}, token_from="/gaest")
        guest.send(f"/i/{evening.first.id}/vigtigt", {"wanted": "1"}, token_from=evening.thread.path)
        write(guest, evening.thread)
        box = {"box": f"thread:{evening.thread.id}", "path": evening.thread.path, "body": "Halvt skrevet"}
        assert guest.send("/min-side/kladder/gem", box, token_from=evening.thread.path).status_code == 303
        guest.get(evening.thread.path)  # the notice goes, so that the next page may be cached
        page = text_of(guest.get(evening.thread.path))
        assert all(bit in page for bit in self.PERSONAL)
        [post] = evening.own()
        assert f'href="/i/{post.id}/ret"' in page
        return page, post

    def test_to_a_stranger_before_and_after(self, app, free, evening):
        stranger = app.test_client()
        page, post = self.busy(free, evening)
        for _look in range(2):
            seen = text_of(stranger.get(evening.thread.path))
            assert "csrf_token" not in seen.replace('name="csrf_token" value=""', "")
            assert f'href="/i/{post.id}/ret"' not in seen
            assert [bit for bit in self.PERSONAL[1:] if bit in seen] == []
            assert "Jeg hedder Ove (gæst)" not in seen
        assert text_of(free.get(evening.thread.path)).count("Jeg hedder Ove") == page.count("Jeg hedder Ove")

    def test_to_another_guest_of_the_same_meeting(self, app, free, evening):
        other = app.test_client()
        other.join(evening.meeting, "Ida")
        other.get(evening.thread.path)
        _page, post = self.busy(free, evening)
        seen = text_of(other.get(evening.thread.path))
        assert "Ida (gæst)" in seen and "Jeg hedder Ove (gæst)" not in seen
        assert f'href="/i/{post.id}/ret"' not in seen
        assert [bit for bit in self.PERSONAL[1:] if bit in seen] == []
        assert self.token(seen) != self.token(_page)

    def test_to_an_account_and_back(self, app, free, evening):
        account = app.test_client()
        account.log_in(evening.build.user("Jens P."))
        _page, post = self.busy(free, evening)
        seen = text_of(account.get(evening.thread.path))
        assert "Jens P." in seen and "Jeg hedder Ove (gæst)" not in seen
        assert f'href="/i/{post.id}/ret"' not in seen
        assert [bit for bit in self.PERSONAL[1:] if bit in seen] == []
        assert "Jens P." not in text_of(free.get(evening.thread.path))

    def test_to_a_stranger_while_the_meeting_is_closed_to_guests(self, app, free, evening):
        self.busy(free, evening)
        evening.policy(GuestPolicy.OFF)
        assert "Jeg hedder Ove (gæst)" in text_of(free.get(evening.thread.path))
        seen = text_of(app.test_client().get(evening.thread.path))
        assert "Jeg hedder Ove (gæst)" not in seen and 'aria-pressed="true"' not in seen

    def test_pages_of_a_guest_are_not_stored_and_those_of_a_stranger_may_be(self, app, free, evening):
        paths = [evening.thread.path, evening.workshop.path, evening.meeting.path, "/"]
        stranger = app.test_client()
        assert [free.get(path).headers["Cache-Control"] for path in paths] == ["no-store"] * 4
        assert [stranger.get(path).headers["Cache-Control"] for path in paths] == ["no-cache"] * 4
        assert all("Cookie" in free.get(path).headers["Vary"] for path in paths)

    def test_a_guests_etag_is_no_strangers(self, app, free, evening):
        etag = app.test_client().get(evening.thread.path).headers["ETag"]
        assert free.get(evening.thread.path, headers={"If-None-Match": etag}).status_code == 200

    @staticmethod
    def token(page):
        return re.search(r'name="csrf_token" value="([^"]+)"', page).group(1)


class TestSession:
    def test_copied_cookie_is_dead_after_leaving(self, app, guest, evening):
        cookie = guest.get_cookie("fh_session").value
        thief = app.test_client()
        thief.set_cookie("fh_session", cookie)
        assert thief.get("/gaest").status_code == 200
        guest.send("/log-ud", token_from="/gaest")
        assert [client.get("/gaest").status_code for client in (thief, guest)] == [303, 303]

    def test_token_stands_in_no_row(self, guest, evening):
        with guest.session_transaction() as cookie:
            token = cookie["guest"]
        [row] = evening.rows(Guest)
        assert token not in {row.token_hash, row.author.name} and len(row.token_hash) == 64

    def test_visit_expires_by_the_machines_clock(self, machine_time, client, evening):
        client.join(evening.meeting)
        assert client.get("/gaest").status_code == 200
        machine_time.shift(13 * 86_400)
        assert client.get("/gaest").status_code == 200
        machine_time.shift(13 * 86_400)
        assert client.get("/gaest").status_code == 200
        machine_time.shift(5 * 86_400)
        assert client.get("/gaest").status_code == 303

    def test_sockets_close_when_a_guest_leaves(self, guest, monkeypatch):
        closed = []
        monkeypatch.setattr(live, "close_sockets", closed.append)
        guest.send("/log-ud", token_from="/gaest")
        assert len(closed) == 1 and len(closed[0]) == 64

    def test_socket_of_a_guest_belongs_to_the_visit_and_dies_with_it(self, app, guest, evening):
        socket = contextvars.Context().run(live.socketio.test_client, app, flask_test_client=guest)
        [row] = evening.rows(Guest)
        assert row.token_hash in live._sockets.values()
        assert permissions.living_sessions({row.token_hash}) == {row.token_hash}
        with transaction() as session:
            accounts.end_guest(session, author_id=row.author_id, reason="test")
        app.extensions["forsamlingshus.session-watcher"].look()
        assert not socket.is_connected()
        assert row.token_hash not in live._sockets.values()

    def test_reading_position_is_kept_for_a_device(self, app, free, evening):
        free.send(f"/traad/{evening.thread.id}/laest", {"position": "1"}, token_from=evening.thread.path)
        with transaction() as session:
            discussions.write_post(
                session,
                who=evening.build.who(evening.anne),
                thread=session.merge(evening.thread),
                forum=session.get_one(Forum, evening.workshop.forum_id),
                body="Mere",
                client_id=str(uuid.uuid4()),
            )
        other = app.test_client()
        other.join(evening.meeting)
        assert "1 ny" in text_of(free.get(evening.thread.path))
        assert "1 ny" not in text_of(other.get(evening.thread.path))

    def test_pages_for_accounts_and_work_send_a_guest_to_log_in(self, guest):
        for path in ("/min-side", "/min-side/indstillinger", "/styring", "/arbejde/moderation", "/arbejde/input"):
            answer = guest.get(path)
            assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (303, "/log-ind")


NEW = {"email": "ny@example.org", "name": "Cykelfar", "password": "sommerfugle og kaffe"}


class TestAccount:
    def test_new_account_keeps_what_the_guest_wrote(self, app, free, evening):
        write(free, evening.thread)
        stranger = app.test_client()
        assert "Gæst 1" in text_of(stranger.get(evening.thread.path))
        assert "flytter med til din nye bruger" in text_of(free.get("/opret"))
        assert free.send("/opret", NEW, token_from="/opret").status_code == 303
        [post] = evening.own()
        [user] = evening.rows(User, email="ny@example.org")
        assert post.author_id == user.author_id
        [author] = evening.rows(Author, id=post.author_id)
        assert (author.kind, author.name, author.name_key) == (AuthorKind.ACCOUNT, "Cykelfar", "cykelfar")
        page = text_of(stranger.get(evening.thread.path))
        assert "Cykelfar" in page and "Gæst 1" not in page
        assert f'href="/i/{post.id}/ret"' in text_of(free.get(evening.thread.path))
        assert evening.rows(Guest)[0].ended_at is not None

    def test_old_cookie_of_the_guest_opens_nothing_after_that(self, app, free, evening):
        cookie = free.get_cookie("fh_session").value
        free.send("/opret", NEW, token_from="/opret")
        thief = app.test_client()
        thief.set_cookie("fh_session", cookie)
        assert thief.get("/gaest").status_code == 303

    def test_refused_account_leaves_the_guest_as_it_was(self, free, evening):
        assert free.send("/opret", {**NEW, "name": "Anne Bjerre"}, token_from="/opret").status_code == 422
        [guest] = evening.rows(Guest)
        assert (guest.author.kind, guest.author.name, guest.ended_at) == (AuthorKind.GUEST, "Gæst 1", None)

    def test_log_in_to_an_old_account_leaves_the_guest_apart_and_takes_drafts_along(self, free, evening):
        write(free, evening.thread)
        box = {"box": f"thread:{evening.thread.id}", "path": evening.thread.path, "body": "Halvt skrevet"}
        free.send("/min-side/kladder/gem", box, token_from=evening.thread.path)
        page = text_of(free.get("/log-ind"))
        assert "bliver det, du skrev som gæst, stående under navnet Gæst 1" in page
        jens = evening.build.user("Jens P.")
        assert free.log_in(jens).status_code == 303
        [post] = evening.own()
        assert post.author_id != jens.author_id
        assert f'href="/i/{post.id}/ret"' not in text_of(free.get(evening.thread.path))
        assert evening.rows(Guest)[0].ended_at is not None
        assert [draft.body for draft in evening.rows(Draft, author_id=jens.author_id)] == ["Halvt skrevet"]


class TestName:
    def test_name_follows_on_what_was_written(self, app, free, evening):
        write(free, evening.thread)
        stranger = app.test_client()
        assert "Gæst 1" in text_of(stranger.get(evening.thread.path))
        free.send("/gaest/navn", {"name": "Ove"}, token_from="/gaest")
        assert "Gæst 1" not in text_of(stranger.get(evening.thread.path))
        free.send("/gaest/navn", {"name": ""}, token_from="/gaest")
        assert "Gæst 1" in text_of(stranger.get(evening.thread.path))

    def test_names_change_a_few_times_in_an_hour(self, guest, evening):
        answers = [guest.send("/gaest/navn", {"name": f"Ove {n}"}, token_from="/gaest") for n in range(7)]
        assert [answer.status_code for answer in answers] == [303] * 6 + [429]
        assert evening.rows(Guest)[0].author.name == "Ove 5"

    def test_account_has_no_guest_page(self, client, evening):
        client.log_in(evening.anne)
        assert client.get("/gaest").headers["Location"] == "/min-side"
        client.send("/gaest/navn", {"name": "Ove"}, token_from="/min-side/indstillinger")
        assert evening.rows(Author, id=evening.anne.author_id)[0].name == "Anne Bjerre"


def test_script_is_told_the_new_name_or_what_is_wrong_with_it(guest, evening):
    headers = {"X-Requested-With": "fetch"}
    refused = guest.send("/gaest/navn", {"name": "Kommunen"}, token_from="/gaest", headers=headers)
    assert refused.status_code == 422 and refused.get_json()["fault"]
    taken = guest.send("/gaest/navn", {"name": "Anne Bjerre"}, token_from="/gaest", headers=headers)
    assert taken.status_code == 422
    said = guest.send("/gaest/navn", {"name": "Ove"}, token_from="/gaest", headers=headers)
    assert said.get_json() == {"name": "Ove", "message": "Dit navn er Ove fra nu af"}


def test_way_back_after_a_new_name_is_a_page_of_ours(guest, evening):
    live = "/budget/2024/borgermoede/live"
    answer = guest.send("/gaest/navn", {"name": "Ove", "next": live}, token_from="/gaest")
    assert answer.headers["Location"] == live
    answer = guest.send("/gaest/navn", {"name": "Ove", "next": "//ond.example/"}, token_from="/gaest")
    assert answer.headers["Location"] == "/gaest"
