"""Every type of page, how to come there, and in which states: what the test of access, width and errors walks through."""

from dataclasses import dataclass, field

from tests.slides.pdfs import SLIDE, says
from tests.slides.pdfs import deck as pdf_deck

EVERYBODY = ("nobody", "citizen", "facilitator", "staff")
# Where nothing but the head of the page knows who reads: the smallest head and the largest.
READERS = ("nobody", "staff")
WORKERS = ("facilitator", "staff")
ACCOUNTS = {"nobody": None, "citizen": "borger", "facilitator": "facilitator", "staff": "medarbejder"}
THEME = "/budget/2024/temaer/rehabilitering-og-sundhed"
DECK = "/budget/2024/oplaeg/mod-paa-hverdagen-traening-hjaelp-og-sundhed"
CONTROL = "/styring/oplaeg/2024/mod-paa-hverdagen-traening-hjaelp-og-sundhed"
PLAN = "/arbejde/borgermoede/2024"
SIGN_UP = "/budget/2024/borgermoede/tilmelding"
UPLOADS = "/styring/2024/rehabilitering-og-sundhed/oplaeg"
EDITED = "SELECT id FROM post WHERE edited_at IS NOT NULL AND state = 'visible' ORDER BY id LIMIT 1"
HIDDEN = (
    "SELECT path FROM thread JOIN post ON thread_id = thread.id WHERE thread.kind = 'talk' AND post.state = ? LIMIT 1"
)


@dataclass(frozen=True)
class PageType:
    """A path (in which {names} come from the scene), who opens it, and what is done there before it is looked at."""

    name: str
    path: str
    roles: tuple[str, ...] = EVERYBODY
    act: object = None
    status: int = 200
    server: str = "house"
    expects: tuple[str, ...] = field(default=())

    def __str__(self):
        return self.name


def press(selector="main form[method=post] button[type=submit]", **texts):
    """Fill fields by their names, press the button, and wait for the page that comes back refused."""

    def act(page):
        for name, text in texts.items():
            page.locator(f"main [name={name}]").last.fill(text)
        page.locator(selector).first.click()
        page.locator(".fh-errors, [aria-invalid]").first.wait_for()

    return act


def unfold(page):
    """The choices of the last post and the menu of the page, as one after the other would open them."""
    page.locator(".fh-more > summary").last.click()
    page.evaluate("document.querySelectorAll('header details').forEach((part) => { part.open = true; })")


def begin_reply(page):
    page.locator("#skriv[data-ready]").wait_for()  # without the page's script it is a link to a page of its own
    page.locator("[data-reply]").first.click()
    page.locator(".fh-composer--reply").wait_for()


def press_plainly(**texts):
    """Like `press`, by the form that is sent without script."""
    refused = press(**texts)

    def act(page):
        page.evaluate(
            "document.querySelectorAll('[data-composer]').forEach((form) => form.replaceWith(form.cloneNode(true)))"
        )
        refused(page)

    return act


def refused(name, path, roles, act, **kwargs):
    return PageType(name, path, roles, act=act, expects=("422",), **kwargs)


def pause_for_no_minutes(page):
    """A pause that is refused, from its fold."""
    page.locator("#quick-pause > summary").click()
    press("[action$='/pause'] button", minutes="0")(page)


def settle(page):
    """A press beside a question, and the offer to take it back."""
    page.locator("button[id^=answered-]").first.click()
    page.locator("[data-undo]").wait_for()


CITIZEN, FACILITATOR, STAFF, NOBODY = (("citizen",), ("facilitator",), ("staff",), ("nobody",))

TYPES = [
    PageType("front", "/"),
    PageType("budget", "/budget/2024", READERS),
    PageType("themes", "/budget/2024/temaer", READERS),
    PageType("workshop", THEME),
    PageType("workshop by importance", f"{THEME}?sorter=vigtigst", NOBODY),
    PageType("thread", "{thread}"),
    PageType("thread unfolded", "{thread}", ("citizen", "staff"), act=unfold),
    PageType("thread with a hidden post", "{hidden}", NOBODY),
    PageType("thread with a withdrawn post", "{withdrawn}", NOBODY),
    PageType("history", "/i/{edited}/historik", READERS),
    PageType("meeting", "/budget/2024/borgermoede"),
    PageType("meeting code", "/m", READERS),
    PageType("meeting code unknown", "/m/K7QFY", NOBODY, status=404, expects=("404",)),
    PageType("meeting to join", "/m/K7QFX", NOBODY),
    refused("meeting to join refused", "/m/K7QFX", NOBODY, press(name="Kommunen")),
    PageType("poster", "/m/K7QFX/plakat", READERS),
    PageType("timeline", "/budget/2024/tidsplan", READERS),
    PageType("deck", DECK),
    PageType("slide", f"{DECK}/3"),
    refused("slide, post refused", f"{DECK}/3", CITIZEN, press_plainly(body="")),
    PageType("slide that went", "{went}", READERS),
    PageType("deck with a slide that went", "/budget/2024/oplaeg/bliver-kortere", READERS),
    PageType("slide followed", "/budget/2024/oplaeg/kommunens-oekonomi-hvor-staar-vi/live", READERS),
    PageType("live", "/budget/2024/borgermoede/live"),
    PageType("live leafed", "/budget/2024/borgermoede/live?slide=2&sorter=nyeste", READERS),
    refused("question refused", "/budget/2024/borgermoede/live", CITIZEN, press("#skriv button[type=submit]", body="")),
    PageType("steering, taken back", "/styring/2024/borgermoede/live", FACILITATOR, act=settle),
    PageType("live of a workshop", f"{THEME}/live", ("nobody", "facilitator")),
    PageType("steering", "/styring/2024/borgermoede/live", WORKERS),
    refused("press refused", "/styring/2024/borgermoede/live", STAFF, pause_for_no_minutes),
    PageType("poll open", "{poll}", ("nobody", "citizen")),
    refused("answer refused", "{poll}", CITIZEN, press("[id^=answer-]")),
    PageType("poll closed", "/budget/2024/borgermoede/live/afstemning/2", READERS),
    PageType("poll new", "/styring/2024/borgermoede/live/afstemninger/ny", WORKERS),
    refused("poll new refused", "/styring/2024/borgermoede/live/afstemninger/ny", FACILITATOR, press(question="")),
    PageType("poll change", "/styring/2024/borgermoede/live/afstemning/{draft}", FACILITATOR),
    PageType("paper", "/styring/2024/rehabilitering-og-sundhed/bordnoter", WORKERS),
    PageType("paper of the meeting", "/styring/2024/borgermoede/bordnoter", STAFF),
    refused(
        "paper refused", "/styring/2024/borgermoede/bordnoter", STAFF, press(note="Ring på 22 33 44 55.", table="")
    ),
    PageType("paper corrected", "/styring/2024/rehabilitering-og-sundhed/bordnoter/{note}", FACILITATOR),
    PageType("group a question", "/styring/2024/borgermoede/live/spoergsmaal/{question}/saml", STAFF),
    PageType("answer a question", "/i/{question}/svar-fra-kommunen", STAFF),
    PageType("answer a post", "/i/{other}/svar-fra-kommunen", STAFF),
    PageType("hide a question", "/i/{question}/skjul", STAFF),
    PageType("edit a question", "/i/{asked}/ret", CITIZEN),
    PageType("withdraw a question", "/i/{asked}/traek-tilbage", CITIZEN),
    PageType("help", "/hjaelp", READERS),
    *(
        PageType(name, f"/{name}", NOBODY)
        for name in ("om", "ordliste", "kontakt", "privatliv", "cookies", "spilleregler", "tilgaengelighed")
    ),
    PageType("log in", "/log-ind", READERS),
    PageType("new account", "/opret", NOBODY),
    refused("log in refused", "/log-ind", NOBODY, press(email="ingen@example.org", password="forkert")),
    refused("new account refused", "/opret", NOBODY, press(email="ingen", name="x", password="kort")),
    PageType("not found", "/findes-ikke", READERS, status=404, expects=("404",)),
    PageType("not allowed", "/arbejde/input", CITIZEN, status=403, expects=("403",)),
    PageType("my page", "/min-side", EVERYBODY[1:]),
    PageType("settings", "/min-side/indstillinger", CITIZEN),
    refused("settings refused", "/min-side/indstillinger", CITIZEN, press(name="!")),
    PageType("drafts", "/min-side/kladder", CITIZEN),
    PageType("no drafts", "/min-side/kladder", STAFF),
    PageType("reply", "/i/{other}/svar", CITIZEN),
    PageType("reply in place", "{thread}", CITIZEN, act=begin_reply),
    refused("reply refused", "/i/{other}/svar", CITIZEN, press_plainly(body=" ")),
    PageType("edit", "/i/{own}/ret", CITIZEN),
    refused("edit refused", "/i/{own}/ret", CITIZEN, press(body="Mit nummer er 010180-1237.")),
    PageType("withdraw", "/i/{own}/traek-tilbage", CITIZEN),
    PageType("new thread", f"{THEME}/ny", CITIZEN),
    refused("new thread refused", f"{THEME}/ny", CITIZEN, press(title="", body="Ring til mig på 22 33 44 55.")),
    refused("post refused", "{thread}", CITIZEN, press("#skriv button[type=submit]", body="Ring på 22 33 44 55.")),
    refused("post refused plainly", "{thread}", CITIZEN, press_plainly(body=" ")),
    PageType("control", "/styring", WORKERS),
    PageType("uploads", UPLOADS, WORKERS),
    refused("upload refused", UPLOADS, FACILITATOR, press("form[data-upload] button[type=submit]", title="")),
    PageType("present", CONTROL, FACILITATOR),
    PageType("presenting", "/styring/oplaeg/2024/kommunens-oekonomi-hvor-staar-vi", FACILITATOR),
    refused("present refused", CONTROL, FACILITATOR, press("form.fh-ask button[type=submit]", no="99")),
    PageType("deck change", f"{CONTROL}/ret", FACILITATOR),
    refused("deck change refused", f"{CONTROL}/ret", FACILITATOR, press(title="")),
    PageType("slide describe", f"{CONTROL}/slide/2", FACILITATOR),
    refused("slide describe refused", f"{CONTROL}/slide/2", FACILITATOR, press(alt="Ring på 22 33 44 55.")),
    PageType("deck replace", f"{CONTROL}/ny-udgave", FACILITATOR),
    refused(
        "deck replace refused", f"{CONTROL}/ny-udgave", FACILITATOR, press("form[data-upload] button[type=submit]")
    ),
    PageType("deck hide", f"{CONTROL}/skjul", FACILITATOR),
    PageType("deck remove", f"{CONTROL}/fjern", FACILITATOR),
    PageType("moderation", "/arbejde/moderation", WORKERS),
    PageType("moderation log", "/arbejde/moderation/log", WORKERS),
    PageType("guests", "/styring/2024/borgermoede/gaester", WORKERS),
    PageType("sign-up", SIGN_UP, ("citizen", "staff")),
    refused("sign-up refused", SIGN_UP, STAFF, press(name=" ")),
    PageType("sign-up cancelled", f"{SIGN_UP}/afbud", CITIZEN),
    PageType("plan", PLAN, STAFF),
    PageType("plan facts", f"{PLAN}/ret", STAFF),
    refused("plan facts refused", f"{PLAN}/ret", STAFF, press(title_da="", day="i maj", capacity="0")),
    PageType("plan point", f"{PLAN}/program/{{point}}", STAFF),
    refused("plan new point refused", f"{PLAN}/program/nyt", STAFF, press(hour="halv ni")),
    PageType("plan point removed", f"{PLAN}/program/{{point}}/fjern", STAFF),
    PageType("plan workshop", f"{PLAN}/workshop/rehabilitering-og-sundhed", STAFF),
    refused("plan new workshop refused", f"{PLAN}/workshop/ny", STAFF, press(prompts_en="Where?")),
    PageType("plan facilitators", f"{PLAN}/ordstyrere", STAFF),
    refused(
        "plan facilitators refused",
        f"{PLAN}/ordstyrere",
        STAFF,
        press(".fh-form button[type=submit]", email="ingen@example.org"),
    ),
    PageType("door", f"{PLAN}/tilmeldte", STAFF),
    refused("door refused", f"{PLAN}/tilmeldte", STAFF, press(attendance="mange")),
    PageType("mute", "/i/{own}/fratag-ordet", STAFF),
    refused("mute refused", "/i/{own}/fratag-ordet", STAFF, press()),
    PageType("hide", "/i/{own}/skjul", STAFF),
    refused("hide refused", "/i/{own}/skjul", STAFF, press(reason="")),
    PageType("board", "/arbejde/input", STAFF),
    PageType("board with nothing", "/arbejde/input?soeg=qqqq", STAFF),
    PageType("quote", "/arbejde/input/citat/{contribution}", STAFF),
    refused(
        "quote refused",
        "/arbejde/input/citat/{contribution}",
        STAFF,
        press(".fh-actions button[type=submit]", quote="Det står der ikke"),
    ),
    PageType("no proposals", "/arbejde/forslag", STAFF),
    PageType("door after the meeting", f"{PLAN}/tilmeldte", STAFF, server="office"),
    PageType("names deleted", f"{PLAN}/tilmeldte/slet", STAFF, server="office"),
    PageType("meeting over", "/budget/2024/borgermoede", READERS, server="office"),
    PageType("end the meeting", "/styring/2024/borgermoede/live/luk", STAFF),
    refused(
        "end the meeting refused",
        "/styring/2024/borgermoede/live/luk",
        STAFF,
        press(".fh-form button[type=submit]", until="2023-05-02"),
    ),
    PageType("no minutes yet", "/styring/2024/borgermoede/referat", STAFF),
    PageType("summary begun", "/styring/2024/rehabilitering-og-sundhed/opsamling", FACILITATOR),
    PageType("chapters", "/demo", READERS),
    PageType("replay", "/budget/2024/borgermoede/genhoer", READERS, server="office"),
    PageType("replay of a workshop", f"{THEME}/genhoer", NOBODY, server="office"),
    PageType(
        "replay at no minute",
        "/budget/2024/borgermoede/genhoer?kl=i+aften",
        NOBODY,
        status=422,
        expects=("422",),
        server="office",
    ),
    PageType("live page of a meeting that is over", "/budget/2024/borgermoede/live", READERS, server="office"),
    PageType("thread of a question", "{goes_on}", NOBODY, server="office"),
    PageType("minutes", "/budget/2024/borgermoede/referat", READERS, server="office"),
    PageType("minutes as staff see them", "/styring/2024/borgermoede/referat/udkast", STAFF, server="office"),
    PageType("minutes edited", "/styring/2024/borgermoede/referat", STAFF, server="office"),
    refused(
        "minutes refused",
        "/styring/2024/borgermoede/referat",
        STAFF,
        press(".fh-form button[type=submit]", body="Ring til os på 22 33 44 55."),
        server="office",
    ),
    PageType("after the meeting", "/styring/2024/borgermoede/live", STAFF, server="office"),
    PageType("summary", "/styring/2024/rehabilitering-og-sundhed/opsamling", WORKERS, server="office"),
    refused(
        "summary refused",
        "/styring/2024/rehabilitering-og-sundhed/opsamling",
        FACILITATOR,
        press("#nyt button[type=submit]", body=""),
        server="office",
    ),
    PageType("point", "/styring/2024/rehabilitering-og-sundhed/opsamling/1", FACILITATOR, server="office"),
    PageType("front with catalogue", "/", server="office"),
    PageType("budget with catalogue", "/budget/2024", NOBODY, server="office"),
    PageType("workshop with proposals", THEME, NOBODY, server="office"),
    PageType("thread closed", "/i/{used}", server="office"),
    PageType("catalogue", "/budget/2024/katalog", server="office"),
    PageType("proposal", "/budget/2024/katalog/{long}", server="office"),
    PageType("proposal without text", "/budget/2024/katalog/{short}", NOBODY, server="office"),
    PageType("input", "/budget/2024/input/1", READERS, server="office"),
    PageType("uploads failed", UPLOADS, FACILITATOR, server="office"),
    PageType("board full", "/arbejde/input?vis=alle", STAFF, server="office"),
    PageType("input work", "/arbejde/input/1", STAFF, server="office"),
    refused("input work refused", "/arbejde/input/1", STAFF, press(".fh-box form button", title=""), server="office"),
    PageType("quote taken out", "/arbejde/input/1/citater/{quote}/fjern", STAFF, server="office"),
    PageType("proposals", "/arbejde/forslag", STAFF, server="office"),
    PageType("proposal new", "/arbejde/forslag/nyt", STAFF, server="office"),
    refused("proposal new refused", "/arbejde/forslag/nyt", STAFF, press(title=""), server="office"),
    PageType("proposal edit", "/arbejde/forslag/{linked}", STAFF, server="office"),
    PageType("link", "/arbejde/forslag/knyt", STAFF, server="office"),
    refused("link refused", "/arbejde/forslag/knyt", STAFF, press(), server="office"),
    PageType("unlink", "/arbejde/forslag/{linked}/kilder/{source}/fjern", STAFF, server="office"),
]


def scene(house):
    """What the paths name. On the evening of the meeting it also makes what the demo has not: held, unread, drafted."""
    if house.chapter == "katalog":
        linked, source = house.rows(
            "SELECT proposal.number, input.number FROM proposal JOIN proposal_source ON proposal_id = proposal.id"
            " JOIN input ON input_id = input.id LIMIT 1"
        )[0]
        return {
            "used": house.value(
                "SELECT post.id FROM post JOIN fate USING (contribution_id) WHERE state = 'visible' LIMIT 1"
            ),
            "long": house.value("SELECT number FROM proposal ORDER BY length(content) DESC LIMIT 1"),
            "short": house.value("SELECT number FROM proposal ORDER BY length(content), number LIMIT 1"),
            "quote": house.value(
                "SELECT quote.id FROM quote JOIN input ON input_id = input.id WHERE number = 1 LIMIT 1"
            ),
            "goes_on": house.value(
                "SELECT thread.path FROM thread JOIN question ON question.thread_id = thread.id ORDER BY thread.id LIMIT 1"
            ),
            "linked": linked,
            "source": source,
        }
    thread, other, own, contribution = _thread_of_its_own(house)
    house.open_sign_up()
    return Evening(
        house,
        point=house.value("SELECT id FROM agenda_item WHERE deck_id IS NOT NULL"),
        thread=thread,
        other=other,
        own=own,
        contribution=contribution,
        edited=house.value(EDITED),
        went=_slide_that_went(house),
        question=house.value("SELECT id FROM post WHERE client_id = 'sp-2'"),
        **_polls_and_paper(house),
        hidden=house.value(HIDDEN, "hidden"),
        withdrawn=house.value(HIDDEN, "withdrawn"),
    )


class Evening(dict):
    """What the paths of the meeting's evening name. A question can be edited for minutes, so each asks for a new one."""

    def __init__(self, house, **names):
        super().__init__(names)
        self._house = house

    def __missing__(self, name):
        if name != "asked":
            raise KeyError(name)
        person = self._house.caller("borger")
        answer = person.send("/budget/2024/borgermoede/live", {"body": "Må jeg rette mit spørgsmål?"})
        return int(answer.headers["Location"].rpartition("#i-")[2])


def _polls_and_paper(house):
    """The open poll and a draft of the plenary, which another test may have closed; and a note from paper."""
    staff, steer = house.caller("medarbejder"), "/styring/2024/borgermoede/live"
    opened = "SELECT path FROM poll WHERE stage_id = 1 AND opened_at IS NOT NULL AND closed_at IS NULL"
    made = {"kind": "spread", "question": "Hvad er vigtigst?", "options": "Tid\nAfstand", "points": "10", "about": ""}
    for _poll in range(2):
        staff.send(f"{steer}/afstemninger/ny", made)
    draft = house.value("SELECT max(no) FROM poll WHERE stage_id = 1")
    if not house.rows(opened):
        staff.send(f"{steer}/afstemning/{draft - 1}/aaben")
    note = "SELECT table_note.id FROM table_note JOIN workshop ON workshop_id = workshop.id WHERE slug LIKE 'rehab%'"
    return {"poll": house.value(opened), "draft": draft, "note": house.value(note)}


def _slide_that_went(house):
    """The page of a slide that somebody wrote about, and that the newer version of its deck has not."""
    host = house.caller("facilitator")
    slides = [pdf_deck(*((says(f"Slide {no}"), SLIDE) for no in range(1, last + 1))) for last in (2, 1)]
    host.send(UPLOADS, {"title": "Bliver kortere", "speaker": ""}, files={"file": ("to.pdf", slides[0])})
    slug = "bliver-kortere"
    house.wait(lambda: house.rows("SELECT id FROM deck WHERE slug = ? AND state = 'ready'", slug))
    path = f"/budget/2024/oplaeg/{slug}/2"
    house.caller("borger").send(path, {"body": "Må denne slide blive?"})
    control = f"/styring/oplaeg/2024/{slug}"
    host.send(f"{control}/ny-udgave", files={"file": ("en.pdf", slides[1])})
    house.wait(lambda: house.value("SELECT closed FROM thread WHERE path = ?", path))
    return path


def _thread_of_its_own(house):
    thread = house.thread(
        body="Her er **fed**, *skrå* og [et link](https://example.org).\n\n> citat\n\n1. et\n2. to\n\n`kode`"
    )
    citizen, neighbour = house.caller("borger"), house.caller(house.person())
    other = neighbour.write(thread, "Et indlæg fra en nabo.")
    house.caller("medarbejder").send(f"/i/{other}/svar-fra-kommunen", {"body": "Ja, fra august.", "seen": ""})
    own = citizen.write(thread, "Mit eget indlæg.")
    neighbour.send(f"/i/{own}/svar", {"body": "Et svar med citat.", "quote": "Mit eget"})
    neighbour.send(f"/i/{own}/vigtigt", {"wanted": "1"})
    citizen.held(thread, "Ring til mig på 22 33 44 55 om bussen.")
    citizen.send(
        "/min-side/kladder/gem", {"box": "forum:1", "path": f"{THEME}/ny", "title": "En kladde", "body": "Ord"}
    )
    citizen.send(f"/traad/{thread.rpartition('/')[2].partition('-')[0]}/laest")
    neighbour.write(thread, "Og et, der er nyt for de andre.")
    contribution = house.value("SELECT contribution_id FROM post WHERE id = ?", other)
    return thread, other, own, contribution
