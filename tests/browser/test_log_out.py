"""Whoever logs out is out: in the other tab at once, and with any copy of the cookie."""

from playwright.sync_api import expect

from tests.browser.visitor import until
from tests.browser.words import da


def test_log_out_ends_the_other_tab_s_socket_and_a_copied_cookie(house, visitor):
    path, email = house.thread(), house.person()
    person, thief = visitor(house, email), visitor(house)
    here, there = person.open(path), person.context.new_page()
    person.open(path, there)
    person.listens(there)
    copied = [cookie for cookie in person.context.cookies() if cookie["name"] == "fh_session"]
    thief.context.add_cookies(copied)
    expect(thief.open("/min-side").locator("h1")).to_have_text(da("My page"))
    thief.open(path)
    thief.listens()

    here.locator("header .fh-logout button:visible").click()
    expect(here.locator("main")).to_contain_text(da("You are signed out"))
    wait_until_closed(person, there)
    wait_until_closed(thief, thief.page)
    expect(there.get_by_role("banner").get_by_role("link", name=da("Sign in"))).to_be_visible()
    expect(there.locator("#skriv")).to_contain_text(da("You are asked to sign in when you send. Your text stays here."))

    copied_again = visitor(house)
    copied_again.context.add_cookies(copied)
    copied_again.open("/min-side")
    assert copied_again.page.url.startswith(f"{house.url}/log-ind")


def test_log_out_in_another_tab_says_so_and_the_text_comes_back(house, visitor):
    path, email = house.thread(), house.person()
    person = visitor(house, email)
    here, there = person.open(path), person.context.new_page()
    person.open("/", there)
    person.listens(here)
    here.locator("#skriv-body").press_sequentially("Halvt skrevet")
    there.locator("header .fh-logout button:visible").click()
    note = here.locator(".fh-ended")
    expect(note).to_contain_text("Du er logget ud")
    expect(note).to_contain_text("Din tekst er gemt")
    expect(here.locator("#skriv-body")).to_have_value("")
    here.reload()
    expect(note).to_have_count(0)
    here.goto(f"{house.url}/log-ind?next={path}")
    here.get_by_label(da("E-mail")).fill(email)
    here.locator("#password").fill(house.password)
    here.locator("main form").first.get_by_role("button", name=da("Sign in")).click()
    expect(here.locator("#skriv-body")).to_have_value("Halvt skrevet")


def wait_until_closed(someone, page):
    """The first socket of the page, which was opened while its session lived, ends."""
    until(page, lambda: someone.sockets(page)[0]["closed"])
