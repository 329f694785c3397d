"""A guest's evening in a real browser: two taps in, write, keep the draft of this phone, and an account in the end."""

import pytest

from tests.browser.test_page_types import AXE, LOOK, NARROW, RULES
from tests.browser.visitor import Visitor

THEME = "/budget/2024/temaer/rehabilitering-og-sundhed"


@pytest.fixture
def phones(browser, house):
    """Browsers of phones, with or without script; each is its own device."""
    kept = []

    def phone(*, script=True):
        context = browser.new_context(viewport=NARROW, java_script_enabled=script)
        kept.append(context)
        if script:
            context.add_init_script(AXE)
        return Visitor(context, house)

    yield phone
    for context in kept:
        context.close()


def thread(visitor):
    path = visitor.house.value(
        "SELECT path FROM thread WHERE shown AND kind = 'talk' AND path LIKE ? LIMIT 1", f"{THEME}%"
    )
    return visitor.open(path)


def join(visitor, name=""):
    page = visitor.open("/m/K7QFX")
    if name:
        page.get_by_label("Hvad skal vi kalde dig?").fill(name)
    page.get_by_role("button", name="Deltag").click()
    page.get_by_text("Du er med og skriver som").wait_for()


@pytest.mark.parametrize("script", [True, False])
def test_from_the_front_page_by_code_to_a_post_that_waits(phones, script):
    visitor = phones(script=script)
    page = visitor.open("/")
    page.get_by_label("Mødekode").fill("k7 qfx")
    page.get_by_role("button", name="Deltag").click()
    page.get_by_role("button", name="Deltag").click()
    page = thread(visitor)
    page.locator("#skriv-body").fill("Kan vi få en nøgle?")
    page.locator("#skriv button[type=submit]").click()
    page.locator(".fh-composer--held").get_by_text("Kan vi få en nøgle?").wait_for()
    assert visitor.unexpected() == []


def test_pages_of_a_guest_are_accessible(phones):
    visitor = phones()
    join(visitor, "Ove")
    for path in ("/gaest", "/opret", "/log-ind", "/min-side/kladder"):
        assert visitor.open(path).evaluate(LOOK, RULES) == [], path
    assert thread(visitor).evaluate(LOOK, RULES) == []
    assert visitor.unexpected() == []


def test_a_new_account_keeps_the_posts(phones):
    visitor = phones()
    join(visitor)
    page = thread(visitor)
    page.locator("#skriv-body").fill("Det her vil jeg beholde.")
    page.locator("#skriv button[type=submit]").click()
    page.locator(".fh-composer--held").wait_for()
    page = visitor.open("/gaest")
    page.get_by_role("link", name="Opret bruger").click()
    page.get_by_label("E-mail").fill("gaest-til-bruger@example.org")
    page.get_by_label("Navn, som alle ser").fill("Nøglemanden")
    page.get_by_label("Adgangskode").fill("sommerfugle og kaffe")
    page.get_by_role("button", name="Opret bruger").click()
    page.get_by_text("Du skriver som Nøglemanden").wait_for()
    page = thread(visitor)
    page.locator(".fh-composer--held").get_by_text("Det her vil jeg beholde.").wait_for()
    assert visitor.unexpected() == []


@pytest.mark.parametrize("script", [True, False])
def test_guest_changes_the_name_on_the_live_page_and_keeps_a_half_written_question(phones, script):
    visitor = phones(script=script)
    join(visitor)
    page = visitor.open("/budget/2024/borgermoede/live")
    if script:
        page.locator("#skriv[data-ready]").wait_for()
    page.locator("#skriv-body").fill("Hvad koster en halv")
    page.get_by_role("button", name="Skift navn").click()
    field = page.get_by_label("Hvad skal vi kalde dig?")
    field.fill("Kommunen")
    page.get_by_role("button", name="Gem navnet").click()
    page.get_by_text("Navnet ligner kommunens").first.wait_for()
    field.fill("Ove")
    page.get_by_role("button", name="Gem navnet").click()
    page.get_by_label("Spørg uden mit navn (Ove)").wait_for()
    assert page.locator("#skriv-body").input_value() == "Hvad koster en halv"
    assert page.url.endswith("/borgermoede/live")
    visitor.expects("422")
    assert visitor.unexpected() == []
