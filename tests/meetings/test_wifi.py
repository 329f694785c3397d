"""The wifi of the hall: typed by staff, on the wall and the poster, and in a code that a phone reads."""

import pytest

from forsamlingshus.kernel.db import transaction
from forsamlingshus.meetings import rules
from forsamlingshus.meetings.models import Meeting
from forsamlingshus.stages.models import Stage
from tests.meetings.test_planning import FACTS, PLAN

NAME, PASSWORD = "Salens \N{LATIN SMALL LETTER AE}ske; 5\\G", 'hemmelig:"ord"'


@pytest.fixture
def meeting(meetings, at):
    at("2023-05-03T19:00:00+02:00")
    return meetings.add(join_code="K7QFX")


def store(meeting, name=NAME, password=PASSWORD):
    with transaction() as session:
        row = session.get_one(Meeting, meeting.id)
        row.wifi_name, row.wifi_password = name, password
        return row.stage_id


@pytest.mark.parametrize(
    ("name", "password", "said"),
    [
        ("Salen", "", "WIFI:T:nopass;S:Salen;;"),
        ("Salen", "hemmelig1", "WIFI:T:WPA;S:Salen;P:hemmelig1;;"),
        ('a;b,c:d"e\\f', "12345678;", 'WIFI:T:WPA;S:a\\;b\\,c\\:d\\"e\\\\f;P:12345678\\;;;'),
    ],
)
def test_code_says_name_and_password_with_their_signs_escaped(name, password, said):
    assert rules.wifi_address(name, password) == said


def test_wall_and_poster_show_the_network_and_its_code(client, session, meeting):
    wall = session.get_one(Stage, meeting.stage_id).hall_path
    for path in (wall, "/m/K7QFX/plakat"):
        assert "wifi.svg" not in client.get(path).get_data(as_text=True)
    assert client.get("/m/K7QFX/wifi.svg").status_code == 404
    store(meeting)
    for path in (wall, "/m/K7QFX/plakat"):
        page = client.get(path).get_data(as_text=True)
        assert "Salens æske; 5\\G" in page and "hemmelig:&#34;ord&#34;" in page and "/m/K7QFX/wifi.svg" in page
    code = client.get("/m/K7QFX/wifi.svg")
    assert code.status_code == 200 and code.mimetype == "image/svg+xml"


def test_open_network_says_that_it_needs_no_password(client, meeting):
    store(meeting, password="")
    assert "Ingen adgangskode" in client.get("/m/K7QFX/plakat").get_data(as_text=True)


def test_staff_write_the_network_on_the_planning_page(client, build, session, meeting):
    client.log_in(build.user(roles=["staff"]))
    form = {**FACTS, "edition": "1", "wifi_name": NAME, "wifi_password": PASSWORD}
    assert client.send(f"{PLAN}/ret", form, token_from=f"{PLAN}/ret").status_code == 303
    session.expire_all()
    kept = session.get_one(Meeting, meeting.id)
    assert (kept.wifi_name, kept.wifi_password) == (NAME, PASSWORD)
    page = client.get(f"{PLAN}/ret").get_data(as_text=True)
    assert "Offentlig: Den står på storskærmen og plakaten" in page and "Salens æske" in page


@pytest.mark.parametrize(
    ("name", "password", "sentence"),
    [
        ("ø" * 17, "", "Så langt et navn har ingen wifi"),
        ("Salen", "kort", "har 8 til 63 tegn"),
        ("Salen", "rødgrød med fløde", "har 8 til 63 tegn"),
        ("Salen", "x" * 64, "har 8 til 63 tegn"),
        ("", "hemmelig1", "Skriv navnet på den wifi"),
    ],
)
def test_what_no_network_has_is_refused_and_comes_back(client, build, session, meeting, name, password, sentence):
    client.log_in(build.user(roles=["staff"]))
    form = {**FACTS, "edition": "1", "wifi_name": name, "wifi_password": password}
    answer = client.send(f"{PLAN}/ret", form, token_from=f"{PLAN}/ret")
    page = answer.get_data(as_text=True).replace("\N{NO-BREAK SPACE}", " ")
    assert answer.status_code == 422 and sentence in page
    assert f'value="{name}"' in page and f'value="{password}"' in page
    session.expire_all()
    assert session.get_one(Meeting, meeting.id).wifi_name == ""
