"""What a citizen and a facilitator meet in one evening, in several browsers at once, where no other test plays it."""

import pytest
from playwright.sync_api import expect

from tests.browser.house import FORUMS, see_other
from tests.browser.test_live_posts import stay, stayed, write
from tests.browser.test_slides import STAGE, UPLOADS, control_of
from tests.browser.test_stage import CONTROL, LIVE, SOON, ask, question
from tests.browser.words import da
from tests.slides.pdfs import SLIDE, says
from tests.slides.pdfs import deck as pdf_deck

THEME = f"{FORUMS}/rehabilitering-og-sundhed"
OTHER = "effektiv-administration-og-digitalisering"
PAGES = 23


def test_upload_of_a_long_deck_disturbs_nobody_who_presents(house, visitor):
    shown, host = house.deck(), visitor(house, "facilitator")
    presenter, citizen = visitor(house, "facilitator2"), visitor(house)
    control = presenter.open(control_of(shown))
    control.get_by_role("button", name=da("Start the presentation")).click()
    expect(control.get_by_role("button", name=da("End the presentation"))).to_be_visible()
    page = citizen.open(f"{shown}/live")
    citizen.listens()
    stay(page)
    expect(page.locator(STAGE)).to_have_attribute("data-no", "1")

    desk = host.open(UPLOADS)
    title = "En lang gennemgang"
    desk.get_by_label(da("Title of the presentation")).fill(title)
    file = pdf_deck(*((says(f"Slide {no}"), SLIDE) for no in range(1, PAGES + 1)))
    desk.locator("[type=file]").set_input_files(
        {"name": "lang.pdf", "mimeType": "application/pdf", "buffer": file},
    )
    desk.get_by_role("button", name=da("Upload"), exact=True).click()
    row = desk.locator(".fh-deck", has_text=title)
    expect(row).to_be_visible()
    steps = 0
    while house.value("SELECT state FROM deck WHERE title = ?", title) != "ready" or not steps:
        forth = steps % 2 == 0
        control.get_by_role("button", name=da("Next slide") if forth else da("Previous")).click()
        expect(page.locator(STAGE)).to_have_attribute("data-no", "2" if forth else "1", timeout=SOON)
        steps += 1
    expect(row).to_contain_text(f"{PAGES} slides")
    expect(row).to_contain_text(da("Ready"))
    assert stayed(page)
    control.get_by_role("button", name=da("End the presentation")).click()

    move_up(house, visitor, desk, title)


def move_up(house, visitor, desk, title):
    """The one who uploads puts the last deck before the others, and a citizen finds it there."""
    page = visitor(house).open(THEME)
    titles = page.locator(".fh-decks .fh-decks-title")
    before = titles.all_text_contents()
    place = before.index(title)
    assert place > 0
    desk.locator(".fh-deck-item", has_text=title).get_by_role("button", name=da("Move up")).click()
    page.reload()
    before[place - 1 : place + 1] = reversed(before[place - 1 : place + 1])
    assert titles.all_text_contents() == before


@pytest.fixture
def shows_at_once(house):
    """Whatever happens, posts of this workshop are shown at once again afterwards."""
    yield
    forum = house.value("SELECT id FROM forum WHERE path = ?", THEME)
    see_other(house.caller("medarbejder").send(f"/arbejde/moderation/forum/{forum}/gennemse", {"hold": "0"}))


def test_posts_wait_once_a_facilitator_looks_first_and_the_number_that_waits_is_true(house, visitor, shows_at_once):
    path = house.thread()
    host, reader, writer = visitor(house, "facilitator"), visitor(house), visitor(house, house.person())
    queue = host.open("/arbejde/moderation")
    title = house.value("SELECT title_da FROM forum WHERE path = ?", THEME)
    row = queue.get_by_role("row").filter(has_text=title)
    waiting = int(row.locator("td").first.inner_text())
    row.get_by_role("button").click()
    expect(row.get_by_role("button")).to_have_attribute("aria-pressed", "true")
    host.listens()

    reader.open(path)
    reader.listens()
    stay(reader.page)
    writer.open(path)
    text = "Det her indlæg skal en ordstyrer se først."
    write(writer.page, text)
    expect(writer.page.locator(".fh-composer--held, .fh-gone").filter(has_text="Det her indlæg")).to_be_visible()
    expect(row.locator("td").first).to_have_text(str(waiting + 1), timeout=SOON)
    expect(reader.page.get_by_text(text)).to_have_count(0)
    stranger = visitor(house, house.person())
    expect(stranger.open(path).get_by_text(text)).to_have_count(0)

    held = queue.locator(".fh-mod", has_text=text)
    held.get_by_role("button", name=da("Publish the post")).click()
    expect(reader.page.get_by_text(text)).to_be_visible(timeout=SOON)
    expect(row.locator("td").first).to_have_text(str(waiting))
    assert stayed(reader.page)


def test_written_answer_and_fate_stand_at_the_question(house, visitor):
    citizen, host, neighbour = visitor(house, house.person()), visitor(house, "medarbejder"), visitor(house)
    phone, control, other = citizen.open(LIVE), host.open(CONTROL), neighbour.open(LIVE)
    for one in (citizen, host, neighbour):
        one.listens()
    text = question()
    ask(phone, text)
    card = control.locator(".fh-mod", has_text=text)
    card.get_by_role("button", name=da("In writing")).click()
    own = phone.locator("#feed .fh-question", has_text=text)
    expect(own).to_contain_text(da("Answered in writing"), timeout=SOON)
    card.get_by_role("link", name=da("Write the answer")).click()
    control.locator("main [name=body]").fill("Bussen koster 900.000 kr. om året.")
    control.get_by_role("button", name=da("Publish the answer")).click()
    expect(control.locator(".fh-mod", has_text=text)).to_contain_text(da("Written answer given"))
    expect(own.locator(".fh-official")).to_contain_text("Bussen koster 900.000 kr. om året.", timeout=SOON)
    expect(own).to_contain_text(da("Written answer given"))
    other.reload()
    expect(other.locator("#feed .fh-question", has_text=text)).to_contain_text("Bussen koster")


def test_tools_of_another_workshop_are_neither_shown_nor_given(house, visitor):
    host = visitor(house, "facilitator")
    host.expects("403")
    page = host.open("/styring")
    links = [link.get_attribute("href") for link in page.locator("main a").all()]
    assert any("rehabilitering-og-sundhed" in link for link in links)
    assert not [link for link in links if OTHER in link and link.startswith("/styring")]
    for page_of in ("oplaeg", "live", "bordnoter", "opsamling"):
        path = f"2024/{OTHER}/{page_of}"
        answer = page.goto(f"{house.url}/styring/{path}")
        assert (path, answer.status) == (path, 403)
    assert visitor(house, "facilitator2").open(f"/styring/2024/{OTHER}/oplaeg").locator("h1").inner_text()


# Two requests at once, as a nervous finger or a bad line sends them.
TWICE = """async (button) => {
  const send = () => {
    const body = new FormData(document.getElementById("support"));
    body.append("wanted", "1");
    return fetch(button.getAttribute("formaction"), { method: "POST", body, headers: { "X-Requested-With": "fetch" } });
  };
  return (await Promise.all([send(), send()])).map((answer) => answer.status);
}"""


def test_mark_that_is_sent_twice_at_once_counts_once_and_none_on_ones_own_post(house, visitor):
    path = house.thread()
    reader, writer = visitor(house), visitor(house, house.person())
    writer.expects("403")
    reader.open(path)
    reader.listens()
    page = writer.open(path)
    writer.listens()
    root = house.posts(path)[0]
    assert page.locator(f"#post-{root} .fh-support").evaluate(TWICE) == [200, 200]
    expect(reader.page.locator(f"#support-{root}")).to_have_text("1")
    assert house.value("SELECT count(*) FROM reaction WHERE post_id = ?", root) == 1

    own = write(page, "Mit eget indlæg kan jeg ikke selv støtte.")
    button = page.locator(f"#post-{own} .fh-support")
    expect(button).to_be_disabled()
    assert button.evaluate(TWICE) == [403, 403]
    assert house.value("SELECT support_count FROM post WHERE id = ?", own) == 0
