"""The red thread, from a citizen's words to the mark on the post: quote, input, proposal, "Brugt i forslag"."""

import pytest
from playwright.sync_api import expect

from tests.browser.words import da, like

# A post whose words nobody has quoted, and a proposal that builds on few inputs.
POST = """
  SELECT post.id, contribution.id, contribution.text FROM post JOIN contribution ON contribution.id = post.contribution_id
  WHERE post.state = 'visible' AND NOT contribution.used AND length(contribution.text) > 80
  ORDER BY post.id DESC LIMIT 1 OFFSET ?
"""
# Marks the first `length` characters of an element's text, as a mouse would.
MARK = """(element, length) => {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const text = walker.nextNode();
  getSelection().setBaseAndExtent(text, 0, text, length);
}"""

SELECTED = "(element) => { getSelection().selectAllChildren(element); return String(getSelection()); }"


@pytest.fixture
def staff(office, visitor):
    return visitor(office, "medarbejder")


def follow_post(office, visitor, post_id):
    """A citizen who has the thread of a post open; returns the page and the post in it."""
    citizen = visitor(office)
    page = citizen.open(f"/i/{post_id}")
    citizen.listens()
    page.evaluate("window.neverLeft = true")
    return page, page.locator(f"#post-{post_id}")


def test_words_become_an_input_of_a_proposal_and_the_post_says_so_live(office, visitor, staff):
    post_id, contribution_id, text = office.rows(POST, 0)[0]
    page, post = follow_post(office, visitor, post_id)
    expect(post).not_to_contain_text("Brugt i")

    words = text[:40].strip()
    desk = staff.open("/arbejde/input?vis=alle&soeg=" + " ".join(text.split()[:6]))
    card = desk.locator(".fh-card", has=desk.locator(f"#by-{contribution_id}"))
    card.locator("[data-words]").evaluate(MARK, 40)
    card.get_by_role("link", name=like("New input")).click()
    expect(desk.get_by_label(da("The words"))).to_have_value(words)
    desk.get_by_label(da("Title of the new input")).fill("Det skal være lettere at komme frem")
    desk.get_by_role("button", name=da("Keep the quote")).click()
    expect(desk.locator("main")).to_contain_text(like("Added to input %(number)s"))
    number = office.value("SELECT max(number) FROM input")
    expect(post).to_contain_text(da("Used in input %(number)s.", number=number))
    assert office.rows("SELECT text FROM quote WHERE contribution_id = ?", contribution_id) == [(words,)]
    assert office.value("SELECT text FROM contribution WHERE id = ?", contribution_id) == text

    desk.goto(f"{office.url}/arbejde/input/{number}")
    desk.get_by_label(da("Link to a proposal")).select_option(index=3)
    desk.get_by_role("button", name=da("Link"), exact=True).click()
    expect(desk.locator("main")).to_contain_text(like("Input %(input)s is linked to proposal %(number)s", input=number))
    proposal = office.value(
        "SELECT proposal.number FROM proposal JOIN proposal_source ON proposal_id = proposal.id"
        " JOIN input ON input_id = input.id WHERE input.number = ?",
        number,
    )
    mark = post.get_by_text(like("Used in proposal %(number)s.", number=proposal))
    expect(mark).to_be_visible()
    used = post.locator(".fh-text mark")
    assert " ".join("".join(used.all_text_contents()).split()) == " ".join(words.split())
    tree = post.locator(".fh-text").aria_snapshot()
    assert da("Used words:") in tree and da("End of the used words.") in tree
    assert page.evaluate(SELECTED, used.first.element_handle()) == used.first.text_content()

    desk.goto(f"{office.url}/arbejde/input/{number}")
    desk.get_by_role("link", name=like("Undo the link")).click()
    desk.locator("main form button[type=submit]").click()
    expect(mark).to_have_count(0)
    expect(used).to_have_count(0)
    assert page.evaluate("window.neverLeft")
