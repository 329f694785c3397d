"""What is said about slides: each has a talk of its own, in the forum of its place, that goes where the deck goes."""

import re
from functools import partial

import pytest
from sqlalchemy import select

from forsamlingshus.contributions.models import Contribution
from forsamlingshus.discussions import actions as discussions
from forsamlingshus.discussions.models import Forum, Post, Thread
from forsamlingshus.kernel import db, topics
from forsamlingshus.kernel.db import transaction
from forsamlingshus.kernel.errors import Conflict
from forsamlingshus.slides import actions, queries
from forsamlingshus.slides import live as slides_live
from forsamlingshus.slides.models import SlideTalk
from tests.queries import counted
from tests.slides.test_live import deliver, heard, listener, targets  # noqa: F401 a fixture
from tests.slides.test_views import text

WORDS = "Kan hallen åbne før otte?"


def say(decks, deck, no=1, name="citizen", body=WORDS, **more):
    """Write about a slide in a browser; the answer."""
    client = decks.client(name)
    path = f"{deck.path}/{no}"
    return client.post(path, data={"body": body, "csrf_token": client.token(path), **more})


def talk(session, deck, no=1):
    session.rollback()
    return queries.talk_at(session, deck.id, no)


def the_post(session):
    session.rollback()
    return session.scalars(select(Post)).one()


def test_post_stands_under_its_slide_and_under_no_other(decks, session, client):
    deck = decks.ready("En", "To")
    assert WORDS not in text(client.get(f"{deck.path}/1"))
    answer = say(decks, deck)
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith(f"{deck.path}/1#i-")
    page = text(client.get(f"{deck.path}/1"))
    assert WORDS in page
    assert f'data-topic="{talk(session, deck).thread.topic}"' in page
    assert WORDS not in text(client.get(f"{deck.path}/2"))


def test_number_of_posts_stands_beside_the_thumbnail_on_deck_and_slide(decks, client):
    deck = decks.ready("En", "To")
    say(decks, deck, 2)
    say(decks, deck, 2, body="En mere")
    for path in (deck.path, f"{deck.path}/1"):
        page = text(client.get(path))
        assert re.search(rf'id="talk-{deck.id}-2" *>.*?<span aria-hidden="true">2</span>', page)
        assert re.search(rf'id="talk-{deck.id}-1" hidden>', page)


def test_permalink_of_a_post_leads_to_its_slide(decks, session, client):
    deck = decks.ready("En", "To")
    say(decks, deck, 2)
    post = the_post(session)
    assert client.get(post.path).headers["Location"] == f"{deck.path}/2#i-{post.id}"
    reply = decks.client("host").get(f"{post.path}/svar")
    assert reply.status_code == 200


def test_posts_about_slides_are_no_threads_of_the_workshop(decks, session, client):
    deck = decks.ready("En")
    say(decks, deck)
    assert "Slide 1: Vores svømmehal" not in text(client.get(deck.place_path))
    forum = session.get(Forum, deck.forum_id)
    session.refresh(forum)
    assert (forum.thread_count, forum.post_count) == (0, 0)


def test_refused_post_comes_back_with_its_text_on_the_page_of_the_slide(decks):
    deck = decks.ready("En")
    answer = say(decks, deck, body="Mit nummer er 010101-0101")
    assert answer.status_code == 422
    page = text(answer)
    assert "<title>Fejl: Slide 1 af 1" in page
    assert "Mit nummer er 010101-0101" in page
    assert 'class="fh-shown"' in page


def test_post_of_a_place_that_holds_first_waits_in_the_queue_of_its_facilitator(decks, session, client):
    deck = decks.ready("En")
    with transaction() as writing:
        writing.get_one(Forum, deck.forum_id).hold_first = True
    say(decks, deck)
    assert WORDS not in text(client.get(f"{deck.path}/1"))
    queue = text(decks.client("host").get("/arbejde/moderation"))
    assert WORDS in queue
    assert "Slide 1: Vores svømmehal" in queue
    assert WORDS not in text(decks.client("rival").get("/arbejde/moderation"))


@pytest.mark.parametrize(("name", "status"), [("citizen", 410), ("host", 303)])
def test_only_those_who_lead_write_about_the_slides_of_a_hidden_deck(decks, name, status):
    deck = decks.ready("En")
    with_token = decks.client(name)
    token = with_token.token(f"{deck.path}/1")
    decks.do(actions.hide_deck, deck, who=decks.who())
    answer = with_token.post(f"{deck.path}/1", data={"body": WORDS, "csrf_token": token})
    assert answer.status_code == status


def test_talk_of_a_hidden_deck_is_silent_to_strangers_and_heard_again_when_it_is_shown(decks, session, listener):  # noqa: F811
    deck = decks.ready("En")
    say(decks, deck)
    topic, post = talk(session, deck).thread.topic, the_post(session)
    _socket, answer = listener(topic)
    assert answer["ok"]
    assert decks.client("citizen").get(f"{post.path}/svar").status_code == 200
    decks.do(actions.hide_deck, deck, who=decks.who())
    assert listener(topic)[1] == {"ok": False}
    assert listener(topic, decks.client("host"))[1]["ok"]
    assert decks.client("rival").get(f"{post.path}/svar").status_code == 404
    decks.do(actions.list_deck, deck, who=decks.who())
    assert listener(topic)[1]["ok"]


def test_words_that_were_quoted_elsewhere_are_public_only_while_the_deck_is(decks, session):
    """Board and proposals ask the contribution, and know nothing of decks."""

    def public():
        session.rollback()
        return list(session.scalars(select(Contribution.public).order_by(Contribution.id)))

    deck = decks.ready("En")
    say(decks, deck)
    assert public() == [True]
    decks.do(actions.hide_deck, deck, who=decks.who())
    say(decks, deck, name="host", body="Kun mellem ordstyrere")
    assert public() == [False, False]
    decks.do(actions.list_deck, deck, who=decks.who())
    assert public() == [True, True]


def test_those_who_followed_the_talk_of_a_deck_hear_nothing_more_once_it_is_hidden(
    app,
    decks,
    session,
    pushed,
    listener,  # noqa: F811
):
    deck = decks.ready("En")
    topic = talk(session, deck).thread.topic
    stranger, _answer = listener(topic)
    citizen, _answer = listener(topic, decks.client("citizen"))
    say(decks, deck)
    deliver(app, pushed)
    assert all(WORDS in str(heard(socket)) for socket in (stranger, citizen))
    decks.do(actions.hide_deck, deck, who=decks.who())
    host, _answer = listener(topic, decks.client("host"))
    say(decks, deck, name="host", body="Kun mellem ordstyrere")
    deliver(app, pushed)
    assert "Kun mellem ordstyrere" in str(heard(host))
    assert heard(stranger) == heard(citizen) == []


def test_deck_that_is_not_ready_has_no_talk(decks, session):
    deck = decks.draw(decks.upload(), "En", pages=2)
    assert queries.talks(session, deck.id) == []
    page = text(decks.client("host").get(f"{deck.path}/1"))
    assert "Skriv et indlæg" not in page


def test_post_moves_the_number_for_those_who_look_at_the_deck(app, decks, session, pushed, listener):  # noqa: F811
    here, elsewhere = decks.ready("En", "To"), decks.ready("En", title="Et andet")
    near, _answer = listener(here.topic)
    far, _answer = listener(elsewhere.topic)
    pushed.clear()
    say(decks, here, 2)
    assert targets(pushed) == [f"talk-{here.id}-2", f"here-{here.id}-2"]
    deliver(app, pushed)
    (message,) = heard(near)
    assert message["last"] == decks.fresh(here).version
    assert all(">1<" in change["html"] for change in message["changes"])
    assert heard(far) == []


def test_post_in_a_thread_of_the_forum_leaves_the_decks_alone(decks, session, pushed):
    deck = decks.ready("En")
    before = deck.version
    with transaction() as writing:
        forum = writing.get_one(Forum, deck.forum_id)
        discussions.open_thread(
            writing, who=decks.who("citizen"), forum=forum, title="En tråd", body="Ord", client_id="en-traad-1"
        )
    assert decks.fresh(deck).version == before


def test_numbers_that_were_missed_are_read_again(decks, client):
    deck = decks.ready("En", "To")
    before = deck.version
    assert client.get(f"{deck.path}?efter={before}").get_json()["changes"] == []
    say(decks, deck, 2)
    answer = client.get(f"{deck.path}/1?efter={before}").get_json()
    assert f"talk-{deck.id}-2" in [change["target"] for change in answer["changes"]]


def test_posts_that_were_missed_are_read_again(decks, session, client):
    deck = decks.ready("En", "To")
    say(decks, deck)
    answer = client.get(f"{deck.path}/1?del=debat&efter=0").get_json()
    assert [(change["action"], WORDS in change["html"]) for change in answer["changes"]] == [("put", True)]
    assert client.get(f"{deck.path}/2?del=debat&efter=0").get_json()["changes"] == []
    assert client.get(f"{deck.path}/9?del=debat&efter=0").status_code == 404


def test_presses_on_a_slide_nobody_wrote_about_leave_the_number_hidden_again(decks, session, client):
    deck = decks.ready("En")
    say(decks, deck)
    post = the_post(session)
    citizen = decks.client("citizen")
    path = f"{post.path}/traek-tilbage"
    citizen.post(path, data={"csrf_token": citizen.token(path)})
    assert re.search(rf'id="talk-{deck.id}-1" hidden>', text(client.get(deck.path)))


def test_follower_is_led_to_the_talk_and_not_kept_in_it(decks, client):
    deck = decks.present(decks.ready("En", "To"))
    followed = text(client.get(f"{deck.path}/1?foelg=1"))
    assert f'href="{deck.path}/1#debat"' in followed
    assert 'id="feed"' not in followed
    assert 'id="feed"' in text(client.get(f"{deck.path}/1"))


def test_new_title_is_told_to_the_talks(decks, session):
    deck = decks.ready("En")
    decks.do(actions.rename_deck, deck, who=decks.who(), title="Badet", speaker="")
    assert talk(session, deck).thread.title == "Slide 1: Badet"


def test_deck_that_people_wrote_about_is_not_removed_and_the_page_says_why(decks, session, client):
    deck, quiet = decks.ready("En"), decks.ready("En", title="Uden ord")
    say(decks, deck)
    with pytest.raises(Conflict):
        decks.do(actions.remove_deck, deck, who=decks.who())
    host = decks.client("host")
    page = text(host.get(f"{deck.control_path}/fjern"))
    assert "Der er skrevet om slidesene" in page
    assert "<form" not in page[page.index("<main") :]
    decks.do(actions.remove_deck, quiet, who=decks.who())
    assert session.scalars(select(SlideTalk.deck_id).distinct()).all() == [deck.id]
    assert session.scalars(select(Thread.path).where(Thread.kind == "slide")).all() == [f"{deck.path}/1"]


def test_official_answer_under_a_post_is_marked_with_badge_and_time(decks, session, client):
    deck = decks.ready("En")
    say(decks, deck)
    post = the_post(session)
    host, path = decks.client("host"), f"{post.path}/svar-fra-kommunen"
    assert path in text(host.get(f"{deck.path}/1"))
    assert path not in text(decks.client("citizen").get(f"{deck.path}/1"))
    assert decks.client("rival").get(path).status_code == 403
    answer = host.post(path, data={"csrf_token": host.token(path), "body": "Ja, fra august.", "seen": ""})
    assert answer.headers["Location"] == f"{deck.path}/1#i-{post.id}"
    page = text(client.get(f"{deck.path}/1"))
    marked = page[page.index('class="fh-official"') :]
    assert "Svar fra kommunen" in marked and "Ja, fra august." in marked
    assert "Svar efter 1 minut" in marked and "Ordstyrer" in marked


def test_slide_costs_the_same_in_a_deck_of_one_and_of_thirty_with_posts_about_each(decks, app, session):
    short, long = decks.ready("En"), decks.ready(*[f"Slide {no}" for no in range(1, 31)], title="Lang")
    for deck in (short, long):
        with transaction() as writing:
            for found in queries.talks(writing, deck.id):
                discussions.write_post(
                    writing,
                    who=decks.who("citizen"),
                    thread=found.thread,
                    forum=writing.get_one(Forum, deck.forum_id),
                    body=WORDS,
                    client_id=f"et-indlaeg-{deck.id}-{found.no}",
                )
    reader = decks.client("host")
    for page in ("", "/1", "/1?efter=0"):
        for deck in (short, long):
            reader.get(deck.path + page)  # whatever is kept between requests is kept now
        costs = [counted(app, partial(reader.get, deck.path + page)) for deck in (short, long)]
        assert costs[0] == costs[1], page


def test_gates_know_no_other_topics_than_before():
    assert set(slides_live.GATES) == {"deck", "deck/presenter"}


def test_version_of_the_deck_is_that_of_its_topic_after_a_post(decks, session):
    deck = decks.ready("En")
    say(decks, deck)
    assert decks.fresh(deck).version == topics.version_of(db.session(), deck.topic)
