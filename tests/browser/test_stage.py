"""The evening in three browsers at once: a phone, the control view and the wall; cut off, leafing, and two who steer."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from playwright.sync_api import expect

from tests.browser.test_live_cuts import Line
from tests.browser.test_page_types import AXE, LOOK, NARROW, RULES, TOO_WIDE

LIVE, CONTROL = "/budget/2024/borgermoede/live", "/styring/2024/borgermoede/live"
SOON = 2000
_numbers = count(1)


def wall_path(house):
    return "/storskaerm/" + house.value("SELECT display_key FROM stage WHERE path = ?", LIVE)


@pytest.fixture
def desk(house):
    """Somebody who leads, without a browser; the plenary's deck is shown from slide 3 on."""
    caller = house.caller("medarbejder")
    deck = house.value("SELECT id FROM deck WHERE file_name = 'kommunens-oekonomi.pdf'")
    assert caller.send(f"{CONTROL}/oplaeg", {"deck": deck}).status_code == 303
    assert caller.send(f"{CONTROL}/vis", {"no": 3}).status_code == 303
    assert caller.send(f"{CONTROL}/skaerm", {"mode": "slide_questions"}).status_code == 303
    return caller


def question():
    return f"Hvad koster bus nr. {next(_numbers)}?"


def ask(page, text):
    page.locator("#skriv[data-ready]").wait_for()
    page.locator("#skriv-body").fill(text)
    page.locator("#skriv .button-primary").click()


def test_the_newest_questions_come_first_live_once_that_is_chosen(house, visitor):
    citizen, host = visitor(house, house.person()), visitor(house, "facilitator")
    phone, control = citizen.open(LIVE), host.open(CONTROL)
    control.get_by_role("link", name="Nyeste").click()
    expect(control.locator("#order-nyeste")).to_have_attribute("aria-current", "true")
    citizen.listens()
    host.listens()
    control.locator("#order-nyeste").focus()
    for text in (question(), question()):
        ask(phone, text)
        expect(control.locator("[id^=asked] .fh-mod p").first).to_have_text(text, timeout=SOON)
    expect(control.locator("#order-nyeste")).to_be_focused()
    control.locator("[id^=freeze]").click()
    expect(control.locator("[id^=freeze]")).to_have_attribute("aria-pressed", "true")
    expect(control.locator("[id^=asked] .fh-mod p").first).to_have_text(text)
    control.locator("[id^=freeze]").click()


def test_slide_question_screen_answer_and_fate_in_three_browsers(house, visitor, desk):
    citizen, host, hall = visitor(house, house.person()), visitor(house, "facilitator"), visitor(house)
    phone, control, wall = citizen.open(LIVE), host.open(CONTROL), hall.open(wall_path(house))
    for one in (citizen, host, hall):
        one.listens()
    control.get_by_role("button", name="Næste slide").click()
    expect(phone.locator(".fh-stage-pos")).to_have_text("Slide 4 af 10", timeout=SOON)
    expect(wall.locator("[data-hall-position]")).to_have_text("Slide 4 af 10", timeout=SOON)
    expect(control.locator("[data-panel]")).to_have_attribute("data-showing", "4", timeout=SOON)

    text = question()
    ask(phone, text)
    own = phone.locator("#feed .fh-question", has_text=text)
    expect(own).to_be_visible()
    for words in ("(dig)", "Ret", "Træk tilbage"):
        expect(own.locator(".fh-question-meta")).to_contain_text(words)
    card = control.locator(".fh-mod", has_text=text)
    expect(card).to_be_visible(timeout=SOON)
    card.get_by_role("button", name="Vis på skærmen").click()
    expect(wall.locator(".fh-hall-one")).to_contain_text(text, timeout=SOON)
    expect(own).to_contain_text("På skærmen nu", timeout=SOON)
    control.locator(".fh-mod--screen").get_by_role("button", name="Besvaret").click()
    expect(own).to_contain_text("Besvaret på mødet", timeout=SOON)
    expect(own).to_contain_text("(dig)")
    expect(own.get_by_role("link", name="Træk tilbage")).to_have_count(0)
    expect(wall.locator(".fh-hall-slide img")).to_be_visible(timeout=SOON)
    expect(phone.locator("#skriv-body")).to_have_value("")


def test_support_moves_the_numbers_everywhere_and_nothing_jumps(house, visitor, desk):
    asker = house.caller(house.person())
    text = question()
    asker.send(LIVE, {"body": text})
    citizen, host = visitor(house, house.person()), visitor(house, "facilitator")
    phone, control = citizen.open(f"{LIVE}?sorter=nyeste"), host.open(CONTROL)
    citizen.listens()
    host.listens()
    order = "[...document.querySelectorAll('#feed [data-post]')].map((one) => one.dataset.post)"
    before = phone.evaluate(order)
    button = phone.locator("#feed .fh-question", has_text=text).locator("button")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(button).to_contain_text("1")
    expect(control.locator(".fh-mod", has_text=text).locator("b")).to_have_text("1", timeout=SOON)
    others = [question() for _ in range(3)]
    for other in others:
        asker.send(LIVE, {"body": other})
    pill = phone.locator("[data-pill] a")
    expect(pill).to_have_text("3 nye spørgsmål", timeout=SOON)
    assert phone.evaluate(order) == before
    expect(phone.locator("[data-announce]")).to_have_text("3 nye spørgsmål", timeout=15_000)
    pill.click()
    expect(phone.locator("#feed li").first).to_contain_text(others[-1])
    expect(pill).to_be_hidden()
    expect(phone.locator("#feed .fh-question", has_text=text).locator("button")).to_have_attribute(
        "aria-pressed", "true"
    )


def test_leafing_keeps_the_page_and_the_text_and_the_bar_leads_back(house, visitor, desk):
    citizen = visitor(house, house.person())
    phone = citizen.open(LIVE)
    citizen.listens()
    phone.evaluate("window.neverLeft = true")
    phone.locator("#skriv-body").fill("Halvt skrevet")
    phone.get_by_role("link", name="Forrige slide").click()
    expect(phone.locator(".fh-stage-pos")).to_have_text("Slide 2 af 10")
    expect(phone.locator(".fh-follow")).to_contain_text("Du ser slide 2")
    desk.send(f"{CONTROL}/vis", {"no": 7})
    back = phone.get_by_role("link", name="Gå til oplægget (slide 7)")
    expect(back).to_be_visible(timeout=SOON)
    expect(phone.locator(".fh-stage-pos")).to_have_text("Slide 2 af 10")
    back.click()
    expect(phone.locator(".fh-stage-pos")).to_have_text("Slide 7 af 10")
    expect(phone.locator(".fh-follow")).to_contain_text("Du følger oplægget")
    desk.send(f"{CONTROL}/vis", {"no": 8})
    expect(phone.locator(".fh-stage-pos")).to_have_text("Slide 8 af 10", timeout=SOON)
    expect(phone.locator("#skriv-body")).to_have_value("Halvt skrevet")
    assert phone.evaluate("window.neverLeft")


def test_lost_net_keeps_the_text_and_sends_it_once_when_it_is_back(house, visitor, desk):
    citizen = visitor(house, house.person())
    line = Line(citizen)
    phone = citizen.open(LIVE)
    citizen.listens()
    text = question()
    line.cut()
    expect(phone.locator("[data-netbar]")).to_be_visible(timeout=5000)
    ask(phone, text)
    expect(phone.locator("#skriv [data-state]")).to_have_text("Du har ingen forbindelse. Vi sender, når du er på igen")
    expect(phone.locator("#skriv-body")).to_have_value(text)
    desk.send(f"{CONTROL}/vis", {"no": 5})
    line.mend()
    expect(phone.locator("#feed .fh-question", has_text=text)).to_be_visible(timeout=15_000)
    expect(phone.locator("[data-netbar]")).to_be_hidden()
    expect(phone.locator(".fh-stage-pos")).to_have_text("Slide 5 af 10", timeout=15_000)
    assert house.value("SELECT count(*) FROM post WHERE source = ?", text) == 1


def test_wall_keeps_its_slide_without_a_net_says_so_late_and_heals(house, visitor, desk):
    hall = visitor(house)
    line = Line(hall)
    wall = hall.open(wall_path(house))
    hall.listens()
    picture = wall.locator(".fh-hall-slide img")
    before = picture.get_attribute("src")
    line.cut()
    wall.wait_for_timeout(2500)
    expect(wall.locator("[data-hall-net]")).to_be_hidden()
    expect(wall.locator("[data-hall-net]")).to_be_visible(timeout=8000)
    assert picture.get_attribute("src") == before
    assert picture.evaluate("(one) => one.complete && one.naturalWidth > 0")
    desk.send(f"{CONTROL}/vis", {"no": 9})
    line.mend()
    expect(wall.locator("[data-hall-position]")).to_have_text("Slide 9 af 10", timeout=15_000)
    expect(wall.locator("[data-hall-net]")).to_be_hidden()


def test_new_key_closes_the_old_wall(house, visitor, desk):
    hall = visitor(house)
    hall.expects("404")
    wall = hall.open(wall_path(house))
    hall.listens()
    desk.send(f"{CONTROL}/noegle")
    expect(wall.get_by_role("heading", name="Siden findes ikke")).to_be_visible(timeout=10_000)


def test_two_who_steer_see_each_others_press_and_the_last_one_wins(house, visitor, desk):
    one, two = visitor(house, "facilitator"), visitor(house, "medarbejder", viewport=NARROW)
    laptop, remote = one.open(CONTROL), two.open(CONTROL)
    one.listens()
    two.listens()
    laptop.keyboard.press("PageDown")
    expect(remote.locator("[data-panel]")).to_have_attribute("data-showing", "4", timeout=SOON)
    remote.get_by_role("button", name="Næste slide").click()
    expect(laptop.locator("[data-panel]")).to_have_attribute("data-showing", "5", timeout=SOON)
    for _ in range(3):
        laptop.keyboard.press("ArrowRight")
    expect(remote.locator("[data-panel]")).to_have_attribute("data-showing", "8", timeout=SOON)


def test_keys_of_the_control_view_and_that_they_can_be_turned_off(house, visitor, desk):
    host, hall = visitor(house, "facilitator"), visitor(house)
    page, wall = host.open(CONTROL), hall.open(wall_path(house))
    host.listens()
    hall.listens()
    body = wall.locator("body")
    for key, mode in (("b", "black"), ("q", "join"), ("Escape", "slide_questions")):
        page.keyboard.press(key)
        expect(body).to_have_attribute("data-mode", mode, timeout=SOON)
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    expect(page.locator("[data-panel]")).to_have_attribute("data-showing", "2", timeout=SOON)
    page.locator("#quick-message summary").click()
    page.locator("[name=message]").focus()
    page.keyboard.type("bqh 7")
    expect(body).to_have_attribute("data-mode", "slide_questions")
    page.locator("#keys-on").uncheck()
    page.locator("h1").click()
    page.keyboard.press("b")
    page.wait_for_timeout(500)
    expect(body).to_have_attribute("data-mode", "slide_questions")
    page.locator("#keys-on").check()


def test_rehearsal_is_seen_on_the_wall_alone(house, visitor, desk):
    desk.send(f"{CONTROL}/slut")
    citizen, hall = visitor(house, house.person()), visitor(house)
    phone, wall = citizen.open(LIVE), hall.open(wall_path(house))
    citizen.listens()
    hall.listens()
    moments = house.value("SELECT count(*) FROM stage_moment")
    desk.send(f"{CONTROL}/proeve", {"on": 1})
    expect(wall.locator(".fh-hall-rehearsal")).to_be_visible(timeout=SOON)
    expect(wall.locator(".fh-hall-qs")).to_contain_text("Prøve:")
    desk.send(f"{CONTROL}/vis", {"no": 4})
    expect(wall.locator("[data-hall-position]")).to_have_text("Slide 4 af 10", timeout=SOON)
    expect(phone.locator(".fh-empty")).to_contain_text("Der vises ikke noget oplæg lige nu")
    desk.send(f"{CONTROL}/proeve", {"on": 0})
    expect(wall.locator(".fh-hall-rehearsal")).to_be_hidden(timeout=SOON)
    assert house.value("SELECT count(*) FROM stage_moment") == moments


def test_taking_part_is_counted_while_it_lasts(house, visitor, desk):
    citizen, host = visitor(house, house.person()), visitor(house, "facilitator")
    control = host.open(CONTROL)
    host.listens()
    page = citizen.open(LIVE)
    citizen.listens()
    number = control.locator("[data-present^='stage:']")
    expect(number).to_have_text("1", timeout=6000)
    page.goto("about:blank")
    expect(number).to_have_text("0", timeout=6000)


def test_without_script_one_reads_asks_and_reads_again(house, visitor, desk):
    citizen = visitor(house, house.person(), java_script_enabled=False)
    page = citizen.open(LIVE)
    text = question()
    page.locator("#skriv-body").fill(text)
    page.locator("#skriv .button-primary").click()
    expect(page.locator("#feed")).to_contain_text(text)
    desk.send(f"{CONTROL}/vis", {"no": 6})
    page.get_by_role("link", name="Læs siden igen").click()
    expect(page.locator(".fh-stage-pos")).to_have_text("Slide 6 af 10")
    host = visitor(house, "facilitator", java_script_enabled=False)
    control = host.open(CONTROL)
    control.get_by_role("button", name="Næste slide").click()
    expect(control.locator("[data-panel]")).to_have_attribute("data-showing", "7")
    control.locator(".fh-mod", has_text=text).get_by_role("button", name="Besvaret").click()
    page.reload()
    expect(page.locator("#feed .fh-question", has_text=text)).to_contain_text("Besvaret på mødet")


def test_question_of_a_guest_waits_and_comes_to_the_phone_when_it_is_let_in(house, visitor, desk):
    guest, host = visitor(house), visitor(house, "facilitator")
    phone = guest.open("/m/K7QFX")
    phone.get_by_role("button", name="Deltag").click()
    phone.wait_for_url(f"**{LIVE}")
    guest.listens()
    text = question()
    ask(phone, text)
    waiting = phone.locator(".fh-question--waiting", has_text=text)
    expect(waiting).to_contain_text("Dit spørgsmål vises, når en ordstyrer har set det")
    control = host.open(CONTROL)
    host.listens()
    control.locator("[id^=held-sum]").click()
    # What was unfolded stays so while more comes in.
    control.locator("#guests-moderated").click()
    expect(control.locator("#guests-moderated")).to_have_attribute("aria-pressed", "true")
    control.locator("[id^=freeze]").click()
    expect(control.locator("[id^=freeze]")).to_have_attribute("aria-pressed", "true", timeout=SOON)
    control.locator("[id^=freeze]").click()
    control.locator(".fh-mod--hold", has_text=text).get_by_role("button", name="Godkend").click()
    expect(phone.locator("#feed .fh-question", has_text=text)).to_be_visible(timeout=SOON)
    expect(waiting).to_have_count(0)
    expect(phone.locator("#feed .fh-question", has_text=text).locator("button")).to_be_disabled()


def test_page_opens_by_itself_when_the_meeting_begins(house, visitor, desk):
    said = desk.get(CONTROL).text.partition('data-now="')[2].partition('"')[0]
    soon = datetime.fromisoformat(said).astimezone(UTC) + timedelta(seconds=4)
    hours = house.rows("SELECT starts_at, started_at FROM stage WHERE path = ?", ROOM)[0]
    change_room(house, started_at=None, starts_at=soon.strftime("%Y-%m-%d %H:%M:%S.000000"))
    try:
        page = visitor(house).open(ROOM)
        expect(page.get_by_text("Siden åbner af sig selv")).to_be_visible()
        expect(page.locator("#skriv-body")).to_be_visible(timeout=15_000)
    finally:
        change_room(house, starts_at=hours[0], started_at=hours[1])


MODES = ("slide", "slide_questions", "questions", "join", "black")
SIZES = ((1024, 768), (1280, 720), (1920, 1080))
FITS = "() => [document.documentElement.scrollWidth - innerWidth, document.documentElement.scrollHeight - innerHeight]"


def accessible(page):
    page.evaluate(AXE)
    return page.evaluate(LOOK, RULES)


def test_wall_fits_and_is_accessible_in_every_mode_and_size(house, visitor, desk):
    hall = visitor(house, bypass_csp=True)
    wall = hall.open(wall_path(house))
    found = []

    def look(name):
        wall.reload()
        for width, height in SIZES:
            wall.set_viewport_size({"width": width, "height": height})
            found.extend((name, width, one) for one in wall.evaluate(FITS) if one > 0)
        found.extend((name, one) for one in accessible(wall))

    for mode in MODES:
        desk.send(f"{CONTROL}/skaerm", {"mode": mode})
        look(mode)
    desk.send(f"{CONTROL}/besked", {"message": "Der er kaffe i foyeren, og vi begynder igen kl. 20.15"})
    desk.send(f"{CONTROL}/pause", {"minutes": 15})
    look("pause")
    post = house.value(
        "SELECT max(post.id) FROM post JOIN question ON post_id = post.id WHERE fate = 'open' AND state = 'visible'"
    )
    desk.send(f"{CONTROL}/spoergsmaal/{post}", {"show": "on"})
    look("question")
    desk.send(f"{CONTROL}/besked", {"message": ""})
    assert found == []
    desk.send(f"{CONTROL}/skaerm", {"mode": "slide_questions"})
    wall.reload()
    wall.set_viewport_size({"width": 1920, "height": 1080})
    box = wall.locator(".fh-hall-slide img").bounding_box()
    assert box["width"] > 1200 and abs(box["width"] / box["height"] - 16 / 9) < 0.01


CUT = """() => {
  const frame = document.querySelector(".fh-hall-qs").getBoundingClientRect();
  const rows = [...document.querySelectorAll(".fh-hall-qs > li")].map((row) => row.getBoundingClientRect());
  const shown = rows.filter((row) => row.left < frame.right - 1);
  return { shown: shown.length, cut: shown.filter((row) => row.bottom > frame.bottom + 1 || row.top < frame.top - 1).length };
}"""
SMALLEST = """() => Math.min(...[...document.querySelectorAll(".fh-hall-join-lead, .fh-hall-qs span")]
  .map((part) => parseFloat(getComputedStyle(part).fontSize))) / innerHeight"""


def test_wall_shows_whole_questions_alone_and_invites_in_words_as_large_as_theirs(house, visitor, desk):
    asker = house.caller(house.person())
    for _ in range(3):
        asker.send(LIVE, {"body": question()})
    desk.send(f"{CONTROL}/besked", {"message": "Kaffen er klar i foyeren"})
    wall = visitor(house).open(wall_path(house))
    found = {}
    for width, height in SIZES:
        wall.set_viewport_size({"width": width, "height": height})
        found[width] = wall.evaluate(CUT)
        assert wall.evaluate(SMALLEST) > 0.028
    assert found == {width: {"shown": 3, "cut": 0} for width, _height in SIZES}
    # Long ones: as many as are whole, and the others not at all.
    lengthen = "for (const words of document.querySelectorAll('.fh-hall-qs span')) words.textContent = 'Hvad koster det? '.repeat(14)"
    wall.evaluate(lengthen)
    for width, height in SIZES:
        wall.set_viewport_size({"width": width, "height": height})
        seen = wall.evaluate(CUT)
        assert seen["cut"] == 0 and seen["shown"] in (1, 2)
    desk.send(f"{CONTROL}/besked", {"message": ""})


ROOM = "/budget/2024/temaer/trivsel-laering-og-faellesskaber/live"


def change_room(house, **values):
    """Put the workshop's stage in another state, as the evening would have left it there."""
    columns = ", ".join(f"{name} = ?" for name in values)
    with closing(sqlite3.connect(house.folder / "data" / "forsamlingshus.db")) as connection, connection:
        connection.execute(f"UPDATE stage SET {columns} WHERE path = ?", (*values.values(), ROOM))


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ({"started_at": None, "closed_at": None, "starts_at": "2023-05-03 19:00:00.000000"}, "Siden åbner af sig selv"),
        ({"started_at": "2023-05-03 16:00:00.000000", "closed_at": "2023-05-03 16:30:00.000000"}, "Mødet er slut"),
        ({"started_at": None, "closed_at": None}, "Der vises ikke noget oplæg lige nu"),
    ],
    ids=["before", "closed", "open without a deck"],
)
def test_page_is_accessible_in_the_states_that_the_plenary_is_not_in(house, visitor, state, sentence):
    hours = house.rows("SELECT starts_at, started_at, closed_at FROM stage WHERE path = ?", ROOM)[0]
    change_room(house, **state)
    try:
        page = visitor(house, bypass_csp=True, viewport=NARROW).open(ROOM)
        expect(page.get_by_text(sentence)).to_be_visible()
        assert accessible(page) == [] and page.evaluate(TOO_WIDE) == []
    finally:
        change_room(house, **dict(zip(("starts_at", "started_at", "closed_at"), hours, strict=True)))


def test_key_stands_in_no_log(house, visitor, desk):
    hall = visitor(house)
    path = wall_path(house)
    hall.open(path)
    hall.listens()
    assert path.rpartition("/")[2] not in house.log.read_text(encoding="utf-8")


def test_press_beside_a_question_is_taken_back_by_one_key_within_ten_seconds(house, visitor, desk):
    text = question()
    house.caller(house.person()).send(LIVE, {"body": text})
    host = visitor(house, "facilitator")
    host.stops_the_clock()
    control = host.open(CONTROL)
    card = control.locator(".fh-mod", has_text=text)
    card.get_by_role("button", name="Besvaret").click()
    offer = control.locator("[data-undo-place] [data-undo]")
    expect(offer).to_contain_text("er besvaret")
    expect(card).to_contain_text("Besvaret på mødet")
    control.keyboard.press("u")
    expect(card.get_by_role("button", name="Vis på skærmen")).to_be_visible()
    expect(offer).to_have_count(0)

    card.get_by_role("button", name="Besvaret").click()
    expect(offer).to_be_visible()
    control.clock.run_for(9_000)
    expect(offer).to_be_visible()
    control.clock.run_for(2_000)
    expect(offer).to_have_count(0)
    expect(card).to_contain_text("Besvaret på mødet")
