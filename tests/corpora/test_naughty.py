"""Strings that break programs, through every text field of every form: no fault, nothing lost, nothing slow."""

import logging
import time

import pytest

from tests.corpora import lists
from tests.corpora.hall import OTHERS, TEXTS

pytestmark = pytest.mark.skipif(not lists.FOLDER, reason=lists.MISSING)

STRINGS = lists.naughty() if lists.FOLDER else []
SECOND = 1.0
"""Of the processor, not of the clock: a busy machine must not fail a test."""


@pytest.fixture(autouse=True)
def clean():
    """The rows of the hall stay from test to test."""


@pytest.fixture(autouse=True)
def lines():
    """Every line that is logged meanwhile."""
    found = []
    handler = logging.Handler()
    handler.emit = lambda record: found.append(record.getMessage())
    root = logging.getLogger()
    root.addHandler(handler)
    yield found
    root.removeHandler(handler)
    assert [line for line in found if len(line.splitlines()) > 1 or not line.isprintable()] == []


def typed(hall, field, strings):
    """Type strings in a field; yields each with its status, and in the end refuses faults and slowness."""
    answers = []
    for string in strings:
        began = time.process_time()
        status = field.send(hall, string).status_code
        answers.append((string, status, time.process_time() - began))
        yield string, status
    assert [answer for answer in answers if answer[1] >= 500] == []
    assert [answer for answer in answers if answer[2] > SECOND] == []


@pytest.mark.parametrize("field", OTHERS, ids=lambda field: field.name)
def test_other_fields_and_arguments_never_fault(hall, field):
    """A third of the strings each, so that all of them are met by several fields: some of these pages are long."""
    strings = STRINGS[OTHERS.index(field) % 3 :: 3]
    assert len(list(typed(hall, field, strings))) == len(strings) > 100


@pytest.mark.parametrize("field", TEXTS, ids=lambda field: field.name)
def test_text_comes_back_unchanged_or_is_refused(hall, field):
    accepted, changed = 0, []
    for string, status in typed(hall, field, STRINGS):
        if status == 303:
            accepted += 1
            kept, wanted = field.kept(hall), field.tidied(string)
            if kept != wanted:
                changed.append((string, kept, wanted))
    assert changed == []
    assert accepted > len(STRINGS) / 4, "so few are accepted that nothing is shown"
