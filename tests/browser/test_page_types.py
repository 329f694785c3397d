"""Every type of page, for everybody who may see it, in both languages and at both widths: accessible, whole, silent."""

import pytest

from forsamlingshus.kernel.i18n import COOKIE
from tests.browser import page_types
from tests.browser.house import ROOT
from tests.browser.visitor import Visitor

AXE = (ROOT / "tests" / "vendor" / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOK = """(rules) => { window.verdict = axe.run(document, {runOnly: {type: "tag", values: rules}, resultTypes: ["violations"]}); }"""
VERDICT = """async () => (await window.verdict).violations.map((rule) => rule.id + ": " + rule.nodes.slice(0, 3).map(
  (node) => node.target.join(" ") + " (" + node.failureSummary.replace(/\\s+/g, " ") + ")").join("; "))"""
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
    """One browser for each role, language and server, kept for the module."""
    kept = {}

    def member(house, role, language):
        key = (house.chapter, role, language)
        if key not in kept:
            context = browser.new_context(viewport=WIDE)
            context.add_cookies([{"name": COOKIE, "value": language, "url": house.url}])
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
    seen = [(role, language, audience(house, role, language)) for language in ("da", "en") for role in kind.roles]
    for _role, _language, visitor in seen:
        visitor.expects(*kind.expects)
        visitor.page.set_viewport_size(WIDE)
        answer = visitor.page.goto(house.url + path)
        assert answer.status == kind.status
        if kind.act:
            kind.act(visitor.page)
        visitor.page.evaluate(LOOK, RULES)
    problems = [
        (role, language, 1280, found) for role, language, visitor in seen for found in visitor.page.evaluate(VERDICT)
    ]
    for _role, _language, visitor in seen:
        visitor.page.set_viewport_size(NARROW)
        visitor.page.evaluate(LOOK, RULES)
    for role, language, visitor in seen:
        problems += [(role, language, 390, found) for found in visitor.page.evaluate(VERDICT)]
        visitor.page.set_viewport_size(NARROWEST)
        problems += [(role, language, 320, found) for found in visitor.page.evaluate(TOO_WIDE)]
        problems += [(role, language, fault) for fault in visitor.unexpected()]
    assert problems == []
