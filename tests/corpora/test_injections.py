"""Script injections: all through the sanitiser, a spread sample through every field; then the pages are looked at."""

from datetime import timedelta

import pytest

from forsamlingshus.kernel import clock, html
from forsamlingshus.kernel.sender import Sender
from tests.corpora import lists
from tests.corpora.detector import Detector, served
from tests.corpora.hall import FORUM, STAND_IN, TEXTS, Person, fits

pytestmark = pytest.mark.skipif(not lists.FOLDER, reason=lists.MISSING)

LINES = lists.payloads() + lists.mutations() + lists.bleach_cases() if lists.FOLDER else []
A_FIELD = 90
"""Lines that each field gets: others than its neighbours, so that together they are about a thousand."""
KEPT_ONCE = {"edited post", "name in settings", "deck", "slide's description", "input"}
"""Fields of which only the newest words stand somewhere; their pages are looked at after each of a few lines."""
A_FEW = 6


@pytest.fixture(autouse=True)
def clean():
    """The rows of the hall stay from test to test."""


@pytest.fixture(scope="module")
def origin(hall):
    with served(hall.app) as origin:
        yield origin


@pytest.fixture(scope="module", params=[True, False], ids=["policy", "no policy"])
def open_as(request, browser, origin):
    """A browser of one person: once as the site serves it, once with the policy off, so that scripts could run."""
    opened = {}

    def open_as(person, *, live=False):
        key = (id(person), live)
        if key not in opened:
            opened[key] = Detector(browser, origin, person, policy=request.param, live=live)
        return opened[key]

    yield open_as
    for detector in opened.values():
        detector.close()


def share(number, count):
    """A spread sample for the field of that number."""
    return LINES[number * 7 :: max(1, len(LINES) // count)][:count]


def squeezed(words):
    """Words as a page may show them: white space of any kind and number is one space."""
    return " ".join(words.split())


@pytest.fixture(scope="module")
def typed(hall):
    """Send every field its share; returns the words by field, of those that were accepted."""
    accepted = {}
    for number, field in enumerate(TEXTS):
        if field.name in KEPT_ONCE:
            continue
        lines = share(number, A_FIELD)
        statuses = [field.send(hall, line).status_code for line in lines]
        assert [status for status in statuses if status >= 500] == []
        accepted[field.name] = [line for line, status in zip(lines, statuses, strict=True) if status == 303]
        assert len(accepted[field.name]) > A_FIELD / 9, field.name
    for line in share(50, 30):
        # What waits for a person stands in the list of those who decide, and on its author's own page.
        hall.citizen.send(hall.thread_path, body=f"{line}\n\nRing 22 33 44 55")
    clock.start_at(clock.now() + timedelta(minutes=10))  # an edit that leaves a history
    for line in share(51, 30):
        seen = hall.value(f"SELECT source FROM post WHERE id = {hall.post_id}")
        hall.citizen.send(f"/i/{hall.post_id}/ret", body=line, seen=seen)
    for line in share(52, 20):
        _write_under_name(hall, line)
    return accepted


def _write_under_name(hall, line):
    email = f"navn{hall.number()}@example.org"
    newcomer = Person(hall.app)
    if newcomer.send("/opret", email=email, password="sommerfugle og kaffe", name=line[:60]).status_code == 303:
        newcomer.cookie = newcomer.client.get_cookie("fh_session")
        newcomer._token = newcomer.client.token("/min-side/indstillinger")
        newcomer.send(hall.thread_path, body="Jeg skriver under mit navn.")


def walk(detector, *paths):
    """Look at pages and at those that go on where they end; returns all that was read on them."""
    waiting, seen, words = list(paths), set(), []
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        page = detector.look(path)
        words += [page["words"], *page["metas"]]
        own = path.partition("?")[0]
        waiting += [f"{own}?{href.partition('?')[2]}" for href in page["pages"] if href.partition("?")[0] in {"", own}]
    return squeezed("\n".join(words))


def missing(words, lines, most=10_000):
    """Lines that nobody reads as they were typed: part of them became markup, or they are nowhere."""
    wanted = {squeezed(html.tidy(fits(line, most))) for line in lines} - {STAND_IN}
    return [line for line in wanted if line not in words]


def test_sanitiser_leaves_no_markup_but_its_own(browser):
    """Every line, as a browser parses what became of it, where scripts may run."""
    assert len(LINES) > 3000
    detector = Detector(browser, "http://127.0.0.1:9", policy=False)
    detector.page.route("**/*", lambda route: route.fulfill(status=404, body=""))
    for start in range(0, len(LINES), 500):
        texts = [html.render_markdown(line[: html.MAX_SOURCE]) for line in LINES[start : start + 500]]
        body = "".join(f'<div class="fh-text">{text}</div>' for text in texts)
        detector.page.set_content(f"<!doctype html><title>Alle</title><body>{body}</body>")
        detector.audit()
        assert detector.page.locator("body > .fh-text").count() == len(texts), "a line broke out of its place"
    detector.close()
    assert detector.problems == []


def test_pages_of_the_debate(hall, typed, open_as):
    detector = open_as(hall.staff)
    shown = "SELECT post.id FROM post JOIN thread ON thread.id = thread_id WHERE thread.path = '{}' AND {}"
    on_page = "state <> 'held' AND position IS NOT NULL"
    unseen = set(hall.column(shown.format(hall.thread_path, on_page)))
    assert len(unseen) > 2 * A_FIELD
    while unseen:
        seen = set(detector.look(f"/i/{min(unseen)}")["posts"])
        assert seen & unseen
        unseen -= seen
    listed = walk(detector, FORUM, f"{FORUM}?sorter=vigtigst", "/arbejde/moderation", f"/i/{hall.post_id}/historik")
    assert missing(listed, [line for line in typed["thread"] if len(line) <= 120]) == []
    for path in hall.column("SELECT path FROM thread ORDER BY id DESC LIMIT 8"):
        detector.look(path)
    assert detector.problems == []


def test_pages_of_the_author(hall, typed, open_as):
    detector = open_as(hall.citizen)
    reasons = walk(
        detector, *hall.column("SELECT DISTINCT path FROM thread JOIN post ON thread_id = thread.id LIMIT 3")
    )
    drafts = walk(detector, "/min-side/kladder", "/min-side", "/min-side/indstillinger")
    assert missing(drafts, [line for line in typed["draft"][-5:] if len(line) <= 200], 200) == []
    for post in hall.column("SELECT id FROM post WHERE state = 'visible' ORDER BY id DESC LIMIT 6"):
        detector.look(f"/i/{post}/svar")
    assert "Skjult af kommunen" in reasons or "Hidden by" in reasons
    assert detector.problems == []


def test_pages_of_collecting_and_the_catalogue(hall, typed, open_as):
    detector = open_as(hall.staff)
    board = walk(
        detector, "/arbejde/input", "/arbejde/input?kolonne=input", f"/arbejde/input/citat/{hall.contribution}"
    )
    listed = walk(detector, "/arbejde/forslag", "/budget/2024/katalog", "/arbejde/forslag/knyt")
    titles = [line for line in typed["input of a quote"] if len(line) <= 120]
    assert missing(board + listed, titles) == []
    assert missing(listed, [line for line in typed["proposal"] if len(line) <= 120]) == []
    for number in hall.column("SELECT number FROM proposal ORDER BY id DESC LIMIT 12"):
        detector.look(f"/budget/2024/katalog/{number}")
    for number in hall.column("SELECT number FROM proposal ORDER BY id DESC LIMIT 3"):
        detector.look(f"/arbejde/forslag/{number}")
    for number in hall.column("SELECT number FROM input ORDER BY id DESC LIMIT 8"):
        detector.look(f"/arbejde/input/{number}")
        detector.look(f"/budget/2024/input/{number}")
    assert detector.problems == []


@pytest.mark.parametrize("name", sorted(KEPT_ONCE))
def test_pages_of_words_that_are_replaced(hall, open_as, name):
    number = next(number for number, field in enumerate(TEXTS) if field.name == name)
    people, paths = {
        "edited post": ((hall.citizen,), (f"/i/{hall.post_id}", f"/i/{hall.post_id}/ret")),
        "name in settings": ((hall.neighbour,), ("/min-side", "/min-side/indstillinger", "/")),
        "deck": (
            (hall.host,),
            (hall.deck_path, f"{hall.deck_path}/1", hall.deck_control, f"{hall.deck_control}/ret", hall.uploads, FORUM),
        ),
        "slide's description": (
            (hall.host,),
            (f"{hall.deck_path}/1", f"{hall.deck_control}/slide/1", hall.deck_control),
        ),
        "input": ((hall.staff,), (f"/arbejde/input/{hall.input_number}", f"/budget/2024/input/{hall.input_number}")),
    }[name]
    for line in share(number, A_FEW):
        assert TEXTS[number].send(hall, line).status_code < 500
        for person in people:
            walk(open_as(person), *paths)
    assert [problem for person in people for problem in open_as(person).problems] == []


def test_words_that_arrive_live_or_are_read_again(hall, open_as, monkeypatch):
    sender = hall.app.extensions["forsamlingshus.sender"]
    monkeypatch.setattr(sender, "push", Sender.push.__get__(sender))
    path = hall.thread("Her skrives der")
    detector = open_as(hall.citizen, live=True)
    detector.look(path)
    lines = share(60, 40)
    for line in lines:
        hall.neighbour.send(path, body=line)
    last = hall.value("SELECT max(id) FROM post WHERE position IS NOT NULL")
    detector.page.wait_for_function("id => document.getElementById(`post-${id}`)", arg=last, timeout=30_000)
    assert len(detector.audit()["posts"]) > len(lines) / 2
    pieces = detector.page.evaluate(
        """async (path) => {
          const answer = await fetch(`${path}?efter=1`, {headers: {"X-Requested-With": "fetch"}});
          const changes = (await answer.json()).changes;
          const main = document.querySelector("main");
          for (const { html, body } of changes) main.insertAdjacentHTML("beforeend", html + (body ?? ""));
          return changes.length;
        }""",
        path,
    )
    detector.audit()
    assert pieces > len(lines) / 2
    assert detector.problems == []
