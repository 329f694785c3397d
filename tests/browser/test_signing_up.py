"""Before the meeting: a seat, a number on the waiting list, moving up; and two of staff who write at once."""

from playwright.sync_api import expect

MEETING = "/budget/2024/borgermoede"
PLAN = "/arbejde/borgermoede/2024"


def sign_up(visitor, name, button):
    page = visitor.open(MEETING)
    page.get_by_role("main").get_by_role("link", name=button).click()
    page.get_by_label("Dit navn til listen ved døren").fill(name)
    page.get_by_label("Hvilken workshop vil du deltage i?").select_option(label="Trivsel, læring & fællesskaber")
    page.get_by_role("button", name=button).click()
    return page


def test_a_full_meeting_gives_a_number_and_a_cancelled_seat_goes_to_it(house, visitor):
    house.open_sign_up()
    first = visitor(house, house.person())
    page = sign_up(first, "Agnes Først", "Tilmeld dig")
    expect(page.get_by_text("Du er tilmeldt og har en plads.")).to_be_visible()
    with page.expect_download() as calendar:
        page.get_by_role("link", name="Føj til kalender").click()
    assert calendar.value.suggested_filename.endswith(".ics")

    second = visitor(house, house.person(), java_script_enabled=False)
    page = sign_up(second, "Bjørn Næste", "Kom på venteliste")
    expect(page.get_by_text("Du er nummer 1 på ventelisten.")).to_be_visible()

    page = first.open(f"{MEETING}/tilmelding")
    page.get_by_role("link", name="Meld afbud").click()
    page.get_by_role("button", name="Meld afbud").click()
    expect(page.get_by_text("Du har meldt afbud")).to_be_visible()

    page = second.open("/min-side")
    expect(page.get_by_text("Du er tilmeldt og har en plads.")).to_be_visible()
    expect(page.get_by_text("Du rykkede op fra ventelisten")).to_be_visible()

    page = visitor(house, "medarbejder").open(f"{PLAN}/tilmeldte")
    expect(page.get_by_role("row", name="Bjørn Næste Trivsel")).to_be_visible()
    expect(page.get_by_text("Agnes Først")).to_have_count(0)
    page.emulate_media(media="print")
    expect(page.get_by_label("Hvor mange kom?")).to_be_hidden()
    expect(page.locator(".fh-tick").first).to_be_visible()


def test_staff_write_a_point_move_it_and_take_it_out(house, visitor):
    page = visitor(house, "medarbejder").open("/styring")
    page.get_by_role("link", name="Planlæg møde, program og workshops").click()
    page.get_by_role("link", name="Tilføj et punkt").click()
    page.get_by_label("Begynder kl.").fill("20.20")
    page.get_by_label("Titel på dansk").fill("Kaffe i foyeren")
    page.get_by_role("button", name="Gem punktet").click()
    expect(page.locator(".fh-plan h3").nth(5)).to_contain_text("Kaffe i foyeren")
    point = page.get_by_role("listitem").filter(has_text="Kaffe i foyeren")
    point.get_by_role("button", name="Flyt op").press("Enter")
    expect(page.locator(".fh-plan h3").nth(4)).to_contain_text("Kaffe i foyeren")
    point.get_by_role("link", name="Fjern").click()
    page.get_by_role("button", name="Fjern punktet").click()
    expect(page.get_by_text("Punktet er ude af programmet")).to_be_visible()
    expect(page.get_by_text("Kaffe i foyeren")).to_have_count(0)


def test_who_saves_second_is_told_and_keeps_the_text(house, visitor):
    path = f"{PLAN}/workshop/baeredygtig-og-groen-kommune"
    one, two = visitor(house, "medarbejder"), visitor(house, "medarbejder")
    two.expects("409")
    for page in (one.open(path), two.open(path)):
        page.get_by_label("Lokale").fill("Foyeren" if page is one.page else "Gården")
    one.page.get_by_role("button", name="Gem workshoppen").click()
    expect(one.page.get_by_text("Workshoppen er gemt")).to_be_visible()
    two.page.get_by_role("button", name="Gem workshoppen").click()
    expect(two.page.get_by_role("alert")).to_contain_text("En anden har ændret workshoppen imens.")
    expect(two.page.get_by_label("Lokale")).to_have_value("Gården")
