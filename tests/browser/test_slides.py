"""From a PDF to a hall that follows: upload, drawing, presenting, following, leafing for oneself and coming back."""

import re

from playwright.sync_api import expect

from tests.browser.house import ROOT
from tests.browser.test_live_posts import stay, stayed, write
from tests.browser.words import da, like

PDF = ROOT / "forsamlingshus" / "demo" / "decks" / "groen-drift.pdf"
UPLOADS = "/styring/2024/rehabilitering-og-sundhed/oplaeg"
STAGE = "[id^='stage-deck-']"


def upload(page, title):
    """Fill the form, press the button; the page comes back with the new deck in its list."""
    page.get_by_label(da("Title of the presentation")).fill(title)
    page.get_by_label(da("Who presents? (optional)")).fill("Grøn drift")
    page.locator("[type=file]").set_input_files(PDF)
    page.get_by_role("button", name=da("Upload"), exact=True).click()
    row = page.locator(".fh-deck", has_text=title)
    expect(row).to_be_visible()
    return row


def control_of(path):
    return path.replace("/budget/2024/oplaeg/", "/styring/oplaeg/2024/")


def test_upload_follow_leaf_back_and_return(house, visitor):
    host = visitor(house, "facilitator")
    desk = host.open(UPLOADS)
    row = upload(desk, "Hvad kan vi slukke for?")
    expect(row).to_contain_text(
        re.compile(f"{like('Making slide %(no)s of %(total)s', total=10).pattern}|{da('Queued')}")
    )
    expect(row.locator("progress")).to_have_attribute("max", "10")
    expect(row).to_contain_text(da("Ready"), timeout=60_000)
    row.get_by_role("link", name=da("Open the control view")).click()
    public = desk.get_by_role("link", name=da("The public page")).get_attribute("href")

    citizen = visitor(house, house.person())
    page = citizen.open(public)
    citizen.listens()
    expect(page.locator(".fh-follow")).to_be_hidden()
    desk.get_by_role("button", name=da("Start the presentation")).click()
    page.get_by_role("link", name=da("Go to the presentation (slide %(no)s)", no=1)).click()
    expect(page.locator(STAGE)).to_have_attribute("data-no", "1")
    citizen.listens()
    desk.get_by_role("button", name=da("Next slide")).click()
    expect(page.locator(STAGE)).to_have_attribute("data-no", "2")
    expect(page).to_have_title(re.compile("^Slide 2 af 10"))
    expect(page.locator(".fh-follow")).to_contain_text(da("You are following the presentation"))

    page.get_by_role("link", name=da("Previous slide")).click()
    expect(page.locator(STAGE)).to_have_attribute("data-no", "1")
    expect(page.locator(".fh-follow")).to_contain_text(da("You are on slide %(no)s.", no=1))
    citizen.listens()
    desk.get_by_role("button", name=da("Next slide")).click()
    back = page.get_by_role("link", name=da("Go to the presentation (slide %(no)s)", no=3))
    expect(back).to_be_visible()
    expect(page.locator(STAGE)).to_have_attribute("data-no", "1")
    back.click()
    expect(page.locator(STAGE)).to_have_attribute("data-no", "3")
    citizen.listens()
    desk.get_by_role("button", name=da("Next slide")).click()
    expect(page.locator(STAGE)).to_have_attribute("data-no", "4")
    desk.get_by_role("button", name=da("End the presentation")).click()
    expect(page.locator(".fh-follow")).to_be_hidden()
    expect(page.locator(STAGE)).to_have_attribute("data-no", "4")


def test_progress_of_the_drawing_is_live_for_a_second_facilitator(house, visitor):
    host, staff = visitor(house, "facilitator"), visitor(house, "medarbejder")
    desk = host.open(UPLOADS)
    upload(desk, "Set af to")
    page = staff.open(UPLOADS)
    page.evaluate("window.neverLeft = true")
    expect(page.locator(".fh-deck", has_text="Set af to")).to_contain_text(da("Ready"), timeout=60_000)
    assert page.evaluate("window.neverLeft")


def test_follower_who_was_cut_off_comes_back_to_the_slide_that_is_shown(house, visitor):
    ready, host, citizen = house.deck(), house.caller("facilitator2"), visitor(house)
    assert host.send(f"{control_of(ready)}/start").status_code == 303
    gone = []
    citizen.expects("WebSocket")
    citizen.context.route_web_socket(
        re.compile("/socket.io/"), lambda socket: gone.append((socket, socket.connect_to_server()))
    )
    page = citizen.open(f"{ready}/live")
    expect(page.locator(STAGE)).to_have_attribute("data-no", "1")
    host.send(f"{control_of(ready)}/vis", {"no": "2"})
    expect(page.locator(STAGE)).to_have_attribute("data-no", "2")
    socket, server = gone[0]
    server.close()
    socket.close(code=1001)
    for no in ("5", "3", "6"):
        host.send(f"{control_of(ready)}/vis", {"no": no})
    expect(page.locator(STAGE)).to_have_attribute("data-no", "6")
    host.send(f"{control_of(ready)}/stop")


def test_file_that_is_no_pdf_gets_one_clear_sentence(house, visitor, tmp_path):
    fake = tmp_path / "oplæg.pdf"
    fake.write_bytes(b"\xd0\xcf\x11\xe0 an old presentation")
    host = visitor(house, "facilitator")
    host.expects("422")
    page = host.open(UPLOADS)
    page.get_by_label(da("Title of the presentation")).fill("Ikke en PDF")
    page.locator("[type=file]").set_input_files(fake)
    page.get_by_role("button", name=da("Upload"), exact=True).click()
    expect(page.locator(".fh-errors")).to_be_visible()
    expect(page.get_by_label(da("Title of the presentation"))).to_have_value("Ikke en PDF")
    expect(page).to_have_title(re.compile("^Fejl: "))


def test_post_about_a_slide_reaches_another_browser_and_moves_the_numbers(house, visitor):
    deck = house.deck()
    reader, looker, writer = visitor(house), visitor(house), visitor(house, house.person())
    reader.open(f"{deck}/3")
    looker.open(deck)
    for person in (reader, looker):
        stay(person.page)
        person.listens()
    badge = looker.page.locator(".fh-slides .fh-said[id$='-3']")
    expect(badge).to_be_hidden()
    writer.open(f"{deck}/3")
    post_id = write(writer.page, "Hvornår kan vi prøve den nye side?")
    expect(reader.page.locator(f"#i-{post_id}")).to_contain_text("Hvornår kan vi prøve")
    expect(reader.page.locator("[id^='here-']")).to_contain_text("1")
    expect(writer.page.locator(f"#i-{post_id}")).to_contain_text("(dig)")
    expect(badge).to_be_visible()
    expect(badge).to_contain_text("1")
    assert stayed(reader.page) and stayed(looker.page)


def test_follower_is_led_to_the_talk_of_the_slide_that_is_shown(house, visitor):
    deck, host = house.deck(), house.caller("facilitator2")
    host.send(f"{control_of(deck)}/start")
    page = visitor(house).open(f"{deck}/live")
    expect(page.locator("#feed")).to_have_count(0)
    page.get_by_role("link", name=da("What people say about this slide")).click()
    expect(page.locator("#debat")).to_be_visible()
    expect(page.locator(".fh-follow")).to_contain_text(da("You are on slide %(no)s.", no=1))
    host.send(f"{control_of(deck)}/stop")


def test_new_version_takes_the_place_of_the_old_where_people_look_on(house, visitor):
    host = visitor(house, "facilitator")
    desk = host.open(UPLOADS)
    row = upload(desk, "Bliver snart ny")
    expect(row).to_contain_text(da("Ready"), timeout=60_000)
    public = row.get_by_role("link", name=da("See the page")).get_attribute("href")
    reader = visitor(house)
    page = reader.open(public)
    reader.listens()
    desk.goto(f"{house.url}{control_of(public)}/ny-udgave")
    desk.locator("[type=file]").set_input_files(PDF.with_name("mod-paa-hverdagen.pdf"))
    desk.get_by_role("button", name=da("Upload"), exact=True).click()
    newer = desk.locator("[id^='newer-deck-']")
    expect(newer).to_contain_text(da("New version of %(title)s", title="Bliver snart ny"))
    expect(newer).to_have_count(0, timeout=60_000)
    expect(desk.locator(".fh-deck", has_text="Bliver snart ny")).to_contain_text("11 slides")
    page.get_by_role("link", name=da("There is a new version of the presentation. Show it")).click()
    expect(page.locator(".fh-slides > li")).to_have_count(11)
