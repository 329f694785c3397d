"""Phone, control view and wall in the states of an evening that no page type is in: each accessible and within its page."""

import pytest
from playwright.sync_api import expect

from tests.browser.house import see_other
from tests.browser.test_page_types import NARROW, NARROWEST, TOO_WIDE, WIDE
from tests.browser.test_stage import (
    CONTROL,
    FITS,
    LIVE,
    ROOM,
    SIZES,
    SOON,
    accessible,
    ask,
    change_room,
    desk,
    question,
    wall_path,
)

__all__ = ["desk"]
ROOM_CONTROL = f"/styring/2024/{ROOM.split('/')[-2]}/live"
HOURS = ("starts_at", "started_at", "closed_at")


@pytest.fixture
def looks(house, visitor):
    """`looks(who)` opens a browser; `look(path, sees)` then says what is wrong with a page that shows `sees`."""

    def looks(who=None):
        person = visitor(house, who, bypass_csp=True)

        def look(path, sees):
            page = person.open(path)
            expect(page.locator(sees).first).to_be_visible()
            found = []
            for size in (WIDE, NARROW):
                page.set_viewport_size(size)
                found += [(path, sees, size["width"], one) for one in accessible(page)]
            page.set_viewport_size(NARROWEST)
            return found + [(path, sees, one) for one in page.evaluate(TOO_WIDE)]

        look.page = person.page
        return look

    return looks


@pytest.fixture
def room(house):
    """The stage of a workshop, which a test may put in another state."""
    kept = house.rows(f"SELECT {', '.join(HOURS)} FROM stage WHERE path = ?", ROOM)[0]
    yield lambda **values: change_room(house, **values)
    change_room(house, **dict(zip(HOURS, kept, strict=True)))


def test_control_view_in_every_state(house, looks, desk, room):
    look, found = looks("medarbejder"), []
    for mode in ("black", "join", "questions"):
        see_other(desk.send(f"{CONTROL}/skaerm", {"mode": mode}))
        found += look(CONTROL, f"#mode-{mode}[aria-pressed=true]")
    see_other(desk.send(f"{CONTROL}/pause", {"minutes": 15}))
    found += look(CONTROL, "text=Pause til")
    see_other(house.caller(house.person()).send(LIVE, {"body": question()}))
    post = house.value("SELECT max(post_id) FROM question")
    see_other(desk.send(f"{CONTROL}/spoergsmaal/{post}", {"show": "on"}))
    found += look(CONTROL, ".fh-mod--screen")
    see_other(desk.send(f"{CONTROL}/spoergsmaal/{post}", {"fate": "written"}))
    see_other(desk.send(f"/i/{post}/svar-fra-kommunen", {"body": "Det koster 2 mio. kr.", "seen": ""}))
    found += look(CONTROL, "text=Besvaret skriftligt")
    see_other(desk.send(f"{CONTROL}/slut"))
    found += look(CONTROL, ".fh-empty")
    see_other(desk.send(f"{CONTROL}/proeve", {"on": 1}))
    found += look(CONTROL, ".alert-warning")
    see_other(desk.send(f"{CONTROL}/proeve", {"on": 0}))
    room(started_at=None, closed_at=None, starts_at="2023-05-03 19:00:00.000000")
    found += look(ROOM_CONTROL, "[data-panel]")
    assert found == []


def test_phone_and_control_view_while_the_question_of_a_guest_waits(house, looks, desk):
    guest, host = looks(), looks("medarbejder")
    guest.page.goto(f"{house.url}/m/K7QFX")
    guest.page.get_by_role("button", name="Deltag").click()
    guest.page.wait_for_url(f"**{LIVE}")
    text = question()
    ask(guest.page, text)
    expect(guest.page.locator(".fh-question--waiting", has_text=text)).to_be_visible()
    found = guest(LIVE, ".fh-question--waiting") + host(CONTROL, ".fh-fold--hold")
    host.page.locator(".fh-fold--hold > summary").click()
    waits = host.page.locator(".fh-mod--hold", has_text=text)
    waits.get_by_role("button", name="Godkend").click()
    expect(waits).to_have_count(0)
    assert found == []


def test_phone_of_somebody_who_may_not_write(house, looks, desk):
    person = house.person()
    see_other(house.caller(person).send(LIVE, {"body": question()}))
    post = house.value("SELECT max(post_id) FROM question")
    muted = {"reason_code": "tone", "length": "hour", "where": "here"}
    see_other(desk.send(f"/i/{post}/fratag-ordet", muted))
    look = looks(person)
    found = look(LIVE, "#skriv.alert-warning")
    see_other(desk.send(f"/i/{post}/skjul", {"reason_code": "tone", "reason": "Det går ud over en anden"}))
    found += look(LIVE, "#feed .fh-question-gone")
    assert found == []


def test_phone_with_an_answer_on_the_screen_and_after_that(house, looks, desk):
    look, found = looks(house.person()), []
    see_other(house.caller(house.person()).send(LIVE, {"body": question()}))
    post = house.value("SELECT max(post_id) FROM question")
    see_other(desk.send(f"{CONTROL}/spoergsmaal/{post}", {"show": "on"}))
    found += look(f"{LIVE}?sorter=nyeste", ".fh-question--screen")
    see_other(desk.send(f"{CONTROL}/spoergsmaal/{post}", {"fate": "written"}))
    found += look(f"{LIVE}?sorter=nyeste", "text=Besvares skriftligt")
    see_other(desk.send(f"/i/{post}/svar-fra-kommunen", {"body": "Det koster 2 mio. kr.", "seen": ""}))
    found += look(f"{LIVE}?sorter=nyeste", ".fh-official")
    assert found == []


def test_wall_in_a_rehearsal_and_before_and_after_the_meeting(house, visitor, desk, room):
    wall, found = visitor(house, bypass_csp=True).page, []

    def look(path, sees):
        wall.goto(house.url + path)
        expect(wall.locator(sees).first).to_be_visible()
        for width, height in SIZES:
            wall.set_viewport_size({"width": width, "height": height})
            found.extend((path, sees, width, one) for one in wall.evaluate(FITS) if one > 0)
        found.extend((path, sees, one) for one in accessible(wall))

    see_other(desk.send(f"{CONTROL}/slut"))
    see_other(desk.send(f"{CONTROL}/proeve", {"on": 1}))
    try:
        look(wall_path(house), ".fh-hall-rehearsal")
    finally:
        see_other(desk.send(f"{CONTROL}/proeve", {"on": 0}))
    key = "/storskaerm/" + house.value("SELECT display_key FROM stage WHERE path = ?", ROOM)
    room(started_at=None, closed_at=None, starts_at="2023-05-03 19:00:00.000000")
    look(key, ".fh-hall-live")
    room(started_at="2023-05-03 16:00:00.000000", closed_at="2023-05-03 16:30:00.000000")
    look(key, ".fh-hall-live")
    assert found == []


def test_list_of_questions_is_a_log_that_speaks_in_batches(house, visitor, desk):
    reader, asker = visitor(house), house.caller(house.person())
    reader.stops_the_clock()
    page = reader.open(LIVE)
    log = page.get_by_role("log", name="Spørgsmål")
    expect(log.locator("#feed")).to_be_visible()
    # Each line by itself would drown whoever listens: the log is silent, and the words beside it are spoken.
    expect(log).to_have_attribute("aria-live", "off")
    spoken = page.locator("[role=status][data-announce]")
    for wanted in ("3 nye spørgsmål", "5 nye spørgsmål"):
        for _ in range(3 if wanted.startswith("3") else 2):
            see_other(asker.send(LIVE, {"body": question()}))
        expect(page.locator("[data-pill] a")).to_have_text(wanted, timeout=SOON * 5)
        expect(spoken).not_to_have_text(wanted)
        page.clock.run_for(10_500)
        expect(spoken).to_have_text(wanted)
