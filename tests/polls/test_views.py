"""Answering without a script, running polls from the control view, and silence about the result until it is there."""

import re

import pytest
from sqlalchemy import func, select

from forsamlingshus.polls import actions, queries, rules
from forsamlingshus.polls.models import Poll, PollAnswer
from forsamlingshus.polls.views import answering
from forsamlingshus.stages import actions as stages
from forsamlingshus.stages.models import Stage
from tests.polls.conftest import OPTIONS, QUESTION
from tests.queries import counted

FETCH = {"X-Requested-With": "fetch"}
SECRET = re.compile(r"fh-bars|100 %")
"""What a result looks like on any page: bars, and the share of the only answer."""


@pytest.fixture
def live(polls):
    return polls.stage.path


@pytest.fixture
def control(polls):
    return polls.stage.control_path


def text(answer):
    html = answer if isinstance(answer, str) else answer.get_data(as_text=True)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html)).replace("\N{NO-BREAK SPACE}", " ")


def answered(session):
    session.rollback()
    session.expire_all()
    return [answer.weights for answer in session.scalars(select(PollAnswer).order_by(PollAnswer.id))]


def only(session):
    session.rollback()
    return session.scalars(select(Poll)).one()


def test_open_poll_is_answered_by_a_plain_form_and_changed(polls, live, session):
    poll, citizen = polls.opened(), polls.client("citizen")
    page = citizen.get(live)
    assert QUESTION in text(page) and all(option in text(page) for option in OPTIONS) and "Send dit svar" in text(page)
    sent = citizen.send(poll.path, {"choice": "2"}, token_from=live)
    assert (sent.status_code, sent.headers["Location"]) == (303, f"{live}#polls-{polls.stage.id}")
    assert answered(session) == [[0, 1, 0]]
    page = citizen.get(live)
    html = page.get_data(as_text=True)
    assert "Du har svaret" in text(page) and "Ret dit svar" in text(page)
    assert re.search(rf'id="poll-{poll.id}-2"[^>]*checked', html) and html.count(" checked") == 1
    citizen.send(poll.path, {"choice": "3"}, token_from=live)
    assert answered(session) == [[0, 0, 1]]
    other = polls.client("neighbour").get(live).get_data(as_text=True)
    assert " checked" not in other and "1 svar" in text(other)


@pytest.mark.parametrize(
    ("kind", "form", "weights"),
    [
        ("multiple", {"choice": ["1", "3"]}, [1, 0, 1]),
        ("scale", {"choice": "4"}, [0, 0, 0, 1, 0]),
        ("spread", {"points_1": "4", "points_2": "", "points_3": "6"}, [4, 0, 6]),
    ],
)
def test_other_kinds_are_answered_by_a_plain_form(polls, live, session, kind, form, weights):
    poll = polls.opened(kind)
    assert polls.client("citizen").send(poll.path, form, token_from=live).status_code == 303
    assert answered(session) == [weights]


@pytest.mark.parametrize(
    ("kind", "form", "sentence"),
    [
        ("single", {}, "Vælg et svar"),
        ("single", {"choice": "9"}, "Vælg et svar"),
        ("single", {"choice": ["1", "2"]}, "Vælg et svar"),
        ("single", {"choice": "æ"}, "Vælg et svar"),
        ("multiple", {}, "Vælg mindst ét svar"),
        ("spread", {}, "Giv mindst ét point"),
        ("spread", {"points_1": "6", "points_2": "5"}, "Du har fordelt 1 point for meget. Tag det tilbage et sted"),
        ("spread", {"points_1": "halvdelen"}, "Skriv hele tal, for eksempel 3"),
        ("spread", {"points_1": "-3"}, "Skriv hele tal, for eksempel 3"),
        ("spread", {"points_1": "9999999999999999999999"}, "Skriv hele tal, for eksempel 3"),
        ("spread", {"points_1": "²"}, "Skriv hele tal, for eksempel 3"),
    ],
)
def test_answer_that_does_not_fit_comes_back_with_a_sentence(polls, live, session, kind, form, sentence):
    poll, citizen = polls.opened(kind), polls.client("citizen")
    page = citizen.send(poll.path, form, token_from=live)
    assert page.status_code == 422 and sentence in text(page) and "Fejl:" in text(page)
    part = citizen.send(poll.path, form, token_from=live, headers=FETCH)
    assert part.status_code == 422 and sentence in text(part.get_json()["html"])
    assert answered(session) == []


def test_points_that_are_too_many_are_not_lost(polls, live):
    poll, citizen = polls.opened("spread"), polls.client("citizen")
    page = citizen.send(poll.path, {"points_1": "7", "points_2": "8"}, token_from=live).get_data(as_text=True)
    assert re.findall(r'name="points_\d" value="(\d*)"', page) == ["7", "8", ""]


def test_script_gets_the_part_with_the_own_answer(polls, live):
    poll, citizen = polls.opened(), polls.client("citizen")
    answer = citizen.send(poll.path, {"choice": "1"}, token_from=live, headers=FETCH).get_json()
    assert "Dit svar er gemt" in answer["message"]
    assert "Du har svaret" in text(answer["html"]) and "csrf" not in answer["html"]


def test_who_is_not_in_reads_and_is_led_to_the_log_in(polls, client, live, session):
    poll = polls.opened()
    page = client.get(live)
    assert QUESTION in text(page) and "Send dit svar" not in text(page) and "Log ind" in text(page)
    sent = client.send(poll.path, {"choice": "1"})
    assert sent.status_code == 303 and sent.headers["Location"].startswith("/log-ind")
    assert answered(session) == []


@pytest.mark.parametrize(("policy", "may"), [("on", True), ("moderated", True), ("off", False)])
def test_guests_answer_as_the_meeting_lets_them_write(polls, live, session, policy, may):
    poll = polls.opened()
    guest = polls.guest()
    polls.guests_may(policy)
    sent = guest.send(poll.path, {"choice": "1"}, token_from=live)
    assert sent.status_code == (303 if may else 403)
    assert answered(session) == ([[1, 0, 0]] if may else [])
    assert ("Ret dit svar" in text(guest.get(live))) is may


def test_answer_after_the_end_is_told_and_changes_nothing(polls, live, session):
    poll, citizen = polls.opened(), polls.client("citizen")
    token = citizen.token(live)
    polls.answer(poll, "neighbour")
    polls.close(poll)
    late = citizen.post(poll.path, data={"choice": "2", "csrf_token": token})
    assert late.status_code == 410 and "Afstemningen er lukket" in text(late)
    late = citizen.post(poll.path, data={"choice": "2", "csrf_token": token}, headers=FETCH)
    assert (late.status_code, late.get_json()["message"]) == (410, "Afstemningen er lukket")
    assert polls.row(session, poll).result == [1, 0, 0]


def places(polls, poll):
    """Every page and answer in which a result could stand, as each kind of person gets it."""
    stage, found = polls.stage, {}
    for name in ("nobody", "citizen", "neighbour", "host", "staff"):
        client = polls.client(name)
        addresses = [stage.path, poll.path, f"{stage.path}/afstemninger?efter=0", f"{stage.path}?del=scene&efter=0"]
        if name in {"host", "staff"}:
            addresses += [stage.control_path, f"{stage.control_path}?efter=0"]
        for address in addresses:
            answer = client.get(address)
            assert answer.status_code == 200
            found[name, address] = answer.get_data(as_text=True) + str(answer.headers.get("ETag"))
    hall = polls.client("nobody")
    for address in (stage.hall_path, f"{stage.hall_path}?efter=0"):
        found["wall", address] = hall.get(address).get_data(as_text=True)
    return found


def test_nobody_sees_a_result_before_the_poll_is_closed(polls, session):
    poll = polls.opened()
    polls.answer(poll, "citizen", [0, 1, 0])
    # There is something to leak, and these pages would show it: they do when it is closed.
    assert rules.tally(3, answered(session)) == [0, 1, 0]
    hidden = places(polls, poll)
    seen = [key for key, html in hidden.items() if SECRET.search(html)]
    assert seen == []
    # The same pages, had the neighbour's answer been another one: they tell nobody the difference.
    polls.answer(poll, "citizen", [0, 0, 1])
    other = places(polls, poll)
    own = {key for key in hidden if key[0] == "citizen"}
    assert {key for key in hidden if plain(hidden[key]) != plain(other[key])} <= own
    polls.close(poll)
    shown = places(polls, poll)
    assert len([key for key, html in shown.items() if SECRET.search(html)]) >= 15


def plain(html):
    """A page without tokens and clocks, which are new in every answer."""
    fresh = r'(?:name="(?:csrf_token|client_id)" value|data-proof|data-now|data-since)="[^"]*"|"proof": ?"[^"]*"'
    return re.sub(r">\d\d\.\d\d<", "", re.sub(fresh, "", html))


def test_draft_is_nobody_elses_to_see(polls, live, control):
    poll = polls.make(question="Er det en hemmelighed?")
    assert "Er det en hemmelighed?" in text(polls.client("host").get(control))
    for name in ("nobody", "citizen", "rival"):
        client = polls.client(name)
        assert "hemmelighed" not in text(client.get(live))
        assert client.get(poll.path).status_code == 404
        assert "hemmelighed" not in client.get(f"{live}/afstemninger?efter=0").get_data(as_text=True)


FORM = {"kind": "single", "question": QUESTION, "options": "\n".join(OPTIONS), "points": "10", "about": ""}


def test_host_makes_opens_and_closes_a_poll_by_plain_forms(polls, live, control, session):
    host = polls.client("host")
    page = f"{control}/afstemninger/ny"
    assert host.send(page, FORM, token_from=page).status_code == 303
    poll = only(session)
    assert (poll.kind, poll.options, poll.points) == ("single", list(OPTIONS), 0)
    for verb, words in (("aaben", "Åben nu"), ("luk", "Lukket")):
        answer = host.send(f"{control}/afstemning/1/{verb}", token_from=control)
        assert answer.status_code == 303
        assert words in text(host.get(control))
    assert "Hvad skal vi bruge" in text(host.get(live))
    assert host.send(f"{control}/afstemning/1/hop", token_from=control).status_code == 404


def test_press_of_the_script_is_answered_with_what_changed(polls, control):
    polls.make()
    host = polls.client("host")
    answer = host.send(f"{control}/afstemning/1/aaben", token_from=control, headers=FETCH).get_json()
    part = next(row for row in answer["changes"] if row["target"] == f"polls-{polls.stage.id}")
    assert "Luk, og vis resultatet" in part["html"]
    refused = host.send(f"{control}/afstemning/1/aaben", token_from=control, headers=FETCH)
    assert (refused.status_code, refused.get_json()["message"]) == (409, "Afstemning 1 er allerede åbnet")


def test_poll_about_a_slide_or_a_point_of_the_programme_comes_back_in_its_form(polls, control, session):
    deck, host = polls.ready("En", "To"), polls.client("host")
    page = f"{control}/afstemninger/ny"
    host.send(page, {**FORM, "about": f"slide:{deck.id}:2"}, token_from=page)
    poll = only(session)
    assert (poll.deck_id, poll.slide_no) == (deck.id, 2)
    edit = f"{control}/afstemning/1"
    html = host.get(edit).get_data(as_text=True)
    assert re.search(rf'selected value="slide:{deck.id}:2"', html)
    form = {**FORM, "kind": "scale", "low": "nej", "high": "ja", "edition": "1"}
    assert host.send(edit, form, token_from=edit).status_code == 303
    row = polls.row(session, poll)
    assert (row.options, row.deck_id) == (["nej", "", "", "", "ja"], None)
    again = host.send(edit, form, token_from=edit)
    assert again.status_code == 409 and QUESTION in text(again) and OPTIONS[0] in text(again)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"question": " "}, "Skriv, hvad du spørger om"),
        ({"question": "x" * 201}, "Din tekst er 1 tegn for lang"),
        ({"options": "Kun ét"}, "Skriv fra 2 til 8 svar, ét på hver linje"),
        ({"options": "\n".join("abcdefghi")}, "Skriv fra 2 til 8 svar, ét på hver linje"),
        ({"options": "Ja\n ja "}, "To svar er ens. Ret det ene"),
        ({"options": f"Ja\n{'x' * 81}"}, "er for langt: højst 80 tegn"),
        ({"kind": "spread", "points": "1"}, "Skriv et tal fra 2 til 20"),
        ({"kind": "spread", "points": "mange"}, "Skriv et tal fra 2 til 20"),
        ({"kind": "andet"}, "Not a valid choice"),
        ({"about": "agenda:999"}, "Vælg noget fra listen"),
        ({"about": "slide:1:999"}, "Vælg noget fra listen"),
        ({"question": "Ring til 010180-1237?"}, "Det ligner et cpr-nummer"),
    ],
)
def test_poll_that_is_not_right_comes_back_with_a_sentence(polls, control, session, changed, sentence):
    host, page = polls.client("host"), f"{control}/afstemninger/ny"
    answer = host.send(page, {**FORM, **changed}, token_from=page)
    assert answer.status_code == 422
    if changed.get("kind") != "andet":
        assert sentence in text(answer)
    assert polls.number(session) == 0


def test_scale_needs_neither_answers_nor_points(polls, control, session):
    host, page = polls.client("host"), f"{control}/afstemninger/ny"
    sent = {"kind": "scale", "question": "Hvor trygt er det?", "options": "", "points": "", "about": ""}
    assert host.send(page, sent, token_from=page).status_code == 303
    assert only(session).options == [""] * 5


def test_doubtful_words_are_refused_and_marked_for_a_poll_is_public_once_it_opens(polls, control, session):
    host, page = polls.client("host"), f"{control}/afstemninger/ny"
    form = {**FORM, "question": "Skal vi ringe på 22 33 44 55?"}
    first = host.send(page, form, token_from=page)
    assert first.status_code == 422 and "<mark>22 33 44 55</mark>" in first.get_data(as_text=True)
    assert session.scalar(select(func.count()).select_from(Poll)) == 0


@pytest.mark.parametrize("name", ["nobody", "citizen", "rival"])
def test_outsiders_reach_no_page_of_those_who_steer(polls, control, name):
    polls.make()
    client = polls.client(name)
    for path in (f"{control}/afstemninger/ny", f"{control}/afstemning/1"):
        assert client.get(path).status_code in ({303} if name == "nobody" else {403})


def test_reread_sends_the_number_alone_while_people_answer(polls, live, session):
    poll = polls.opened()
    version = polls.row(session, poll).version
    polls.answer(poll)
    news = polls.client("neighbour").get(f"{live}/afstemninger?efter={version}").get_json()
    assert [(row["action"], row["target"], row["html"]) for row in news["changes"]] == [
        ("text", f"poll-count-{poll.id}", "1 svar")
    ]
    polls.close(poll)
    news = polls.client("neighbour").get(f"{live}/afstemninger?efter={news['version']}").get_json()
    assert [row["target"] for row in news["changes"]] == [f"polls-{polls.stage.id}", f"results-{polls.stage.id}"]
    assert polls.client("neighbour").get(f"{live}/afstemninger?efter={news['version']}").get_json()["changes"] == []


@pytest.mark.parametrize("place", ["live", "control"])
def test_pages_ask_as_much_with_many_polls_as_with_one(app, polls, live, control, place):
    polls.closed()
    host, path = polls.client("host"), {"live": live, "control": control}[place]
    host.get(path)
    one = counted(app, lambda: host.get(path))
    for no in range(8):
        polls.closed(question=f"Spørgsmål nr. {no}?")
    assert counted(app, lambda: host.get(path)) == one


def test_english_page_is_english_and_keeps_the_words_of_the_hall(polls, client, live):
    polls.closed()
    page = client.get(f"{live}?sprog=en")
    assert "2 people have answered, 0 of them guests." in text(page) and QUESTION in text(page)


@pytest.mark.parametrize("script", [{}, FETCH])
def test_points_that_come_too_fast_come_back_to_be_sent_again(polls, live, session, monkeypatch, script):
    monkeypatch.setattr(answering, "wait_to_support", lambda _who: 7)
    poll, citizen = polls.opened("spread"), polls.client("citizen")
    sent = citizen.send(poll.path, {"points_1": "6", "points_2": "3", "points_3": "1"}, token_from=live, headers=script)
    page = sent.get_json()["html"] if script else sent.get_data(as_text=True)
    assert (sent.status_code, sent.headers["Retry-After"], answered(session)) == (429, "7", [])
    assert re.findall(r'name="points_\d"[^>]*value="(\d+)"', page) == ["6", "3", "1"]
    assert "Vent 7 sekunder" in text(page)


def test_subjects_take_the_same_queries_with_1_and_5_decks(app, polls, session):
    def subjects():
        session.rollback()
        session.expire_all()
        return queries.subjects(session, session.get_one(Stage, polls.stage.id)).decks

    polls.ready("En", "To")
    one = counted(app, subjects)
    for _no in range(4):
        polls.ready("En", "To")
    assert len(subjects()) >= 5 and all(len(slides) == 2 for _title, slides in subjects())
    assert counted(app, subjects) == one


@pytest.mark.parametrize("own", [None, "3"])
def test_guest_who_logs_in_has_one_answer_and_not_two(polls, live, session, own):
    poll, guest = polls.opened(), polls.guest()
    polls.guests_may("on")
    if own:
        polls.client("citizen").send(poll.path, {"choice": own}, token_from=live)
    guest.send(poll.path, {"choice": "1"}, token_from=live)
    assert len(answered(session)) == (2 if own else 1)
    guest.log_in(polls.users["citizen"])
    assert answered(session) == [[0, 0, 1] if own else [1, 0, 0]]
    assert only(session).answer_count == 1
    assert "Ret dit svar" in text(guest.get(live))


def test_result_says_everywhere_how_many_answers_came_from_guests(polls, live, session, at):
    poll, guest = polls.opened(), polls.guest()
    guest.send(poll.path, {"choice": "1"}, token_from=live)
    polls.answer(poll, "citizen", (0, 1, 0))
    assert "heraf" not in text(guest.get(live))  # an open poll has a number and nothing else
    polls.do(actions.show_poll, poll)
    polls.close(poll)
    row = polls.row(session, poll)
    assert (row.answer_count, row.guest_count) == (2, 1)
    for page in (live, poll.path):
        assert "2 har svaret, heraf 1 gæst." in text(guest.get(page))
    for page in (polls.stage.control_path, polls.stage.hall_path):
        assert "2 svar heraf 1 fra en gæst" in " ".join(text(polls.client("host").get(page)).split())
    assert rules.in_words(row).startswith(f"{QUESTION} 2 svar, heraf 1 fra gæster.")
    polls.steer(stages.close_stage)
    assert "2 har svaret, heraf 1 gæst." in text(guest.get("/budget/2024/borgermoede/genhoer"))


@pytest.mark.parametrize(("policy", "told"), [("on", 0), ("off", None)])
def test_nothing_is_said_of_guests_where_they_cannot_answer(polls, session, policy, told):
    polls.guests_may(policy)
    poll = polls.closed()
    assert polls.row(session, poll).guest_count == told
    assert ("heraf 0 gæster" in text(polls.client("citizen").get(poll.path))) is (told == 0)


def test_guest_who_went_on_with_an_account_is_no_guest_in_the_result(polls, live, session):
    poll, guest = polls.opened(), polls.guest()
    guest.send(poll.path, {"choice": "1"}, token_from=live)
    guest.log_in(polls.users["citizen"])
    polls.close(poll)
    assert polls.row(session, poll).guest_count == 0
