"""The main tasks in a browser without script: plain forms and links do everything but push."""

import pytest
from playwright.sync_api import expect

from tests.browser.words import da, like


@pytest.fixture
def plain(visitor):
    """A visitor whose browser runs no script."""
    return lambda house, who=None: visitor(house, who, java_script_enabled=False)


def test_log_in_write_reply_support_undo_and_mark_as_read(house, plain):
    path, email = house.thread(), house.person()
    page = plain(house).open(path)
    page.get_by_role("link", name=da("Sign in")).first.click()
    page.get_by_label(da("E-mail")).fill(email)
    page.get_by_label(da("Password"), exact=True).fill(house.password)
    page.locator("main form").first.get_by_role("button", name=da("Sign in")).click()
    expect(page.locator("main")).to_contain_text(like("You are signed in as %(name)s"))

    page.goto(house.url + path)
    page.get_by_label(da("Write a post")).fill("Et indlæg uden script.")
    page.get_by_role("button", name=da("Send post")).click()
    expect(page.locator("#feed")).to_contain_text("Et indlæg uden script.")
    root, own = house.posts(path)

    page.locator(f"#post-{root} [data-reply]").click()
    page.get_by_label(da("Write a reply")).fill("Et svar uden script.")
    page.get_by_role("button", name=da("Send reply")).click()
    expect(page.locator(f"#replies-{root}")).to_contain_text("Et svar uden script.")

    expect(page.locator(f"#post-{own} .fh-support")).to_be_disabled()
    page.locator(f"#post-{root} .fh-support").click()
    expect(page.locator(f"#support-{root}")).to_have_text("1")
    expect(page.locator(f"#post-{root} .fh-support")).to_have_attribute("aria-pressed", "true")
    page.locator(f"#post-{root} .fh-support").click()
    expect(page.locator(f"#support-{root}")).to_have_text("0")

    page.get_by_role("button", name=da("Mark as read")).click()
    expect(page.get_by_role("button", name=da("Mark as read"))).to_have_count(0)
    house.caller(house.person()).write(path, "Noget nyt imens.")
    page.goto(house.url + path)
    expect(page.locator("#ulaest")).to_be_visible()
    page.get_by_role("button", name=da("Mark as read")).click()
    expect(page.locator("#ulaest")).to_have_count(0)
    expect(page.get_by_role("button", name=da("Mark as read"))).to_have_count(0)


def test_refused_post_comes_back_with_its_text(house, plain):
    page = plain(house, house.person())
    page.expects("422")
    page = page.open(house.thread())
    page.get_by_label(da("Write a post")).fill("Ring på 22 33 44 55.")
    page.get_by_role("button", name=da("Send post")).click()
    expect(page).to_have_title(like("Error:"))
    expect(page.locator(".fh-errors")).to_be_visible()
    expect(page.get_by_label(da("Write a post"))).to_have_value("Ring på 22 33 44 55.")
    page.get_by_label(da("It is not private information. Send it as it is")).check()
    page.get_by_role("button", name=da("Send post")).click()
    expect(page.locator("main")).to_contain_text(da("We look at your post before it is shown"))


def test_slides_are_leafed(house, plain):
    slug = house.value("SELECT slug FROM deck WHERE file_name = 'groen-drift.pdf' ORDER BY id LIMIT 1")
    page = plain(house).open(f"/budget/2024/oplaeg/{slug}")
    page.get_by_role("link", name=da("See the slides one by one")).click()
    page.get_by_role("link", name=da("Next slide")).click()
    expect(page).to_have_url(f"{house.url}/budget/2024/oplaeg/{slug}/2")
    page.get_by_role("link", name=da("Next slide")).click()
    page.get_by_role("link", name=da("Previous slide")).click()
    expect(page).to_have_url(f"{house.url}/budget/2024/oplaeg/{slug}/2")
    expect(page.locator(".fh-words p").first).to_be_visible()
    picture = page.locator(".fh-stage img")
    answer = page.request.get(house.url + picture.get_attribute("src"))
    assert (answer.status, answer.headers["content-type"]) == (200, "image/webp")


def test_input_is_made_of_a_typed_quote(office, plain):
    contribution_id, text = office.rows(
        "SELECT contribution.id, text FROM contribution JOIN post ON contribution_id = contribution.id"
        " WHERE state = 'visible' AND NOT used AND length(text) > 80 ORDER BY contribution.id LIMIT 1"
    )[0]
    words = " ".join(text.split()[:7])
    page = plain(office, "medarbejder").open(f"/arbejde/input/citat/{contribution_id}")
    page.get_by_label(da("The words")).fill(words)
    page.get_by_label(da("Title of the new input")).fill("Skrevet af i hånden")
    page.get_by_role("button", name=da("Keep the quote")).click()
    expect(page.locator("main")).to_contain_text(like("Added to input %(number)s"))
    number = office.value("SELECT number FROM input WHERE title = 'Skrevet af i hånden'")
    expect(page.locator("main")).to_contain_text(da("Added to input %(number)s", number=number))
    assert office.rows("SELECT text FROM quote WHERE contribution_id = ?", contribution_id) == [(words,)]
