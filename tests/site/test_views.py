"""Front page and budget page at each chapter, the text pages, and an instance with nothing in it."""

import re

import pytest

from forsamlingshus.discussions import actions as discussions
from forsamlingshus.discussions.models import Forum
from forsamlingshus.kernel import clock
from forsamlingshus.kernel.db import transaction
from forsamlingshus.kernel.permissions import Who
from forsamlingshus.site.views.texts import PAGES
from tests.pages import readable
from tests.queries import counted

EVENING, HEARING = "2023-05-03T18:35:00+02:00", "2023-08-21T12:00:00+02:00"


def text(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    return readable(answer)


def heading(page):
    return re.search(r"<h1>(.*?)</h1>", page).group(1)


def write(build, workshop, title="Skal hallen åbne før?", user=None):
    user = user or build.user()
    who = Who(now=clock.now(), author_id=user.author_id, user_id=user.id, opened=frozenset({(2024, "discuss")}))
    with transaction() as session:
        forum = session.get_one(Forum, workshop.forum_id)
        return discussions.open_thread(
            session, who=who, forum=forum, title=title, body="Vi svømmer.", client_id=f"test-{title[:20]}-{user.id}"
        )[0]


def test_empty_instance_is_calm(client):
    page = text(client, "/")
    assert heading(page) == "Her er ikke sat noget op endnu"
    assert "flask" not in page
    assert client.get("/budget/2024").status_code == 404


def test_year_without_anything_says_that_it_is_on_its_way(client, build):
    build.year(2024, activities=())
    assert heading(text(client, "/")) == "Budget 2024 er på vej"
    page = text(client, "/budget/2024")
    assert "Høringen" not in page
    assert "Temaerne i budgettet" not in page


@pytest.mark.parametrize(
    ("now", "hero", "panel"),
    [
        ("2023-04-01T12:00:00+02:00", "Debatten åbner 17. april", "Debatten åbner 17. april"),
        ("2023-04-20T12:00:00+02:00", "Debatten er åben. Hvad er vigtigt for dig?", "Debatten er åben"),
        (EVENING, "Mødet er i gang. Følg med her", "Mødet er i gang"),
        ("2023-06-12T12:00:00+02:00", "Nu skriver forvaltningen forslagene", "Forvaltningen laver budgetkataloget"),
        (HEARING, "Høringen er åben. Hvad mener du?", "Høringen er åben. Alle kan skrive"),
        ("2023-09-20T12:00:00+02:00", "Politikerne forhandler om budgettet", "Politikerne forhandler"),
        ("2023-11-01T12:00:00+01:00", "Budget 2024 er vedtaget", "Budget 2024 er vedtaget"),
    ],
)
def test_both_pages_say_what_is_open(client, whole, at, now, hero, panel):
    at(now)
    assert heading(text(client, "/")) == hero
    page = text(client, "/budget/2024")
    assert re.search(r'<h2 id="now-title">(.*?)</h2>', page).group(1) == panel


def test_front_page_on_the_evening_of_the_meeting(client, whole, at):
    at(EVENING)
    page = text(client, "/")
    assert 'href="/budget/2024/borgermoede">Følg mødet' in page
    assert "Til onsdag den 3. maj 2023 kl. 20.30" in page
    assert "Budgettets trin. Vi er ved trin 1 af 6" in page
    assert page.count('aria-current="step"') == 1
    assert "åben til og med 20. maj" in page
    assert "21. august" in page
    assert "/katalog" not in page


def test_front_page_on_the_first_day_of_the_hearing(client, whole, at):
    at(HEARING)
    page = text(client, "/")
    assert "<strong>17 dage tilbage</strong>, til torsdag den 7. september 2023 kl. 23.59" in page
    assert 'href="/budget/2024/katalog">Læs de 2 forslag' in page
    assert 'href="/budget/2024#hoering">Sådan sender du et svar' in page
    assert "28,0 mio. kr., når alt er indført" in page
    assert "2 forslag" in page


def test_hearing_card_gives_the_mailbox_as_text_while_it_is_of_use(client, whole, at):
    seen = {}
    for now in ("2023-08-01T12:00:00+02:00", HEARING, "2023-09-08T12:00:00+02:00"):
        at(now)
        page = text(client, "/budget/2024")
        assert 'id="hoering"' in page
        assert "mailto:budget" not in page
        seen[now[:10]] = "Høringssvar sendes på mail til budget@example.org." in page
    assert seen == {"2023-08-01": True, "2023-08-21": True, "2023-09-08": False}


def test_panel_names_the_date_that_comes_next_with_its_file(client, whole, at):
    at("2023-06-12T12:00:00+02:00")
    page = text(client, "/budget/2024")
    assert "Næste: Høringen åbner, 21. august." in page
    assert 'href="/budget/2024/tidsplan/hoering-aabner.ics"' in page


def test_panel_of_the_hearing_names_the_meeting_that_gets_the_responses(client, whole, at):
    at(HEARING)
    assert "Politikerne får alle svar inden mødet 12. september." in text(client, "/budget/2024")


def test_red_thread_counts_what_has_happened(client, course, build, at):
    at("2023-04-20T12:00:00+02:00")
    course.year()
    workshop = course.meeting()[2]
    page = text(client, "/budget/2024")
    assert re.findall(r"fh-spor-next", page) == ["fh-spor-next"] * 4
    write(build, workshop)
    write(build, workshop, "Klubberne")
    page = text(client, "/budget/2024")
    assert "<strong>2</strong>" in page
    assert "i 2 tråde" in page
    assert len(re.findall(r"fh-spor-next", page)) == 3


def dates_of_steps(page):
    found = re.findall(r'<span class="fh-phase-date">(.*?)</span>\s*</span>', page, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]*>", " ", one).split()) for one in found]


@pytest.mark.parametrize(
    ("now", "dates"),
    [
        ("2023-04-20T12:00:00+02:00", ["Lige nu, på vej mod 3. maj", "åben til og med 20. maj", "21. august"]),
        (EVENING, ["Lige nu, i dag", "åben til og med 20. maj", "21. august"]),
        (
            "2023-06-12T12:00:00+02:00",
            ["Afsluttet: 3. maj", "Afsluttet: 17. april – 20. maj", "Lige nu, på vej mod 21. august"],
        ),
        (HEARING, ["Afsluttet: 3. maj", "Afsluttet: 17. april – 20. maj", "Afsluttet: 21. august"]),
    ],
)
def test_steps_say_when_they_happen(client, whole, at, now, dates):
    at(now)
    found = dates_of_steps(text(client, "/"))
    assert found[:3] == dates
    hearing = "Lige nu, til og med 7. september" if now == HEARING else "21. august – 7. september"
    assert found[3:] == [hearing, "26. september", "10. oktober"]


def test_newest_threads_stand_on_the_front_page(client, course, build, at):
    course.year()
    one, two, *_rest = course.meeting()
    for hour, workshop in ((10, one), (11, two), (12, one), (13, two)):
        at(f"2023-04-20T{hour}:00:00+02:00")
        write(build, workshop, f"Klokken {hour}")
    page = text(client, "/")
    assert re.findall(r"Klokken \d+", page) == ["Klokken 13", "Klokken 12", "Klokken 11"]


def test_pages_take_as_many_queries_with_one_thread_as_with_thirty(app, client, whole, build, at, session):
    from forsamlingshus.meetings import queries as meetings

    at("2023-05-03T12:00:00+02:00")
    workshop = meetings.workshops_of(session, 2024)[0]
    user = build.user()
    write(build, workshop, "Tråd 0", user)
    paths = ("/", "/budget/2024", "/sitemap.xml")
    for path in paths:
        client.get(path)  # frame and figures are read once for all readers
    few = [counted(app, lambda path=path: client.get(path)) for path in paths]
    for number in range(1, 30):
        write(build, workshop, f"Tråd {number}", user)
    assert [counted(app, lambda path=path: client.get(path)) for path in paths] == few
    assert max(few) <= 14


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("now", [EVENING, HEARING])
@pytest.mark.parametrize("path", ["/", "/budget/2024"])
def test_no_string_is_left_in_the_other_language(client, whole, at, path, now, language):
    at(now)
    page = text(client, f"{path}?sprog={language}")
    assert f'<html lang="{language}"' in page
    danish = ["Lige nu", "Den røde tråd", "Næste datoer", "Føj til kalender"]
    english = ["Right now", "The red thread", "Next dates", "Add to calendar"]
    assert [words in page for words in danish] == [language == "da"] * 4
    assert [words in page for words in english] == [language == "en"] * 4


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_text_pages_stand_in_both_languages(client, name, language):
    page = text(client, f"/{name}?sprog={language}")
    assert len(heading_text := heading(page)) > 1, heading_text


def test_accessibility_statement_is_our_own_or_the_one_of_the_setting(app, client):
    from dataclasses import replace

    answer = client.get("/was")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/tilgaengelighed")
    kept = app.config["SETTINGS"]
    app.config["SETTINGS"] = replace(kept, accessibility_url="https://www.was.digst.dk/example")
    try:
        assert client.get("/was").headers["Location"] == "https://www.was.digst.dk/example"
    finally:
        app.config["SETTINGS"] = kept
