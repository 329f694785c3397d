"""The lists of the folder that CORPORA names, line by line as they stand."""

import json
import os
from pathlib import Path

FOLDER = os.environ.get("CORPORA")
MISSING = "CORPORA names no folder of test data"


def payloads():
    """The published list of script injections."""
    path = Path(FOLDER) / "xss-payloadbox"
    found = []
    for file in sorted(path.glob("*.txt")):
        found += [line.decode("utf-8", "replace") for line in file.read_bytes().split(b"\n") if line]
    return found


def mutations():
    """Markup that changes its meaning when it is parsed twice."""
    cases = json.loads((Path(FOLDER) / "dompurify-fixtures" / "fixtures.json").read_text(encoding="utf-8"))
    return [case["payload"] for case in cases]


def bleach_cases():
    """The sanitiser's own test data: what goes in, without what its defaults make of it."""
    files = sorted((Path(FOLDER) / "bleach-tests").glob("*.test"))
    return [file.read_text(encoding="utf-8").split("\n--\n")[0] for file in files]


def markdown():
    """The examples of the Markdown specification."""
    cases = json.loads((Path(FOLDER) / "commonmark" / "examples.json").read_text(encoding="utf-8"))
    return [case["markdown"] for case in cases]


def naughty():
    """Strings that break programs."""
    return json.loads((Path(FOLDER) / "naughty-strings" / "blns.json").read_text(encoding="utf-8"))


def sample(lines, count):
    """About `count` lines, evenly spread over the list."""
    return lines[:: max(1, len(lines) // count)][:count]
