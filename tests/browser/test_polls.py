"""A poll in real browsers: opened by the facilitator, answered on two phones, closed, and its result on the wall."""

from itertools import count

import pytest
from playwright.sync_api import expect

from tests.browser.test_page_types import NARROW
from tests.browser.test_stage import CONTROL, FITS, LIVE, SIZES, SOON, accessible, wall_path

_numbers = count(1)
MAKE = f"{CONTROL}/afstemninger/ny"
FORM = {"options": "Om morgenen\nOm aftenen\nI weekenden", "points": "10", "about": ""}


@pytest.fixture
def desk(house):
    """Somebody who leads, without a browser, in a plenary where no poll is open."""
    caller = house.caller("medarbejder")

    def close():
        for (no,) in house.rows(
            "SELECT no FROM poll WHERE opened_at IS NOT NULL AND closed_at IS NULL AND stage_id = 1"
        ):
            assert caller.send(f"{CONTROL}/afstemning/{no}/luk").status_code == 303

    close()
    yield caller
    close()
    assert caller.send(f"{CONTROL}/skaerm", {"mode": "slide_questions"}).status_code == 303


def opened(house, desk, kind="single"):
    """A poll that people can answer now: its question and its address."""
    question = f"Hvornår kommer du helst, {next(_numbers)}?"
    assert desk.send(MAKE, {**FORM, "kind": kind, "question": question}).status_code == 303
    no, path = house.rows("SELECT no, path FROM poll WHERE question = ?", question)[0]
    assert desk.send(f"{CONTROL}/afstemning/{no}/aaben").status_code == 303
    return question, path


def test_opened_answered_on_two_phones_closed_and_shown_on_the_wall(house, visitor, desk):
    first, second = visitor(house, house.person(), viewport=NARROW), visitor(house, house.person(), viewport=NARROW)
    host, hall = visitor(house, "facilitator"), visitor(house)
    phones = [one.open(LIVE) for one in (first, second)]
    control, wall = host.open(MAKE), hall.open(wall_path(house))
    question = f"Hvornår kommer du helst, {next(_numbers)}?"
    control.get_by_label("Spørgsmål", exact=True).fill(question)
    control.get_by_label("Svar at vælge imellem").fill(FORM["options"])
    expect(control.get_by_label("Point til hver deltager")).to_be_hidden()
    control.get_by_role("button", name="Gem afstemningen").click()
    for one in (first, second, host, hall):
        one.listens()
    control.locator("[id^=polls-sum]").click()
    control.locator(".fh-mod", has_text=question).get_by_role("button", name="Åbn").click()
    for phone in phones:
        # It is noticed wherever somebody reads, and does not push the question box away.
        expect(phone.locator("[data-poll-call]")).to_be_in_viewport(timeout=SOON)
        expect(phone.locator("[data-polls-said]")).to_contain_text("Der er afstemning nu")
        box, strip = (phone.locator(part).bounding_box() for part in ("#skriv-body", "[data-poll-call]"))
        assert strip["y"] + strip["height"] <= box["y"] < strip["y"] + 120
        phone.evaluate("scrollTo(0, document.body.scrollHeight)")
        expect(phone.locator("[data-poll-call]")).to_be_in_viewport()
        phone.locator("[data-poll-call]").click()
        expect(phone.get_by_role("group", name=question)).to_be_visible()
    expect(wall.locator(".fh-hall-poll h2")).to_have_text(question, timeout=SOON)
    for phone, words in zip(phones, ("Om morgenen", "Om aftenen"), strict=True):
        phone.get_by_label(words).check()
        phone.get_by_role("button", name="Send dit svar").click()
        expect(phone.get_by_text("Du har svaret.")).to_be_visible()
        expect(phone.locator("[data-poll-call]")).to_have_count(0)
        expect(phone.get_by_label(words)).to_be_checked()
    expect(wall.locator(".fh-hall-by strong")).to_have_text("2 svar", timeout=SOON)
    expect(control.locator(".fh-mod", has_text=question)).to_contain_text("2 svar", timeout=SOON)
    assert [page.locator(f".fh-bars:near(:text('{question}'), 200)").count() for page in (wall, control)] == [0, 0]
    phones[1].get_by_label("Om morgenen").check()
    phones[1].get_by_role("button", name="Ret dit svar").click()
    expect(phones[1].locator("[data-polls-said]")).to_contain_text("Dit svar er gemt")
    control.locator(".fh-mod", has_text=question).get_by_role("button", name="Luk, og vis resultatet").click()
    expect(wall.locator(".fh-bars-most")).to_contain_text("Om morgenen", timeout=SOON)
    expect(wall.locator(".fh-bars-most")).to_contain_text("100 %")
    for phone in phones:
        expect(phone.locator(".fh-poll--closed", has_text=question).locator(".fh-bars-most")).to_contain_text(
            "Om morgenen", timeout=SOON
        )
        expect(phone.get_by_role("button", name="Ret dit svar")).to_have_count(0)


def test_half_made_choice_stays_while_others_answer(house, visitor, desk):
    question, path = opened(house, desk)
    citizen = visitor(house, house.person(), viewport=NARROW)
    phone = citizen.open(LIVE)
    citizen.listens()
    phone.get_by_label("I weekenden").check()
    assert house.caller(house.person()).send(path, {"choice": "1"}).status_code == 303
    expect(phone.get_by_role("region", name=question)).to_contain_text("1 svar", timeout=SOON)
    expect(phone.get_by_label("I weekenden")).to_be_checked()


def test_points_that_are_left_are_counted_and_too_many_come_back(house, visitor, desk):
    opened(house, desk, "spread")
    citizen = visitor(house, house.person(), viewport=NARROW)
    citizen.expects("422")
    phone = citizen.open(LIVE)
    phone.get_by_label("Om morgenen").fill("7")
    expect(phone.locator("[data-left]")).to_have_text("3 tilbage.")
    phone.get_by_label("Om aftenen").fill("4")
    phone.get_by_role("button", name="Send dit svar").click()
    expect(phone.locator(".fh-poll .form-error-message")).to_contain_text("Du har fordelt 1 point for meget")
    phone.get_by_label("Om aftenen").fill("3")
    phone.get_by_role("button", name="Send dit svar").click()
    expect(phone.get_by_text("Du har svaret.")).to_be_visible()


def test_poll_is_answered_and_read_without_script(house, visitor, desk):
    _question, path = opened(house, desk, "multiple")
    citizen = visitor(house, house.person(), viewport=NARROW, java_script_enabled=False)
    phone = citizen.open(LIVE)
    phone.get_by_label("Om morgenen").check()
    phone.get_by_label("I weekenden").check()
    phone.get_by_role("button", name="Send dit svar").click()
    expect(phone.get_by_text("Dit svar er gemt")).to_be_visible()
    expect(phone.get_by_label("I weekenden")).to_be_checked()
    assert desk.send(f"{CONTROL}/afstemning/{path.rpartition('/')[2]}/luk").status_code == 303
    phone = citizen.open(path)
    expect(phone.locator(".fh-bars li").first).to_contain_text("100 %")


def test_wall_fits_and_is_accessible_with_a_question_and_with_its_result(house, visitor, desk):
    # As many and as long as the form lets through.
    long = "\n".join(
        f"{no}. Et svar, der er så langt, som et svar på en storskærm nogensinde må være, 80" for no in range(8)
    )
    question = "Hvad betyder mest for dig, når kommunen skal finde 23 millioner kroner " + "og lidt til " * 9
    assert desk.send(MAKE, {**FORM, "options": long, "kind": "single", "question": question[:200]}).status_code == 303
    (no,) = house.rows("SELECT max(no) FROM poll WHERE stage_id = 1")[0]
    wall = visitor(house, bypass_csp=True).open(wall_path(house))
    found = []
    for verb in ("aaben", "luk"):
        assert desk.send(f"{CONTROL}/afstemning/{no}/{verb}").status_code == 303
        wall.reload()
        for width, height in SIZES:
            wall.set_viewport_size({"width": width, "height": height})
            found += [(verb, width, one) for one in wall.evaluate(FITS) if one > 0]
            box = wall.locator(".fh-hall-poll").evaluate("(part) => part.scrollHeight - part.clientHeight")
            found += [(verb, width, "cut off", box)] if box > 1 else []
        found += [(verb, one) for one in accessible(wall)]
    assert found == []
