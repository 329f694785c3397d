"""Minutes: a draft from what the system knows, edited by staff, published, and corrected with a date."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from sqlalchemy import func, select

from forsamlingshus.discussions import actions as discussions
from forsamlingshus.discussions.models import Forum
from forsamlingshus.kernel import db
from forsamlingshus.kernel.db import transaction
from forsamlingshus.kernel.errors import Conflict, Forbidden
from forsamlingshus.kernel.events import EventRow
from forsamlingshus.meetings import actions as meetings
from forsamlingshus.meetings import queries as meeting_queries
from forsamlingshus.notes.actions import Sheet, enter_note
from forsamlingshus.records import actions, queries
from forsamlingshus.records.models import Minutes
from forsamlingshus.stages import actions as stages
from tests.meetings.conftest import Meetings
from tests.polls.conftest import QUESTION, polls
from tests.queries import counted
from tests.records.test_replay import minute, text

__all__ = ["polls"]

PUBLIC, WORK = "/budget/2024/borgermoede/referat", "/styring/2024/borgermoede/referat"


def say(hall, body, who="citizen", key=None):
    with transaction() as session:
        forum = session.get_one(Forum, hall.room.forum_id)
        _thread, post = discussions.open_thread(
            session, who=hall.who(who), forum=forum, title="Tråden", body=body, client_id=key or body[:30]
        )
    return post


def found():
    session = db.session()
    session.rollback()
    session.expire_all()
    meeting = meeting_queries.meeting_page(session, 2024)
    return meeting, queries.minutes_of(session, meeting.id)


def do(hall, verb, who="staff", **values):
    with transaction() as session:
        meeting = meeting_queries.meeting_page(session, 2024)
        if verb is not actions.draft_minutes:
            values["minutes"] = queries.minutes_of(session, meeting.id)
        return verb(session, who=hall.who(who), meeting=meeting, **values)


def edit(hall, body, posts=(), edition=None, who="staff"):
    _meeting, minutes = found()
    return do(hall, actions.edit_minutes, who, body=body, posts=posts, edition=edition or minutes.edition)


def publish(hall, note="", who="staff"):
    return do(hall, actions.publish_minutes, who, edition=found()[1].edition, note=note)


@pytest.fixture
def over(hall, at):
    at(minute("18:20"))
    with transaction() as session:
        meeting = meeting_queries.meeting_page(session, 2024)
        for clock, title in (("18:30", "Velkomst"), ("18:40", "Økonomien")):
            meetings.add_agenda_item(
                session,
                meeting=meeting,
                starts_at=datetime.fromisoformat(minute(clock)),
                title_da=title,
                title_en=title,
                speaker="Birgit Dam",
            )
    at(minute("18:31"))
    deck = hall.ready("En", "To")
    hall.show(deck)
    at(minute("18:41"))
    hall.show(deck, 2)
    hall.question = hall.ask("Hvad koster det?")
    hall.want(hall.question)
    hall.settle(hall.question, "answered")
    hall.post_of_room = say(hall, "Behold svømmehallen om morgenen.")
    hall.steer(stages.close_stage)
    return hall


def test_minutes_of_this_year_are_saved_when_next_years_meeting_is_planned(over, build, session):
    do(over, actions.draft_minutes)
    Meetings(build, session).add(2025)
    staff = over.client("staff")
    answer = staff.send(WORK, {"body": "Referatet af i år", "edition": 1}, token_from=WORK)
    assert (answer.status_code, answer.location) == (303, WORK)
    assert found()[1].body == "Referatet af i år"


def test_draft_has_programme_slides_questions_and_counted_numbers(over):
    body = do(over, actions.draft_minutes).body
    assert "Borgermøde blev holdt onsdag den 3. maj 2023 kl. 18.30–20.30. Sted: Rådhuset." in body.replace("\xa0", " ")
    assert "der skrev eller spurgte: 1\n- Spørgsmål: 1\n- Indlæg i workshopperne og om slides: 1\n" in body
    assert "»Det vil jeg også vide«: 1" in body
    welcome, economy = [row for row in body.splitlines() if row.startswith("- **Kl.")]
    assert welcome.startswith("- **Kl. 18.30 Velkomst** ved Birgit Dam. Vist: [") and welcome.endswith(", slide 1")
    assert "**Kl. 18.40 Økonomien**" in economy and economy.endswith(", slide 1 til 2")
    assert "- 1 besvaret på mødet" in body
    assert "Trivsel" in body.partition("## Workshopper")[2]


def test_numbers_count_what_was_written_from_beginning_to_end_and_not_the_weeks_around(over, at, session):
    """The talk beside a meeting is open long before and after it."""
    during = queries.facts(session, found()[0])
    at("2023-04-17T12:00:00+02:00")
    say(over, "Skrevet i april.", "neighbour")
    at("2023-05-10T12:00:00+02:00")
    over.want(say(over, "Skrevet bagefter.", "neighbour"), "citizen")
    now = queries.facts(session, found()[0])
    counted_now = (now.people, now.posts, now.questions, now.supports, now.rooms)
    assert counted_now == (during.people, during.posts, during.questions, during.supports, during.rooms)
    assert (now.people, now.posts, now.rooms) == (1, 1, {over.room.forum_id: (1, 1)})
    body = do(over, actions.draft_minutes).body
    assert "1 indlæg fra 1 menneske" in body and "Talt er det, der blev skrevet, fra mødet" in body


def test_draft_tells_the_results_of_polls_and_how_many_notes_came_from_paper(polls, at):
    at(minute("19:10"))
    poll = polls.closed()
    polls.opened("scale")  # closed with the meeting, though nobody answered
    polls.make(question="Blev aldrig åbnet?")
    with transaction() as session:
        meeting = meeting_queries.meeting_page(session, 2024)
        sheet = Sheet(table_no=4, text="Lad morgensvømningen være.")
        enter_note(session, who=polls.who("staff"), meeting=meeting, sheet=sheet, client_id="bord-4")
    polls.steer(stages.close_stage)
    body = do(polls, actions.draft_minutes).body
    told = body.partition("## Afstemninger")[2].partition("##")[0].strip().splitlines()
    assert told[0] == (
        f"- [{QUESTION}]({poll.path}) 2 svar, heraf 0 fra gæster. Genoptræning: 1 (50 %)."
        " Bevægelse sammen: 1 (50 %). Hjælp i hjemmet: 0 (0 %)."
    )
    assert len(told) == 2 and "0 svar." in told[1]
    assert "- Noter fra papir: 1\n" in body


def test_draft_is_made_once_even_by_many_at_once(over, app):
    staff = over.client("staff")
    token = staff.token(WORK)
    cookie = staff.get_cookie("fh_session").value
    db.session().rollback()

    def send(_number):
        client = app.test_client()
        client.set_cookie("fh_session", cookie)
        return client.post(f"{WORK}/udkast", data={"csrf_token": token}).status_code

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(send, range(8))) == [303] * 8
    assert db.session().scalar(select(func.count()).select_from(Minutes)) == 1
    assert db.session().scalar(select(func.count()).where(EventRow.name == "MinutesDrafted")) == 1


def test_there_is_no_draft_before_the_end(hall):
    with pytest.raises(Conflict):
        do(hall, actions.draft_minutes)
    page = text(hall.client("staff").get(WORK))
    assert "Mødet er ikke slut endnu" in page


def test_minutes_are_for_staff_and_nobody_else_sees_them_before_they_are_published(over, client):
    do(over, actions.draft_minutes)
    assert [over.client(name).get(WORK).status_code for name in ("citizen", "host", "staff")] == [403, 403, 200]
    assert over.client("staff").get(f"{WORK}/udkast").status_code == 200
    assert over.client("staff").get(PUBLIC).status_code == 404
    for verb, values in (
        (actions.edit_minutes, {"body": "x", "posts": [], "edition": 1}),
        (actions.publish_minutes, {"edition": 1}),
    ):
        with pytest.raises(Forbidden):
            do(over, verb, "host", **values)
    publish(over)
    assert client.get(PUBLIC).status_code == 200
    assert PUBLIC in client.get("/budget/2024/borgermoede").get_data(as_text=True)


def test_staff_edit_the_text_by_a_form_and_everybody_reads_it_once_published(over, client):
    staff = over.client("staff")
    staff.send(f"{WORK}/udkast", {}, token_from=WORK)
    body = "Indledning\n\n## Det vigtigste\n\n- **Skole**\n- <script>alert(1)</script>"
    answer = staff.send(WORK, {"body": body, "posts": [over.post_of_room.id], "edition": 1}, token_from=WORK)
    assert answer.status_code == 303
    assert staff.send(f"{WORK}/offentliggoer", {"edition": 2}, token_from=WORK).headers["Location"] == PUBLIC
    page = client.get(PUBLIC).get_data(as_text=True)
    assert "<h2>Det vigtigste</h2>" in page and "<strong>Skole</strong>" in page and "<script>alert" not in page
    assert "Behold svømmehallen om morgenen." in page and f'href="/i/{over.post_of_room.id}"' in page
    assert "Hvad koster det?" in page and "Besvaret på mødet" in page


def test_of_two_who_edit_at_once_the_second_is_told_and_keeps_the_text(over):
    do(over, actions.draft_minutes)
    staff = over.client("staff")
    assert staff.send(WORK, {"body": "Den enes", "edition": 1}, token_from=WORK).status_code == 303
    late = staff.send(WORK, {"body": "Den andens ord", "edition": 1}, token_from=WORK)
    assert late.status_code == 409 and "Den andens ord" in text(late)
    assert found()[1].body == "Den enes"
    assert staff.send(f"{WORK}/offentliggoer", {"edition": 1}, token_from=WORK).status_code == 409
    assert found()[1].published_at is None


def test_a_later_change_is_a_correction_with_date_and_words(over, client, at):
    do(over, actions.draft_minutes)
    edit(over, "Første udgave")
    publish(over)
    assert "Rettet" not in text(client.get(PUBLIC))
    at("2023-05-09T10:00:00+02:00")
    edit(over, "Anden udgave")
    assert "Første udgave" in text(client.get(PUBLIC)) and "Anden udgave" not in text(client.get(PUBLIC))
    staff = over.client("staff")
    refused = staff.send(f"{WORK}/offentliggoer", {"edition": found()[1].edition}, token_from=WORK)
    assert refused.status_code == 422 and "Skriv, hvad der er rettet" in text(refused)
    note = {"edition": found()[1].edition, "note": "Tallet for skolerne"}
    assert staff.send(f"{WORK}/offentliggoer", note, token_from=WORK).status_code == 303
    said = text(client.get(PUBLIC)).replace("\xa0", " ")
    assert "Anden udgave" in said and "Rettet 9. maj 2023." in said and "9. maj 2023: Tallet for skolerne" in said
    with pytest.raises(Conflict):
        publish(over, "igen")
    assert "rettet 9. maj 2023" in text(client.get("/budget/2024/borgermoede")).replace("\xa0", " ")


def test_chosen_posts_are_those_of_the_meeting_and_leave_when_they_are_hidden(over, client):
    do(over, actions.draft_minutes)
    edit(over, "Tekst", posts=[over.post_of_room.id, over.question.id, 99_999])
    publish(over)
    assert [row.post_id for row in found()[1].posts] == [over.post_of_room.id]
    assert "Behold svømmehallen" in text(client.get(PUBLIC))
    with transaction() as session:
        post = over.post(session, over.post_of_room)
        discussions.withdraw_post(session, who=over.who("citizen"), post=post)
    over.hide(over.question)
    assert "Behold svømmehallen" not in text(client.get(PUBLIC)) and "Hvad koster det?" not in text(client.get(PUBLIC))


def test_another_choice_of_posts_is_public_with_the_next_publishing(over, client):
    do(over, actions.draft_minutes)
    edit(over, "Tekst", posts=[over.post_of_room.id])
    publish(over)
    edit(over, "Tekst", posts=[])
    assert "Behold svømmehallen" in text(client.get(PUBLIC))
    publish(over, "Et indlæg er taget ud")
    assert "Behold svømmehallen" not in text(client.get(PUBLIC)) and found()[1].posts == []


@pytest.mark.parametrize(
    ("body", "sentence"),
    [("", "Skriv referatet"), ("x" * 15_001, "1 tegn for lang"), ("Anne har 010180-1237", "ligner et cpr-nummer")],
)
def test_a_text_that_cannot_be_saved_comes_back(over, body, sentence):
    do(over, actions.draft_minutes)
    answer = over.client("staff").send(WORK, {"body": body, "edition": 1}, token_from=WORK)
    assert answer.status_code == 422 and sentence in text(answer)
    assert found()[1].edition == 1 and (not body or body[:20] in text(answer))


def test_public_page_takes_the_same_queries_with_1_and_30_questions_and_posts(app, over, client):
    do(over, actions.draft_minutes)
    edit(over, "Tekst", posts=[over.post_of_room.id])
    publish(over)
    client.get(PUBLIC)
    one = counted(app, lambda: client.get(PUBLIC))
    over.steer(stages.start_stage)
    posts = [over.post_of_room.id]
    for number in range(29):
        over.settle(over.ask(f"Spørgsmål {number}?"), "answered")
        posts.append(say(over, f"Indlæg {number}").id)
    over.steer(stages.close_stage)
    edit(over, "Tekst", posts=posts)
    publish(over, "Flere indlæg")
    client.get(PUBLIC)
    assert counted(app, lambda: client.get(PUBLIC)) == one <= 30
    assert len(re.findall("Indlæg \\d", text(client.get(PUBLIC)))) == 29


def test_draft_that_holds_a_number_of_a_person_is_not_published_as_it_is(over, client):
    with transaction() as session:
        item = meeting_queries.meeting_page(session, 2024).agenda[0]
        item.speaker = "Birgit Dam 010150-5001"  # no person's; entered before the guard read programmes
    do(over, actions.draft_minutes)
    assert "010150-5001" in found()[1].body
    staff = over.client("staff")
    answer = staff.send(f"{WORK}/offentliggoer", {"edition": 1}, token_from=WORK)
    assert answer.status_code == 422 and "ligner et cpr-nummer" in text(answer)
    assert client.get(PUBLIC).status_code == 404
    edit(over, "Velkomst ved Birgit Dam")
    assert staff.send(f"{WORK}/offentliggoer", {"edition": 2}, token_from=WORK).status_code == 303
    assert "010150-5001" not in text(client.get(PUBLIC))
