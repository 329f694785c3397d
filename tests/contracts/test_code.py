"""Promises that can be read off the files themselves."""

import io
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from forsamlingshus.kernel import web
from scripts import translations

ROOT = Path(__file__).resolve().parents[2]
CODE = sorted((ROOT / "forsamlingshus").rglob("*.py"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SCRIPTS = sorted((ROOT / "static" / "js").glob("*.js"))


def where(pattern, paths):
    found = re.compile(pattern)
    return [
        f"{path.relative_to(ROOT)}:{number}"
        for path in paths
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if found.search(line)
    ]


def test_commit_stands_in_one_place():
    assert [place.split(":")[0] for place in where(r"\.commit\(", CODE)] == ["forsamlingshus/kernel/db.py"]


def test_markup_is_made_in_one_module():
    makers = {place.split(":")[0] for place in where(r"\bMarkup\(", CODE)}
    assert makers == {"forsamlingshus/kernel/html.py"}


@pytest.mark.parametrize(
    "pattern",
    [
        r"\|\s*safe\b",
        r"\sstyle\s*=",
        r"\son[a-z]+\s*=\s*[\"']",
        r"<script(?![^>]*\bsrc=)",
        r"<style",
        r"javascript:",
        r"autoescape\s+false",
    ],
)
def test_templates_have_nothing_that_a_strict_policy_forbids(pattern):
    assert where(pattern, TEMPLATES) == []


@pytest.mark.parametrize(
    "pattern",
    [r"innerHTML", r"outerHTML", r"insertAdjacentHTML", r"document\.write", r"\beval\(", r"createContextualFragment"],
)
def test_scripts_never_write_html(pattern):
    assert where(pattern, SCRIPTS) == []


def test_scripts_parse_html_in_one_place():
    assert {place.split(":")[0] for place in where(r"parseFromString|createElement\(\"template\"", SCRIPTS)} == {
        "static/js/main.js"
    }


def test_no_address_of_a_third_party_in_pages_scripts_or_styles():
    styles = sorted((ROOT / "static" / "css").glob("*.css"))
    assert where(r"https?://(?!www\.w3\.org/)", [*TEMPLATES, *SCRIPTS, *styles]) == []


def test_no_pickle_and_no_plain_random():
    assert where(r"\bimport pickle|\bimport random\b|from random import|yaml\.load", CODE) == []


def test_no_sql_is_built_from_strings():
    assert where(r"text\(f[\"']|execute\(f[\"']", [path for path in CODE if path.name != "db.py"]) == []


def test_every_string_is_translated_and_none_is_left_over():
    here, there = translations.used(), translations.translated()
    assert {message: place for message, place in here.items() if message not in there} == {}
    assert {message: file for message, file in there.items() if message not in here} == {}


def test_every_hint_ends_with_a_full_stop():
    page = "\n".join(path.read_text(encoding="utf-8") for path in TEMPLATES)
    hints = set(re.findall(r'hint=_\("((?:[^"\\]|\\.)*)"\)', page))
    assert len(hints) > 30
    assert sorted(hint for hint in hints if not hint.endswith(".")) == []
    in_danish = {}
    for file in (ROOT / "forsamlingshus" / "translations" / "da").glob("*.po"):
        in_danish |= {entry.id: entry.string for entry in read_po(io.BytesIO(file.read_bytes()), locale="da")}
    assert sorted(hint for hint in hints if not in_danish[hint].endswith(".")) == []


def test_vendored_files_are_what_the_checksums_say():
    import hashlib

    for folder in (ROOT / "static" / "vendor", ROOT / "tests" / "vendor"):
        for line in (folder / "SHA256SUMS").read_text().splitlines():
            digest, _, name = line.partition("  ")
            assert hashlib.sha256((folder / name.strip()).read_bytes()).hexdigest() == digest, name


def test_every_field_of_words_is_given_back_when_its_write_is_refused():
    forms = [path for path in CODE if path.name == "forms.py"]
    fields = re.findall(r"^    (\w+) = text_(?:field|area)\(", "\n".join(map(Path.read_text, forms)), re.MULTILINE)
    assert len(set(fields)) > 10
    assert sorted(set(fields) - set(web.KEPT_FIELDS)) == []
