"""The replay tells of polls, paper and talks about slides too, at their minutes, and of nothing it must not."""

import re
import uuid

import pytest

from forsamlingshus.discussions.models import Forum, Post
from forsamlingshus.kernel import db
from forsamlingshus.kernel.db import transaction
from forsamlingshus.meetings import queries as meetings
from forsamlingshus.meetings.models import Meeting, Workshop
from forsamlingshus.notes import actions as notes
from forsamlingshus.notes import queries as note_queries
from forsamlingshus.polls import actions as poll_actions
from forsamlingshus.records import queries
from forsamlingshus.records.models import Minutes, MinutesPost
from forsamlingshus.slides import actions as slides
from forsamlingshus.stages import actions
from tests.polls.conftest import Polls
from tests.queries import counted
from tests.records.test_replay import REPLAY, minute, scenes, text
from tests.slides.conftest import Decks
from tests.slides.test_talks import say

QUESTION = "Hvad betyder mest?"


class Evening(Polls):
    """Polls in a hall, and notes from its tables; `staff` types them in."""

    def note(self, words, *, workshop=False, **values):
        with transaction() as session:
            meeting = session.query(Meeting).one()
            place = session.query(Workshop).one() if workshop else None
            sheet = notes.Sheet(table_no=4, text=words, workshop_id=place.id if place else None, **values)
            return notes.enter_note(
                session, who=self.who("staff"), meeting=meeting, sheet=sheet, client_id=str(uuid.uuid4())
            )

    def correct(self, note, words):
        with transaction() as session:
            row = note_queries.note(session, note.id)
            sheet = notes.Sheet(table_no=row.table_no, text=words)
            notes.change_note(session, who=self.who("staff"), note=row, sheet=sheet, edition=row.edition)

    def take_back(self, note):
        with transaction() as session:
            notes.take_back_note(session, who=self.who("staff"), note=note_queries.note(session, note.id))

    def end(self, stage=None):
        self.steer(actions.close_stage, "staff", stage=stage)


@pytest.fixture
def evening(app, build, session, nudges, pushed, at):
    """18.31 slide 1, 18.33 slide 2; the meeting still goes on."""
    found = Evening(app, build, session)
    at(minute("18:20"))
    found.deck = found.ready("Velkommen", "Pengene", "Farvel")
    found.steer(actions.start_stage)
    at(minute("18:31"))
    found.show(found.deck)
    at(minute("18:33"))
    with transaction() as writing:
        slides.show_slide(writing, who=found.who(), deck_id=found.deck.id, no=2)
    return found


def test_poll_stands_at_the_minutes_at_which_it_was_opened_and_closed(evening, client, at):
    at(minute("18:34"))
    poll = evening.opened(question=QUESTION)
    evening.answer(poll, "citizen", (1, 0, 0))
    at(minute("18:36"))
    evening.close(poll)
    evening.end()
    found = scenes(client)[-1]
    assert f"18.34 Afstemning 1 åbner: {QUESTION}" in found
    assert f"18.36 Resultat af afstemning 1 · 1 har svaret, heraf 0 gæster. {QUESTION} Genoptræning 1 100 %" in found
    assert "1 afstemning" in text(client.get(REPLAY))


def test_poll_that_the_end_of_the_meeting_closed_stands_before_that_end(evening, client, at):
    at(minute("18:34"))
    evening.answer(evening.opened(question=QUESTION), "citizen", (0, 1, 0))
    at(minute("18:40"))
    evening.end()
    assert re.search(r"Resultat af afstemning 1 .* Mødet slutter", scenes(client)[-1])


def test_poll_without_answers_has_no_bars(evening, client):
    evening.close(evening.opened(question=QUESTION))
    evening.end()
    page = client.get(REPLAY).get_data(as_text=True)
    assert "0 har svaret" in page and "fh-bars" not in page


def test_poll_that_was_never_opened_is_not_in_it(evening, client):
    evening.make(question="Kun et udkast?")
    evening.close(evening.opened(question=QUESTION))
    evening.end()
    page = text(client.get(REPLAY))
    assert QUESTION in page and "Kun et udkast?" not in page


def test_poll_of_a_rehearsal_is_an_invented_one_and_leaves_nothing(evening, client):
    evening.close(evening.opened(question=QUESTION))
    with transaction() as session:
        slides.stop_presenting(session, who=evening.who(), deck_id=evening.deck.id)
    evening.steer(actions.show_poll)
    evening.steer(actions.rehearse, on=True, deck_id=evening.deck.id)
    assert "Prøve: det tredje svar" in text(client.get(evening.stage.hall_path))
    evening.steer(actions.rehearse, on=False)
    evening.end()
    page = text(client.get(REPLAY))
    assert QUESTION in page and "Prøve:" not in page


def test_answers_of_a_poll_are_in_no_replay(evening, client):
    """That the page names people was possible: it names who asks."""
    evening.ask("Hvad koster det?", who="citizen")
    poll = evening.opened(question=QUESTION)
    evening.answer(poll, "neighbour", (0, 0, 1))
    evening.end()
    page = text(client.get(REPLAY))
    assert "Anne Bjerre" in page and QUESTION in page
    assert "Jens P." not in page


def test_note_stands_at_the_minute_at_which_it_was_entered_at_its_own_place(evening, client, at):
    at(minute("18:35"))
    evening.note("Lad bussen køre hver halve time.", people=3)
    evening.steer(actions.start_stage, "staff", stage=evening.room)
    evening.note("Kun i rummet.", workshop=True)
    at(minute("18:50"))
    evening.end()
    evening.end(evening.room)
    assert "18.35 Fra papir, bord 4 · 3 personer Lad bussen køre hver halve time." in scenes(client)[-1]
    assert "1 note fra papir" in text(client.get(REPLAY))
    assert "Kun i rummet." not in text(client.get(REPLAY))
    room = text(client.get(f"{evening.room.place_path}/genhoer"))
    assert "Kun i rummet." in room and "Lad bussen" not in room


def test_note_that_was_entered_after_the_meeting_has_no_minute_and_is_counted_with_a_link(evening, client, at):
    at(minute("18:50"))
    evening.end()
    at(minute("20:00"))
    evening.note("Skrevet ind bagefter.")
    answer = client.get(REPLAY)
    assert "Skrevet ind bagefter." not in text(answer)
    assert "1 note fra papir blev skrevet ind før eller efter mødet" in text(answer)
    assert 'href="/budget/2024/borgermoede#paper"' in answer.get_data(as_text=True)
    assert "Skrevet ind bagefter." in text(client.get("/budget/2024/borgermoede"))


def test_corrected_note_is_corrected_and_one_taken_back_leaves_at_once(evening, client, at):
    at(minute("18:35"))
    note = evening.note("Lad bussen køre.")
    evening.end()
    assert "Lad bussen køre." in text(client.get(REPLAY))
    evening.correct(note, "Lad toget køre.")
    assert "Lad toget køre." in text(client.get(REPLAY)) and "bussen" not in text(client.get(REPLAY))
    evening.take_back(note)
    assert "Lad toget køre." not in text(client.get(REPLAY))
    assert "fra papir" not in text(client.get(REPLAY)).partition("<main")[2]


def test_talk_about_a_slide_stands_at_its_minute_and_is_counted_beside_the_slide(evening, client, at):
    at(minute("18:34"))
    say(evening, evening.deck, 1, body="Det første slide er godt.")
    at(minute("18:40"))
    evening.end()
    first, second = scenes(client)[1:3]
    assert "1 indlæg om dette slide" in first and "om dette slide" not in second
    assert "18.34 Om et slide Anne Bjerre · Slide 1: Vores svømmehal Det første slide er godt." in second


def test_talk_about_the_slides_of_a_hidden_deck_leaves_with_them(evening, client, at):
    at(minute("18:34"))
    say(evening, evening.deck, 1, body="Det første slide er godt.")
    at(minute("18:40"))
    evening.end()
    assert "Det første slide er godt." in text(client.get(REPLAY))
    Decks.do(evening, slides.hide_deck, evening.deck, who=evening.who())
    page = text(client.get(REPLAY))
    assert "Det første slide er godt." not in page and "Vores svømmehal" not in page and "0 personer" in page


def test_talk_about_a_hidden_deck_is_neither_counted_nor_offered_nor_shown_in_minutes(evening, at, session):
    at(minute("18:34"))
    say(evening, evening.deck, 1, body="Det første slide er godt.")
    evening.end()

    def read():
        session.rollback()
        session.expire_all()
        meeting = meetings.meeting_page(session, 2024)
        post_id = session.query(Post.id).one()[0]
        minutes = Minutes(posts=[MinutesPost(post_id=post_id, chosen=True, public=True)])
        facts = queries.facts(session, meeting)
        offered, chosen = queries.offered(session, meeting, []), queries.chosen_posts(session, minutes, public=True)
        return facts.posts, facts.people, len(offered), len(chosen)

    assert read() == (1, 1, 1, 1)
    Decks.do(evening, slides.hide_deck, evening.deck, who=evening.who())
    assert read() == (0, 0, 0, 0)


def test_talk_that_waits_for_a_moderator_is_not_in_it(evening, client, at):
    at(minute("18:34"))
    say(evening, evening.deck, 2, body="Synligt med det samme.")
    with transaction() as session:
        session.get_one(Forum, evening.deck.forum_id).hold_first = True
    say(evening, evening.deck, 2, "neighbour", body="Det her venter.")
    evening.end()
    assert db.session().query(Post.state).order_by(Post.id).all() == [("visible",), ("held",)]
    page = text(client.get(REPLAY))
    assert "Synligt med det samme." in page and "Det her venter." not in page


def test_it_takes_the_same_few_queries_with_1_and_12_of_each(app, evening, client, at):
    def whole(number):
        for no in range(number):
            say(evening, evening.deck, 2, body=f"Om slidet {number} {no}")
            evening.note(f"Note {number} {no}")
            poll = evening.opened(question=f"{QUESTION} {number} {no}")
            evening.answer(poll, "citizen", (1, 0, 0))
            evening.close(poll)
        evening.end()
        client.get("/budget/2024/borgermoede")  # what the process keeps is read once
        built, kept = (counted(app, lambda: client.get(REPLAY)) for _ in range(2))
        evening.steer(actions.start_stage)
        return built, kept

    one, twelve = whole(1), whole(12)
    assert one == twelve
    assert one[1] < one[0] <= 28


def test_polls_of_another_stage_are_not_in_it(evening, client):
    evening.steer(actions.start_stage, "staff", stage=evening.room)
    poll = evening.make(stage=evening.room, who="rival", question="Kun i rummet?")
    evening.do(poll_actions.open_poll, poll, "rival")
    evening.end(evening.room)
    evening.end()
    assert "Kun i rummet?" in text(client.get(f"{evening.room.place_path}/genhoer"))
    assert "Kun i rummet?" not in text(client.get(REPLAY))
