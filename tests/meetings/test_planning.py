"""Where staff plan: the facts, the programme, the workshops, the facilitators, and two people who write at once."""

import re

import pytest
from sqlalchemy import select

from forsamlingshus.discussions import actions as discussions
from forsamlingshus.discussions.models import Forum, Thread
from forsamlingshus.kernel import clock, db
from forsamlingshus.kernel.db import transaction
from forsamlingshus.kernel.errors import Conflict, Forbidden
from forsamlingshus.kernel.events import EventRow
from forsamlingshus.kernel.permissions import Who
from forsamlingshus.meetings import actions, queries
from forsamlingshus.meetings.forms import WorkshopForm
from forsamlingshus.meetings.models import AgendaItem, Facilitator, Meeting, SignUp, Workshop
from forsamlingshus.process import queries as process
from forsamlingshus.stages.models import Stage
from tests.meetings.test_views import add_deck
from tests.pages import readable

PLAN = "/arbejde/borgermoede/2024"
FACTS = {
    "edition": "1",
    "title_da": "Borgermøde",
    "title_en": "Citizen meeting",
    "day": "3.5.2023",
    "starts": "18.30",
    "ends": "20.30",
    "place": "Rådhuset",
    "address": "",
    "lead_da": "",
    "lead_en": "",
    "capacity": "",
    "sign_up_until": "",
}
POINT = {"edition": "1", "hour": "18:40", "title_da": "Velkomst", "deck": "0", "workshop": "0"}
ROOM = {"edition": "1", "own_title_da": "", "room": "Kantinen", "prompts_da": "Hvor?\nHvordan?", "prompts_en": ""}


@pytest.fixture
def staff(client, build):
    user = build.user("Birgit Dam", roles=["staff"])
    client.log_in(user)
    return user


@pytest.fixture
def points(meetings):
    """Add points to the programme."""

    def points(meeting, *titles, **words):
        with transaction() as session:
            meeting = session.merge(meeting)
            return [
                actions.add_agenda_item(session, meeting=meeting, title_da=title, title_en="", **words)
                for title in titles
            ]

    return points


def local(moment):
    return clock.local(moment).strftime("%d.%m.%Y %H.%M")


def fresh(session, kind, **where):
    session.rollback()
    return session.scalars(select(kind).filter_by(**where).execution_options(populate_existing=True)).one()


def order(session):
    session.rollback()
    return list(session.scalars(select(AgendaItem.title_da).order_by(AgendaItem.no)))


def test_a_year_without_a_meeting_gets_one(client, staff, build, session):
    build.year()
    assert f'href="{PLAN}/ret"' in readable(client.get("/styring"))
    assert client.get(PLAN).headers["Location"] == f"{PLAN}/ret"
    assert "Nyt borgermøde" in readable(client.get(f"{PLAN}/ret"))
    given = {
        **FACTS,
        "sign_up_required": "y",
        "capacity": "120",
        "address": "Nordgade 2",
        "sign_up_until": "1.5.2023 12.00",
    }
    answer = client.send(f"{PLAN}/ret", given)
    assert (answer.status_code, answer.headers["Location"]) == (303, PLAN)
    meeting = fresh(session, Meeting)
    assert (meeting.capacity, meeting.sign_up_required, meeting.address) == (120, True, "Nordgade 2")
    assert [local(m) for m in (meeting.starts_at, meeting.ends_at, meeting.sign_up_until)] == [
        "03.05.2023 18.30", "03.05.2023 20.30", "01.05.2023 12.00",
    ]  # fmt: skip
    assert "LOCATION:Rådhuset\\, Nordgade 2" in readable(client.get("/budget/2024/tidsplan/borgermoede.ics"))


@pytest.mark.parametrize(
    ("field", "value", "fault"),
    [
        ("title_da", "", "Skriv mødets titel"),
        ("day", "", "Skriv, hvilken dag mødet er"),
        ("day", "31.2.2023", "Skriv en dato, fx 3.5.2023"),
        ("starts", "halv syv", "Skriv et klokkeslæt, fx 18.30"),
        ("ends", "18.30", "Mødet skal slutte senere, end det begynder"),
        ("capacity", "0", "Skriv et helt tal fra 1 til 100000"),
        ("sign_up_until", "i morgen", "Skriv en dato og et klokkeslæt"),
        ("sign_up_until", "3.5.2023 20.31", "Tilmeldingen skal slutte, før mødet er slut"),
        ("place", "x" * 121, "1 tegn for lang"),
    ],
)
def test_what_is_wrong_is_said_and_kept(client, staff, meetings, field, value, fault):
    meetings.add()
    answer = client.send(f"{PLAN}/ret", {**FACTS, "lead_da": "Mit lange afsnit", field: value})
    page = readable(answer)
    assert answer.status_code == 422
    assert fault in page
    assert "Mit lange afsnit" in page
    assert not value or f'value="{value}"' in page


def test_form_shows_what_is_stored_and_saves_it_unchanged(client, staff, meetings, session):
    meetings.add(capacity=40, sign_up_required=True)
    page = readable(client.get(f"{PLAN}/ret"))
    for name, value in {
        "day": "3.5.2023",
        "starts": "18.30",
        "ends": "20.30",
        "capacity": "40",
        "edition": "1",
    }.items():
        assert re.search(rf'name="{name}"[^>]*value="{value}"', page), name


def test_moving_the_meeting_moves_programme_stages_and_timeline(client, staff, meetings, points, session):
    meeting = meetings.add()
    workshop = meetings.workshop(meeting)
    points(meeting, "Velkomst", starts_at=meeting.starts_at)
    points(meeting, "Uden tid")
    answer = client.send(
        f"{PLAN}/ret", {**FACTS, "title_da": "Stormøde", "day": "10-05-2023", "starts": "19:00", "ends": "21:00"}
    )
    assert answer.status_code == 303
    moved = fresh(session, Meeting)
    assert local(moved.starts_at) == "10.05.2023 19.00"
    assert local(fresh(session, AgendaItem, title_da="Velkomst").starts_at) == "10.05.2023 18.30"
    assert fresh(session, AgendaItem, title_da="Uden tid").starts_at is None
    for stage_id in (meeting.stage_id, workshop.stage_id):
        assert fresh(session, Stage, id=stage_id).starts_at == moved.starts_at
    assert fresh(session, Stage, id=meeting.stage_id).title_da == "Stormøde"
    assert fresh(session, Forum, path=meeting.path).title_da == "Stormøde"
    milestone = process.milestone_of(process.year_of(session, 2024), "borgermoede")
    assert (milestone.title_da, local(milestone.starts_at)) == ("Stormøde", "10.05.2023 19.00")


def test_whoever_saves_second_is_told_and_keeps_the_text(client, staff, meetings, session):
    meetings.add()
    assert client.send(f"{PLAN}/ret", {**FACTS, "place": "Kulturhuset"}).status_code == 303
    answer = client.send(f"{PLAN}/ret", {**FACTS, "place": "Biblioteket"})
    page = readable(answer)
    assert answer.status_code == 409
    assert "En anden har ændret mødet imens." in page
    assert 'value="Biblioteket"' in page
    assert fresh(session, Meeting).place == "Kulturhuset"
    edition = re.search(r'name="edition" type="hidden" value="(\d+)"', page).group(1)
    assert client.send(f"{PLAN}/ret", {**FACTS, "place": "Biblioteket", "edition": edition}).status_code == 303
    assert fresh(session, Meeting).place == "Biblioteket"


def test_one_of_two_new_meetings_wins(client, staff, build, session):
    build.year()
    given = {**FACTS, "edition": ""}
    assert client.send(f"{PLAN}/ret", given).status_code == 303
    assert client.send(f"{PLAN}/ret", {**given, "place": "Et andet sted"}).status_code == 409
    assert fresh(session, Meeting).place == "Rådhuset"


def test_many_who_save_at_once_have_one_winner(build, meetings, together):
    meetings.add()
    editors = [build.user(roles=["staff"]) for _ in range(4)]
    assert together(editors, f"{PLAN}/ret", FACTS, 8) == [303] + [409] * 7


def test_more_seats_go_to_those_who_wait_and_fewer_take_none(client, staff, meetings, build, session, at):
    at("2023-04-20T12:00:00+02:00")
    meeting = meetings.add(sign_up_required=True, capacity=1)
    for name in ("Anne", "Bo", "Carl"):
        user = build.user(name)
        with transaction() as writing:
            actions.sign_up(writing, who=build.who(user), meeting=writing.merge(meeting), name=name)

    def seats(number, edition):
        client.send(f"{PLAN}/ret", {**FACTS, "sign_up_required": "y", "capacity": number, "edition": edition})
        session.rollback()
        rows = session.scalars(select(SignUp).execution_options(populate_existing=True))
        return {row.name: row.waiting_no for row in rows}

    assert seats("2", "1") == {"Anne": None, "Bo": None, "Carl": 1}
    assert seats("1", "2") == {"Anne": None, "Bo": None, "Carl": 1}
    assert seats("", "3") == {"Anne": None, "Bo": None, "Carl": None}


def test_point_is_written_changed_and_taken_out(client, staff, meetings, session):
    meeting = meetings.add()
    workshop = meetings.workshop(meeting)
    with transaction() as writing:
        deck = add_deck(writing, meeting, "Tallene")
    given = {
        **POINT,
        "speaker": "Birgit Dam",
        "room": "Salen",
        "text_da": "Vi siger hej.",
        "workshop": str(workshop.id),
    }
    assert client.send(f"{PLAN}/program/nyt", {**given, "deck": str(deck.id)}).status_code == 303
    page = readable(client.get(meeting.path))
    for words in ("kl. 18.40", "Velkomst", "Birgit Dam, Salen", "Vi siger hej.", f'href="{deck.path}"', workshop.path):
        assert words in page
    item = fresh(session, AgendaItem)
    form = readable(client.get(f"{PLAN}/program/{item.id}"))
    assert re.search(r'name="hour"[^>]*value="18.40"', form)
    assert client.send(f"{PLAN}/program/{item.id}", {**POINT, "title_da": "Goddag", "hour": ""}).status_code == 303
    changed = fresh(session, AgendaItem)
    assert (changed.title_da, changed.starts_at, changed.deck_id, changed.edition) == ("Goddag", None, None, 2)
    assert "Vil du fjerne punktet?" in readable(client.get(f"{PLAN}/program/{item.id}/fjern"))
    assert client.send(f"{PLAN}/program/{item.id}/fjern", {"edition": "1"}).status_code == 409
    assert client.send(f"{PLAN}/program/{item.id}/fjern", {"edition": "2"}).status_code == 303
    assert order(session) == []
    hows = [
        row.data["how"]
        for row in session.scalars(select(EventRow).where(EventRow.name == "AgendaChanged").order_by(EventRow.id))
    ]
    assert hows == ["added", "changed", "removed"]


def test_a_deck_that_is_hidden_is_not_linked(client, staff, meetings, points, session):
    meeting = meetings.add()
    with transaction() as writing:
        deck = add_deck(writing, meeting, "Skjult", hidden=True)
    points(meeting, "Velkomst", deck_id=deck.id)
    assert deck.path not in readable(client.get(meeting.path))


def test_point_changed_meanwhile_is_a_conflict_that_keeps_the_text(client, staff, meetings, points, session):
    (item,) = points(meetings.add(), "Velkomst")
    path = f"{PLAN}/program/{item.id}"
    assert client.send(path, {**POINT, "title_da": "Goddag"}).status_code == 303
    answer = client.send(path, {**POINT, "title_da": "Hej", "text_da": "Et langt afsnit"})
    assert answer.status_code == 409
    assert "Et langt afsnit" in readable(answer)
    assert order(session) == ["Goddag"]


def test_points_change_places_and_stay_at_the_ends(client, staff, meetings, points, session):
    one, two, three = points(meetings.add(), "En", "To", "Tre")
    for item, way, wanted in [
        (two, "op", ["To", "En", "Tre"]),
        (two, "op", ["To", "En", "Tre"]),
        (one, "ned", ["To", "Tre", "En"]),
        (one, "ned", ["To", "Tre", "En"]),
    ]:
        assert client.send(f"{PLAN}/program/{item.id}/flyt", {"retning": way}).status_code == 303
        assert order(session) == wanted
    with transaction() as writing:
        actions.remove_agenda_item(writing, who=_staff(), item=writing.get(AgendaItem, three.id), seen=1)
    points(meetings.session.merge(fresh(session, Meeting)), "Fire")
    assert order(session) == ["To", "En", "Fire"]


def _staff():
    return Who(now=clock.now(), author_id=1, user_id=1, roles=frozenset({"staff"}))


def test_point_of_another_year_is_not_found(client, staff, meetings, points):
    meetings.add()
    (item,) = points(meetings.add(year=2025, slug="moede-25"), "Velkomst")
    assert client.get(f"{PLAN}/program/{item.id}").status_code == 404
    assert client.get(f"/arbejde/borgermoede/2025/program/{item.id}").status_code == 200


def test_workshop_is_set_up_for_a_theme_that_has_none(client, staff, meetings, build, session):
    meeting = meetings.add()
    meetings.workshop(meeting)
    theme = build.theme(process.year_of(session, 2024), slug="groen", name="Grøn", token="groen")
    page = readable(client.get(f"{PLAN}/workshop/ny"))
    assert f'value="{theme.id}"' in page
    assert ">Trivsel<" not in page
    assert client.send(f"{PLAN}/workshop/ny", {**ROOM, "theme": "0"}).status_code == 422
    given = {**ROOM, "theme": str(theme.id), "prompts_en": "Where?\n\nHow?"}
    assert client.send(f"{PLAN}/workshop/ny", given).status_code == 303
    workshop = queries.workshop_page(session, 2024, "groen")
    assert (workshop.room, [(p.text_da, p.text_en) for p in workshop.prompts]) == (
        "Kantinen", [("Hvor?", "Where?"), ("Hvordan?", "How?")],
    )  # fmt: skip
    assert client.get(workshop.stage.path).status_code == 200
    assert client.send(f"{PLAN}/workshop/ny", given).status_code == 422


def test_workshop_with_a_title_of_its_own_is_called_so_everywhere(client, staff, meetings, session):
    workshop = meetings.workshop(meetings.add())
    with transaction() as writing:
        deck = add_deck(writing, workshop, "Tallene")
    given = {**ROOM, "own_title_da": "Skole og fritid", "prompts_da": "Hvor?\nHvordan?\nHvornår?"}
    assert client.send(f"{PLAN}/workshop/trivsel", given).status_code == 303
    page = readable(client.get(workshop.path))
    assert "<h1>Skole og fritid</h1>" in page
    assert "Kantinen" in page
    assert "Hvornår?" in page
    assert fresh(session, Stage, id=workshop.stage_id).title_da == "Skole og fritid"
    forum = fresh(session, Forum, id=workshop.forum_id)
    assert (forum.title_da, len(forum.prompts)) == ("Skole og fritid", 3)
    assert fresh(session, Thread, id=fresh(session, Stage, id=workshop.stage_id).thread_id).title == (
        "Spørgsmål: Skole og fritid"
    )
    session.rollback()
    session.refresh(deck := session.get(type(deck), deck.id))
    assert deck.place_title == "Skole og fritid"
    assert "Skole og fritid" in readable(client.get(f"{forum.path}/ny"))


def test_a_question_that_somebody_answers_stays(client, staff, meetings, build, session):
    workshop, user = meetings.workshop(meetings.add()), build.user()
    with transaction() as writing:
        discussions.open_thread(
            writing, who=build.who(user), forum=writing.get(Forum, workshop.forum_id),
            title="Et svar", body="Ord", client_id="et-svar", prompt_no=2,
        )  # fmt: skip
    answer = client.send(f"{PLAN}/workshop/trivsel", {**ROOM, "prompts_da": "Hvor?"})
    assert answer.status_code == 422
    assert "Der er svaret på spørgsmål 2." in readable(answer)
    assert client.send(f"{PLAN}/workshop/trivsel", {**ROOM, "prompts_da": "Hvor?\nHvordan så?"}).status_code == 303
    with pytest.raises(Conflict), transaction() as writing:
        found = queries.workshop_page(writing, 2024, "trivsel")
        actions.change_workshop(
            writing, who=_staff(), workshop=found, meeting=found.meeting, seen=2, prompts=[("Hvor?", "")]
        )


@pytest.mark.parametrize(
    ("prompts", "fault"),
    [
        ({"prompts_da": "1\n2\n3\n4\n5\n6"}, "Skriv højst 5 spørgsmål"),
        ({"prompts_en": "Where?"}, "Skriv en linje for hvert dansk spørgsmål"),
        ({"prompts_da": "x" * 301}, "højst være på 300 tegn"),
    ],
)
def test_questions_are_one_to_five_and_as_many_in_english(client, staff, meetings, prompts, fault):
    meetings.workshop(meetings.add())
    answer = client.send(f"{PLAN}/workshop/trivsel", {**ROOM, **prompts})
    assert answer.status_code == 422
    assert fault in readable(answer)


def test_workshop_changed_meanwhile_is_a_conflict(client, staff, meetings, session):
    workshop = meetings.workshop(meetings.add())
    assert client.send(f"{PLAN}/workshop/trivsel", ROOM).status_code == 303
    answer = client.send(f"{PLAN}/workshop/trivsel", {**ROOM, "room": "Salen", "lead_da": "Mine ord"})
    assert answer.status_code == 409
    assert "Mine ord" in readable(answer)
    assert fresh(session, Workshop, id=workshop.id).room == "Kantinen"


def test_facilitators_are_chosen_and_taken_back(client, app, staff, meetings, build, session):
    meeting = meetings.add()
    workshop = meetings.workshop(meeting)
    mette = build.user("Mette Holm", email="mette@example.org")
    theirs = app.test_client()
    theirs.log_in(mette)
    path, upload = f"{PLAN}/ordstyrere", "/styring/2024/trivsel/oplaeg"
    assert theirs.get(upload).status_code == 403
    given = {"email": "METTE@example.org", "scope": str(workshop.id)}
    assert client.send(path, given).status_code == 303
    assert theirs.get(upload).status_code == 200
    assert "Mette Holm" in readable(client.get(PLAN))
    again = client.send(path, given)
    assert again.status_code == 409
    assert "er allerede ordstyrer der" in readable(again)
    assert client.send(path, {**given, "scope": "0"}).status_code == 303
    assert client.send(f"{path}/{mette.id}/fjern", {"scope": str(workshop.id)}).status_code == 303
    assert theirs.get(upload).status_code == 303  # signed out: to the log-in page
    session.rollback()
    assert [grant.meeting_id for grant in session.scalars(select(Facilitator))] == [meeting.id]
    again = client.send(f"{path}/{mette.id}/fjern", {"scope": str(workshop.id)}, follow_redirects=True)
    assert "Mette Holm er ikke ordstyrer der" in readable(again)
    assert client.send(f"{path}/{mette.id}/fjern", {"scope": "99"}).status_code == 404


def test_somebody_without_a_user_cannot_facilitate(client, staff, meetings):
    meetings.add()
    answer = client.send(f"{PLAN}/ordstyrere", {"email": "ingen@example.org", "scope": "0"})
    assert answer.status_code == 422
    assert "Personen skal først oprette en bruger" in readable(answer)


def test_actions_refuse_whoever_is_not_staff(meetings, points, build, session):
    meeting = meetings.add()
    (item,) = points(meeting, "Velkomst")
    host = build.who(build.user(), scopes=["meeting:1", "workshop:1"])
    for act in (
        lambda s: actions.change_meeting(s, who=host, meeting=s.merge(meeting), seen=1, place="Her"),
        lambda s: actions.add_agenda_item(s, who=host, meeting=s.merge(meeting), title_da="A", title_en=""),
        lambda s: actions.change_agenda_item(s, who=host, item=s.merge(item), seen=1, title_da="B"),
        lambda s: actions.move_agenda_item(s, who=host, item=s.merge(item), up=True),
        lambda s: actions.remove_agenda_item(s, who=host, item=s.merge(item), seen=1),
        lambda s: actions.count_attendance(s, who=host, meeting=s.merge(meeting), count=1),
        lambda s: actions.grant_facilitator(s, who=host, user=build, meeting=s.merge(meeting)),
    ):
        with pytest.raises(Forbidden), transaction() as writing:
            act(writing)


def test_links_to_planning_are_for_staff(client, meetings, build):
    meeting = meetings.add()
    assert PLAN not in readable(client.get(meeting.path))
    client.log_in(meetings.facilitator(meeting=meeting))
    assert PLAN not in readable(client.get(meeting.path)) + readable(client.get("/styring"))
    client.log_in(build.user(roles=["staff"]))
    assert PLAN in readable(client.get(meeting.path))
    assert PLAN in readable(client.get("/styring"))


CPR, PHONE = "010150-5001", "30 00 00 12"  # no person's


@pytest.mark.parametrize("words", [CPR, f"Ring {PHONE}"])
@pytest.mark.parametrize("field", ["title_da", "title_en", "place", "address", "lead_da", "lead_en"])
def test_personal_data_are_refused_in_the_facts_of_a_meeting(client, staff, meetings, field, words):
    meetings.add()
    assert client.send(f"{PLAN}/ret", {**FACTS, field: "Uden numre"}).status_code == 303
    answer = client.send(f"{PLAN}/ret", {**FACTS, "edition": "2", field: words})
    assert answer.status_code == 422 and "Det ligner et" in readable(answer)
    assert words not in readable(client.get("/budget/2024/borgermoede"))


@pytest.mark.parametrize("field", ["title_da", "title_en", "speaker", "room", "text_da", "text_en"])
def test_personal_data_are_refused_in_a_point_of_the_programme(client, staff, meetings, field):
    meetings.add()
    answer = client.send(f"{PLAN}/program/nyt", {**POINT, field: PHONE})
    assert answer.status_code == 422 and "Det ligner et telefonnummer" in readable(answer)
    assert client.send(f"{PLAN}/program/nyt", {**POINT, field: "Uden numre"}).status_code == 303


@pytest.mark.parametrize("field", WorkshopForm.guarded)
def test_personal_data_are_refused_in_a_workshop(client, staff, meetings, field):
    meeting = meetings.add()
    room = meetings.workshop(meeting)
    answer = client.send(f"{PLAN}/workshop/{room.slug}", {**ROOM, field: f"Ring {PHONE}?\n{CPR}?"})
    assert answer.status_code == 422 and "Det ligner et" in readable(answer)


@pytest.mark.parametrize("scope", ["999999999999999", "-1", "salen", "1e3"])
def test_facilitator_of_what_can_not_be_read_is_nobody(client, staff, meetings, build, scope):
    meeting = meetings.add()
    someone = build.user("Karla Holm")
    form = {"email": someone.email, "scope": scope}
    answer = client.send(f"{PLAN}/ordstyrere", form)
    assert answer.status_code == 422 and readable(answer).count("Vælg en fra listen") == 2  # summary and field
    assert client.send(f"{PLAN}/ordstyrere/{someone.id}/fjern", {"scope": scope}).status_code == 404
    assert list(queries.facilitators_of(db.session(), db.session().merge(meeting))) == []
    assert client.send(f"{PLAN}/ordstyrere", {**form, "scope": "0"}).status_code == 303


def test_point_of_a_deck_that_can_not_be_read_is_not_saved_without_one(client, staff, meetings):
    meetings.add()
    assert client.send(f"{PLAN}/program/nyt", {**POINT, "deck": "9" * 15}).status_code == 422


def test_line_of_text_holds_no_line_break(client, staff, meetings):
    meetings.add()
    client.send(f"{PLAN}/ret", {**FACTS, "title_da": "Møde\r\n X: y\tz"})
    assert queries.meeting_of(db.session(), 2024).title_da == "Møde X: y z"
