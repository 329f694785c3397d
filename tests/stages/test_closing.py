"""The end of a meeting: what becomes of the talk beside it, and of the questions that nobody answered."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from forsamlingshus.discussions import actions as discussions
from forsamlingshus.discussions.models import Forum, Post, Question, Thread
from forsamlingshus.kernel import clock, db
from forsamlingshus.kernel.db import transaction
from forsamlingshus.kernel.errors import Closed, Conflict, Forbidden
from forsamlingshus.stages import actions
from tests.stages.test_views import EVENING, text

LAST_DAY = "2023-05-20"


def press(client, stage, verb, **data):
    path = stage.control_path
    return client.send(f"{path}/{verb}", data, token_from=path)


def close(hall, who="host", **values):
    return press(hall.client(who), hall.stage, "luk", **values)


def threads():
    session = db.session()
    session.rollback()
    return list(session.scalars(select(Thread).where(Thread.kind == "talk").order_by(Thread.id)))


def forum_of(stage):
    session = db.session()
    session.rollback()
    session.expire_all()
    return session.get_one(Forum, stage.forum_id)


def go_on(hall, who="host"):
    return hall.steer(actions.continue_questions, who)


@pytest.fixture(autouse=True)
def evening(hall, at):
    at(EVENING)


@pytest.fixture
def over(hall):
    """A meeting that is over, with a question that was answered and two that were not."""
    posts = {name: hall.ask(f"{name}?") for name in ("Svaret", "Mindre vigtigt", "Vigtigst")}
    hall.want(posts["Vigtigst"])
    hall.settle(posts["Svaret"], "answered")
    hall.steer(actions.close_stage)
    return posts


# ---- closing


def test_a_closed_workshop_can_only_be_read_and_says_so(hall, client):
    forum = hall.room.place_path
    assert hall.client("citizen").get(f"{forum}/ny").status_code == 200
    assert press(hall.client("rival"), hall.room, "luk", afterwards="read_only").status_code == 303
    page = text(client.get(forum))
    assert "Debatten er lukket. Den blev lukket" in page and "Du kan stadig læse den" in page
    assert hall.client("citizen").get(f"{forum}/ny").status_code == 410
    assert forum_of(hall.stage).closes_at is None  # each place has its own end


def test_a_workshop_stays_open_until_the_end_of_the_chosen_day(hall, at):
    forum = hall.room.place_path
    press(hall.client("rival"), hall.room, "luk", afterwards="open", until="2023-05-10")
    at("2023-05-10T23:59:00+02:00")
    assert hall.client("citizen").get(f"{forum}/ny").status_code == 200
    assert "Åben til 11. maj kl. 0.00" in text(hall.client("citizen").get(forum))
    at("2023-05-11T00:00:01+02:00")
    assert hall.client("citizen").get(f"{forum}/ny").status_code == 410


def test_a_thread_that_somebody_has_just_read_is_closed_as_well(hall, app):
    with transaction() as session:
        thread, _post = discussions.open_thread(
            session,
            who=hall.who("citizen"),
            forum=session.get_one(Forum, hall.room.forum_id),
            title="Skal hallen åbne før?",
            body="Vi svømmer om morgenen.",
            client_id="traad-1",
        )
    citizen, path = hall.client("neighbour"), thread.path
    assert 'name="body"' in citizen.get(path).get_data(as_text=True)
    press(hall.client("rival"), hall.room, "luk", afterwards="read_only")
    assert 'name="body"' not in citizen.get(path).get_data(as_text=True)
    late = citizen.send(path, {"body": "For sent", "client_id": "sent"}, token_from="/min-side/indstillinger")
    assert late.status_code == 410 and "For sent" in text(late)


def test_opening_again_lets_people_write_again(hall):
    close(hall, afterwards="read_only")
    press(hall.client("host"), hall.stage, "begynd")
    assert forum_of(hall.stage).closes_at is None
    assert hall.ask().position == 1


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "Vælg, hvad der skal ske med debatten"),
        ({"afterwards": "open", "until": ""}, "Skriv den sidste dag, man kan skrive"),
        ({"afterwards": "open", "until": "i morgen"}, "Skriv den sidste dag, man kan skrive"),
        ({"afterwards": "open", "until": "2023-05-02"}, "Dagen er gået"),
        ({"afterwards": "open", "until": "2199-01-01"}, "Årets debat slutter"),
        ({"afterwards": "andet", "until": LAST_DAY}, "Vælg, hvad der skal ske med debatten"),
    ],
)
def test_a_choice_that_cannot_be_is_told_and_ends_nothing(hall, data, sentence):
    answer = close(hall, **data)
    assert answer.status_code == 422 and sentence in text(answer)
    assert hall.stage.closed_at is None


def test_a_day_beside_read_only_does_not_count(hall):
    assert close(hall, afterwards="read_only", until="noget").status_code == 303
    assert forum_of(hall.stage).closes_at <= clock.now()


def test_closing_is_for_those_who_lead(hall):
    for name in ("citizen", "rival"):
        answer = hall.client(name).send(f"{hall.stage.control_path}/luk", {"afterwards": "read_only"})
        assert answer.status_code == 403
    with pytest.raises(Forbidden):
        hall.steer(actions.close_stage, "rival")
    assert hall.stage.closed_at is None


def test_of_two_who_end_it_otherwise_the_second_is_told(hall):
    day = clock.now().replace(year=2199)
    hall.steer(actions.close_stage, closes_at=day)
    hall.steer(actions.close_stage, closes_at=day)
    with pytest.raises(Conflict):
        hall.steer(actions.close_stage, closes_at=clock.now())
    assert forum_of(hall.stage).closes_at == day


# ---- questions that go on


def test_each_unanswered_question_becomes_a_thread_by_one_press(hall, over, client):
    answer = press(hall.client("host"), hall.stage, "ubesvarede")
    assert answer.status_code == 303
    assert [thread.title for thread in threads()] == ["Vigtigst?", "Mindre vigtigt?"]
    fates = [hall.whole(over[name]).question.fate for name in ("Svaret", "Mindre vigtigt", "Vigtigst")]
    assert fates == ["answered", "thread", "thread"]
    page = client.get(hall.stage.path).get_data(as_text=True)
    for thread in threads():
        assert f'href="{thread.path}"' in page
        there = client.get(thread.path)
        assert there.status_code == 200 and thread.title in text(there)
    assert page.count("Fortsætter i en tråd") == 2
    assert "Spørgsmål, der fortsætter i tråde" in text(client.get(hall.stage.place_path))


def test_people_write_in_the_thread_of_a_plenary_question(hall, over):
    go_on(hall)
    thread, citizen = threads()[0], hall.client("citizen")
    assert (
        citizen.send(thread.path, {"body": "Jeg ved det", "client_id": "svar-1"}, token_from=thread.path).status_code
        == 303
    )
    assert "Jeg ved det" in text(citizen.get(thread.path))


def test_a_second_press_finds_nothing_left(hall, over):
    go_on(hall)
    assert go_on(hall, "staff") == []
    assert len(threads()) == 2
    answer = press(hall.client("host"), hall.stage, "ubesvarede")
    assert (
        "Ingen spørgsmål ventede" in text(hall.client("host").get(answer.headers["Location"]))
        or answer.status_code == 303
    )


def test_a_question_that_was_opened_again_goes_on_in_its_own_thread(hall, over):
    go_on(hall)
    hall.settle(over["Vigtigst"], "open")
    before = hall.whole(over["Vigtigst"]).question.thread_id
    assert go_on(hall) == []
    question = hall.whole(over["Vigtigst"]).question
    assert (question.fate, question.thread_id) == ("thread", before)


def test_many_presses_at_once_make_one_thread_for_each(hall, over, app):
    host = hall.client("host")
    token = host.token(hall.stage.control_path)
    cookie, path = host.get_cookie("fh_session").value, f"{hall.stage.control_path}/ubesvarede"
    db.session().rollback()

    def send(_number):
        client = app.test_client()
        client.set_cookie("fh_session", cookie)
        return client.post(path, data={"csrf_token": token}).status_code

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(send, range(8))) == [303] * 8
    assert len(threads()) == 2
    assert db.session().scalar(select(func.count()).select_from(Question).where(Question.thread_id.is_not(None))) == 2


def test_an_anonymous_question_stays_anonymous_in_its_thread(hall, client):
    hall.ask("Hvem spørger?", anonymous=True)
    hall.steer(actions.close_stage)
    go_on(hall)
    page = text(client.get(threads()[0].path))
    assert "Hvem spørger?" in page and "Anonym" in page and "Anne Bjerre" not in page


def test_words_of_a_question_that_is_hidden_later_leave_its_thread(hall, over, client):
    go_on(hall)
    path = threads()[0].path
    assert client.get(path).get_data(as_text=True).count("Vigtigst?") >= 2  # title and quote: the leak was possible
    hall.hide(over["Vigtigst"])
    for address in (path, hall.stage.place_path, f"{hall.stage.path}?sorter=nyeste"):
        assert "Vigtigst?" not in client.get(address).get_data(as_text=True)
    assert "Spørgsmål nr. 3" in text(client.get(path)) and "vigtigst" not in path
    session = db.session()
    session.rollback()
    post = session.scalar(select(Post).where(Post.thread_id == threads()[0].id))
    assert session.get_one(Post, post.id).quote_shown is False


def test_a_held_forum_shows_the_thread_that_its_moderator_opened(hall, over, client):
    with transaction() as session:
        forum = session.get_one(Forum, hall.stage.forum_id)
        discussions.set_hold_first(session, who=hall.who("host"), forum=forum, hold_first=True)
    go_on(hall)
    assert [client.get(thread.path).status_code for thread in threads()] == [200, 200]


def test_questions_do_not_go_on_where_nobody_can_write(hall, over):
    hall.steer(actions.start_stage)
    hall.steer(actions.close_stage, closes_at=clock.now())
    with pytest.raises(Closed):
        go_on(hall)
    assert press(hall.client("host"), hall.stage, "ubesvarede").status_code == 410
    page = hall.client("host").get(hall.stage.control_path).get_data(as_text=True)
    assert "2 spørgsmål er ikke besvaret" in page and "/ubesvarede" not in page
    assert threads() == []


def test_questions_do_not_go_on_before_the_end_nor_by_others(hall):
    hall.ask()
    with pytest.raises(Conflict):
        go_on(hall)
    hall.steer(actions.close_stage)
    with pytest.raises(Forbidden):
        go_on(hall, "rival")
    assert hall.client("citizen").send(f"{hall.stage.control_path}/ubesvarede").status_code == 403
    assert threads() == []


def test_long_questions_become_titles_that_fit(hall):
    hall.ask("Hvordan " * 30 + "?")
    hall.steer(actions.close_stage)
    (thread,) = go_on(hall)
    assert len(thread.title) <= 120 and re.fullmatch(r"(Hvordan )+…", thread.title)
