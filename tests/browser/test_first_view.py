"""What a first visit costs, what a link preview shows, and that the watch of these tests sees what it should."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.house import ROOT

KILOBYTES, REQUESTS = 150, 12
META = re.compile(r'<meta (?:name|property)="([^"]+)" content="([^"]*)">')
COMPRESSED = ROOT / "static" / "css" / "base.css.br"
BUSIEST = "SELECT path FROM thread ORDER BY post_count DESC LIMIT 1"


@pytest.mark.skipif(not COMPRESSED.exists(), reason="static files are not compressed here; make test compresses them")
def test_first_view_of_a_thread_is_light(house, visitor):
    newcomer = visitor(house)
    page = newcomer.page
    network = newcomer.context.new_cdp_session(page)
    network.send("Network.enable")
    requests, sizes = {}, {}
    network.on(
        "Network.requestWillBeSent", lambda event: requests.update({event["requestId"]: event["request"]["url"]})
    )
    network.on("Network.loadingFinished", lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}))
    page.goto(house.url + house.value(BUSIEST), wait_until="networkidle")
    newcomer.listens()
    asked = {key: url for key, url in requests.items() if not url.startswith("data:")}
    weights = {url: round(sizes.get(key, 0) / 1024, 1) for key, url in asked.items()}
    assert len(page.locator("[data-post]").all()) > 15
    assert len(weights) <= REQUESTS, weights
    assert sum(weights.values()) <= KILOBYTES, weights


def metadata(house, path):
    answer = house.caller().get(path)
    found = dict(META.findall(answer.text))
    return re.search(r"<title>([^<]*)</title>", answer.text)[1], found


def image(house, found):
    """The preview's picture must be there, on this site."""
    assert found["og:image"].startswith(f"{house.url}/")
    answer = house.caller().get(found["og:image"].removeprefix(house.url))
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("image/")
    return found["og:image"]


def test_link_preview_of_a_thread_tells_what_it_is_about(house):
    path = house.thread(body="Bussen kører kun en gang i timen om aftenen.")
    title, found = metadata(house, path)
    assert title == f"{found['og:title']} – Forsamlingshuset"
    assert found["og:title"].startswith("Hvad med hverdagen nr. ")
    assert found["og:description"] == found["description"] == "Bussen kører kun en gang i timen om aftenen."
    assert found["og:url"] == house.url + path
    image(house, found)


def test_link_preview_of_a_slide_shows_that_slide(house):
    slug, title = house.rows("SELECT slug, title FROM deck WHERE file_name = 'kommunens-oekonomi.pdf'")[0]
    pictures = set()
    for no in (1, 2):
        page_title, found = metadata(house, f"/budget/2024/oplaeg/{slug}/{no}")
        assert page_title == f"Slide {no} af 10: {title} – Forsamlingshuset"
        assert found["og:description"] == found["description"] != ""
        pictures.add(image(house, found))
    assert len(pictures) == 2


def test_watch_sees_what_a_visitor_would_meet(house, visitor):
    somebody = visitor(house)
    page = somebody.open("/hjaelp")
    page.evaluate("document.body.append(Object.assign(document.createElement('script'), { text: 'window.ran = 1' }))")
    page.evaluate("setTimeout(() => { throw new Error('a fault of ours'); })")
    page.evaluate("fetch('https://example.org/').catch(() => {})")
    page.evaluate("fetch('/findes-ikke')")
    expect(page.locator("h1")).to_be_visible()
    page.wait_for_timeout(200)
    assert page.evaluate("window.ran") is None
    found = "\n".join(somebody.unexpected())
    for wanted in ("script-src", "a fault of ours", "connect-src", "404"):
        assert wanted in found
    somebody.expects("")
