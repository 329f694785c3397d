"""Taking the word and giving it back, holding posts first, the log without words, and hidden posts sent again."""

import csv
import io
import uuid

import pytest
from sqlalchemy import select

from forsamlingshus.accounts import actions as accounts
from forsamlingshus.accounts.models import Author, Guest, Mute
from forsamlingshus.discussions import actions as discussions
from forsamlingshus.discussions.models import Forum, Post, PostState, Thread
from forsamlingshus.discussions.views.mutes import FORMULA
from forsamlingshus.kernel import clock, db
from forsamlingshus.kernel.db import transaction
from forsamlingshus.kernel.errors import Conflict, Forbidden
from forsamlingshus.kernel.permissions import EVERYWHERE
from forsamlingshus.meetings import actions
from forsamlingshus.meetings.models import GuestPolicy, Meeting
from forsamlingshus.stages import actions as stages
from forsamlingshus.stages.models import Stage

EVENING = "2023-05-03T19:00:00+02:00"
HOME = "/arbejde/moderation"


def text_of(response):
    return response.get_data(as_text=True).replace("\N{NO-BREAK SPACE}", " ")


class Room:
    """Two workshops of one meeting that shows at once what guests write; Anne, a guest and the people who moderate."""

    def __init__(self, app, build, meetings, session, at):
        self.app, self.build, self.session = app, build, session
        self.meeting = meetings.add(join_code="K7QFX")
        self.here = meetings.workshop(self.meeting)
        self.there = meetings.workshop(self.meeting, slug="groen", name="Grøn", token="groen")
        at(EVENING)
        with transaction() as session:
            meeting = session.get_one(Meeting, self.meeting.id)
            actions.set_guest_policy(session, who=build.who(roles=["staff"]), meeting=meeting, policy=GuestPolicy.ON)
        self.anne = build.user("Anne Bjerre")
        self.thread, self.post = self.open(self.here, "Skal hallen åbne før?")
        self.other_thread, _post = self.open(self.there, "Skal vi plante træer?")
        self.facilitator = meetings.facilitator(workshop=self.here, name="Mette Holm")
        self.staff = build.user("Birgit Dam", roles=["staff"])
        self.guest = app.test_client()
        self.guest.join(self.meeting)

    def open(self, workshop, title):
        with transaction() as session:
            forum = session.get_one(Forum, workshop.forum_id)
            return discussions.open_thread(
                session, who=self.build.who(self.anne), forum=forum, title=title, body="Vi svømmer om morgenen.",
                client_id=str(uuid.uuid4()),
            )  # fmt: skip

    def browser(self, user):
        client = self.app.test_client()
        client.log_in(user)
        return client

    def write(self, client, thread=None, body="Åbn klokken seks."):
        path = (thread or self.thread).path
        return client.send(path, {"body": body}, token_from=path)

    def by_guest(self):
        """The guest's newest post, as it stands in the database."""
        self.session.rollback()
        self.session.expire_all()
        author_id = self.session.scalar(select(Guest.author_id))
        return self.session.scalars(select(Post).filter_by(author_id=author_id).order_by(Post.id.desc())).first()

    def mute(self, user, post, **values):
        path = f"/i/{post.id}/fratag-ordet"
        data = {"reason_code": "flood", "length": "hour", "where": "here", **values}
        return self.browser(user).send(path, data, token_from=HOME)

    def rows(self, model):
        self.session.rollback()
        self.session.expire_all()
        return list(self.session.scalars(select(model).order_by(model.id)))


@pytest.fixture
def room(app, build, meetings, session, at):
    return Room(app, build, meetings, session, at)


class TestMute:
    def test_facilitator_mutes_a_guest_in_the_own_workshop_alone(self, room):
        room.write(room.guest)
        assert room.mute(room.facilitator, room.by_guest()).status_code == 303
        page = text_of(room.guest.get(room.thread.path))
        assert "Du kan ikke skrive her før 3. maj kl. 20.00. Grund: Mange indlæg, der står i vejen for de andre" in page
        token = room.guest.token("/gaest")
        answers = [
            room.guest.post(path, data={"body": "Mine ord", "wanted": "1", "csrf_token": token})
            for path in (room.thread.path, f"/i/{room.post.id}/svar", f"/i/{room.post.id}/vigtigt")
        ]
        assert [answer.status_code for answer in answers] == [403] * 3
        assert "Mine ord" in text_of(answers[0]) and "Mange indlæg" in text_of(answers[0])
        assert room.write(room.guest, room.other_thread).status_code == 303

    def test_an_account_is_muted_too_and_others_pages_do_not_tell(self, room):
        room.mute(room.facilitator, room.post)
        anne = room.browser(room.anne)
        assert "Du kan ikke skrive her" in text_of(anne.get(room.thread.path))
        for other in (room.guest, room.browser(room.staff), room.app.test_client()):
            assert "Du kan ikke skrive her" not in text_of(other.get(room.thread.path))

    def test_time_gives_the_word_back(self, room, at):
        room.write(room.guest)
        room.mute(room.facilitator, room.by_guest())
        at("2023-05-03T20:01:00+02:00")
        assert room.write(room.guest).status_code == 303

    def test_moderator_gives_the_word_back(self, room):
        room.write(room.guest)
        room.mute(room.facilitator, room.by_guest(), length="open")
        moderator = room.browser(room.facilitator)
        assert "indtil nogen giver ordet tilbage" in text_of(moderator.get(HOME))
        [mute] = room.rows(Mute)
        path = f"{HOME}/ordet/{mute.id}/giv-tilbage"
        assert moderator.send(path, token_from=HOME).status_code == 303
        assert room.write(room.guest).status_code == 303
        assert moderator.send(path, token_from=HOME).status_code == 409

    def test_staff_mute_in_the_whole_house_and_facilitators_may_not(self, room):
        room.write(room.guest)
        assert room.mute(room.facilitator, room.by_guest(), where="everywhere").status_code == 422
        assert room.mute(room.staff, room.by_guest(), where="everywhere", length="open").status_code == 303
        assert room.rows(Mute)[0].scope_key == EVERYWHERE
        assert "Du kan ikke skrive her indtil videre" in text_of(room.guest.get(room.other_thread.path))
        [mute] = room.rows(Mute)
        path = f"{HOME}/ordet/{mute.id}/giv-tilbage"
        assert room.browser(room.facilitator).send(path, token_from=HOME).status_code == 403

    def test_facilitator_of_another_place_neither_mutes_nor_sees(self, room, meetings):
        stranger = meetings.facilitator(workshop=room.there)
        assert room.mute(stranger, room.post).status_code == 403
        assert room.mute(room.facilitator, room.post).status_code == 303
        assert "Anne Bjerre" in text_of(room.browser(room.facilitator).get(HOME))
        assert "Anne Bjerre" not in text_of(room.browser(stranger).get(HOME))

    def test_who_asked_anonymously_is_named_in_no_list_log_or_export(self, room):
        stage = db.session().scalars(select(Stage).where(Stage.scope_key == room.here.scope_key)).one()
        with transaction() as session:
            stages.start_stage(session, who=room.build.who(room.staff, roles=["staff"]), stage=session.merge(stage))
        anne = room.browser(room.anne)
        asked = {"body": "Hvem betaler?", "client_id": "anonymt-1", "anonymous": "y"}
        assert anne.send(stage.path, asked, token_from=stage.path).status_code == 303
        with transaction() as session:
            session.get_one(Forum, room.here.forum_id).hold_first = True
        held = {"body": "Og hvornår?", "client_id": "anonymt-2", "anonymous": "y"}
        assert anne.send(stage.path, held, token_from=stage.path).status_code == 303
        queue = text_of(room.browser(room.facilitator).get(HOME))
        assert "Og hvornår?" in queue and "Anonym, " in queue and "Anne Bjerre" not in queue
        question = room.rows(Post)[-2]
        assert (question.kind, question.position) == ("question", 1)
        assert room.mute(room.facilitator, question).status_code == 303
        browser = room.browser(room.facilitator)

        def pages():
            return [text_of(browser.get(path)) for path in (HOME, f"{HOME}/log", f"{HOME}/log.csv")]

        for page in pages():
            assert "Anne Bjerre" not in page and f"Person {room.anne.author_id};" not in page
            assert "Anonym, spørgsmål nr. 1" in page
        # A second mute, for a post with her name, is no "she is muted already": that would tell whose question it was.
        assert room.mute(room.staff, room.post).status_code == 303
        named, unnamed = room.rows(Mute)[::-1]
        assert "Anne Bjerre" in pages()[0] and f"Person {room.anne.author_id};" in pages()[2]
        assert room.mute(room.facilitator, question).status_code == 409
        for mute in (unnamed, named):
            assert "Du kan ikke skrive her" in text_of(anne.get(room.thread.path))
            browser.send(f"{HOME}/ordet/{mute.id}/giv-tilbage", token_from=HOME)
        assert "Du kan ikke skrive her" not in text_of(anne.get(room.thread.path))
        assert "Anonym, spørgsmål nr. 1" not in pages()[0] and pages()[2].count("Anonym, spørgsmål nr. 1") == 2

    def test_nobody_mutes_oneself_and_only_staff_mute_staff(self, room, build):
        def mute(who, author_id):
            with transaction() as session:
                accounts.mute(
                    session, who=who, author_id=author_id, scope_key=room.here.scope_key, reason_code="tone", until=None
                )

        facilitator = build.who(room.facilitator, scopes=[room.here.scope_key])
        for author in (room.facilitator.author_id, room.staff.author_id):
            with pytest.raises(Forbidden):
                mute(facilitator, author)
        mute(facilitator, room.anne.author_id)
        with pytest.raises(Conflict):
            mute(build.who(room.staff, roles=["staff"]), room.anne.author_id)

    def test_muted_guest_still_takes_words_back(self, room):
        room.write(room.guest)
        post = room.by_guest()
        room.mute(room.facilitator, post)
        path = f"/i/{post.id}/traek-tilbage"
        assert room.guest.send(path, token_from=path).status_code == 303
        assert room.by_guest().state == PostState.WITHDRAWN

    def test_mute_follows_a_guest_into_the_new_account(self, room):
        room.write(room.guest)
        room.mute(room.facilitator, room.by_guest())
        new = {"email": "ny@example.org", "name": "Cykelfar", "password": "sommerfugle og kaffe"}
        assert room.guest.send("/opret", new, token_from="/opret").status_code == 303
        assert "Du kan ikke skrive her" in text_of(room.guest.get(room.thread.path))

    def test_nothing_chosen_is_said(self, room):
        answer = room.mute(room.staff, room.post, reason_code="", length="forever")
        assert answer.status_code == 422
        assert room.rows(Mute) == []


class TestHoldFirst:
    def test_switch_holds_everybodys_posts_and_counts_them(self, room, at):
        moderator = room.browser(room.facilitator)
        path = f"{HOME}/forum/{room.here.forum_id}/gennemse"
        assert moderator.send(path, {"hold": "1"}, token_from=HOME).status_code == 303
        room.write(room.guest)
        room.write(room.browser(room.anne))
        page = text_of(moderator.get(HOME))
        assert "2 indlæg venter på dig" in page and "3. maj kl. 19.00" in page and 'aria-pressed="true"' in page
        assert moderator.send(path, {"hold": "0"}, token_from=HOME).status_code == 303
        room.write(room.guest, body="Nu straks")
        assert room.by_guest().state == PostState.VISIBLE

    def test_another_places_facilitator_is_refused(self, room, meetings):
        stranger = room.browser(meetings.facilitator(workshop=room.there))
        path = f"{HOME}/forum/{room.here.forum_id}/gennemse"
        assert stranger.send(path, {"hold": "1"}, token_from=HOME).status_code == 403
        assert room.session.get_one(Forum, room.here.forum_id).hold_first is False


class TestHiddenAndSentAgain:
    def hide(self, room, post):
        with transaction() as session:
            discussions.hide(
                session, who=room.build.who(room.staff, roles=["staff"]), post=session.get_one(Post, post.id),
                thread=session.get_one(Thread, room.thread.id), forum=session.get_one(Forum, room.here.forum_id),
                reason_code="tone", reason="Den angriber en medarbejder",
            )  # fmt: skip

    def test_author_reads_the_reason_edits_and_sends_again(self, room):
        room.write(room.guest)
        post = room.by_guest()
        self.hide(room, post)
        page = text_of(room.guest.get(room.thread.path))
        assert "Den angriber en medarbejder" in page and f'href="/i/{post.id}/ret"' in page
        assert f'href="/i/{post.id}/ret"' not in text_of(room.app.test_client().get(room.thread.path))
        path = f"/i/{post.id}/ret"
        assert "Den angriber en medarbejder" in text_of(room.guest.get(path))
        assert room.guest.send(path, {"body": "Åbn klokken seks."}, token_from=path).status_code == 422
        assert room.guest.send(path, {"body": "Åbn før skole."}, token_from=path).status_code == 303
        assert room.by_guest().state == PostState.HELD
        assert "Åbn før skole." not in text_of(room.app.test_client().get(room.thread.path))
        queue = text_of(room.browser(room.facilitator).get(HOME))
        assert "Det har været skjult, og forfatteren har rettet det." in queue and "Åbn før skole." in queue

    def test_released_again_it_stands_in_its_old_place(self, room):
        room.write(room.guest)
        post = room.by_guest()
        self.hide(room, post)
        count = room.session.get_one(Thread, room.thread.id).post_count
        room.guest.send(f"/i/{post.id}/ret", {"body": "Åbn før skole."}, token_from=f"/i/{post.id}/ret")
        room.browser(room.staff).send(f"/i/{post.id}/vis", {"seen": self.digest(room)}, token_from=HOME)
        shown = room.by_guest()
        assert (shown.state, shown.position, shown.reason_code) == (PostState.VISIBLE, post.position, "")
        assert "Åbn før skole." in text_of(room.app.test_client().get(room.thread.path))
        assert room.session.get_one(Thread, room.thread.id).post_count == count + 1

    def digest(self, room):
        from forsamlingshus.discussions import rules

        return rules.digest(room.by_guest())

    def test_others_cannot_edit_a_hidden_post(self, room):
        room.write(room.guest)
        post = room.by_guest()
        self.hide(room, post)
        other = room.app.test_client()
        other.join(room.meeting)
        assert other.send(f"/i/{post.id}/ret", {"body": "Kapret"}, token_from="/gaest").status_code == 403


def rows_of(answer):
    """The rows of a log as a Danish Excel reads them: marked as UTF-8, and with semicolons."""
    assert answer.data.startswith("\ufeff".encode())
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))


class TestLog:
    def decide(self, room):
        room.write(room.guest, body="Hemmelige ord")
        post = room.by_guest()
        room.mute(room.facilitator, post)
        room.browser(room.facilitator).send(
            f"/i/{post.id}/skjul", {"reason_code": "tone", "reason": "Angreb på en person"}, token_from=HOME
        )
        room.browser(room.staff).send(f"{HOME}/forum/{room.there.forum_id}/gennemse", {"hold": "1"}, token_from=HOME)
        return post

    def test_log_names_who_when_what_and_why_and_no_words(self, room):
        post = self.decide(room)
        client = room.browser(room.staff)
        page = text_of(client.get(f"{HOME}/log"))
        assert (
            "Mette Holm" in page and f'href="/i/{post.id}"' in page and "Det angriber en person eller en gruppe" in page
        )
        answer = client.get(f"{HOME}/log.csv")
        rows = rows_of(answer)
        assert [(row["Hvem"], row["Afgørelse"], row["Om"], row["Kode for grunden"]) for row in rows] == [
            ("Birgit Dam", "Indlæg gennemses først", "Alle indlæg på stedet", ""),
            ("Mette Holm", "Skjult", f"Indlæg {post.id}", "tone"),
            ("Mette Holm", "Ordet frataget", f"Person {post.author_id}", "flood"),
        ]
        assert rows[1]["Grund"] == "Det angriber en person eller en gruppe"
        assert rows[0]["Hvornår"].startswith("03.05.2023 19:00")
        for text in (page, text_of(answer)):
            assert "Hemmelige ord" not in text and "Angreb på en person" not in text and "Gæst 1" not in text
        assert answer.headers["Cache-Control"] == "no-store"

    def test_english_log_is_plain_csv_with_offsets(self, room):
        self.decide(room)
        staff = room.browser(room.staff)
        staff.set_cookie("fh_sprog", "en")
        rows = list(csv.DictReader(io.StringIO(staff.get(f"{HOME}/log.csv").get_data(as_text=True))))
        assert [row["Decision"] for row in rows] == ["Posts are looked at first", "Hidden", "Muted"]
        assert rows[0]["When"].startswith("2023-05-03T19:00") and rows[0]["When"].endswith("+02:00")

    def test_facilitator_reads_the_own_part_alone(self, room, meetings):
        self.decide(room)
        stranger = room.browser(meetings.facilitator(workshop=room.there))
        own, foreign = (
            [row["Kode for grunden"] for row in rows_of(client.get(f"{HOME}/log.csv"))]
            for client in (room.browser(room.facilitator), stranger)
        )
        assert (own, foreign) == (["tone", "flood"], [""])

    @pytest.mark.parametrize("start", FORMULA)
    def test_no_cell_is_a_formula(self, room, session, start):
        self.decide(room)
        with transaction() as session:
            session.get_one(Author, room.facilitator.author_id).name = f"{start}cmd|'/c calc'!A1"
        rows = rows_of(room.browser(room.staff).get(f"{HOME}/log.csv"))
        assert rows[1]["Hvem"].startswith(f"'{start}cmd")
        assert [cell for row in rows for cell in row.values() if cell.startswith(FORMULA)] == []

    def test_log_goes_on_page_by_page(self, room, monkeypatch):
        from forsamlingshus.discussions import queries

        self.decide(room)
        room.session.rollback()
        who = room.build.who(room.staff, roles=["staff"])
        first, *rest = queries.log(room.session, who)
        assert [row.id for row in queries.log(room.session, who, before=first.id)] == [row.id for row in rest]
        assert clock.now() >= first.at
