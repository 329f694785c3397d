"""Every type of page, for everybody who may see it, in both languages and at both widths: accessible, whole, silent."""

import pytest

from forsamlingshus.kernel.i18n import COOKIE
from tests.browser import page_types
from tests.browser.house import ROOT
from tests.browser.visitor import Visitor

AXE = (ROOT / "tests" / "vendor" / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOK = """async (rules) => {
  const found = await axe.run(document, {runOnly: {type: "tag", values: rules}, resultTypes: ["violations"]});
  return found.violations.map((rule) => rule.id + ": " + rule.nodes.slice(0, 3).map(
    (node) => node.target.join(" ") + " (" + node.failureSummary.replace(/\\s+/g, " ") + ")").join("; "));
}"""
TOO_WIDE = """() => {
  const page = document.documentElement;
  if (page.scrollWidth <= page.clientWidth) return [];
  const wide = [...document.querySelectorAll("body *")].filter((part) => part.getBoundingClientRect().right > page.clientWidth);
  return [`scrolls sideways: ${wide.slice(-3).map((part) => part.outerHTML.slice(0, 120)).join("; ")}`];
}"""
WIDE, NARROW, NARROWEST = ({"width": width, "height": 900} for width in (1280, 390, 320))


@pytest.fixture(scope="module")
def scenes():
    return {}


@pytest.fixture(scope="module")
def audience(browser):
    """One browser for each role and server, kept for the module: a warm one looks at a page in half the time."""
    kept = {}

    def member(house, role):
        key = (house.chapter, role)
        if key not in kept:
            context = browser.new_context(viewport=WIDE)
            context.add_init_script(AXE)
            kept[key] = Visitor(context, house, page_types.ACCOUNTS[role])
        kept[key].faults.clear()
        kept[key].expected.clear()
        return kept[key]

    yield member
    for visitor in kept.values():
        visitor.context.close()


@pytest.mark.parametrize("kind", page_types.TYPES, ids=str)
def test_page_is_accessible_and_fits_and_has_no_error(kind, audience, scenes, request):
    house = request.getfixturevalue(kind.server)
    if kind.server not in scenes:
        scenes[kind.server] = page_types.scene(house)
    path = kind.path.format_map(scenes[kind.server])
    problems = []
    for role in kind.roles:
        visitor = audience(house, role)
        visitor.expects(*kind.expects)
        for language in ("da", "en"):
            problems += [(role, language, *problem) for problem in look(visitor, path, kind, language)]
    assert problems == []


def look(visitor, path, kind, language):
    """Open the page, do there what its type says, and collect what is wrong with it as (width, problem)."""
    page = visitor.page
    visitor.context.add_cookies([{"name": COOKIE, "value": language, "url": visitor.house.url}])
    page.set_viewport_size(WIDE)
    assert page.goto(visitor.house.url + path).status == kind.status
    assert page.locator("html").get_attribute("lang") == language
    if kind.act:
        kind.act(page)
    problems = [(WIDE["width"], found) for found in page.evaluate(LOOK, RULES)]
    page.set_viewport_size(NARROW)
    problems += [(NARROW["width"], found) for found in page.evaluate(LOOK, RULES)]
    page.set_viewport_size(NARROWEST)
    problems += [(NARROWEST["width"], found) for found in page.evaluate(TOO_WIDE)]
    problems += [("console", fault) for fault in visitor.unexpected()]
    visitor.faults.clear()
    return problems


DOUBLE = """() => {
  const root = document.documentElement;
  root.style.fontSize = `${2 * parseFloat(getComputedStyle(root).fontSize)}px`;
}"""


@pytest.mark.parametrize("kind", [kind for kind in page_types.TYPES if "nobody" in kind.roles], ids=str)
def test_public_page_fits_a_phone_with_text_of_twice_the_size(kind, audience, scenes, request):
    house = request.getfixturevalue(kind.server)
    if kind.server not in scenes:
        scenes[kind.server] = page_types.scene(house)
    visitor = audience(house, "nobody")
    page = visitor.page
    page.set_viewport_size(NARROW)
    page.goto(house.url + kind.path.format_map(scenes[kind.server]))
    page.evaluate(DOUBLE)
    assert page.evaluate(TOO_WIDE) == []
