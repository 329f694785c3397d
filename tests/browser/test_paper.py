"""Notes from paper in a real browser, by keyboard alone: table, note, Enter on the button, and the next note."""

from playwright.sync_api import expect

FORM = "/styring/2024/rehabilitering-og-sundhed/bordnoter"


def test_notes_are_entered_one_after_the_other_by_keyboard(house, visitor):
    host = visitor(house, "facilitator")
    page = host.open(FORM)
    expect(page.get_by_label("Bord", exact=True)).to_be_focused()
    page.keyboard.type("9")
    page.keyboard.press("Tab")  # the question on the sheet
    page.keyboard.press("Tab")
    for no in (1, 2, 3):
        expect(page.get_by_label("Noten", exact=True)).to_be_focused()
        page.keyboard.type(f"Note nr. {no} fra tastaturet.")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_role("article", name="Bord 9").first).to_contain_text(f"Note nr. {no} fra tastaturet.")
        expect(page.get_by_label("Bord", exact=True)).to_have_value("9")
        expect(page.get_by_label("Noten", exact=True)).to_have_value("")
    page.get_by_role("button", name="Fortryd").first.press("Enter")
    expect(page.get_by_label("Noten", exact=True)).to_have_value("Note nr. 3 fra tastaturet.")
    expect(page.get_by_role("article", name="Bord 9")).to_have_count(2)
    public = host.open("/budget/2024/temaer/rehabilitering-og-sundhed")
    listed = public.get_by_role("listitem").filter(has_text="Note nr. 2 fra tastaturet.")
    expect(listed.first).to_contain_text("Fra papir, bord 9")
