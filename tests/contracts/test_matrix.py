"""The matrix of permissions: every route, asked by everybody, about own and foreign objects. No row, no route."""

import pytest

from tests.contracts import matrix

ROWS = matrix.rows()


@pytest.fixture(autouse=True)
def clean():
    """The scene stays from test to test."""


def test_every_route_has_a_row(app):
    assert {(row.method, row.endpoint) for row in ROWS} == matrix.declared(app)
    assert len({row[:3] for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_everybody_gets_what_the_row_says(scene, row):
    assert matrix.asked(scene, row) == row.wanted
