"""Documentation and code say the same, in both directions."""

import dataclasses
import importlib
import re
from pathlib import Path
from urllib.parse import unquote

import click
import pytest

import config
from forsamlingshus import app
from forsamlingshus.kernel.events import Event

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
README_LINES = 110
LINK = re.compile(r"!?\[[^\]\n]*\]\(<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\)|^\[[^\]\n]+\]:\s*<?([^\s>]+)>?", re.MULTILINE)
CODE = re.compile(r"^```.*?^```[^\n]*$|`[^`\n]+`", re.MULTILINE | re.DOTALL)
ANCHOR_DROPS = re.compile(r"[^\w\- ]")


def sections(name):
    """The second-level headings of a page and the text below each."""
    _before, *parts = re.split(r"^## +", (DOCS / name).read_text(encoding="utf-8"), flags=re.MULTILINE)
    headings = [part.partition("\n")[0].strip() for part in parts]
    assert len(headings) == len(set(headings)), f"{name} has a section twice"
    return dict(zip(headings, parts, strict=True))


def walk(command, path):
    if isinstance(command, click.Group):
        for name, below in command.commands.items():
            yield from walk(below, f"{path} {name}")
    else:
        yield path, command


COMMANDS = {path: command for top in app.COMMANDS for path, command in walk(top, f"flask {top.name}")}


def event_classes():
    """Every event class, by the module that defines it."""
    found = {}
    for path in sorted((ROOT / "forsamlingshus").glob("*/events.py")):
        module = importlib.import_module(f"forsamlingshus.{path.parent.name}.events")
        for name, thing in vars(module).items():
            if isinstance(thing, type) and issubclass(thing, Event) and thing.__module__ == module.__name__:
                assert name not in found, f"two events are named {name}"
                found[name] = thing
    del found["Event"]
    return found


EVENTS = event_classes()


def anchors(text):
    """The anchors that headings get on the usual hosts."""
    titles = re.findall(r"^#{1,6} +(.+?) *#*$", CODE_BLOCK.sub("", text), flags=re.MULTILINE)
    return {ANCHOR_DROPS.sub("", title.lower()).replace(" ", "-") for title in titles}


CODE_BLOCK = re.compile(r"^```.*?^```[^\n]*$", re.MULTILINE | re.DOTALL)


def links(page):
    text = CODE.sub("", page.read_text(encoding="utf-8"))
    return [unquote(inline or reference) for inline, reference in LINK.findall(text)]


def is_broken(page, link):
    """True for a relative link whose file or heading does not exist."""
    if re.match(r"[a-z][a-z0-9+.-]*:", link):
        return False
    path, _hash, anchor = link.partition("#")
    target = (page.parent / path).resolve() if path else page
    if not target.is_relative_to(ROOT) or not target.exists():
        return True
    return bool(anchor) and target.suffix == ".md" and anchor not in anchors(target.read_text(encoding="utf-8"))


def test_every_setting_is_documented_and_no_other():
    known = {f"{config.PREFIX}{field.name.upper()}" for field in dataclasses.fields(config.Settings)}
    assert set(sections("settings.md")) == known


def test_every_command_is_documented_and_no_other():
    assert set(sections("commands.md")) == set(COMMANDS)


@pytest.mark.parametrize("path", COMMANDS)
def test_section_of_a_command_names_its_arguments_and_options_and_no_other(path):
    text = sections("commands.md")[path]
    parameters = COMMANDS[path].params
    options = {flag for p in parameters if isinstance(p, click.Option) for flag in [*p.opts, *p.secondary_opts]}
    assert set(re.findall(r"(?<![\w-])--?[a-z][a-z0-9-]*", text)) == options
    for argument in (p for p in parameters if isinstance(p, click.Argument)):
        assert f"`{argument.metavar or argument.name.upper()}`" in text


def test_every_event_is_documented_and_no_other():
    assert set(sections("events.md")) == set(EVENTS)


@pytest.mark.parametrize("name", EVENTS)
def test_section_of_an_event_names_its_fields_and_who_listens(name):
    text = sections("events.md")[name]
    own = {field.name for field in dataclasses.fields(EVENTS[name])} - {"actor_id"}
    listed = re.search(r"^- Fields: (.*)$", text, re.MULTILINE)
    assert listed is not None
    assert set(re.findall(r"`(\w+)` \(", listed[1])) == own
    heard = re.search(r"^- Listens: (.*)$", text, re.MULTILINE)
    assert heard is not None
    handlers = app.SUBSCRIBERS.get(EVENTS[name], ())
    expected = {f"{handler.__module__.removeprefix('forsamlingshus.')}.{handler.__qualname__}" for handler in handlers}
    assert set(re.findall(r"`([\w.]+)`", heard[1])) == expected


def test_readme_is_short():
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= README_LINES


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_relative_links_lead_somewhere(page):
    assert [link for link in links(page) if is_broken(page, link)] == []


def test_changelog_says_what_changed():
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(r"^## \[?(Unreleased|\d+\.\d+\.\d+)\b", text, re.MULTILINE)


def test_decisions_are_numbered_without_a_gap_and_short():
    found = sorted((DOCS / "decisions").glob("*.md"))
    assert [int(path.name[:4]) for path in found] == list(range(1, len(found) + 1))
    long = [path.name for path in found if len(path.read_text(encoding="utf-8").splitlines()) > 35]
    assert long == []
