"""The main tasks by keyboard alone, with the focus to be seen at every stop."""

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import until
from tests.browser.words import da

# What the focused element shows of its focus: a mark of its own, or one of the box round it (a card, a field).
MARKED = """() => {
  const here = document.activeElement;
  const marked = (part) => {
    const style = getComputedStyle(part);
    return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== "none";
  };
  const box = here.getBoundingClientRect();
  const shown = box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight;
  return here === document.body ? "body" : marked(here) && shown ? "" : here.outerHTML.slice(0, 160);
}"""


class Keys:
    """Somebody without a mouse."""

    def __init__(self, page):
        self.page = page
        self.unmarked = []

    def tab_to(self, selector, stops=120):
        """Press Tab until the focus is on `selector`; every stop on the way must show the focus."""
        for _ in range(stops):
            self.page.keyboard.press("Tab")
            self._look()
            if self.page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
                return
        raise AssertionError(f"Tab never reaches {selector}")

    def _look(self):
        """A page that still scrolls to the focus gets the time to arrive."""
        try:
            until(self.page, lambda: self.page.evaluate(MARKED) in {"", "body"})
        except AssertionError:
            self.unmarked.append(self.page.evaluate(MARKED))

    def type(self, text):
        self.page.keyboard.type(text)

    def press(self, key):
        self.page.keyboard.press(key)


@pytest.fixture
def keys():
    """`keys(page)`; afterwards every stop must have been marked."""
    used = []

    def at(page):
        used.append(Keys(page))
        return used[-1]

    yield at
    assert [fault for one in used for fault in one.unmarked] == []


def test_log_in_write_reply_support_and_switch_language(house, visitor, keys):
    path, email = house.thread(), house.person()
    page = visitor(house).open(path)
    hand = keys(page)
    hand.tab_to("header a[href='/log-ind']")
    hand.press("Enter")
    page.wait_for_url("**/log-ind*")
    hand.tab_to("#email")
    hand.type(email)
    hand.tab_to("#password")
    hand.type(house.password)
    hand.press("Enter")
    expect(page.locator("main")).to_contain_text(da("You are signed in as %(name)s", name="").strip())
    page.goto(house.url + path)
    page.locator("#skriv[data-ready]").wait_for()

    hand.tab_to(".fh-support:not([disabled])")
    hand.press("Space")
    root = house.posts(path)[0]
    expect(page.locator(f"#support-{root}")).to_have_text("1")
    expect(page.locator(f"#post-{root} .fh-support")).to_be_focused()

    hand.tab_to("[data-reply]")
    hand.press("Enter")
    expect(page.locator(f"#svar-{root}-body")).to_be_focused()
    hand.type("Et svar fra tastaturet.")
    hand.tab_to(f"#svar-{root} button[type=submit]")
    hand.press("Enter")
    expect(page.locator(f"#replies-{root}")).to_contain_text("Et svar fra tastaturet.")

    hand.tab_to("#skriv-body")
    hand.type("Et indlæg fra tastaturet.")
    hand.tab_to("#skriv button[type=submit]")
    hand.press("Enter")
    expect(page.locator("#feed")).to_contain_text("Et indlæg fra tastaturet.")
    assert len(house.posts(path)) == 3

    page.goto(house.url + path)
    hand.tab_to("header a[lang=en]")
    hand.press("Enter")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("#skriv")).to_contain_text("Send post")


def test_first_stop_leads_past_the_menu(house, visitor, keys):
    page = visitor(house).open("/budget/2024")
    hand = keys(page)
    hand.tab_to(".skipnav", stops=1)
    hand.press("Enter")
    expect(page.locator("#main-content")).to_be_focused()


def test_slides_are_shown_with_a_clicker(house, visitor):
    slug = house.deck().rpartition("/")[2]
    page = visitor(house, "facilitator2").open(f"/styring/oplaeg/2024/{slug}")
    page.locator("[data-keys]:visible").wait_for()
    control = page.locator("[id^='control-deck-']")
    page.locator("button", has_text=da("Start the presentation")).press("Enter")
    expect(control).to_have_attribute("data-presenting", "")
    for key, no in (
        ("PageDown", "2"),
        ("PageDown", "3"),
        ("ArrowRight", "4"),
        ("PageUp", "3"),
        ("End", "11"),
        ("Home", "1"),
    ):
        page.keyboard.press(key)
        expect(control).to_have_attribute("data-showing", no)
    page.keyboard.press("7")
    page.keyboard.press("Enter")
    expect(control).to_have_attribute("data-showing", "7")
    for _ in range(3):
        page.keyboard.press("PageDown")
    expect(control).to_have_attribute("data-showing", "10")
    end = page.locator("button", has_text=da("End the presentation"))
    end.press("Enter")
    expect(control).not_to_have_attribute("data-presenting", "")
    page.locator("button", has_text=da("Continue from slide %(no)s", no=10)).press("Enter")
    expect(control).to_have_attribute("data-presenting", "")
    expect(control).to_have_attribute("data-showing", "10")
    end.press("Enter")
    page.locator("button", has_text=da("Start the presentation")).press("Enter")
    expect(control).to_have_attribute("data-showing", "1")
    end.press("Enter")
    expect(control).not_to_have_attribute("data-presenting", "")
