"""Ten seconds to take back what was pressed beside a question; after that, or after somebody else's press, it stays."""

import html
import re
from random import Random

import pytest
from sqlalchemy import select

from forsamlingshus.discussions.models import Question, QuestionFate, Reaction
from forsamlingshus.kernel import db, undo
from forsamlingshus.kernel.events import EventRow
from forsamlingshus.stages import actions

EVENING = "2023-05-03T18:35:{second:02}+02:00"
FETCH = {"X-Requested-With": "fetch"}


@pytest.fixture
def second(at):
    """The domain clock at that second of the evening; it runs on from there, so a test leaves room."""
    return lambda number: at(EVENING.format(second=number))


def press(client, stage, post, verb="", **form):
    path = f"{stage.control_path}/spoergsmaal/{post.id}{verb}"
    return client.send(path, form, token_from=stage.control_path)


def offered(page):
    """The form that the page offers: its address, and what it sends."""
    said = page.get_data(as_text=True)
    form = re.search(r'<form method="post" action="([^"]+)" data-undo>(.*?)</form>', said, re.DOTALL)
    assert form, "nothing can be taken back on this page"
    values = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form.group(2)))
    return html.unescape(form.group(1)), {name: html.unescape(value) for name, value in values.items()}


def take_back(client, page):
    action, form = offered(page)
    return client.post(action, data=form)


def fate(hall, post):
    question = hall.whole(post).question
    return question.fate, question.fate_at, question.answer_due, question.merged_into_id


@pytest.mark.parametrize("told", ["answered", "written"])
def test_fate_is_taken_back_by_the_form_of_the_next_page(hall, told):
    post, host = hall.ask(), hall.client("host")
    assert press(host, hall.stage, post, fate=told).status_code == 303
    assert fate(hall, post)[0] == told
    page = host.get(hall.stage.control_path)
    assert take_back(host, page).headers["Location"] == hall.stage.control_path
    assert fate(hall, post) == ("open", None, None, None)
    assert "data-undo" not in host.get(hall.stage.control_path).get_data(as_text=True).partition("fh-control")[0]


def test_opening_again_is_taken_back_to_the_very_fate_and_promise(hall):
    post, host = hall.ask(), hall.client("host")
    hall.settle(post, "written")
    before = fate(hall, post)
    assert before[0] == "written" and before[1] and before[2]
    press(host, hall.stage, post, fate="open")
    assert fate(hall, post) == ("open", None, None, None)
    take_back(host, host.get(hall.stage.control_path))
    assert fate(hall, post) == before


def test_grouping_is_taken_back_with_those_who_came_along(hall):
    one, other, host = hall.ask("Hvad koster det?"), hall.ask("Hvad er prisen?", who="neighbour"), hall.client("host")
    press(host, hall.stage, one, "/saml", into=other.id)
    assert fate(hall, one)[0] == "merged" and hall.whole(other).support_count == 1
    page = host.get(hall.stage.control_path)
    assert f"Nr. {hall.whole(one).position} er samlet med nr. {hall.whole(other).position}" in page.get_data(
        as_text=True
    )
    take_back(host, page)
    assert fate(hall, one) == ("open", None, None, None)
    assert hall.whole(other).support_count == 0
    assert db.session().scalars(select(Reaction)).all() == []


def test_parting_is_taken_back_into_the_same_group(hall):
    one, other, host = hall.ask("Hvad koster det?"), hall.ask("Hvad er prisen?", who="neighbour"), hall.client("host")
    hall.merge(one, other)
    before = fate(hall, one)
    press(host, hall.stage, one, fate="open")
    assert hall.whole(other).support_count == 0
    take_back(host, host.get(hall.stage.control_path))
    assert fate(hall, one) == before
    assert hall.whole(other).support_count == 1


def test_question_that_was_answered_on_the_wall_stands_there_again(hall):
    post, host = hall.ask(), hall.client("host")
    press(host, hall.stage, post, show="on")
    press(host, hall.stage, post, fate="answered")
    assert hall.stage.question_id is None and hall.stage.mode == "slide_questions"
    take_back(host, host.get(hall.stage.control_path))
    assert (hall.stage.question_id, hall.stage.mode) == (post.id, "question")
    assert hall.whole(post).question.on_screen


def test_wall_that_shows_something_else_by_now_is_left_alone(hall):
    post, host = hall.ask(), hall.client("host")
    press(host, hall.stage, post, show="on")
    press(host, hall.stage, post, fate="answered")
    hall.steer(actions.set_mode, mode="black")
    take_back(host, host.get(hall.stage.control_path))
    assert fate(hall, post)[0] == "open"
    assert (hall.stage.question_id, hall.stage.mode) == (None, "black")


def test_hiding_is_taken_back_and_stands_in_the_log(hall):
    post, host = hall.ask(), hall.client("host")
    hide = f"/i/{post.id}/skjul?next={hall.stage.control_path}"
    form = {"reason_code": "tone", "reason": "Tonen", "next": hall.stage.control_path}
    assert host.send(hide, form, token_from=hide).status_code == 303
    assert hall.whole(post).state == "hidden"
    assert take_back(host, host.get(hall.stage.control_path)).headers["Location"] == hall.stage.control_path
    again = hall.whole(post)
    assert (again.state, again.reason, again.reason_code, again.ended_at) == ("visible", "", "", None)
    assert again.contribution.public
    assert "Hvor mange penge mangler der?" in hall.client("neighbour").get(hall.stage.path).get_data(as_text=True)
    rows = db.session().scalars(select(EventRow).where(EventRow.name == "PostJudged").order_by(EventRow.id)).all()
    assert [row.data["decision"] for row in rows] == ["hide", "undo"]
    assert "Fortrudt med det samme" in hall.client("staff").get("/arbejde/moderation/log").get_data(as_text=True)


def test_what_waited_waits_again_when_its_hiding_is_taken_back(hall):
    post, host = hall.ask("Ring til mig", held=True), hall.client("host")
    hide = f"/i/{post.id}/skjul"
    host.send(hide, {"reason_code": "tone", "reason": "Tonen"}, token_from=hide)
    take_back(host, host.get(hall.stage.control_path))
    assert (hall.whole(post).state, hall.whole(post).position) == ("held", None)
    assert "Ring til mig" not in hall.client("neighbour").get(hall.stage.path).get_data(as_text=True)


def test_no_offer_where_hiding_took_older_words_away(hall, at):
    post, host = hall.ask(), hall.client("host")
    with db.transaction() as session:
        hall.post(session, post).edited_at = hall.who().now
    hide = f"/i/{post.id}/skjul"
    host.send(hide, {"reason_code": "tone", "reason": "Tonen"}, token_from=hide)
    page = host.get(hall.stage.control_path).get_data(as_text=True)
    assert "Indlægget er skjult" in page and "data-undo" not in page.partition("fh-control")[0]


def test_ten_seconds_are_measured_by_the_server(hall, second):
    post, host = hall.ask(), hall.client("host")
    second(10)
    press(host, hall.stage, post, fate="answered")
    page = host.get(hall.stage.control_path)
    second(21)
    late = take_back(host, page)
    assert late.status_code == 410
    assert "mere end 10 sekunder siden" in late.get_data(as_text=True)
    assert fate(hall, post)[0] == "answered"
    second(18)
    assert take_back(host, page).status_code == 303
    assert fate(hall, post)[0] == "open"


def test_whoever_comes_second_is_told_and_changes_nothing(hall):
    post, host, staff = hall.ask(), hall.client("host"), hall.client("staff")
    press(host, hall.stage, post, fate="answered")
    page = host.get(hall.stage.control_path)
    press(staff, hall.stage, post, fate="written")
    second_one = take_back(host, page)
    assert second_one.status_code == 409
    assert "En anden har gjort noget andet ved det imens" in second_one.get_data(as_text=True)
    assert fate(hall, post)[0] == "written"


def test_of_many_who_take_back_at_once_one_does(app, hall, together):
    post, host = hall.ask(), hall.client("host")
    press(host, hall.stage, post, fate="answered")
    action, form = offered(host.get(hall.stage.control_path))
    assert together([hall.users["host"]], action, {"undo": form["undo"]}, 12) == [303] + [409] * 11
    assert fate(hall, post)[0] == "open"


def test_offer_is_of_use_to_nobody_else_and_for_nothing_else(hall):
    post, other, host = hall.ask(), hall.ask("Noget andet?"), hall.client("host")
    press(host, hall.stage, post, fate="answered")
    action, form = offered(host.get(hall.stage.control_path))
    for name in ("staff", "rival", "citizen"):
        assert hall.client(name).send(action, {"undo": form["undo"]}).status_code == 403
    assert host.send(f"/i/{other.id}/fortryd", {"undo": form["undo"]}).status_code == 403
    assert host.send(action, {"undo": form["undo"][:-2] + "xx"}).status_code == 403
    assert host.send(action, {}).status_code == 403
    assert fate(hall, post)[0] == "answered"
    assert host.send(action, {"undo": form["undo"]}).status_code == 303  # the very token was good all the time
    assert fate(hall, post)[0] == "open"


def test_script_gets_the_offer_with_the_changes_and_none_after_taking_back(hall):
    post, host = hall.ask(), hall.client("host")
    path = f"{hall.stage.control_path}/spoergsmaal/{post.id}"
    said = host.send(path, {"fate": "answered"}, token_from=hall.stage.control_path, headers=FETCH).get_json()["undo"]
    assert f"Nr. {hall.whole(post).position} er besvaret" in said and 'data-key="u"' in said
    token = html.unescape(re.search(r'name="undo" value="([^"]+)"', said).group(1))
    again = host.send(f"{hall.stage.control_path}/fortryd", {"undo": token}, headers=FETCH)
    assert again.status_code == 200 and again.get_json()["undo"] == ""
    assert fate(hall, post)[0] == "open"
    refused = host.send(f"{hall.stage.control_path}/fortryd", {"undo": token}, headers=FETCH)
    assert refused.status_code == 409 and "En anden" in refused.get_json()["message"]


def test_own_question_comes_back_after_its_withdrawal(hall):
    post, citizen = hall.ask("Hvad koster en time?"), hall.client("citizen")
    hall.want(post)
    away = f"/i/{post.id}/traek-tilbage"
    citizen.send(away, {}, token_from=away)
    gone = hall.whole(post)
    assert (gone.state, gone.source, gone.contribution.text) == ("withdrawn", "", "")
    page = citizen.get(hall.stage.path)
    assert take_back(citizen, page).headers["Location"] == hall.stage.path
    again = hall.whole(post)
    assert (again.state, again.source, again.contribution.text, again.support_count, again.ended_at) == (
        "visible", "Hvad koster en time?", "Hvad koster en time?", 1, None,
    )  # fmt: skip
    assert "Hvad koster en time?" in hall.client("neighbour").get(hall.stage.path).get_data(as_text=True)
    assert session_fate(post) == QuestionFate.OPEN


def session_fate(post):
    return db.session().get(Question, post.id).fate


def test_withdrawal_stays_when_the_questions_were_closed_meanwhile(hall):
    post, citizen = hall.ask("Hvad koster en time?"), hall.client("citizen")
    away = f"/i/{post.id}/traek-tilbage"
    citizen.send(away, {}, token_from=away)
    page = citizen.get(hall.stage.path)
    hall.steer(actions.close_stage)
    assert take_back(citizen, page).status_code == 410
    assert hall.whole(post).state == "withdrawn"


def test_many_offers_with_long_words_never_outgrow_the_cookie(hall):
    """A client that looks at no page between its presses gathers nothing: browsers drop a cookie that is too large."""
    host, path = hall.client("host"), hall.stage.control_path
    odd = "".join(map(chr, Random(7).sample(range(0x20000, 0x2A000), 299)))  # letters that no compression makes shorter
    form = {"reason_code": "tone", "reason": odd, "csrf_token": host.token(path)}
    for number in range(12):
        post = hall.ask(f"Hvad koster nummer {number}?")
        assert host.post(f"/i/{post.id}/skjul", data=form).status_code == 303
        assert len(host.get_cookie("fh_session").value) < 3_000
    assert offered(host.get(path))[0] == f"/i/{post.id}/fortryd"


def test_what_is_too_long_for_the_cookie_is_said_and_not_offered(hall, monkeypatch):
    post, host = hall.ask(), hall.client("host")
    monkeypatch.setattr(undo, "COOKIE_ROOM", 20)
    assert press(host, hall.stage, post, fate="answered").status_code == 303
    page = host.get(hall.stage.control_path).get_data(as_text=True)
    assert f"Nr. {post.position} er besvaret" in page and "data-undo" not in page.partition("fh-control")[0]
