"""What was no post goes the same way: a poll and a note from paper, to a quote, an input, a proposal, and back."""

import pytest
from playwright.sync_api import expect

from tests.browser.house import see_other
from tests.browser.test_page_types import NARROW
from tests.browser.test_polls import FORM, desk, opened
from tests.browser.test_stage import CONTROL, SOON, accessible
from tests.browser.words import da

__all__ = ["desk"]
THEME = "/budget/2024/temaer/rehabilitering-og-sundhed"
NOTES = "/styring/2024/rehabilitering-og-sundhed/bordnoter"


@pytest.fixture
def result(house, visitor, desk):
    """`result()` is the address and words of a poll that two phones answered, and that is closed."""

    def result():
        _question, path = opened(house, desk)
        for words in FORM["options"].splitlines()[:2]:
            phone = visitor(house, house.person(), viewport=NARROW).open(path)
            phone.get_by_label(words).check()
            phone.get_by_role("button", name="Send dit svar").click()
            expect(phone.get_by_text("Du har svaret.")).to_be_visible()
        see_other(desk.send(f"{CONTROL}/afstemning/{path.rpartition('/')[2]}/luk"))
        return path, "Om aftenen: 1 (50 %)."

    return result


@pytest.fixture
def note(house, visitor):
    """`note()` is the address and words of what somebody entered from the paper of a table."""

    def note():
        page = visitor(house, "facilitator").open(NOTES)
        page.get_by_label("Bord", exact=True).fill("14")
        page.get_by_label("Noten", exact=True).fill("Lad varmtvandsbassinet være. Det holder os i gang.")
        page.get_by_role("button", name="Gem noten").click()
        expect(page.get_by_role("article", name="Bord 14")).to_be_visible()
        found = "SELECT contribution.path FROM contribution ORDER BY id DESC LIMIT 1"
        return house.value(found), "Lad varmtvandsbassinet være."

    return note


@pytest.mark.parametrize(
    ("said", "origin", "way"),
    [
        ("result", "Deltagere på mødet", "Se resultatet af afstemningen"),
        ("note", "Fra papir, bord 14", "Læs hele noten"),
    ],
)
def test_words_that_are_no_post_are_quoted_and_a_proposal_names_their_origin(
    house, visitor, request, said, origin, way
):
    path, words = request.getfixturevalue(said)()
    citizen = visitor(house, bypass_csp=True, viewport=NARROW)
    reader = citizen.open(path)
    if said == "result":
        citizen.listens()
    expect(reader.locator("main")).to_contain_text(words.partition(":")[0])

    desk = visitor(house, "medarbejder").open("/arbejde/input?soeg=" + words.partition(".")[0].replace(" ", "+"))
    card = desk.locator(".fh-card", has_text=words).filter(has_text=origin).first
    card.get_by_role("link", name="Nyt input").click()
    desk.get_by_label(da("The words")).fill(words)
    desk.get_by_label(da("Title of the new input")).fill(f"Ord fra {origin}")
    theme = desk.locator("select[name=theme]")
    if not theme.input_value().strip("0"):
        theme.select_option(index=1)
    desk.locator(".fh-actions").get_by_role("button", name=da("Keep the quote")).click()
    number = house.value("SELECT max(number) FROM input")
    used = reader.locator(".fh-fate", has_text=f"Brugt i input {number}.")
    if said == "note":
        reader.reload()
        fold = reader.locator(".fh-paper-more:not([open]) > summary")
        if fold.count():  # a workshop with many notes folds the later ones
            fold.click()
    expect(used.first).to_be_visible(timeout=SOON)
    assert accessible(reader) == []

    proposal = 90 + number
    answer = house.caller("medarbejder").send(
        "/arbejde/forslag/nyt",
        {"number": str(proposal), "title": "Flere hold om aftenen", "theme": "1", "type": "reduction"}
        | {"status": "draft", "source": "workshop", "amount_0": "", "amount_1": "", "amount_2": "", "amount_3": ""},
    )
    see_other(answer)
    desk.goto(f"{house.url}/arbejde/input/{number}")
    desk.get_by_label(da("Link to a proposal")).select_option(label=f"{proposal} Flere hold om aftenen")
    desk.get_by_role("button", name=da("Link"), exact=True).click()
    desk.goto(f"{house.url}/budget/2024/katalog/{proposal}")
    thread = desk.locator(".fh-thread")
    quoted = thread.locator(".fh-words li", has_text=words)
    expect(quoted).to_contain_text(origin)
    expect(thread).to_contain_text(f"Input {number}: Ord fra {origin}")
    quoted.get_by_role("link", name=way).click()
    assert desk.url == house.url + path
