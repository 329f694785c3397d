"""No list page reads a whole table that grows: the plan of every statement it sends, on the loaded demo."""

import re

import pytest
from sqlalchemy import text

from tests.queries import listened

GROWS = {
    "post",
    "contribution",
    "thread",
    "quote",
    "fate",
    "input_use",
    "reaction",
    "event",
    "draft",
    "participant",
    "read_mark",
    "login_session",
    "author",
    "user",
    "slide",
    "amount",
    "proposal",
    "input",
}
pytestmark = pytest.mark.sqlite  # PostgreSQL decides by the number of rows, and here are few
THEME = "/budget/2024/temaer/trivsel-laering-og-faellesskaber"
PAGES = [
    "/",
    "/budget/2024",
    "/budget/2024/borgermoede",
    "/budget/2024/temaer",
    THEME,
    f"{THEME}?sorter=vigtigst",
    f"{THEME}?sorter=uden-svar",
    "/budget/2024/katalog",
    "/budget/2024/katalog/17",
    "/budget/2024/input/1",
    "/arbejde/input",
    "/arbejde/input?tema=trivsel-laering-og-faellesskaber",
    "/arbejde/forslag",
    "/arbejde/forslag/17",
    "/arbejde/moderation",
    "/min-side/kladder",
    "/styring",
]


def statements(app, work):
    """Each SELECT that `work` sends, with its values."""
    with listened(app) as sent:
        work()
    return [(statement, values) for statement, values in sent if statement.lstrip().startswith("SELECT")]


def scans(session, statement, parameters):
    """The growing tables that a statement reads from end to end, without an index."""
    connection = session.connection().connection.driver_connection
    plan = connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters).fetchall()
    lines = [row[3] for row in plan]
    found = {match.group(1) for line in lines if (match := re.match(r"SCAN (\w+)$", line))}
    return {table for name in found if (table := re.sub(r"_\d+$", "", name)) in GROWS}


@pytest.mark.parametrize("path", PAGES)
def test_page_scans_no_table_that_grows(app, chapter, client, session, path):
    password = chapter("katalog").password
    client.log_in("medarbejder@forsamlingshus.example", password)
    client.get("/")
    sent = statements(app, lambda: client.get(path))
    assert sent
    bad = {statement: scans(session, statement, parameters) for statement, parameters in sent}
    assert {statement: tables for statement, tables in bad.items() if tables} == {}


def test_scan_would_be_found(session):
    assert scans(session, "SELECT * FROM post WHERE source = ?", ("x",)) == {"post"}
    assert scans(session, "SELECT * FROM post WHERE id = ?", (1,)) == set()
    session.execute(text("SELECT 1"))
