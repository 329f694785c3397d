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


@pytest.mark.parametrize("document", PAGES, ids=lambda document: str(document.relative_to(ROOT)))
def test_relative_links_lead_somewhere(document):
    assert [link for link in links(document) if is_broken(document, link)] == []


def test_changelog_says_what_changed():
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(r"^## \[?(Unreleased|\d+\.\d+\.\d+)\b", text, re.MULTILINE)


def test_decisions_are_numbered_without_a_gap_and_short():
    found = sorted((DOCS / "decisions").glob("*.md"))
    assert [int(path.name[:4]) for path in found] == list(range(1, len(found) + 1))
    long = [path.name for path in found if len(path.read_text(encoding="utf-8").splitlines()) > 35]
    assert long == []


PLAIN_DEFAULTS = {
    field.name: getattr(config.load({}), field.name)
    for field in dataclasses.fields(config.Settings)
    if field.name not in {"data_dir", "database_url"} and getattr(config.load({}), field.name)
}


@pytest.mark.parametrize("name", PLAIN_DEFAULTS)
def test_section_of_a_setting_names_its_default(name):
    section = sections("settings.md")[f"{config.PREFIX}{name.upper()}"]
    told = re.search(r"^- Default: `([^`]+)`", section, re.MULTILINE)
    assert told is not None
    assert told[1] == str(PLAIN_DEFAULTS[name])


def bounds_told():
    """Lowest and highest value of each setting that is a number, as the page says it."""
    found = {name: re.search(r"number from (\d+)\s+to\s+(\d+)", text) for name, text in sections("settings.md").items()}
    return {name: (int(match[1]), int(match[2])) for name, match in found.items() if match}


def test_numbers_among_the_settings_have_bounds_on_the_page():
    numbers = [name for name, value in PLAIN_DEFAULTS.items() if isinstance(value, int)]
    assert {f"{config.PREFIX}{name.upper()}" for name in [*numbers, "trusted_proxies"]} == set(bounds_told())


@pytest.mark.parametrize("name", bounds_told())
def test_bounds_of_a_setting_are_those_of_the_code(name):
    low, high = bounds_told()[name]
    for beyond in (low - 1, high + 1):
        with pytest.raises(config.SettingsError, match=f"from {low} to {high},"):
            config.load({name: str(beyond)})


FOLDERS = "forsamlingshus|templates|static|migrations|tests|docs|deploy|bench|scripts"


def missing_paths(text):
    """Paths in backquotes that begin with a folder of the project and lead nowhere."""
    named = re.findall(rf"`((?:{FOLDERS})/[\w./-]*)`", text)
    return sorted({path for path in named if not (ROOT / path).exists()})


def test_path_that_does_not_exist_is_found():
    assert missing_paths("`tests/contracts/test_docs.py` `tests/gone.py` `tests/<slice>/x.py`") == ["tests/gone.py"]


@pytest.mark.parametrize("document", PAGES, ids=lambda document: str(document.relative_to(ROOT)))
def test_paths_that_a_page_names_exist(document):
    assert missing_paths(document.read_text(encoding="utf-8")) == []


def test_pictures_are_light_and_shown():
    shown = {(page.parent / link).resolve() for page in PAGES for link in links(page)}
    for picture in (DOCS / "images").iterdir():
        assert picture.stat().st_size < 250_000
        assert picture in shown


def test_version_is_the_same_wherever_it_stands():
    found = re.search(r'^version = "(.+)"$', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)
    assert found is not None
    assert f"version: {found[1]}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"softwareVersion: {found[1]}\n" in (ROOT / "publiccode.yml").read_text(encoding="utf-8")
    assert found[1] in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
