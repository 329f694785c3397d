"""The timeline as a page and as calendar files."""

from datetime import UTC, date, datetime, timedelta

import icalendar
import pytest

from forsamlingshus.kernel.db import transaction
from forsamlingshus.process import actions, queries
from tests.pages import readable

MILESTONES = [
    {
        "key": "borgermoede",
        "title_da": "Borgermøde",
        "title_en": "Citizen meeting",
        "starts_at": "2023-05-03T18:30:00+02:00",
        "ends_at": "2023-05-03T20:30:00+02:00",
        "precision": "moment",
        "place": "Rådhuset, sal 1",
        "path": "/budget/2024/borgermoede",
    },
    {
        "key": "katalogarbejde",
        "title_da": "Forvaltningen arbejder",
        "title_en": "The administration works",
        "starts_at": "2023-05-04T00:00:00+02:00",
        "ends_at": "2023-08-20T00:00:00+02:00",
        "certain": False,
        "note_da": "De præcise dage kendes ikke",
    },
    {
        "key": "aftale",
        "title_da": "Principaftale",
        "title_en": "Agreement",
        "starts_at": "2023-06-01T00:00:00+02:00",
        "precision": "month",
    },
    {"key": "foerste", "title_da": "1. behandling", "title_en": "First reading", "starts_at": None, "certain": False},
    {"key": "frist", "title_da": "Høringsfrist", "title_en": "Deadline", "starts_at": "2023-09-07T00:00:00+02:00"},
]


@pytest.fixture
def year(build):
    build.year(2024)
    with transaction() as session:
        row = queries.year_of(session, 2024)
        for values in MILESTONES:
            dates = {k: datetime.fromisoformat(v) for k, v in values.items() if k.endswith("_at") and v}
            actions.add_milestone(session, budget_year=row, kind="x", **{**values, **dates})


def events(response):
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    calendar = icalendar.Calendar.from_ical(response.data)
    return {str(event["UID"]): event for event in calendar.walk("VEVENT")}


def test_timeline_folds_what_is_over(client, year, at):
    at("2023-05-03T20:31:00+02:00")
    page = readable(client.get("/budget/2024/tidsplan"))
    folded, _, coming = page.partition('id="coming"')
    assert "Vis 1 dato, der er forbi" in folded
    assert "onsdag den 3. maj 2023 fra kl. 18.30 til kl. 20.30, Rådhuset, sal 1" in folded
    assert "Høringsfrist" not in folded
    assert coming.index("Forvaltningen arbejder") < coming.index("Principaftale") < coming.index("Høringsfrist")


def test_timeline_names_what_is_under_way(client, year, at):
    at("2023-05-03T18:35:00+02:00")
    running, _, coming = readable(client.get("/budget/2024/tidsplan")).partition('id="coming"')
    assert "Lige nu" in running and "onsdag den 3. maj 2023 fra kl. 18.30" in running
    assert "onsdag den 3. maj 2023" not in coming
    at("2023-05-03T18:29:00+02:00")
    assert "onsdag den 3. maj 2023" in readable(client.get("/budget/2024/tidsplan")).partition('id="coming"')[2]


def test_timeline_folds_nothing_a_minute_before_the_first_end(client, year, at):
    at("2023-05-03T20:29:00+02:00")
    assert "der er forbi" not in readable(client.get("/budget/2024/tidsplan"))


def test_timeline_says_what_is_not_known(client, year, at):
    at("2023-04-01T12:00:00+02:00")
    page = readable(client.get("/budget/2024/tidsplan"))
    assert "Datoen er ikke kendt" in page
    assert "I juni 2023. Dagen er ikke kendt" in page
    assert "Datoen er ikke sikker" in page
    assert "De præcise dage kendes ikke" in page
    assert "/tidsplan/foerste.ics" not in page
    assert "/tidsplan/aftale.ics" not in page
    assert "/tidsplan/katalogarbejde.ics" in page


def test_timeline_in_english(client, year):
    page = readable(client.get("/budget/2024/tidsplan?sprog=en"))
    assert "Timeline for Budget 2024" in page
    assert "Citizen meeting" in page


def test_timeline_of_a_year_without_dates_says_so(client, build):
    build.year(2030)
    assert "Datoerne er ikke sat endnu" in client.get("/budget/2030/tidsplan").get_data(as_text=True)


@pytest.mark.parametrize("path", ["tidsplan", "tidsplan.ics", "tidsplan/frist.ics"])
def test_year_that_does_not_exist_is_not_found(client, path):
    assert client.get(f"/budget/2099/{path}").status_code == 404


def test_meeting_is_an_event_in_danish_time(client, year):
    (event,) = events(client.get("/budget/2024/tidsplan/borgermoede.ics")).values()
    assert event["DTSTART"].params["TZID"] == "Europe/Copenhagen"
    assert event.decoded("DTSTART").astimezone(UTC) == datetime(2023, 5, 3, 16, 30, tzinfo=UTC)
    assert event.decoded("DTEND").astimezone(UTC) == datetime(2023, 5, 3, 18, 30, tzinfo=UTC)
    assert (str(event["SUMMARY"]), str(event["LOCATION"])) == ("Borgermøde", "Rådhuset, sal 1")
    assert str(event["URL"]) == "http://127.0.0.1:8000/budget/2024/borgermoede"


def test_day_is_an_all_day_event(client, year):
    (event,) = events(client.get("/budget/2024/tidsplan/frist.ics")).values()
    assert event["DTSTART"].params["VALUE"] == "DATE"
    assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (date(2023, 9, 7), date(2023, 9, 8))


def test_period_ends_after_its_last_day_and_is_tentative_when_uncertain(client, year):
    (event,) = events(client.get("/budget/2024/tidsplan/katalogarbejde.ics")).values()
    assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (date(2023, 5, 4), date(2023, 8, 21))
    assert str(event["STATUS"]) == "TENTATIVE"


@pytest.mark.parametrize("key", ["foerste", "aftale"])
def test_date_without_a_day_has_no_file_but_a_sentence(client, year, key):
    answer = client.get(f"/budget/2024/tidsplan/{key}.ics")
    assert answer.status_code == 404
    assert "Datoen er ikke kendt endnu" in answer.get_data(as_text=True)


def test_unknown_date_is_not_found(client, year):
    assert client.get("/budget/2024/tidsplan/findes-ikke.ics").status_code == 404


def test_whole_timeline_holds_every_known_day(client, year):
    found = events(client.get("/budget/2024/tidsplan.ics"))
    assert set(found) == {f"budget-2024-{key}@127.0.0.1" for key in ("borgermoede", "katalogarbejde", "frist")}


def test_uid_stays_when_the_date_moves(client, year):
    before = set(events(client.get("/budget/2024/tidsplan/frist.ics")))
    with transaction() as session:
        row = queries.year_of(session, 2024)
        later = datetime.fromisoformat("2023-09-14T00:00:00+02:00")
        actions.add_milestone(session, budget_year=row, key="frist", starts_at=later)
    after = events(client.get("/budget/2024/tidsplan/frist.ics"))
    assert set(after) == before
    assert next(iter(after.values())).decoded("DTSTART") == date(2023, 9, 14)


@pytest.mark.parametrize(
    ("starts_at", "hours"),
    [("2023-03-26T00:30:00+01:00", 3), ("2023-10-29T00:30:00+02:00", 5), ("2023-10-30T00:30:00+01:00", 4)],
    ids=["the night that loses an hour", "the night that gains one", "an ordinary night"],
)
def test_time_zone_of_the_file_itself_knows_the_nights_when_clocks_change(client, build, starts_at, hours):
    """From half past twelve to half past four on the wall is not always four hours."""
    build.year(2024)
    start = datetime.fromisoformat(starts_at)
    wall_end = start.replace(tzinfo=None) + timedelta(hours=4)
    with transaction() as session:
        row = queries.year_of(session, 2024)
        actions.add_milestone(
            session,
            budget_year=row,
            key="nat",
            kind="x",
            title_da="Nat",
            title_en="Night",
            precision="moment",
            starts_at=start,
            ends_at=start.astimezone(UTC) + timedelta(hours=hours),
        )
    calendar = icalendar.Calendar.from_ical(client.get("/budget/2024/tidsplan/nat.ics").data)
    (zone,) = calendar.walk("VTIMEZONE")
    (event,) = calendar.walk("VEVENT")
    assert event.decoded("DTEND").replace(tzinfo=None) == wall_end
    own = zone.to_tz()
    begins, ends = (event.decoded(name).replace(tzinfo=own) for name in ("DTSTART", "DTEND"))
    assert ends.astimezone(UTC) - begins.astimezone(UTC) == timedelta(hours=hours)
