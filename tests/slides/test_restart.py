"""A real server that is killed in the middle of a deck: the next start takes it up."""

import pytest

from tests.browser.house import House

BEGUN = """
  SELECT deck.id, page_count, count(*) FROM deck JOIN slide ON deck_id = deck.id
  WHERE state = 'drawing' GROUP BY deck.id
"""
SLIDES = "SELECT no FROM slide WHERE deck_id = ? ORDER BY no"


@pytest.fixture
def house(tmp_path):
    house = House(tmp_path, "borgermoede")
    house.prepare()
    yield house
    house.close()


def test_deck_of_a_killed_server_is_taken_up_by_the_next(house):
    house.serve()
    house.wait(lambda: house.rows(BEGUN))
    house.kill()
    deck_id, pages, drawn = house.rows(BEGUN)[0]
    assert 0 < drawn < pages
    house.serve()
    house.wait(lambda: house.value("SELECT state FROM deck WHERE id = ?", deck_id) == "ready")
    assert [no for (no,) in house.rows(SLIDES, deck_id)] == list(range(1, pages + 1))
