"""Notes from paper in a real browser, by keyboard alone: eight of a table, one after the other, and one taken back."""

from playwright.sync_api import expect

FORM = "/styring/2024/rehabilitering-og-sundhed/bordnoter"


def test_notes_are_entered_one_after_the_other_by_keyboard(house, visitor):
    host = visitor(house, "facilitator")
    page = host.open(FORM)
    expect(page.get_by_label("Bord", exact=True)).to_be_focused()
    page.keyboard.type("9")
    page.keyboard.press("Tab")  # the question on the sheet
    page.keyboard.press("Tab")
    for no in range(1, 10):
        expect(page.get_by_label("Noten", exact=True)).to_be_focused()
        page.keyboard.type(f"Note nr. {no} fra tastaturet.")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_role("article", name="Bord 9").first).to_contain_text(f"Note nr. {no} fra tastaturet.")
        expect(page.get_by_label("Bord", exact=True)).to_have_value("9")
        expect(page.get_by_label("Noten", exact=True)).to_have_value("")
    page.get_by_role("button", name="Fortryd").first.press("Enter")
    expect(page.get_by_label("Noten", exact=True)).to_have_value("Note nr. 9 fra tastaturet.")
    expect(page.get_by_role("article", name="Bord 9")).to_have_count(8)
    kept = house.rows(
        "SELECT author.name, author.kind, contribution.public FROM contribution JOIN author ON author_id = author.id"
        " WHERE contribution.kind = 'table_note' AND text LIKE 'Note nr. _ fra tastaturet.'"
    )
    assert kept == [("9", "paper", 1)] * 8
    public = host.open("/budget/2024/temaer/rehabilitering-og-sundhed")
    listed = public.get_by_role("listitem").filter(has_text="Note nr. 2 fra tastaturet.")
    expect(listed.first).to_contain_text("Fra papir, bord 9")
