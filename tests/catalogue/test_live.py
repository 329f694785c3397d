"""What other pages show of the catalogue."""

from types import SimpleNamespace

from forsamlingshus.catalogue import live
from forsamlingshus.kernel import clock
from tests.catalogue.conftest import text


def workshop(writing):
    return SimpleNamespace(theme_id=writing.theme.id, year=2024)


def test_workshop_slot_shows_published_proposals_of_its_theme_only(writing, at):
    at("2023-08-21T11:00:00+02:00")
    other = writing.build.theme(writing.year, slug="groen")
    writing.proposal(title="Fra temaet", number=17)
    writing.proposal(title="Kladde fra temaet", status="draft")
    writing.proposal(title="Fra et andet tema", theme=other)
    assert live.workshop_slot(workshop(writing)) == ""
    writing.publish(clock.now().replace(hour=10, minute=0, second=0, microsecond=0))
    assert live.workshop_slot(workshop(writing)) == ""
    at("2023-08-21T12:00:00+02:00")
    html = live.workshop_slot(workshop(writing))
    assert "Fra temaet" in html
    assert 'href="/budget/2024/katalog/17"' in html
    assert "Kladde fra temaet" not in html
    assert "Fra et andet tema" not in html


def test_workshop_slot_is_empty_where_the_theme_has_no_proposal(writing):
    writing.publish()
    assert live.workshop_slot(workshop(writing)) == ""


def test_board_column_shows_drafts_sources_and_what_is_missing(writing, staff):
    _said, row = writing.collected()
    writing.proposal(-400, -600, -600, -24_100, inputs=[row], number=17)
    writing.proposal(0, 0, 0, 0, title="Uden kilde", source="workshop", status="draft")
    writing.control(47, -28_000)
    page = text(staff.get("/arbejde/input?kolonne=forslag"))
    assert "1 kladde, 1 klar" in page
    assert "2024: -0,4, 2027: -24,1 mio. kr." in page
    assert "Mangler kilde" in page
    assert "24,1 af 28,0 mio. kr." in page
    assert "Der mangler 3,9 mio. kr." in page


def test_board_column_follows_the_theme_but_the_sum_is_of_all(writing, staff):
    other = writing.build.theme(writing.year, slug="groen")
    writing.proposal(-1, -1, -1, -1000, title="Her")
    writing.proposal(-1, -1, -1, -500, title="Der", theme=other)
    page = text(staff.get("/arbejde/input?kolonne=forslag&tema=groen"))
    assert "Der</a>" in page
    assert "Her</a>" not in page
    assert "-1,5 mio. kr." in page
