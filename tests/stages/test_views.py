"""The live page, the control view and the wall over HTTP, without a browser."""

import re
import sys

import pytest

from forsamlingshus.kernel.db import transaction
from forsamlingshus.slides import actions as slides
from forsamlingshus.stages import actions
from forsamlingshus.stages.models import Mode
from tests.queries import counted

EVENING = "2023-05-03T18:35:00+02:00"
FETCH = {"X-Requested-With": "fetch"}


@pytest.fixture
def live(hall):
    return hall.stage.path


def text(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.get_data(as_text=True)))


def ask(client, path, body="Hvad koster en time?", **values):
    return client.send(path, {"body": body, "client_id": "et-forsoeg-1", **values}, token_from=path)


def test_page_shows_slide_box_and_questions_without_log_in(hall, client, live):
    hall.show(hall.ready("Første", "Anden"), 2)
    hall.ask()
    page = client.get(live)
    said = text(page)
    assert page.status_code == 200
    assert "Slide 2 af 2" in said and "Stil et spørgsmål" in said and "Hvor mange penge mangler der?" in said
    assert "Du følger oplægget" in said


def test_page_before_the_meeting_says_when_and_has_no_box(hall, client, live, at):
    at("2023-05-03T17:00:00+02:00")
    page = client.get(live)
    assert "Mødet begynder 3. maj 2023 kl. 18.30" in text(page)
    assert 'name="body"' not in page.get_data(as_text=True)
    assert re.search(r'data-opens-in="540[01]"', page.get_data(as_text=True))


def test_page_of_a_closed_meeting_has_the_questions_and_no_box(hall, client, live):
    hall.ask()
    hall.steer(actions.close_stage)
    page = client.get(live)
    assert "Mødet er slut" in text(page) and "Hvor mange penge mangler der?" in text(page)
    assert 'id="skriv-body"' not in page.get_data(as_text=True)
    citizen = hall.client("citizen")
    assert citizen.send(live, {"body": "For sent?"}).status_code == 410


def test_leafing_leads_to_other_slides_and_back_on_the_same_page(hall, client, live):
    hall.show(hall.ready("Første", "Anden", "Tredje"), 3)
    page = client.get(f"{live}?slide=2").get_data(as_text=True)
    assert f'href="{live}?slide=1"' in page and f'href="{live}?slide=3"' in page and f'href="{live}"' in page
    assert 'data-following="false"' in page
    part = client.get(f"{live}?slide=1", headers=FETCH).get_json()["html"]
    assert 'data-no="1"' in part
    for odd in ("99", "0", "-1", "x", "9" * 30):
        assert client.get(f"{live}?slide={odd}").status_code == 200


def feed_of(page):
    """The list of questions alone: the page's templates hold the words of every tool."""
    return page.get_data(as_text=True).partition('id="feed"')[2].partition("</ol>")[0]


def test_question_is_asked_by_a_plain_form_and_stands_on_the_page(hall, live):
    citizen = hall.client("citizen")
    answer = ask(citizen, live)
    assert answer.status_code == 303
    assert ask(citizen, live).headers["Location"] == answer.headers["Location"]
    page = citizen.get(live)
    assert text(page).count("Hvad koster en time?") == 1
    meta = feed_of(page)
    assert "Anne Bjerre (dig)" in meta and "Ret" in meta and "Træk tilbage" in meta
    other = feed_of(hall.client("neighbour").get(live))
    assert "Hvad koster en time?" in other and "Træk tilbage" not in other


def test_question_by_script_answers_with_the_change_that_others_get(hall, live):
    citizen = hall.client("citizen")
    answer = citizen.send(live, {"body": "Hvad koster en time?", "client_id": "et-forsoeg-1"}, headers=FETCH).get_json()
    (change,) = answer["changes"]
    assert (change["action"], change["target"]) == ("put", f"i-{answer['id']}")
    assert "(dig)" not in change["html"]


@pytest.mark.parametrize(
    ("body", "sentence"),
    [("", "Skriv dit spørgsmål"), ("x" * 301, "1 tegn for lang"), ("Mit cpr er 010190-1236", "cpr-nummer")],
)
def test_bad_question_comes_back_with_a_sentence_and_its_text(hall, live, body, sentence):
    citizen = hall.client("citizen")
    answer = ask(citizen, live, body)
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert body in answer.get_data(as_text=True)
    again = citizen.send(live, {"body": body}, headers=FETCH)
    assert again.status_code == 422 and sentence in again.get_json()["form"]


def test_nobody_in_particular_is_led_to_the_log_in_with_the_text(hall, client, live):
    page = client.get(live).get_data(as_text=True)
    assert 'action="/log-ind/fra-debat"' in page and f'value="{live}#skriv"' in page


def test_held_question_is_shown_to_its_author_alone(hall, live, client):
    hall.ask("Ring til mig", held=True)
    assert "Dit spørgsmål vises, når en ordstyrer har set det" in text(hall.client("citizen").get(live))
    for other in (client, hall.client("neighbour"), hall.client("host")):
        assert "Ring til mig" not in text(other.get(live))


def test_fates_stand_on_the_page(hall, live, client):
    posts = {name: hall.ask(f"Om {name}?") for name in ("svar", "brev", "samlet", "skjult")}
    hall.settle(posts["svar"], "answered")
    hall.settle(posts["brev"], "written")
    hall.merge(posts["samlet"], posts["svar"])
    hall.hide(posts["skjult"])
    said = text(client.get(live))
    assert "Besvaret på mødet" in said and "Besvares skriftligt inden" in said and "Samlet med nr. 1" in said
    assert "Nr. 4. Skjult: Det angriber en person eller en gruppe: Spørgsmålet angriber en person" in said
    assert "Om skjult?" not in said


def test_order_is_by_support_or_by_age_and_nonsense_is_by_support(hall, live, client):
    posts = [hall.ask(f"Spørgsmål {n}?") for n in (1, 2, 3)]
    hall.want(posts[1])

    def order(query):
        return re.findall(r"Spørgsmål (\d)\?", text(client.get(f"{live}{query}")))

    assert order("") == order("?sorter=xx") == ["2", "1", "3"]
    assert order("?sorter=nyeste") == ["3", "2", "1"]


def test_permalink_of_a_question_leads_to_the_live_page(hall, live, client):
    post = hall.ask()
    assert client.get(f"/i/{post.id}").headers["Location"] == f"{live}#i-{post.id}"


def test_questions_have_no_thread_page_and_take_no_reply(hall, live):
    post, citizen = hall.ask(), hall.client("neighbour")
    assert citizen.get(f"/budget/2024/temaer/trivsel/{post.thread_id}-spoergsmaal").status_code == 404
    assert citizen.get(f"/i/{post.id}/svar").status_code == 403


def test_reread_of_questions_answers_what_changed(hall, live, client):
    first = hall.ask()
    version = client.get(f"{live}?del=questions&efter=0").get_json()["version"]
    assert client.get(f"{live}?del=questions&efter={version}").get_json()["changes"] == []
    hall.settle(first, "answered")
    (change,) = client.get(f"{live}?del=questions&efter={version}").get_json()["changes"]
    assert "Besvaret på mødet" in change["body"]


def test_page_takes_the_same_number_of_queries_with_1_and_30_questions(app, hall, live, client):
    hall.show(hall.ready("En", "To"))
    hall.ask()
    client.get(live)  # what the process keeps is read once
    one = counted(app, lambda: client.get(live))
    for n in range(29):
        hall.settle(hall.ask(f"Spørgsmål {n}"), "answered")
    assert counted(app, lambda: client.get(live)) == one


# ---- steering


def press(client, hall, verb, **data):
    path = hall.stage.control_path
    return client.send(f"{path}/{verb}", data, token_from=path)


def test_control_is_for_those_who_lead(hall):
    path = hall.stage.control_path
    assert [hall.client(name).get(path).status_code for name in ("nobody", "citizen", "rival", "host", "staff")] == [
        303,
        403,
        403,
        200,
        200,
    ]


def test_every_press_works_as_a_plain_form(hall):
    host, deck, post = hall.client("host"), hall.ready("En", "To"), hall.ask()
    assert press(host, hall, "oplaeg", deck=deck.id).status_code == 303
    assert press(host, hall, "vis", no=2).status_code == 303
    assert hall.fresh(deck).showing == 2
    for mode in ("slide", "questions", "join", "black", "slide_questions"):
        press(host, hall, "skaerm", mode=mode)
        assert hall.stage.mode == mode
    press(host, hall, "pause", minutes=10)
    assert hall.stage.mode == "pause" and hall.stage.pause_until is not None
    press(host, hall, "besked", message="Der er kaffe i foyeren")
    press(host, hall, "frys", on=1)
    press(host, hall, "navne", on=1)
    assert (hall.stage.message, hall.stage.frozen, hall.stage.show_names) == ("Der er kaffe i foyeren", True, True)
    press(host, hall, f"spoergsmaal/{post.id}", show="on")
    assert hall.stage.question_id == post.id
    press(host, hall, f"spoergsmaal/{post.id}", fate="answered")
    assert (hall.stage.question_id, hall.whole(post).question.fate) == (None, "answered")
    press(host, hall, "slut")
    assert hall.fresh(deck).presenting is False
    press(host, hall, "proeve", on=1)
    assert hall.stage.rehearsal is True
    press(host, hall, "proeve", on=0)
    key = hall.stage.display_key
    press(host, hall, "noegle")
    assert hall.stage.display_key != key
    press(host, hall, "luk", afterwards="read_only")
    assert hall.stage.closed_at is not None
    press(host, hall, "begynd")
    assert hall.stage.closed_at is None


def asked(page):
    """The questions of a control view in their order, and which order the page says that is."""
    html = page if isinstance(page, str) else page.get_data(as_text=True)
    current = re.search(r'id="order-(\w+)" aria-current', html)
    return re.findall(r'<p id="asked-\d+-\d+" lang="da">([^<]+)</p>', html), current and current[1]


def test_the_order_of_the_questions_is_chosen_by_a_link_and_kept_through_presses(hall):
    for words in ("Første", "Anden", "Tredje"):
        hall.want(hall.ask(words)) if words == "Anden" else hall.ask(words)
    host, path = hall.client("host"), hall.stage.control_path
    wanted, newest = (["Anden", "Første", "Tredje"], "flest"), (["Tredje", "Anden", "Første"], "nyeste")
    assert asked(host.get(path)) == wanted
    assert asked(host.get(f"{path}?sorter=nyeste")) == newest
    answer = press(host, hall, "frys", on=1)
    assert asked(host.get(answer.location)) == newest
    assert asked(host.get(f"{path}?sorter=andet")) == wanted
    assert asked(host.get(path)) == wanted


def test_what_a_control_view_reads_again_is_in_its_order(hall):
    for words in ("Første", "Anden"):
        hall.ask(words)
    host, path, no = hall.client("host"), hall.stage.control_path, hall.stage.id
    listens = f'data-topic="{hall.stage.newest_topic}"'
    assert listens not in host.get(path).get_data(as_text=True)
    assert listens in host.get(f"{path}?sorter=nyeste").get_data(as_text=True)

    def reread(address):
        return {row["target"]: row["html"] for row in host.get(address).get_json()["changes"]}

    newest = reread(f"{path}?sorter=nyeste&efter=0")
    assert asked(newest[f"asked-{no}-nyeste"]) == (["Anden", "Første"], "nyeste")
    assert f"asked-{no}" not in newest and f"panel-{no}" in newest
    assert asked(reread(f"{path}?sorter=flest&efter=0")[f"asked-{no}"]) == (["Første", "Anden"], "flest")


def test_merging_is_a_page_of_its_own(hall):
    first, second = hall.ask(), hall.ask("Hvor stort er hullet?")
    host, path = hall.client("host"), f"{hall.stage.control_path}/spoergsmaal/{second.id}/saml"
    assert "Hvor mange penge mangler der?" in text(host.get(path))
    refused = host.send(path, {}, token_from=path)
    assert refused.status_code == 422 and "Vælg det spørgsmål" in text(refused)
    assert host.send(path, {"into": first.id}, token_from=path).status_code == 303
    assert hall.whole(second).question.merged_into_id == first.id


def test_held_question_is_released_in_the_words_that_were_read(hall):
    post, host = hall.ask("Må jeg spørge?", held=True), hall.client("host")
    page = host.get(hall.stage.control_path).get_data(as_text=True)
    seen = re.search(r'name="seen"\s+value="([^"]+)"', page)[1]
    assert "(lige nu)" in page  # how long it has waited
    refused = press(host, hall, f"indlaeg/{post.id}", seen="noget andet")
    assert refused.status_code == 409 and f'<a href="{hall.stage.control_path}">' in refused.get_data(as_text=True)
    press(host, hall, f"indlaeg/{post.id}", seen=seen)
    assert hall.whole(post).position == 1


def test_second_of_two_who_approve_is_led_back_to_the_control_view(hall):
    post, path = hall.ask("Må jeg spørge?", held=True), hall.stage.control_path
    first, second = hall.client("host"), hall.client("staff")
    seen = re.search(r'name="seen"\s+value="([^"]+)"', first.get(path).get_data(as_text=True))[1]
    assert press(first, hall, f"indlaeg/{post.id}", seen=seen).status_code == 303
    late = press(second, hall, f"indlaeg/{post.id}", seen=seen)
    assert late.status_code == 409
    assert f'<a href="{path}">' in late.get_data(as_text=True) and hall.stage.title in text(late)


@pytest.mark.parametrize(
    ("verb", "data", "status"),
    [
        ("findes-ikke", {}, 404),
        ("skaerm", {"mode": "disko"}, 422),
        ("skaerm", {"mode": "question"}, 409),
        ("pause", {"minutes": "0"}, 422),
        ("pause", {"minutes": "mange"}, 422),
        ("besked", {"message": "x" * 200}, 422),
        ("besked", {"message": "Ring 22 33 44 55"}, 422),
        ("vis", {"no": "1"}, 422),
        ("oplaeg", {"deck": "99"}, 422),
        ("spoergsmaal/99", {"show": "on"}, 404),
        ("indlaeg/99", {}, 404),
    ],
)
def test_odd_press_changes_nothing_and_is_told(hall, verb, data, status):
    before = hall.stage.mode, hall.stage.message
    answer = press(hall.client("host"), hall, verb, **data)
    assert answer.status_code == status
    assert (hall.stage.mode, hall.stage.message) == before


def test_press_by_script_answers_with_the_parts_that_changed(hall):
    hall.show(hall.ready("En", "To"))
    host, path = hall.client("host"), hall.stage.control_path
    answer = host.send(f"{path}/vis", {"no": 2}, headers=FETCH).get_json()
    assert [change["target"] for change in answer["changes"]] == ["panel-1", "held-1", "polls-1", "more-1", "asked-1"]
    assert 'data-showing="2"' in answer["changes"][0]["html"]
    assert host.get(f"{path}?efter={answer['version']}").get_json()["changes"] == []


def test_question_of_another_stage_is_not_steered_from_here(hall):
    post = hall.ask()
    path = hall.room.control_path
    rival = hall.client("rival")
    assert rival.send(f"{path}/spoergsmaal/{post.id}", {"fate": "answered"}, token_from=path).status_code == 404
    assert hall.whole(post).question.fate == "open"


def test_written_answer_is_published_under_the_question_and_marked(hall, live, client):
    post, staff = hall.ask(), hall.client("staff")
    path = f"/i/{post.id}/svar-fra-kommunen"
    assert [hall.client(name).get(path).status_code for name in ("citizen", "rival", "host")] == [403, 403, 200]
    assert staff.send(path, {"body": ""}, token_from=path).status_code == 422
    back = hall.stage.control_path
    answer = staff.send(path, {"body": "Der mangler **23** mio. kr.", "next": back}, token_from=path)
    assert answer.headers["Location"] == back
    said = text(client.get(live))
    assert "Svar fra kommunen" in said and "Der mangler 23 mio. kr." in said


# ---- the wall


def test_wall_opens_with_its_key_alone(hall, client):
    stage = hall.stage
    page = client.get(stage.hall_path)
    assert page.status_code == 200
    assert (
        client.get(f"/storskaerm/{stage.display_key[:-1]}{'y' if stage.display_key.endswith('x') else 'x'}").status_code
        == 404
    )
    assert "noindex" in page.headers["X-Robots-Tag"]
    assert (page.headers["Referrer-Policy"], page.headers["Cache-Control"]) == ("no-referrer", "no-store")
    html = page.get_data(as_text=True)
    assert "<nav" not in html and "<a " not in html and "<form" not in html
    assert "Set-Cookie" not in page.headers


def test_old_key_shows_nothing_after_a_new_one(hall, client):
    old = hall.stage.hall_path
    hall.steer(actions.renew_display_key)
    assert client.get(old).status_code == 404
    assert client.get(f"{old}?efter=0").status_code == 404
    assert client.get(hall.stage.hall_path).status_code == 200


def test_guessing_keys_is_slowed_down(hall, client):
    answers = [client.get(f"/storskaerm/gaet-{n}").status_code for n in range(32)]
    assert answers[:30] == [404] * 30 and answers[-1] == 429
    assert client.get(hall.stage.hall_path).status_code == 200


def test_key_never_stands_in_a_log(hall, client, caplog, monkeypatch):
    caplog.set_level("DEBUG")
    stage = hall.stage
    client.get(stage.hall_path)
    client.get(f"{stage.hall_path}?efter=0")
    monkeypatch.setattr("forsamlingshus.stages.views.wall.partials.wall_values", lambda *a: 1 / 0)
    assert client.get(stage.hall_path).status_code == 500
    report = {"csp-report": {"document-uri": f"http://localhost{stage.hall_path}", "violated-directive": "img-src"}}
    client.post("/csp", json=report)
    assert caplog.records
    assert stage.display_key not in caplog.text


@pytest.mark.parametrize("mode", list(Mode))
def test_every_mode_has_its_page(hall, client, mode, at):
    at(EVENING)
    hall.show(hall.ready("En", "To"))
    post = hall.ask("Hvad koster en time?")
    if mode == Mode.QUESTION:
        hall.steer(actions.show_question, post=post)
    elif mode == Mode.PAUSE:
        hall.steer(actions.pause, until=hall.who().now.replace(second=0, microsecond=0))
    elif mode == Mode.POLL:
        hall.steer(actions.show_poll)
    else:
        hall.steer(actions.set_mode, mode=mode)
    page = client.get(hall.stage.hall_path)
    html, said = page.get_data(as_text=True), text(page)
    assert f'data-mode="{mode}"' in html
    assert ('<img src="/fil/slide' in html) == (mode in {Mode.SLIDE, Mode.SLIDE_QUESTIONS})
    expected = {Mode.SLIDE_QUESTIONS, Mode.QUESTIONS, Mode.QUESTION}
    assert ("Hvad koster en time?" in said) == (mode in expected)
    assert ("Vi begynder igen kl. 18.35" in said) == (mode == Mode.PAUSE)
    assert "Anne Bjerre" not in said


@pytest.mark.parametrize("typed", ["mange", "0", "241", "", None])
def test_minutes_of_a_pause_that_are_none_come_back_with_a_sentence(hall, typed):
    host = hall.client("host")
    data = {} if typed is None else {"minutes": typed}
    answer = host.send(f"{hall.stage.control_path}/pause", data, token_from=hall.stage.control_path)
    assert answer.status_code == 422 and "Skriv et antal minutter fra 1 til 240" in text(answer)
    box = re.search(r'<input[^>]*name="minutes"[^>]*>', answer.get_data(as_text=True))[0]
    assert f'value="{"15" if typed is None else typed}"' in box
    assert ('aria-invalid="true"' in box) == (typed is not None)
    assert hall.stage.mode != Mode.PAUSE


def test_slide_in_rehearsal_is_on_the_wall_and_not_on_the_phones(hall, client, live):
    deck = hall.ready("Hemmelig prøve", "To")
    hall.steer(actions.rehearse, on=True, deck_id=deck.id)
    slide = re.search(r'<img src="(/fil/slide/[^"]+)"', client.get(hall.stage.hall_path).get_data(as_text=True))[1]
    page = client.get(live).get_data(as_text=True)
    assert slide not in page
    assert "Der vises ikke noget oplæg lige nu" in text(client.get(live))


def test_deck_that_was_hidden_while_shown_leaves_all_pages(hall, client, live):
    deck = hall.show(hall.ready("En", "To"))
    assert "/fil/slide/" in client.get(live).get_data(as_text=True)
    with transaction() as session:
        slides.hide_deck(session, who=hall.who(), deck=session.merge(deck))
    for path in (live, hall.stage.hall_path):
        assert "/fil/slide/" not in client.get(path).get_data(as_text=True)


def test_number_of_what_waits_is_true_when_not_all_of_it_is_listed(hall, monkeypatch):
    # By its name: the package offers a function that is called the same.
    monkeypatch.setattr(sys.modules["forsamlingshus.discussions.queries.questions"], "QUESTIONS", 2)
    for no in range(3):
        hall.ask(f"Må jeg spørge om {no}?", held=True)
    page = text(hall.client("host").get(hall.stage.control_path))
    assert "Til gennemsyn (3)" in page and "De første 2 står her" in page


def test_no_press_says_that_a_question_goes_on_in_a_thread_or_in_another(hall):
    post, host = hall.ask("Hvad koster det?"), hall.client("host")
    for fate in ("thread", "merged"):
        answer = press(host, hall, f"spoergsmaal/{post.id}", fate=fate)
        assert answer.status_code == 422 and "Vælg, hvad der skal ske med spørgsmålet" in text(answer)
