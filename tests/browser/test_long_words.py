"""Words without a place to break, as addresses are and as somebody will try: no page becomes wider than the phone."""

from tests.browser.house import FORUMS, see_other
from tests.browser.test_page_types import NARROW, TOO_WIDE

WORD = "Rindfleischetikettierungsueberwachungsaufgabenuebertragungsgesetz" * 2
NAME = "Undertegnedebekymredeborgerfravridsloese"
LIVE = "/budget/2024/borgermoede/live"
TITLE = WORD[:110]


def test_long_words_make_no_page_wider_than_the_phone(house, visitor):
    writer = house.person()
    person, staff = house.caller(writer), house.caller("medarbejder")
    see_other(person.send("/min-side/indstillinger/navn", {"name": NAME}))
    body = f"{WORD}\n\n> {WORD}\n\n- {WORD}\n\nhttps://example.org/{WORD.lower()}\n\n`{WORD}`"
    opened = person.send(f"{FORUMS}/rehabilitering-og-sundhed/ny", {"title": TITLE, "body": body, "prompt_no": 0})
    see_other(opened)
    path = opened.headers["Location"].partition("#")[0]
    post_id = house.value("SELECT max(id) FROM post")
    see_other(person.send(f"/i/{post_id}/svar", {"body": WORD, "quote": WORD[:60]}))
    person.held(path, f"{WORD} Ring 22 33 44 55")
    held = house.value("SELECT max(id) FROM post WHERE state = 'held'")
    asked = []
    for words in (WORD, f"Hvorfor {WORD}"):
        see_other(person.send(LIVE, {"body": words}))
        asked.append(house.value("SELECT max(id) FROM post"))
    said = house.value("SELECT contribution_id FROM post WHERE id = ?", post_id)
    see_other(
        staff.send(f"/arbejde/input/citat/{said}", {"quote": WORD[:100], "target": "new", "title": TITLE, "theme": 1})
    )
    number = house.value("SELECT max(number) FROM input")
    forum = path.rsplit("/", 1)[0]
    pages = {
        None: (path, forum, "/", LIVE, f"/i/{post_id}/historik"),
        writer: (f"/i/{post_id}/svar?citat=1", f"/i/{post_id}/ret", f"/i/{held}/traek-tilbage", "/min-side"),
        "medarbejder": (
            "/arbejde/input",
            f"/arbejde/input/{number}",
            "/arbejde/moderation",
            "/styring/2024/borgermoede/live",
            f"/styring/2024/borgermoede/live/spoergsmaal/{asked[0]}/saml",
        ),
    }
    wide = {}
    for who, paths in pages.items():
        reader = visitor(house, viewport=NARROW) if who is None else visitor(house, who, viewport=NARROW)
        for place in paths:
            page = reader.open(place)
            assert page.locator(f"text={WORD[:30]}").count() or page.locator(f"text={NAME}").count(), (
                f"nothing long at {place}"
            )
            if found := page.evaluate(TOO_WIDE):
                wide[place] = found
    assert wide == {}
