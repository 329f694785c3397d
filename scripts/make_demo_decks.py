"""Draws the demo's decks as PDF from their texts in forsamlingshus/demo/content; for maintainers, after a text changed.

Usage: .venv/bin/python scripts/make_demo_decks.py [slug …]. Needs the e2e packages and a Chromium (CHROMIUM names
another one than /usr/bin/chromium). The files land in forsamlingshus/demo/decks and are committed.
"""

import base64
import os
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
CONTENT = ROOT / "forsamlingshus" / "demo" / "content"
DECKS = ROOT / "forsamlingshus" / "demo" / "decks"
PARTS = Path(__file__).resolve().parent / "demo_decks"
FONTS = ROOT / "static" / "vendor" / "fonts"
LARGEST = 300_000  # bytes, so that a clone stays small

# What a slide with words outside its box looks like from inside the page: their names, or nothing.
OVERFLOWS = """() => [...document.querySelectorAll(".slide")].flatMap((slide, index) => {
  const box = slide.getBoundingClientRect();
  const foot = slide.querySelector(".foot")?.getBoundingClientRect();
  return [...slide.querySelectorAll("h1, p, li, .label, strong, .figures span, footer")]
    .filter((part) => {
      const at = part.getBoundingClientRect();
      if (at.height === 0) return false;  // a list item that only groups others
      const under = foot && !part.closest(".foot") && at.bottom > foot.top;
      return part.scrollWidth > part.clientWidth + 1 && getComputedStyle(part).display !== "inline"
        || at.right > box.right - 40 || at.bottom > box.bottom - 20 || at.top < box.top || under;
    })
    .map((part) => `slide ${index + 1}: ${part.textContent.trim().slice(0, 60)}`);
})"""


FOOT = """async (foot, source) => {
  const picture = new Image();
  picture.alt = "";
  picture.src = source;
  picture.style.width = `${foot.getBoundingClientRect().width}px`;
  await picture.decode();
  foot.replaceChildren(picture);
}"""


def main() -> int:
    """Draw all decks, or those named on the command line; returns 1 when words run out of a slide."""
    wanted = set(sys.argv[1:])
    texts = {path.stem: tomllib.loads(path.read_text("utf-8")) for path in sorted(CONTENT.glob("*.toml"))}
    frame = texts.pop("budget")
    tokens = {theme["slug"]: theme["token"] for theme in frame["themes"]}
    environment = Environment(loader=FileSystemLoader(PARTS), autoescape=True, undefined=StrictUndefined)
    page = environment.get_template("deck.html")
    place, sheet = frame["municipality"]["name"], style()
    faults: list[str] = []
    DECKS.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"))
        for name, text in texts.items():
            deck = text.get("deck")
            if deck is None or (wanted and deck["slug"] not in wanted):
                continue
            html = page.render(deck=filled(deck), css=Markup(sheet), token=tokens.get(name, ""), municipality=place)
            faults += [f"{deck['slug']}, {fault}" for fault in draw(browser, html, deck)]
        browser.close()
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


def filled(deck: dict[str, Any]) -> dict[str, Any]:
    """The deck with every optional field of its slides present, so that the template may be strict."""
    optional = {"subtitle": "", "text": "", "unit": ""}
    slides = [optional | slide for slide in deck["slides"]]
    for slide in slides:
        slide["bars"] = [{"highlight": False} | bar for bar in slide.get("bars", [])]
    return deck | {"slides": slides}


def style() -> str:
    """Fonts, the light colours of the site and the look of the slides as one sheet."""
    faces = ""
    for weight in (400, 600):
        font = base64.b64encode((FONTS / f"plex-{weight}.woff2").read_bytes()).decode()
        source = f"url(data:font/woff2;base64,{font})"
        faces += f'@font-face {{ font-family: "IBM Plex Sans"; font-weight: {weight}; src: {source} }}\n'
    sheet = (ROOT / "static" / "css" / "base.css").read_text("utf-8")
    tokens = re.search(r":root \{.*?\n\}", sheet, re.DOTALL)
    if tokens is None:
        raise SystemExit("static/css/base.css has no :root block with the colours")
    return faces + tokens.group().replace("color-scheme: light dark;", "") + (PARTS / "deck.css").read_text("utf-8")


def draw(browser: Browser, html: str, deck: dict[str, Any]) -> list[str]:
    """Write one deck; returns what does not fit."""
    page = browser.new_page(viewport={"width": 960, "height": 540}, device_scale_factor=2)
    page.set_content(html)
    page.evaluate("document.fonts.ready")
    faults: list[str] = page.evaluate(OVERFLOWS)
    picture_feet(page)
    drawn = page.pdf(width="960px", height="540px", print_background=True, tagged=True, prefer_css_page_size=True)
    page.close()
    target = DECKS / f"{deck['slug']}.pdf"
    target.write_bytes(neutral(drawn, deck["uploaded"].strftime("%Y%m%d%H%M%S")))
    if target.stat().st_size > LARGEST:
        faults.append(f"{target.stat().st_size} bytes")
    print(target.relative_to(ROOT), target.stat().st_size)
    return faults


def picture_feet(page: Page) -> None:
    """Turn what stands at the foot of every slide into a picture: as words it would end the text of each slide."""
    for foot in page.locator(".foot").all():
        taken = base64.b64encode(foot.screenshot(scale="device")).decode()
        foot.evaluate(FOOT, f"data:image/png;base64,{taken}")


def neutral(drawn: bytes, stamp: str) -> bytes:
    """The same file without the names of tools and with a fixed date; each value keeps its length, so offsets hold."""
    for name, value in (
        (b"Creator", b"Forsamlingshuset"),
        (b"Producer", b""),
        (b"CreationDate", b"D:" + stamp.encode() + b"+02'00'"),
        (b"ModDate", b"D:" + stamp.encode() + b"+02'00'"),
    ):
        found = re.search(rb"/" + name + rb" ?\(((?:[^()\\]|\\.)*)\)", drawn)
        if found is None:
            continue
        start, end = found.span(1)
        drawn = drawn[:start] + value[: end - start] + b")" + b" " * (end - start - len(value)) + drawn[end + 1 :]
    return drawn


if __name__ == "__main__":
    sys.exit(main())
