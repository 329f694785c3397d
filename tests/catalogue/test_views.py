"""The catalogue in public: what is seen when, that sums agree, that the red thread holds at both ends."""

import re
from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forsamlingshus.contributions.models import Contribution, Fate, FateKind
from forsamlingshus.kernel import clock, db, web
from forsamlingshus.kernel.db import transaction
from forsamlingshus.ledger.models import Amount
from forsamlingshus.ledger.rules import parse_tkr
from forsamlingshus.process import actions as process
from forsamlingshus.process import queries as years
from forsamlingshus.process.models import Theme
from tests.catalogue.conftest import YEARS, Writing, text
from tests.databases import empty
from tests.meetings.conftest import Meetings
from tests.pages import readable
from tests.queries import counted

CATALOGUE = "/budget/2024/katalog"


def figures(html, css):
    """The figures of the cells with that class, in the order of the page."""
    return [parse_tkr(found) for found in re.findall(rf'<td class="{css}">([^<]+)</td>', html)]


def whole_catalogue(writing, *, count=47, total=-28_000):
    """`count` proposals in four themes whose full phase-in comes to exactly `total`."""
    themes = [writing.theme, *(writing.build.theme(writing.year, slug=f"t{n}", token="groen") for n in range(3))]
    each, rest = divmod(total, count)
    for n in range(count):
        last = each + (1 if n < rest else 0)
        writing.proposal(last // 2, last - 7, last + 3, last, theme=themes[n % 4], title=f"Forslag nummer {n + 1}")


# ------------------------------------------------------------- who sees it when


def test_catalogue_is_public_exactly_from_its_moment(writing, client, at):
    writing.proposal()
    writing.publish(clock.now().replace(year=2023, month=8, day=21, hour=10, minute=0, second=0, microsecond=0))
    at("2023-08-21T11:59:58+02:00")
    assert [client.get(path).status_code for path in (CATALOGUE, f"{CATALOGUE}/1")] == [404, 404]
    at("2023-08-21T12:00:00+02:00")
    assert [client.get(path).status_code for path in (CATALOGUE, f"{CATALOGUE}/1")] == [200, 200]


def test_catalogue_to_come_gives_its_public_date_and_nothing_else(writing, client, at):
    with transaction() as session:
        year = years.year_of(session, 2024)
        opens = datetime.fromisoformat("2023-08-21T00:00:00+02:00")
        values = {"title_da": "Høringen åbner", "title_en": "The hearing opens", "precision": "day"}
        process.add_milestone(session, budget_year=year, key="aabner", kind="hearing_opens", starts_at=opens, **values)
    writing.proposal(title="Hemmeligt forslag")
    at("2023-06-01T12:00:00+02:00")
    pages = [client.get(path) for path in (CATALOGUE, f"{CATALOGUE}/1", f"{CATALOGUE}/999")]
    bodies = {re.sub(r"katalog[/\d]*", "katalog", readable(page)) for page in pages}
    assert {page.status_code for page in pages} == {404} and len(bodies) == 1
    assert "<h1>Kataloget kommer 21. august</h1>" in readable(pages[0]) and "Hemmeligt" not in readable(pages[0])
    at("2023-08-21T12:00:00+02:00")
    assert "Siden findes ikke" in readable(client.get(CATALOGUE))


@pytest.mark.parametrize("role", ["citizen", "facilitator", "council", "admin"])
def test_unpublished_catalogue_does_not_exist_for_others_than_staff(app, writing, staff, role):
    writing.proposal(title="Hemmeligt forslag")
    client = app.test_client()
    client.log_in(somebody(writing, role))
    for path in (CATALOGUE, f"{CATALOGUE}/1", f"{CATALOGUE}?tema=trivsel"):
        assert client.get(path).status_code == 404
        page = text(staff.get(path))
        assert "Kladde, ikke offentlig." in page
        assert "Hemmeligt forslag" in page


def somebody(writing, role):
    """An account with that role; a facilitator of a workshop for one."""
    if role != "facilitator":
        return writing.build.user(roles=[role] if role != "citizen" else [])
    meetings = Meetings(writing.build, db.session())
    return meetings.facilitator(workshop=meetings.workshop(meetings.add(), slug="sted"))


def test_draft_in_a_published_catalogue_is_seen_nowhere(writing, client, staff):
    _said, row = writing.collected()
    writing.proposal(-100, -100, -100, -100, title="Synligt", number=1)
    writing.proposal(-50, -50, -50, -50, title="Hemmeligt", number=2, status="draft", inputs=[row])
    writing.proposal(-100, -100, -100, -100, title="Også synligt", number=3)
    writing.publish()
    for path in (CATALOGUE, f"{CATALOGUE}?tema=trivsel", f"{CATALOGUE}/1", f"{CATALOGUE}/3", row.path):
        page = text(client.get(path))
        assert "Hemmeligt" not in page, path
        assert "/katalog/2" not in page, path
    assert client.get(f"{CATALOGUE}/2").status_code == 404
    page = text(client.get(CATALOGUE))
    assert "Hele kataloget, 2 forslag" in page
    assert figures(page, "fh-full")[-1] == -200
    assert "<dt>Bygger på</dt> <dd>0" in page
    assert "Forslag 1 af 2" in text(client.get(f"{CATALOGUE}/1"))
    assert "Hele kataloget, 2 forslag" in text(staff.get(CATALOGUE))
    assert "Kladde, ikke offentlig." in text(staff.get(f"{CATALOGUE}/2"))


def test_catalogue_of_no_year_is_not_found(writing, staff, client):
    for path in ("/budget/1999/katalog", "/budget/1999/katalog/1", f"{CATALOGUE}/999"):
        assert (client.get(path).status_code, staff.get(path).status_code) == (404, 404)


# ------------------------------------------------------------- sums


def test_sums_on_the_page_are_those_of_the_database_and_the_control_total(writing, client):
    whole_catalogue(writing)
    writing.control(47, -28_000)
    writing.publish()
    page = text(client.get(CATALOGUE))
    stored = {year: sum(row.tkr for row in db.session().query(Amount).filter_by(year=year)) for year in YEARS}
    full = figures(page, "fh-full")
    parts = [page.partition("<tfoot>")[0], page.partition("<tfoot>")[2]]
    rows = re.split(r'<tr class="fh-sub">', parts[0])
    assert full[-1] == stored[2027] == -28_000
    assert sum(figures(re.sub(r'<tr class="fh-sub">.*?</tr>', "", parts[0]), "fh-full")) == -28_000
    assert sum(figures(part.partition("</tr>")[0], "fh-full")[0] for part in rows[1:]) == -28_000
    years = figures(parts[1], "fh-year")
    assert years == [stored[year] for year in YEARS]
    assert "Kontrolsummen passer." in page
    assert "47 forslag og 28,0 mio. kr. stemmer" in page
    assert "<dd>-28,0 <small>mio. kr. om året, besparelse</small>" in page


def test_control_total_that_differs_is_red_with_the_difference(writing, client):
    writing.proposal(-1, -1, -1, -27_600)
    writing.control(47, -28_000)
    writing.publish()
    page = text(client.get(CATALOGUE))
    assert "Kontrolsummen passer ikke." in page
    assert "Summen afviger med 400 tusind kr. fra det oplyste" in page
    assert "Der er 1 forslag, oplyst er 47." in page
    assert "alert-error" in page
    assert "Kontrolsummen passer." not in page


def test_no_control_total_says_nothing_about_one(writing, client):
    writing.proposal()
    writing.publish()
    assert "Kontrolsummen" not in text(client.get(CATALOGUE))


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.integers(-99_999_999, 99_999_999), min_size=4, max_size=4))
def test_amounts_of_any_size_read_back_from_the_page(app, tkr):
    """What is stored is what the table says, to the thousand, through a proposal written anew each time."""
    from tests.builders import Build

    with app.test_request_context("/"):
        _emptied(app)
        Writing(Build()).proposal(*tkr)
        _publish_now()
    page = text(app.test_client().get(f"{CATALOGUE}/1"))
    table = page.partition("<tbody>")[2].partition("</tbody>")[0]
    assert [parse_tkr(found) for found in re.findall(r"<td>([-0-9.]+)</td>", table)] == list(tkr)
    words = {-1: "besparelse", 0: "ingen ændring", 1: "merudgift"}
    assert re.findall(r"<td>([a-zæ ]+)</td>", table) == [words[(amount > 0) - (amount < 0)] for amount in tkr]


def _emptied(app):
    from forsamlingshus.kernel import pages

    with transaction() as session:
        empty(session.connection())
    pages.forget_all()


def _publish_now():
    from forsamlingshus.catalogue import actions

    with transaction() as session:
        actions.publish(session, budget_year=2024, at=clock.now())


def test_amounts_in_english_have_english_separators(writing, client):
    writing.proposal(-1250, -1250, -1250, -1250)
    writing.publish()
    page = text(client.get(f"{CATALOGUE}/1?sprog=en"))
    assert "<td>-1,250</td><td>saving</td>" in page
    assert "DKK 1.3 million" in page
    assert 'lang="da">Svømmehal: ny åbningstid</h1>' in page


def test_extra_expenditure_is_named_so_and_turns_the_chart_off(writing, client):
    writing.proposal(300, 300, 300, 300)
    writing.publish()
    page = text(client.get(CATALOGUE))
    assert "merudgift" in page
    assert "fh-chart-wide" not in page
    bars = text(client.get(f"{CATALOGUE}/1"))
    assert re.search(r'<rect class="c-theme" x="[\d.]+" y="44.0"', bars)


def test_withdrawn_proposal_stays_readable_and_counts_nothing(writing, client):
    writing.proposal(-100, -100, -100, -100)
    writing.proposal(-50, -50, -50, -50, title="Natbesøg", status="withdrawn")
    writing.publish()
    page = text(client.get(CATALOGUE))
    assert figures(page, "fh-full") == [-100, 0, -100, -100]
    assert "Trukket tilbage" in page
    assert "Forslaget er trukket tilbage." in text(client.get(f"{CATALOGUE}/2"))


def test_filters_narrow_rows_and_totals_but_not_the_control(writing, client):
    other = writing.build.theme(writing.year, slug="groen", name="Grøn", token="groen")
    writing.proposal(-100, -100, -100, -100, title="Om trivsel")
    writing.proposal(-30, -30, -30, -30, title="Om lys", theme=other, status="changed")
    writing.control(2, -130)
    writing.publish()
    for query in ("tema=groen", "status=changed", "tema=groen&status=changed"):
        page = text(client.get(f"{CATALOGUE}?{query}"))
        assert "Om lys" in page
        assert "Om trivsel" not in page
        assert figures(page, "fh-full") == [-30, -30, -30]
        assert "Udvalgt: 1 forslag" in page
        assert "Viser 1 af 2 forslag." in page
        assert "Kontrolsummen passer." in page
    assert "Ingen forslag her" in text(client.get(f"{CATALOGUE}?tema=groen&status=ready"))
    for nonsense in ("tema=findesikke", "status=draft", "status=%00", "tema=" + "x" * 500):
        assert "Om trivsel" in text(client.get(f"{CATALOGUE}?{nonsense}"))


# ------------------------------------------------------------- the red thread


def test_proposal_draws_the_thread_from_words_to_decision(writing, client, at):
    at("2023-05-20T12:00:00+02:00")
    meetings = Meetings(writing.build, db.session())
    workshop = meetings.workshop(meetings.add(), slug="sted", name="Trivsel og læring")
    theme = db.session().get_one(Theme, workshop.theme_id)
    who = writing.build.who(writing.staff, roles=["staff"])
    said = writing.said("Luk hellere en hverdagsaften.", theme=theme)
    row = writing.input("Kortere åbningstid", theme=theme, who=who)
    writing.quote(row, said, who=who)
    at("2023-08-21T12:00:00+02:00")
    writing.proposal(inputs=[row], number=17)
    writing.publish()
    page = text(client.get(f"{CATALOGUE}/17"))
    thread = page.partition('class="fh-list no-max-width fh-thread"')[2].partition("</section>")[0]
    titles = re.findall(r"<h3>(.*?)</h3>", thread)
    assert titles == [
        "Workshop: Trivsel og læring", "1 persons ord blev brugt", "Input 1: Kortere åbningstid", "Forslag 17",
        "Høringen", "Endelig beslutning",
    ]  # fmt: skip
    assert thread.count("fh-knot--next") == 2
    assert "<q >Luk hellere en hverdagsaften.</q>" in thread
    assert "Anne Bjerre, 20. maj." in thread
    for path in (workshop.path, said.path, row.path):
        assert f'href="{path}"' in thread
    assert "3. maj 2023, borgermødet" in thread
    assert "21. august, kataloget" in thread


def test_thread_stands_in_order_of_time_where_words_came_before_the_meeting(writing, client, at):
    at("2023-04-18T12:00:00+02:00")
    meetings = Meetings(writing.build, db.session())
    theme = db.session().get_one(Theme, meetings.workshop(meetings.add(), slug="sted").theme_id)
    _said, row = writing.collected(theme=theme)
    writing.proposal(inputs=[row])
    writing.publish()
    titles = re.findall(r"<h3>(.*?)</h3>", text(client.get(f"{CATALOGUE}/1")))
    assert titles[:2] == ["1 persons ord blev brugt", "Workshop: Trivsel"]


def test_administrative_proposal_says_that_nobody_asked_for_it(writing, client):
    writing.proposal(source="administration")
    writing.publish()
    page = text(client.get(f"{CATALOGUE}/1"))
    assert "Administrativt forslag uden workshopkilde." in page
    assert "ord blev brugt" not in page


def test_administrative_proposal_with_sources_does_not_deny_them(writing, client):
    _said, row = writing.collected()
    writing.proposal(source="administration", inputs=[row])
    writing.publish()
    page = text(client.get(f"{CATALOGUE}/1"))
    assert "ord blev brugt" in page
    assert "uden workshopkilde" not in page


def test_closure_every_public_quote_has_its_mark_and_every_mark_its_quote(writing, client):
    """Walks the pages: permalinks on proposals against marks on posts, both ways, with a draft and a hidden post."""
    posts = [writing.said(f"Jeg mener nummer {n}. Og mere til.") for n in range(12)]
    inputs = [writing.input(f"Input {n}") for n in range(6)]
    for n, post in enumerate(posts):
        writing.quote(inputs[n % 6], post, f"Jeg mener nummer {n}.")
        writing.quote(inputs[(n + 1) % 6], post, "Og mere til.")
    proposals = [writing.proposal(inputs=inputs[n : n + 2], number=n + 1) for n in range(4)]
    writing.proposal(inputs=[inputs[5]], number=5, status="draft")
    writing.publish()
    writing.unlink(proposals[0], inputs[0])
    with transaction() as session:
        session.get_one(Contribution, posts[1].id).public = False

    now = clock.now()
    marks = {
        (f"{CATALOGUE}/{fate.number}", contribution.path)
        for fate, contribution in db.session().query(Fate, Contribution).join(Contribution)
        if fate.kind == FateKind.PROPOSAL and contribution.public and fate.is_public(now)
    }
    shown = set()
    for number in range(1, 6):
        answer = client.get(f"{CATALOGUE}/{number}")
        if answer.status_code == 200:
            shown |= {(f"{CATALOGUE}/{number}", path) for path in re.findall(r'href="(/i/\d+)"', text(answer))}
    assert shown == marks
    assert len({path for _page, path in marks}) == 9
    assert not any(page.endswith("/5") for page, _path in marks)


def test_neighbours_and_place_leave_gaps_in_numbers_out(writing, client):
    for number in (3, 17, 40):
        writing.proposal(number=number)
    writing.publish()
    page = text(client.get(f"{CATALOGUE}/17"))
    assert re.findall(r'href="/budget/2024/katalog/(\d+)" rel="(\w+)"', page) == [("3", "prev"), ("40", "next")]
    assert "Forslag 17 af 3" in page
    assert 'rel="prev"' not in text(client.get(f"{CATALOGUE}/3"))
    assert 'rel="next"' not in text(client.get(f"{CATALOGUE}/40"))


def test_chart_has_a_name_a_description_and_a_table_after_it(writing, client):
    writing.proposal(-400, -600, -600, -600)
    writing.publish()
    page = text(client.get(f"{CATALOGUE}/1"))
    assert 'role="img" aria-labelledby="effect-title effect-desc"' in page
    assert '<desc id="effect-desc">2024: -0,4; 2025: -0,6; 2026: -0,6; 2027: -0,6</desc>' in page
    assert page.index("</svg> </figure>") < page.index('<caption class="sr-only">Effekt pr. år i 1.000 kr.</caption>')
    heights = [float(found) for found in re.findall(r'<rect class="c-theme"[^>]* height="([\d.]+)"', page)]
    assert heights == pytest.approx([66.7, 100, 100, 100], abs=0.05)


def test_texts_are_paragraphs_and_never_html(writing, client):
    writing.proposal(citizens="Første afsnit.\n\n<b>Andet</b> & sidste.", fte=-0.9, risk="")
    writing.publish()
    page = text(client.get(f"{CATALOGUE}/1"))
    assert "<p >Første afsnit.</p>" in page.replace("<p>", "<p >")
    assert "&lt;b&gt;Andet&lt;/b&gt; &amp; sidste." in page
    assert "0,9 årsværk mindre" in page
    assert "Risiko" not in page


# ------------------------------------------------------------- cost


def test_query_count_is_equal_for_one_and_thirty(app, writing, client):
    def add(n):
        _said, row = writing.collected(f"Ord {n}.", f"Ord {n}.", author=writing.build.user())
        writing.proposal(inputs=[row], number=n)

    add(1)
    writing.publish()
    paths = (CATALOGUE, f"{CATALOGUE}/1")
    for path in paths:
        client.get(path)
    before = [counted(app, lambda path=path: client.get(path)) for path in paths]
    for n in range(2, 31):
        add(n)
    for path in paths:
        client.get(path)
    assert [counted(app, lambda path=path: client.get(path)) for path in paths] == before


def test_proposal_query_count_is_equal_for_one_and_thirty_quotes(app, writing, client):
    row = writing.input()
    path = writing.proposal(inputs=[row]).path
    writing.publish()

    def add(n):
        writing.quote(row, writing.said(f"Ord {n}.", author=writing.build.user()), f"Ord {n}.")

    add(1)
    client.get(path)
    one = counted(app, lambda: client.get(path))
    for n in range(2, 31):
        add(n)
    assert counted(app, lambda: client.get(path)) == one


def test_front_page_and_catalogue_say_what_their_numbers_of_posts_count(writing, client):
    behind, _waiting = writing.collected()[1], writing.collected()[1]
    writing.proposal(inputs=[behind])
    writing.publish()
    front = text(client.get("/"))
    assert "med ord fra 2 bidrag" in front
    assert "Ord fra 1 bidrag ligger bag" in front
    assert "<dt>Bygger på</dt> <dd>1 <small>bidrag" in text(client.get("/budget/2024/katalog"))


def test_amounts_break_their_words_where_a_phone_is_narrow():
    css = (web.ROOT / "static/css/catalogue.css").read_text(encoding="utf-8")
    assert ".fh-ledger--plain :is(thead th, td:last-child) { white-space: normal; }" in css


def test_table_has_a_column_of_statuses_only_when_there_is_something_to_say(writing, client):
    first = writing.proposal()
    writing.proposal()
    writing.publish()
    plain = text(client.get(CATALOGUE))
    with transaction() as session:
        session.get_one(type(first), first.id).status = "changed"
    marked = text(client.get(CATALOGUE))
    assert ['<th scope="col" class="fh-what fh-status-cell">' in page for page in (plain, marked)] == [False, True]
    assert ['colspan="7"' in page for page in (plain, marked)] == [True, False]
