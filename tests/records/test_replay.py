"""The replay: each slide at its minute with what was asked meanwhile, and nothing that may not be read today."""

import re

import pytest

from forsamlingshus.discussions import actions as discussions
from forsamlingshus.discussions.models import Forum, Thread
from forsamlingshus.kernel import clock, topics
from forsamlingshus.kernel.db import transaction
from forsamlingshus.slides import actions as slides
from forsamlingshus.stages import actions
from forsamlingshus.stages.models import StageMoment
from tests.queries import counted

REPLAY = "/budget/2024/borgermoede/genhoer"


def minute(clock):
    return f"2023-05-03T{clock}:00+02:00"


def text(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.get_data(as_text=True)))


def scenes(client, path=REPLAY):
    """The page's scenes, each as its own words."""
    page = client.get(path).get_data(as_text=True)
    parts = page.split('<li class="fh-replay-scene">')[1:]
    return [re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", part.partition("</li> </ol>")[0])) for part in parts]


@pytest.fixture
def evening(hall, at):
    """18.31 slide 1, 18.33 slide 2; a question at each; 18.40 the end."""
    at(minute("18:20"))
    deck = hall.ready("Velkommen", "Pengene", "Farvel")
    hall.steer(actions.start_stage)
    at(minute("18:31"))
    hall.show(deck)
    hall.first = hall.ask("Hvad koster det?")
    at(minute("18:33"))
    with transaction() as session:
        slides.show_slide(session, who=hall.who(), deck_id=deck.id, no=2)
    hall.second = hall.ask("Hvem betaler?", who="neighbour")
    at(minute("18:35"))
    hall.settle(hall.first, "answered")
    at(minute("18:38"))
    with transaction() as session:
        slides.stop_presenting(session, who=hall.who(), deck_id=deck.id)
    at(minute("18:40"))
    hall.steer(actions.close_stage)
    hall.deck = deck
    return hall


def test_questions_stand_under_the_slide_that_was_shown(evening, client):
    found = scenes(client)
    assert [re.search(r"(\d\d\.\d\d) (Slide \d|Uden slides)", scene).groups() for scene in found] == [
        ("18.20", "Uden slides"),
        ("18.31", "Slide 1"),
        ("18.33", "Slide 2"),
        ("18.38", "Uden slides"),
    ]
    assert "Hvad koster det?" in found[1] and "Hvem betaler?" not in found[1]
    assert "Hvem betaler?" in found[2] and "18.35 Spørgsmål nr. 1 er besvaret" in found[2]
    assert "18.40 Mødet slutter" in found[3]
    assert "Farvel" not in "".join(found)


def test_page_needs_no_script_and_says_its_numbers(evening, client):
    page = client.get(REPLAY)
    assert page.status_code == 200
    said = text(page)
    assert "2 slides" in said and "2 spørgsmål" in said and "2 personer" in said
    main = page.get_data(as_text=True).partition("<main")[2].partition("</main>")[0]
    assert "<script" not in main and "data-topic" not in main


def test_a_link_leads_to_each_minute(evening, client):
    page = client.get(REPLAY).get_data(as_text=True)
    for anchor in ("kl-18-20", "kl-18-31", "kl-18-33", "kl-18-35", "kl-18-40"):
        assert page.count(f'id="{anchor}"') == 1


@pytest.mark.parametrize(
    ("asked", "anchor"),
    [("18.33", "kl-18-33"), ("18:34", "kl-18-33"), ("1832", "kl-18-31"), ("9.05", "kl-18-20"), ("23.59", "kl-18-40")],
)
def test_any_minute_leads_to_what_was_shown_then(evening, client, asked, anchor):
    answer = client.get(f"{REPLAY}?kl={asked}")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{REPLAY}#{anchor}")


@pytest.mark.parametrize("asked", ["i aften", "25.00", "18.75", "-1.00", "18.33.12", "💥"])
def test_nonsense_is_told_and_given_back(evening, client, asked):
    answer = client.get(REPLAY, query_string={"kl": asked})
    assert answer.status_code == 422 and "Skriv et klokkeslæt, for eksempel 18.43" in text(answer)


def test_while_the_meeting_goes_on_there_is_no_replay(hall, client):
    hall.show(hall.ready("En"))
    answer = client.get(REPLAY)
    assert (answer.status_code, answer.headers["Location"]) == (303, hall.stage.path)
    assert client.get("/budget/2024/temaer/findes-ikke/genhoer").status_code == 404


def test_what_is_hidden_or_withdrawn_later_leaves_the_replay(evening, client, at):
    assert "Hvad koster det?" in text(client.get(REPLAY)) and "Hvem betaler?" in text(client.get(REPLAY))
    at(minute("20:00"))
    evening.hide(evening.first)
    assert "Hvad koster det?" not in text(client.get(REPLAY))
    assert "Spørgsmål nr. 1" not in text(client.get(REPLAY))
    with transaction() as session:
        discussions.withdraw_post(session, who=evening.who("neighbour"), post=evening.post(session, evening.second))
    assert "Hvem betaler?" not in text(client.get(REPLAY))
    assert "0 spørgsmål" in text(client.get(REPLAY))


def test_what_waits_for_a_moderator_is_not_in_it(hall, client, at):
    at(minute("18:31"))
    hall.show(hall.ready("En"))
    hall.ask("Ring til mig", held=True)
    hall.steer(actions.close_stage)
    assert "Ring til mig" not in text(client.get(REPLAY))


def test_slides_of_a_deck_that_was_hidden_are_not_shown(evening, client):
    assert "/fil/slide/" in client.get(REPLAY).get_data(as_text=True)
    evening.do(slides.hide_deck, evening.deck, who=evening.who())
    page = client.get(REPLAY)
    assert "/fil/slide/" not in page.get_data(as_text=True)
    assert "Et slide, der ikke længere vises" in text(page) and "Hvad koster det?" in text(page)


def test_a_rehearsal_is_never_in_it(hall, client, at):
    at(minute("17:00"))
    deck = hall.ready("Prøveslide")
    hall.steer(actions.rehearse, on=True, deck_id=deck.id)
    hall.steer(actions.rehearse_slide, no=1)
    hall.steer(actions.rehearse, on=False)
    at(minute("18:31"))
    hall.steer(actions.start_stage)
    hall.steer(actions.close_stage)
    assert "Slide 1" not in text(client.get(REPLAY)) and "Prøve:" not in text(client.get(REPLAY))


def test_each_place_has_a_replay_of_its_own(evening, client, at):
    at(minute("19:00"))
    with transaction() as session:
        forum = session.get_one(Forum, evening.room.forum_id)
        discussions.open_thread(
            session, who=evening.who("citizen"), forum=forum, title="Tråden", body="Sagt i rummet", client_id="rum-1"
        )
    evening.steer(actions.close_stage, "rival", stage=evening.room)
    room = f"{evening.room.place_path}/genhoer"
    assert "Sagt i rummet" in text(client.get(room)) and "Hvad koster det?" not in text(client.get(room))
    assert "Sagt i rummet" not in text(client.get(REPLAY))
    assert f'href="{room}"' in client.get(REPLAY).get_data(as_text=True)


def test_words_before_and_after_the_meeting_are_not_in_it(evening, client, at):
    at(minute("21:00"))
    evening.steer(actions.continue_questions)
    assert "Vi nåede ikke" not in text(client.get(REPLAY))


def test_it_takes_few_queries_and_the_same_with_1_and_30_questions(app, hall, client, at):
    def whole(questions):
        for number in range(questions):
            hall.settle(hall.ask(f"Spørgsmål {questions} {number}?"), "answered")
        hall.steer(actions.close_stage)
        client.get("/budget/2024/borgermoede")  # what the process keeps is read once
        built = counted(app, lambda: client.get(REPLAY))
        kept = counted(app, lambda: client.get(REPLAY))
        hall.steer(actions.start_stage)
        return built, kept

    at(minute("18:31"))
    hall.show(hall.ready("En"))
    one, thirty = whole(1), whole(30)
    assert one == thirty
    assert one[1] < one[0] <= 24


def test_what_happened_after_the_end_is_not_in_it(evening, client, at):
    before = scenes(client)
    assert "".join(before).count("Mødet slutter") == 1
    at(minute("18:57"))
    with transaction() as session:
        stage = session.merge(evening.stage)
        for kind, facts in (("mode", {"mode": "pause"}), ("slide", {"deck_id": evening.deck.id, "slide_no": 3})):
            session.add(StageMoment(stage_id=stage.id, at=clock.now(), kind=kind, **facts))
        topics.next_version(session, stage.topic)
    evening.settle(evening.second, "answered")
    assert scenes(client) == before


def test_opening_it_again_stands_between_the_two_ends(evening, client, at):
    at(minute("18:45"))
    evening.steer(actions.start_stage)
    at(minute("19:10"))
    evening.steer(actions.close_stage)
    said = re.findall(r"\d\d\.\d\d Mødet [^<]*?(?:begynder|slutter|fortsætter)", text(client.get(REPLAY)))
    assert said == ["18.20 Mødet begynder", "18.40 Mødet slutter", "18.45 Mødet fortsætter", "19.10 Mødet slutter"]


def test_a_question_on_the_screen_and_a_pause_are_told(hall, client, at):
    at(minute("18:31"))
    hall.show(hall.ready("En"))
    post = hall.ask()
    with transaction() as session:
        stage = session.merge(hall.stage)
        actions.show_question(session, who=hall.who(), stage=stage, post=hall.post(session, post))
    at(minute("18:45"))
    hall.steer(actions.pause, until=clock.now())
    hall.steer(actions.close_stage)
    said = text(client.get(REPLAY))
    assert "Spørgsmål nr. 1 er på skærmen" in said and "18.45 Pause" in said
    with transaction() as session:
        thread = session.get_one(Thread, hall.stage.thread_id)
        forum = session.get_one(Forum, hall.stage.forum_id)
        discussions.hide(
            session,
            who=hall.who(),
            post=hall.post(session, post),
            thread=thread,
            forum=forum,
            reason_code="tone",
            reason="Tonen",
        )
    assert "er på skærmen" not in text(client.get(REPLAY))
