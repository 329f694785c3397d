"""A deck that is hidden after the meeting takes with it what people wrote about its slides, wherever that was told."""

import pytest

from forsamlingshus.discussions import actions as discussions
from forsamlingshus.kernel.db import transaction
from forsamlingshus.kernel.errors import Conflict
from forsamlingshus.meetings import queries as meeting_queries
from forsamlingshus.records import actions, queries
from forsamlingshus.slides import actions as slides
from forsamlingshus.stages import actions as stages
from tests.records.test_minutes import PUBLIC, WORK, do, edit, found, publish
from tests.records.test_replay import REPLAY, minute, text
from tests.records.test_summaries import WORK as SUMMARY
from tests.records.test_summaries import change, room, write
from tests.slides.test_talks import WORDS, say, the_post

TALK = "Slide 1: Vores svømmehal"


@pytest.fixture
def talked(hall, session, at):
    """A post about a slide of the plenary, whose meeting is over."""
    at(minute("18:31"))
    hall.deck = hall.ready("En", "To")
    hall.show(hall.deck)
    say(hall, hall.deck)
    hall.steer(stages.close_stage)
    hall.talk = the_post(session)
    return hall


def hide(hall):
    hall.do(slides.hide_deck, hall.deck, who=hall.who())


def test_words_and_title_leave_the_replay_that_was_kept_and_come_back_with_the_deck(talked, client):
    assert WORDS in text(client.get(REPLAY)) and TALK in text(client.get(REPLAY))
    hide(talked)
    page = text(client.get(REPLAY))
    assert client.get(talked.talk.path).status_code == 404
    assert WORDS not in page and TALK not in page and "0 personer" in page
    talked.do(slides.list_deck, talked.deck, who=talked.who())
    assert WORDS in text(client.get(REPLAY))


def test_a_kept_replay_does_not_rest_on_the_version_of_the_deck(talked, session):
    before = queries.fingerprint(session, talked.stage)
    with transaction() as writing:
        discussions.show_owned(writing, thread_ids=[talked.talk.thread_id], shown=False)
    session.rollback()
    assert queries.fingerprint(session, talked.stage) != before


def test_words_are_no_choice_for_the_minutes_and_leave_those_that_are_public(talked, client):
    do(talked, actions.draft_minutes)
    edit(talked, "Tekst", posts=[talked.talk.id])
    publish(talked)
    assert WORDS in text(client.get(PUBLIC)) and WORDS in text(talked.client("staff").get(WORK))
    hide(talked)
    assert WORDS not in text(client.get(PUBLIC)) and WORDS not in text(talked.client("staff").get(WORK))
    edit(talked, "Anden tekst", posts=[talked.talk.id])
    publish(talked, note="Rettet")
    talked.do(slides.list_deck, talked.deck, who=talked.who())
    assert WORDS not in text(client.get(PUBLIC)), "nobody chose it while it was hidden"


def test_words_are_not_counted_in_the_draft(talked, session):
    hide(talked)
    numbers = queries.facts(session, found()[0])
    assert (numbers.people, numbers.posts) == (0, 0)


def test_draft_names_no_slide_of_a_hidden_deck(talked, session):
    with transaction() as writing:
        shown = queries.facts(writing, meeting_queries.meeting_page(writing, 2024)).shown
        assert [one.deck.title for one in shown] == [talked.deck.title]
    hide(talked)
    assert queries.facts(session, found()[0]).shown == []


def test_a_point_of_a_summary_neither_takes_nor_names_them(hall, session, client):
    place = hall.room
    deck = hall.ready("En", who=hall.who("rival"), scope_key=place.scope_key, forum_id=place.forum_id)
    say(hall, deck)
    post = the_post(session)
    write(hall, "Et punkt", [post])
    change(hall, actions.publish_summary)
    assert "Anne Bjerre" in text(client.get(place.place_path)) and WORDS in text(
        hall.client("rival").get(f"{SUMMARY}/1")
    )
    hall.do(slides.hide_deck, deck, who=hall.who("rival"))
    assert "Anne Bjerre" not in text(client.get(place.place_path))
    for path in (SUMMARY, f"{SUMMARY}/1"):
        assert WORDS not in text(hall.client("rival").get(path))
    with pytest.raises(Conflict, match="kan ikke læses længere"):
        write(hall, "Et punkt mere", [post])
    assert queries.unused(session, room(session)).total == 0
