"""The pages of meeting, themes and workshops, and the way to upload."""

import io
import re

import pytest
from sqlalchemy import select

from forsamlingshus.accounts.models import Author
from forsamlingshus.discussions import actions as discussions
from forsamlingshus.discussions.models import Forum
from forsamlingshus.kernel import clock, live, topics
from forsamlingshus.kernel.db import transaction
from forsamlingshus.kernel.permissions import Who
from forsamlingshus.meetings import actions
from forsamlingshus.meetings.models import Meeting
from forsamlingshus.slides import queries as slides
from forsamlingshus.slides.models import Deck
from tests.pages import readable
from tests.queries import counted

EVENING = "2023-05-03T18:35:00+02:00"
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"


def text(client, path, **kwargs):
    answer = client.get(path, **kwargs)
    assert answer.status_code == 200
    return readable(answer)


@pytest.fixture
def place(meetings):
    return meetings.workshop(meetings.add())


@pytest.fixture
def write(build):
    """Open a thread in a workshop."""

    def write(workshop, title="Skal hallen åbne før?", user=None):
        user = user or build.user()
        who = Who(now=clock.now(), author_id=user.author_id, user_id=user.id, opened=frozenset({(2024, "discuss")}))
        with transaction() as session:
            forum = session.get_one(Forum, workshop.forum_id)
            return discussions.open_thread(
                session, who=who, forum=forum, title=title, body="Vi svømmer.", client_id=f"test-{title[:20]}-{user.id}"
            )[0]

    return write


def add_deck(session, place, title, **values):
    """A ready deck, as the job would leave it."""
    author = session.query(Author).first()
    given = {
        "state": "ready",
        "file_key": "0" * 64,
        "file_size": 1,
        "file_name": "x.pdf",
        "position": 1,
        "page_count": 9,
    }
    given |= {"slug": title.lower(), "title": title, "scope_key": place.scope_key, "budget_year": 2024}
    given |= {"uploaded_by": author.id, "uploaded_at": clock.now(), "ready_at": clock.now(), "place_title": place.slug}
    deck = Deck(**{**given, **values})
    session.add(deck)
    return deck


def test_meeting_tells_when_and_where(client, meetings, at):
    at("2023-04-20T12:00:00+02:00")
    meetings.add(sign_up_required=True, lead_da="Kom og tal med.")
    page = text(client, "/budget/2024/borgermoede")
    for words in ("Kom og tal med.", "onsdag den 3. maj 2023", "kl. 18.30 til kl. 20.30", "Rådhuset"):
        assert words in page
    assert "Du kan tilmelde dig indtil 3. maj kl. 18.30" in page
    assert 'href="/budget/2024/borgermoede/tilmelding"' in page
    assert 'href="/budget/2024/tidsplan/borgermoede.ics"' in page
    assert "Mødet er i gang" not in page


def test_meeting_without_sign_up_says_nothing_of_it(client, meetings):
    meetings.add()
    assert "tilmelding" not in text(client, "/budget/2024/borgermoede").lower()


def test_programme_shows_hours_and_speakers_where_they_are_known(client, meetings):
    meeting = meetings.add()
    with transaction() as session:
        meeting = session.merge(meeting)
        actions.add_agenda_item(
            session,
            meeting=meeting,
            title_da="Økonomien",
            title_en="Economy",
            starts_at=meeting.starts_at,
            speaker="Ida Krag",
        )
        actions.add_agenda_item(session, meeting=meeting, title_da="Kaffe", title_en="Coffee")
    page = text(client, "/budget/2024/borgermoede")
    programme = page[page.index('id="agenda"') :]
    assert [words in programme for words in ("kl. 18.30", "Økonomien", "Ida Krag", "Kaffe")] == [True] * 4
    assert "Coffee" in text(client, "/budget/2024/borgermoede?sprog=en")


@pytest.mark.parametrize(
    ("now", "running", "over"),
    [
        ("2023-05-03T18:29:59+02:00", False, False),
        (EVENING, True, False),
        ("2023-05-03T20:30:00+02:00", False, True),
    ],
)
def test_panel_stands_while_the_meeting_runs(client, meetings, at, now, running, over):
    at(now)
    meetings.add()
    page = text(client, "/budget/2024/borgermoede")
    assert ("Mødet er i gang" in page) is running
    assert ("Mødet blev holdt onsdag den 3. maj 2023" in page) is over


def test_panel_leads_to_the_slide_that_is_shown(client, meetings, at, build):
    at(EVENING)
    meeting = meetings.add()
    build.user()
    with transaction() as session:
        add_deck(session, meeting, "Økonomien", presenting=True, showing=3, slug="oekonomien")
    page = text(client, "/budget/2024/borgermoede")
    assert "Der vises et oplæg lige nu." in page
    assert page.count('href="/budget/2024/borgermoede/live"') == 1 and "Vises lige nu</h2>" not in page
    shown = client.get("/budget/2024/oplaeg/oekonomien/live")
    assert shown.headers["Location"].startswith("/budget/2024/oplaeg/oekonomien/3")


def test_all_decks_that_are_shown_at_once_are_named(client, meetings, at, build):
    at(EVENING)
    meeting = meetings.add()
    one, two = meetings.workshop(meeting), meetings.workshop(meeting, slug="groen")
    build.user()
    with transaction() as session:
        add_deck(session, one, "Skoler", presenting=True, showing=2)
        add_deck(session, two, "Energi", presenting=True, showing=5)
        add_deck(session, two, "Affald", presenting=False, showing=5)
    page = text(client, "/budget/2024/borgermoede")
    assert set(re.findall(r'href="(/budget/2024/temaer/[a-z]+/live)"', page)) == {
        "/budget/2024/temaer/trivsel/live",
        "/budget/2024/temaer/groen/live",
    }


def test_meeting_lists_only_the_plenary_decks_that_are_public(client, meetings, build):
    meeting = meetings.add()
    workshop = meetings.workshop(meeting)
    build.user()
    with transaction() as session:
        add_deck(session, meeting, "Plenum")
        add_deck(session, meeting, "Halvfaerdig", state="drawing")
        add_deck(session, workshop, "Workshop")
        hidden = add_deck(session, meeting, "Skjult", hidden=True)
    assert len(slides.decks_of(meetings.session, [hidden.scope_key], listed_only=False)) == 3
    page = text(client, "/budget/2024/borgermoede")
    assert [title in page for title in ("Plenum", "Halvfaerdig", "Skjult")] == [True, False, False]
    assert "/budget/2024/oplaeg/workshop" not in page
    assert "/budget/2024/oplaeg/workshop" in text(client, workshop.path)


@pytest.mark.parametrize("path", ["/budget/2024/borgermoede", "/budget/2024/temaer", "/budget/2024/temaer/trivsel"])
def test_what_does_not_exist_is_not_found(client, path):
    assert client.get(path).status_code == 404


def test_themes_of_a_year_without_workshops_say_so(client, build):
    build.year(2024)
    assert "Der er ingen workshops endnu" in text(client, "/budget/2024/temaer")


def test_themes_show_question_and_counts(client, place, write):
    write(place)
    page = text(client, "/budget/2024/temaer")
    for words in ("Hvad skal vi værne om?", "1 tråd", "1 indlæg", f'href="{place.path}"'):
        assert words in page
    assert "What should we protect?" in text(client, "/budget/2024/temaer?sprog=en")


def test_workshop_shows_questions_threads_facilitators_and_counts(client, meetings, place, write):
    write(place, "Skal hallen åbne før?")
    for name in ("Mette Holm", "Ole Lund"):
        meetings.facilitator(workshop=place, name=name)
    page = text(client, place.path)
    for words in (
        "Hvor?",
        "Hvordan?",
        "Skal hallen åbne før?",
        "1 indlæg fra 1 person",
        "Ordstyrere: Mette Holm, Ole Lund",
    ):
        assert words in page
    assert "fh-theme-trivsel" in page


def test_each_question_counts_the_threads_and_posts_that_answer_it(client, meetings, place, write):
    for title, number in (("Skal hallen åbne før?", 1), ("Klubberne", 1), ("Uden spørgsmål", None)):
        thread = write(place, title)
        with transaction() as session:
            session.get_one(type(thread), thread.id).prompt_no = number
    page = " ".join(text(client, place.path).split())
    assert re.findall(r'<span class="fh-prompt-count">(.*?)</span>', page) == ["2 tråde, 2 indlæg", "Ingen svar endnu"]


def test_thread_is_started_only_while_the_debate_is_open(client, build, meetings, at):
    build.year(2024, opens="2023-04-17T08:00:00+02:00", closes="2023-05-20T23:59:59+02:00")
    place = meetings.workshop(meetings.add())
    seen = {}
    for now in (
        "2023-04-17T07:59:59+02:00",
        "2023-04-17T08:00:00+02:00",
        "2023-05-20T23:59:58+02:00",
        "2023-05-20T23:59:59+02:00",
    ):
        at(now)
        page = text(client, place.path)
        seen[now[:19]] = (f'href="{place.path}/ny"' in page, "Debatten er lukket" in page)
    assert list(seen.values()) == [(False, True), (True, False), (True, False), (False, True)]


def test_status_line_names_the_closing_moment(client, build, meetings, at):
    build.year(2024, opens="2023-04-17T08:00:00+02:00", closes="2023-05-20T23:59:59+02:00")
    place = meetings.workshop(meetings.add())
    for now, words in (
        ("2023-04-01T12:00:00+02:00", "Åbner 17. april kl. 8.00"),
        (EVENING, "Åben til 20. maj kl. 23.59"),
        ("2023-06-01T12:00:00+02:00", "Lukket siden 20. maj 2023"),
    ):
        at(now)
        assert words in text(client, place.path)


def test_pages_take_as_many_queries_with_one_thread_as_with_thirty(app, client, meetings, place, write):
    user = meetings.build.user()
    write(place, "Tråd 0", user)
    paths = ("/budget/2024/borgermoede", "/budget/2024/temaer", place.path)
    client.get("/")  # the frame is read once for all pages
    few = [counted(app, lambda path=path: client.get(path)) for path in paths]
    for number in range(1, 30):
        write(place, f"Tråd {number}", user)
    assert [counted(app, lambda path=path: client.get(path)) for path in paths] == few


def test_reread_gives_the_rows_when_the_list_has_changed(client, place, write):
    write(place, "Den første")
    version = topics.version_of(db_session(), f"forum:{place.forum_id}")
    same = client.get(f"{place.path}?antal=1&efter={version}", headers={"X-Requested-With": "fetch"}).get_json()
    assert same == {"version": version, "changes": []}
    thread = write(place, "Den anden")
    answer = client.get(f"{place.path}?antal=1&efter={version}", headers={"X-Requested-With": "fetch"}).get_json()
    assert answer["version"] > version
    assert [change["action"] for change in answer["changes"]] == ["replace", "replace", "refresh"]
    assert (answer["changes"][0]["target"], "Den anden" in answer["changes"][0]["html"]) == (
        f"thread-{thread.id}",
        True,
    )


def db_session():
    from forsamlingshus.kernel import db

    db.session().rollback()
    return db.session()


def test_control_shows_a_facilitator_only_the_own_places(app, meetings):
    meeting = meetings.add()
    own = meetings.workshop(meeting, slug="trivsel", name="Trivsel")
    meetings.workshop(meeting, slug="groen", name="Grøn", token="groen")
    client = app.test_client()
    client.log_in(meetings.facilitator(workshop=own))
    page = text(client, "/styring")
    links = set(re.findall(r'href="(/styring/[^"]+)"', page))
    assert links == {
        "/styring/2024/trivsel/oplaeg",
        "/styring/2024/trivsel/bordnoter",
        "/styring/2024/trivsel/opsamling",
        "/styring/2024/trivsel/live",
    }


def test_control_shows_staff_everything(app, build, meetings):
    meetings.workshop(meetings.add())
    client = app.test_client()
    client.log_in(build.user(roles=["staff"]))
    links = set(re.findall(r'href="(/styring/[^"]+)"', text(client, "/styring")))
    assert links == {
        "/styring/2024/trivsel/oplaeg",
        "/styring/2024/trivsel/bordnoter",
        "/styring/2024/trivsel/opsamling",
        "/styring/2024/trivsel/live",
        "/styring/2024/borgermoede/oplaeg",
        "/styring/2024/borgermoede/bordnoter",
        "/styring/2024/borgermoede/gaester",
        "/styring/2024/borgermoede/live",
    }


def test_public_pages_offer_the_upload_only_to_those_who_may_and_while_it_is_open(app, build, meetings, at):
    build.year(2024, opens="2023-04-17T08:00:00+02:00", closes="2023-05-20T23:59:59+02:00")
    meeting = meetings.add()
    own, other = meetings.workshop(meeting), meetings.workshop(meeting, slug="groen")
    client = app.test_client()
    client.log_in(meetings.facilitator(workshop=own))
    link = 'href="/styring/2024/trivsel/oplaeg"'
    at(EVENING)
    assert link in text(client, own.path)
    assert "/oplaeg" not in text(client, other.path)
    assert "/oplaeg" not in text(client, meeting.path)
    assert "/oplaeg" not in text(app.test_client(), own.path)
    at("2023-05-20T23:59:59+02:00")
    assert link not in text(client, own.path)


@pytest.mark.parametrize("roles", [(), ("council",), ("admin",)])
def test_control_is_closed_to_others(app, build, meetings, roles):
    meetings.workshop(meetings.add())
    client = app.test_client()
    client.log_in(build.user(roles=roles))
    assert client.get("/styring").status_code == 403
    assert client.get("/styring/2024/trivsel/oplaeg").status_code == 403


def upload(client, path, **values):
    data = {"title": "Skolerne", "speaker": "Ida Krag", "file": (io.BytesIO(PDF), "skoler.pdf"), **values}
    return client.send(path, data, content_type="multipart/form-data")


def test_facilitator_uploads_to_the_own_workshop(app, meetings, session):
    meeting = meetings.add()
    place = meetings.workshop(meeting)
    client = app.test_client()
    client.log_in(meetings.facilitator(workshop=place))
    assert "Skolerne" not in text(client, "/styring/2024/trivsel/oplaeg")
    answer = upload(client, "/styring/2024/trivsel/oplaeg")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/styring/2024/trivsel/oplaeg")
    (deck,) = slides.decks_of(db_session(), [place.scope_key], listed_only=False)
    assert (deck.title, deck.speaker, deck.place_path, deck.manage_path) == (
        "Skolerne",
        "Ida Krag",
        "/budget/2024/temaer/trivsel",
        "/styring/2024/trivsel/oplaeg",
    )
    assert "Skolerne" in text(client, "/styring/2024/trivsel/oplaeg")


def test_facilitator_of_another_workshop_is_refused_and_nothing_is_stored(app, meetings, session):
    meeting = meetings.add()
    own, other = meetings.workshop(meeting), meetings.workshop(meeting, slug="groen")
    client = app.test_client()
    client.log_in(meetings.facilitator(workshop=own))
    assert client.get("/styring/2024/trivsel/oplaeg").status_code == 200
    for path in ("/styring/2024/groen/oplaeg", "/styring/2024/borgermoede/oplaeg"):
        assert client.get(path).status_code == 403
        assert upload(client, path).status_code == 403
    assert slides.decks_of(db_session(), [other.scope_key, meeting.scope_key], listed_only=False) == []


def test_revoked_facilitator_is_refused_at_the_next_request(app, meetings):
    place = meetings.workshop(meetings.add())
    user = meetings.facilitator(workshop=place)
    client = app.test_client()
    client.log_in(user)
    assert client.get("/styring/2024/trivsel/oplaeg").status_code == 200
    with transaction() as session:
        actions.revoke_facilitator(session, user=session.merge(user), workshop=session.merge(place))
    assert client.get("/styring/2024/trivsel/oplaeg").status_code == 303
    client.log_in(user)
    assert client.get("/styring/2024/trivsel/oplaeg").status_code == 403


def test_revoked_facilitator_hears_no_more_of_what_only_facilitators_hear(app, meetings):
    place = meetings.workshop(meetings.add())
    user = meetings.facilitator(workshop=place)
    client = app.test_client()
    client.log_in(user)
    socket = live.socketio.test_client(app, flask_test_client=client)
    queue = {"topic": f"queue:{place.forum_id}", "lang": "da"}
    assert socket.emit("listen", queue, callback=True)["ok"] is True
    watcher = app.extensions["forsamlingshus.session-watcher"]
    watcher.look()
    assert socket.is_connected()
    with transaction() as session:
        actions.revoke_facilitator(session, user=session.merge(user), workshop=session.merge(place))
    watcher.look()
    assert not socket.is_connected()


def test_refused_upload_keeps_the_words(app, meetings):
    place = meetings.workshop(meetings.add())
    client = app.test_client()
    client.log_in(meetings.facilitator(workshop=place))
    answer = upload(client, "/styring/2024/trivsel/oplaeg", file=(io.BytesIO(b"nej"), "skoler.pdf"))
    page = answer.get_data(as_text=True)
    assert (answer.status_code, 'value="Skolerne"' in page, "<title>Fejl: " in page) == (422, True, True)


def test_file_whose_name_holds_personal_data_is_refused(app, meetings):
    place = meetings.workshop(meetings.add())
    client = app.test_client()
    client.log_in(meetings.facilitator(workshop=place))
    answer = upload(client, "/styring/2024/trivsel/oplaeg", file=(io.BytesIO(b"%PDF-1.7"), "svar_010150-5001.pdf"))
    assert answer.status_code == 422
    assert "Giv filen et andet navn" in answer.get_data(as_text=True)
    assert slides.decks_of(db_session(), [place.scope_key], listed_only=False) == []


def test_upload_to_an_unknown_place_is_not_found(app, build):
    client = app.test_client()
    client.log_in(build.user(roles=["staff"]))
    assert client.get("/styring/2024/findes-ikke/oplaeg").status_code == 404


class TestNextYear:
    """Next year's meeting and workshops come under the same words, and this year's stay where they are."""

    @pytest.fixture
    def both(self, meetings):
        this, after = meetings.add(2024), meetings.add(2025)
        return meetings.workshop(this), meetings.workshop(after)

    @pytest.mark.parametrize("page", ["borgermoede/oplaeg", "borgermoede/gaester", "trivsel/oplaeg"])
    def test_staff_work_on_either_year(self, client, build, both, page):
        client.log_in(build.user("medarbejder", roles=["staff"]))
        for year in (2024, 2025):
            assert client.get(f"/styring/{year}/{page}").status_code == 200
        assert client.get(f"/styring/2026/{page}").status_code == 404

    def test_control_page_links_to_each_year_once(self, client, build, both):
        client.log_in(build.user("medarbejder", roles=["staff"]))
        links = re.findall(r'href="(/styring/[^"]+/(?:oplaeg|gaester|bordnoter))"', text(client, "/styring"))
        assert len(links) == len(set(links)) == 10
        assert {link.split("/")[2] for link in links} == {"2024", "2025"}

    def test_guests_are_set_for_the_meeting_of_the_address(self, client, build, both, session):
        client.log_in(build.user("medarbejder", roles=["staff"]))
        path = "/styring/2024/borgermoede/gaester"
        assert client.send(path, {"guests": "off"}, token_from=path).location == path
        session.rollback()
        found = {row.year: row.guests for row in session.scalars(select(Meeting))}
        assert found == {2024: "off", 2025: "moderated"}
