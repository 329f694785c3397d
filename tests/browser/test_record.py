"""The evening becomes a record: a workshop is shown and ended in a browser, and replayed in one without script."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from forsamlingshus.kernel.clock import COPENHAGEN

PLACE = "/budget/2024/temaer/effektiv-administration-og-digitalisering"
CONTROL = "/styring/2024/effektiv-administration-og-digitalisering/live"
SUMMARY = "/styring/2024/effektiv-administration-og-digitalisering/opsamling"


@pytest.fixture
def workshop(house):
    """The workshop of another facilitator, begun; it is open again for others afterwards."""
    staff = house.caller("medarbejder")
    assert staff.send(f"{CONTROL}/begynd").status_code == 303
    yield staff
    assert staff.send(f"{CONTROL}/begynd").status_code == 303


def minute_of_slide(house, no):
    """When the slide was shown last, as a Danish clock says it: `18-43`."""
    at = house.value(
        "SELECT max(at) FROM stage_moment JOIN stage ON stage_id = stage.id"
        " WHERE stage_moment.kind = 'slide' AND slide_no = ? AND path = ?",
        no,
        f"{PLACE}/live",
    )
    return datetime.fromisoformat(at).replace(tzinfo=UTC).astimezone(COPENHAGEN)


def test_slides_are_replayed_at_their_minute_once_the_workshop_is_over(house, visitor, workshop):
    citizen, host = house.caller(house.person()), visitor(house, "facilitator2")
    control = host.open(CONTROL)
    host.listens()
    control.get_by_role("button", name="Vis En enklere").click()
    expect(control.locator("[data-panel]")).to_have_attribute("data-showing", "1")
    control.get_by_role("button", name="Næste slide").click()
    expect(control.locator("[data-panel]")).to_have_attribute("data-showing", "2")
    assert citizen.send(f"{PLACE}/live", {"body": "Hvem læser vores breve igennem?"}).status_code == 303
    control.reload()
    control.get_by_role("link", name="Afslut mødet").click()
    control.get_by_label("Den er åben til en dato").check()
    control.get_by_label("Sidste dag, man kan skrive").fill("2023-05-12")
    control.get_by_role("button", name="Afslut mødet").click()
    expect(control.locator("#after")).to_contain_text("Debatten er åben til 13. maj kl. 0.00")
    control.get_by_role("button", name="Lad det fortsætte i en tråd").click()
    expect(control.locator(".fh-mod", has_text="Hvem læser")).to_contain_text("Fortsætter i en tråd")

    reader = visitor(house, java_script_enabled=False)
    page = reader.open(f"{PLACE}/live")
    page.get_by_role("link", name="Fortsætter i en tråd").first.click()
    expect(page.locator("h1")).to_have_text("Hvem læser vores breve igennem?")
    page.goto(f"{house.url}{PLACE}/live")
    page.get_by_role("link", name="Se genhøret").click()
    scene = page.locator(".fh-replay-scene", has_text="Slide 2 af 11").last
    expect(scene.locator("img")).to_have_attribute("src", image_of(house, 2))
    expect(scene).to_contain_text("Hvem læser vores breve igennem?")
    shown = minute_of_slide(house, 2)
    expect(scene.locator("h2 time")).to_have_text(f"{shown:%H.%M}")
    page.get_by_label("Gå til et minut").fill(f"{shown:%H.%M}")
    page.get_by_role("button", name="Gå til", exact=True).click()
    target = page.url.partition("#")[2]
    assert target == f"kl-{shown:%H-%M}"
    expect(page.locator(f"#{target}")).to_be_in_viewport()


def image_of(house, no):
    key = house.value(
        "SELECT image_key FROM slide JOIN deck ON deck_id = deck.id WHERE file_name = 'en-enklere-kommune.pdf' AND no = ?",
        no,
    )
    return f"/fil/slide/{key}.webp"


def test_a_facilitator_sums_up_by_keyboard_and_everybody_goes_to_the_posts(house, visitor):
    leader = visitor(house, "facilitator2", java_script_enabled=False)
    page = leader.open(SUMMARY)
    before = page.locator("progress").get_attribute("value")
    box = page.locator("[name=posts]").first
    post = box.get_attribute("value")
    box.focus()
    page.keyboard.press("Space")
    page.get_by_label("Punktet").fill("Breve skal kunne forstås første gang.")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Tilføj punktet").press("Enter")
    expect(page.locator("progress")).to_have_attribute("value", str(int(before) + 1))
    assert page.locator(f"[name=posts][value='{post}']").count() == 0
    page.get_by_role("button", name="Offentliggør opsamlingen").press("Enter")
    expect(page.locator("#opsamling")).to_be_in_viewport()
    page.locator(f".fh-points a[href='/i/{post}']").click()
    expect(page.locator(f"#post-{post}")).to_be_in_viewport()
