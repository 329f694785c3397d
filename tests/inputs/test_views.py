"""The board and the pages of inputs over HTTP, as a browser without script uses them."""

import html
import re

import pytest

from forsamlingshus.inputs import queries
from forsamlingshus.inputs.models import Input
from forsamlingshus.kernel import clock
from forsamlingshus.kernel.db import transaction
from tests.inputs.builders import WORDS, fresh
from tests.pages import readable
from tests.queries import counted

CPR = "140245-5019"  # a made-up number: born in a year to come
BOARD = "/arbejde/input"


def text(response):
    return readable(response)


def quote_page(said, **arguments):
    query = "&".join(f"{name}={value}" for name, value in arguments.items())
    return f"/arbejde/input/citat/{said.id}{'?' + query if query else ''}"


def keep(client, said, **fields):
    return client.send(quote_page(said), fields, token_from=quote_page(said))


def stored(model):
    return fresh().query(model).order_by(model.id).all()


def test_board_shows_three_columns_and_progress(collecting, staff):
    said, row = collecting.said(), collecting.input()
    collecting.said("Noget andet.")
    collecting.quote(row, said)
    page = text(staff.get(BOARD))
    assert [heading for heading in ("Indlæg", "Input", "Forslag") if f">{heading}</h2>" in page] == [
        "Indlæg", "Input", "Forslag",
    ]  # fmt: skip
    assert "1 af 2 bidrag er behandlet" in page
    assert "1 tilbage" in page
    assert "Noget andet." in page
    assert WORDS.split("\n", maxsplit=1)[0] not in page
    assert "»Luk hellere en hverdagsaften.«" in page
    assert WORDS.split("\n", maxsplit=1)[0] in text(staff.get(f"{BOARD}?vis=alle"))


def test_board_everything_handled_gets_the_only_praise(collecting, staff):
    collecting.quote(collecting.input(), collecting.said())
    assert "Alt er behandlet. Godt gået." in text(staff.get(BOARD))


def test_board_filters_by_theme_and_words(collecting, staff, build):
    other = build.theme(collecting.year, slug="groen", name="Grøn", token="groen")
    collecting.said("Skru ned for lyset.", theme=other)
    collecting.said("Åbn hallen.")
    groen = text(staff.get(f"{BOARD}?tema=groen"))
    assert "Skru ned" in groen
    assert "Åbn hallen" not in groen
    found = text(staff.get(f"{BOARD}?soeg=åbn"))
    assert "Åbn hallen" in found
    assert "Skru ned" not in found
    assert 'value="åbn"' in found
    assert "Ingen indlæg her" in text(staff.get(f"{BOARD}?soeg=ordsomingenskrev"))


@pytest.mark.parametrize("column", ["indlaeg", "input", "forslag"])
def test_board_on_phones_opens_one_column(collecting, staff, column):
    page = text(staff.get(f"{BOARD}?kolonne={column}"))
    assert page.count("fh-col--open") == 1
    assert re.search(rf'href="[^"]*kolonne={column}[^"]*" aria-current="true"', page)


def test_board_pages_by_id_and_leads_on(collecting, staff):
    for n in range(queries.PAGE + 5):
        collecting.said(f"Nummer {n}.")
    first = text(staff.get(BOARD))
    following = re.search(r'href="([^"]+efter=\d+[^"]*)" rel="next"', first).group(1).replace("&amp;", "&")
    second = text(staff.get(following))
    assert f"Nummer {queries.PAGE + 4}." in first
    assert "Nummer 4." not in first
    assert "Nummer 4." in second
    assert "Nummer 5." not in second
    assert 'rel="next"' not in second


@pytest.mark.parametrize("value", ["9" * 30, "-1", "x", "1e5", "%00", "²"])
def test_board_odd_arguments_are_ignored_or_not_found(collecting, staff, value):
    collecting.said()
    for name in ("efter", "foer", "tema", "vis", "kolonne", "soeg"):
        assert staff.get(f"{BOARD}?{name}={value}").status_code == 200
    assert staff.get(f"{BOARD}?aar={value}").status_code in {200, 404}


def test_board_without_any_year_says_so(app, build):
    client = app.test_client()
    client.log_in(build.user(roles=["staff"]))
    assert "Der er ikke noget budgetår endnu" in text(client.get(BOARD))


def test_board_query_count_is_equal_for_one_and_thirty(app, collecting, staff):
    def fill(n):
        said = collecting.said(f"Jeg siger {n}. Og mere.", author=collecting.build.user())
        row = collecting.input(f"Input {n}")
        collecting.quote(row, said, f"Jeg siger {n}.")
        collecting.use(row, 100 + n, public_from=clock.now())

    fill(0)
    staff.get(f"{BOARD}?vis=alle")
    one = counted(app, lambda: staff.get(f"{BOARD}?vis=alle"))
    for n in range(1, 30):
        fill(n)
    assert counted(app, lambda: staff.get(f"{BOARD}?vis=alle")) == one


def news(staff):
    """What the open board asks for, with the address that stands on it."""
    page = staff.get(BOARD).get_data(as_text=True)
    address = html.unescape(re.search(r'data-reread="([^"]*emne=indlaeg)"', page).group(1))

    def ask():
        answer = staff.get(f"{address}&efter=0").get_json()
        return {change["target"]: change["html"] for change in answer["changes"]}

    return ask


def test_board_counts_what_came_after_it_was_opened(collecting, staff):
    collecting.said("Før")
    row = collecting.input()
    ask = news(staff)
    assert ask() == {"board-new-posts": "", "board-new-inputs": ""}
    collecting.said("Skjult", public=False)
    said = [collecting.said(f"Nyt {n}. Mere.") for n in range(3)]
    collecting.quote(row, said[0], "Nyt 0.")
    assert ask() == {"board-new-posts": "3 nye indlæg", "board-new-inputs": "1 input er nyt eller ændret"}
    assert set(news(staff)().values()) == {""}


def test_board_news_are_for_staff(app, collecting, client):
    other = app.test_client()
    other.log_in(collecting.build.user(roles=["council", "admin"]))
    assert other.get(f"{BOARD}/nyt").status_code == 403
    assert client.get(f"{BOARD}/nyt").status_code == 303


def test_adding_to_an_input_is_offered_once_there_is_one(collecting, staff):
    said = collecting.said()
    for address in (BOARD, quote_page(said)):
        page = text(staff.get(address))
        assert "valg=eksisterende" not in page
        assert 'name="target"' not in page
    collecting.input()
    assert "valg=eksisterende" in text(staff.get(BOARD))
    assert 'name="target"' in text(staff.get(quote_page(said)))


def test_enter_in_a_field_keeps_the_quote(collecting, staff):
    page = text(staff.get(quote_page(collecting.said()))).partition('class="fh-form"')[2]
    first = re.search(r"<button[^>]*>", page).group()
    assert 'type="submit"' in first
    assert "whole" not in first
    assert 'name="whole"' in page


def test_whole_post_is_quoted_with_one_press_and_nothing_typed_is_lost(collecting, staff):
    said = collecting.said("Luk hellere en aften.\nMorgenen skal I lade være.")
    data = {"quote": "", "target": "nyt", "title": "Aftener", "theme": said.theme_id, "whole": "1"}
    answer = staff.send(quote_page(said), data, token_from=quote_page(said))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "Luk hellere en aften.\nMorgenen skal I lade være.</textarea>" in page
    assert 'value="Aftener"' in page
    assert "fh-errors" not in page
    assert stored(Input) == []


# ------------------------------------------------------------- quoting


def test_quote_into_a_new_input(collecting, staff):
    said = collecting.said()
    answer = keep(
        staff,
        said,
        quote="Efter kl. 20 er der\r\n næsten tomt.",
        target="nyt",
        title="Tomme aftener",
        theme=said.theme_id,
    )
    row = stored(Input)[0]
    assert (answer.status_code, answer.headers["Location"]) == (303, row.work_path)
    assert (row.number, row.title, row.quote_count) == (1, "Tomme aftener", 1)
    assert collecting.quotes(row)[0].text == "Efter kl. 20 er der næsten tomt."
    assert "Lagt til input 1" in text(staff.get(row.work_path))


def test_quote_into_an_existing_input_and_back_to_where_it_came_from(collecting, staff):
    said, row = collecting.said(), collecting.input()
    back = "/arbejde/input?tema=trivsel"
    answer = keep(staff, said, quote="Luk hellere", target="eksisterende", input=row.id, tilbage=back)
    assert (answer.status_code, answer.headers["Location"]) == (303, back)
    assert collecting.reload(row).quote_count == 1


def test_quote_never_leads_off_the_site(collecting, staff):
    said, row = collecting.said(), collecting.input()
    for n, evil in enumerate(("https://evil.example", "//evil.example", "/\\evil", "javascript:1")):
        words = WORDS.split()[n]
        answer = keep(staff, said, quote=words, target="eksisterende", input=row.id, tilbage=evil)
        assert (answer.status_code, answer.headers["Location"]) == (303, row.work_path)


def test_quote_not_part_of_the_text_is_refused_with_everything_kept(collecting, staff):
    said = collecting.said()
    answer = keep(staff, said, quote="Det sagde jeg aldrig", target="nyt", title="Min titel", theme=said.theme_id)
    page = text(answer)
    assert answer.status_code == 422
    assert "<title>Fejl: " in page
    assert 'href="#quote"' in page
    assert "Det sagde jeg aldrig</textarea>" in page
    assert 'value="Min titel"' in page
    assert stored(Input) == []


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"target": "nyt", "title": "", "theme": "1"}, "title"),
        ({"target": "nyt", "title": "x" * 121, "theme": "1"}, "title"),
        ({"target": "nyt", "title": "Titel", "theme": "999"}, "theme"),
        ({"target": "nyt", "title": "Titel"}, "theme"),
        ({"target": "eksisterende", "input": "0"}, "input"),
        ({"target": "eksisterende", "input": "999"}, "input"),
        ({"target": "eksisterende", "input": "9" * 30}, "input"),
        ({"target": "noget", "title": ""}, "title"),
    ],
)
def test_quote_refused_field_is_named(collecting, staff, fields, field):
    said = collecting.said()
    answer = keep(staff, said, quote="Luk hellere", **fields)
    assert answer.status_code == 422
    assert f'href="#{field}"' in text(answer)
    assert stored(Input) == []


def test_quote_title_goes_through_the_guard(collecting, staff):
    said = collecting.said()
    fields = {"quote": "Luk hellere", "target": "nyt", "theme": said.theme_id}
    assert keep(staff, said, **fields, title=f"Ring til {CPR}").status_code == 422
    asked = keep(staff, said, **fields, title="Ring til 20 30 40 50")
    assert asked.status_code == 422
    assert "<mark>20 30 40 50</mark>" in text(asked)
    again = keep(staff, said, **fields, title="Ring til 20 30 40 50", confirm_box="1")
    assert again.status_code == 422
    assert stored(Input) == []
    assert keep(staff, said, **fields, title="Ring til os").status_code == 303


def test_quote_page_of_a_hidden_post_does_not_exist(collecting, staff):
    assert staff.get(quote_page(collecting.said())).status_code == 200
    assert staff.get(quote_page(collecting.said(public=False))).status_code == 404
    assert staff.get("/arbejde/input/citat/999999").status_code == 404


def test_quote_page_holds_the_words_letter_by_letter(collecting, staff):
    """The script counts letters in this element, so nothing may be added inside it."""
    said = collecting.said("Først <b>fed</b> &amp; så\n\nlinje to")
    assert "data-words>Først &lt;b&gt;fed&lt;/b&gt; &amp;amp; så\n\nlinje to</p>" in text(staff.get(quote_page(said)))


def test_quote_changed_meanwhile_is_a_conflict_that_keeps_the_words(collecting, staff, monkeypatch):
    """The post is edited between the form's check and the write."""
    from forsamlingshus.inputs.forms import QuoteForm

    said, row = collecting.said(), collecting.input()
    checked = QuoteForm.validate

    def edited_after(form):
        valid = checked(form)
        with transaction() as session:
            session.get_one(type(said), said.id).text = "Noget helt andet"
        return valid

    monkeypatch.setattr(QuoteForm, "validate", edited_after)
    answer = keep(staff, said, quote="Luk hellere", target="eksisterende", input=row.id)
    assert answer.status_code == 409
    assert "Luk hellere" in text(answer)


# ------------------------------------------------------------- one input


def test_input_page_lists_quotes_and_warns_about_those_that_do_not_stand(collecting, staff):
    row = collecting.input()
    hidden, changed = collecting.said(), collecting.said("Enig om morgenen. Absolut.")
    collecting.quote(row, hidden)
    collecting.quote(row, changed, "Enig om morgenen.")
    with transaction() as session:
        session.get_one(type(hidden), hidden.id).public = False
        session.get_one(type(changed), changed.id).text = "Uenig."
    page = text(staff.get(row.work_path))
    assert "Indlægget er ikke længere offentligt" in page
    assert "Forfatteren har rettet ordene siden" in page


def test_input_rename(collecting, staff):
    row = collecting.input()
    fields = {"title": "Andet navn", "theme": row.theme_id, "note": "Spørg Ali"}
    assert staff.send(row.work_path, fields).status_code == 303
    assert (collecting.reload(row).title, collecting.reload(row).note) == ("Andet navn", "Spørg Ali")
    refused = staff.send(row.work_path, {**fields, "title": " "})
    assert refused.status_code == 422
    assert "Spørg Ali</textarea>" in text(refused)


def test_input_remove_quote_asks_first(collecting, staff):
    said, row = collecting.said(), collecting.input()
    quote = collecting.quote(row, said)
    path = f"/arbejde/input/1/citater/{quote.id}/fjern"
    assert "Luk hellere en hverdagsaften." in text(staff.get(path))
    assert collecting.fates(said) != []
    assert staff.send(path, token_from=path).status_code == 303
    assert (collecting.quotes(row), collecting.fates(said)) == ([], [])
    assert staff.get(path).status_code == 404


def test_input_remove_quote_through_another_input_is_not_found(collecting, staff):
    quote = collecting.quote(collecting.input(), collecting.said())
    collecting.input()
    assert staff.send(f"/arbejde/input/2/citater/{quote.id}/fjern").status_code == 404
    assert len(collecting.quotes(collecting.reload(stored(Input)[0]))) == 1


def test_input_delete_empty_only(collecting, staff):
    row = collecting.input()
    quote = collecting.quote(row, collecting.said())
    assert "Slet inputtet" not in text(staff.get(row.work_path))
    assert staff.send("/arbejde/input/1/slet").status_code == 409
    collecting.unquote(quote)
    assert "Slet inputtet" in text(staff.get(row.work_path))
    assert staff.send("/arbejde/input/1/slet").status_code == 303
    assert stored(Input) == []


def test_input_of_an_older_year_has_its_own_address(collecting, staff, build):
    old = collecting.input("Fra i år")
    build.year(2025)
    assert staff.get("/arbejde/input/1").status_code == 404
    assert "Fra i år" in text(staff.get(old.work_path))


# ------------------------------------------------------------- everybody


def test_public_page_shows_quotes_with_permalinks_and_published_proposals_only(collecting, client):
    said, row = collecting.said(), collecting.input()
    collecting.quote(row, said)
    collecting.use(row, 17, title="Offentligt forslag", public_from=clock.now())
    collecting.use(row, 18, title="Forslag uden dato")
    collecting.use(row, 19, title="Forslag i morgen", public_from=clock.now().replace(year=2098))
    page = text(client.get(row.path))
    assert "Luk hellere en hverdagsaften." in page
    assert f'href="{said.path}"' in page
    assert "Anne Bjerre" in page
    assert 'href="/budget/2024/katalog/17"' in page
    assert "Forslag uden dato" not in page
    assert "Forslag i morgen" not in page
    assert "/katalog/18" not in page


def test_public_page_hides_the_words_of_a_hidden_post(collecting, client):
    said, row = collecting.said(), collecting.input()
    collecting.quote(row, said)
    assert "Luk hellere" in text(client.get(row.path))
    with transaction() as session:
        session.get_one(type(said), said.id).public = False
    page = text(client.get(row.path))
    assert "Luk hellere" not in page
    assert "Anne Bjerre" not in page


def test_public_page_never_shows_the_note(collecting, client, staff):
    row = collecting.input()
    staff.send(row.work_path, {"title": row.title, "theme": row.theme_id, "note": "Kun for kolleger"})
    assert "Kun for kolleger" in text(staff.get(row.work_path))
    assert "Kun for kolleger" not in text(client.get(row.path))


def test_public_page_in_english_marks_danish_words(collecting, client):
    row = collecting.input()
    collecting.quote(row, collecting.said())
    page = text(client.get(f"{row.path}?sprog=en"))
    assert '<html lang="en"' in page
    assert '<q  lang="da">' in page
    assert "What was it used for?" in page


def test_public_page_of_nothing_is_not_found(collecting, client):
    for path in ("/budget/2024/input/1", "/budget/1999/input/1"):
        assert client.get(path).status_code == 404


# ------------------------------------------------------------- who and when


@pytest.mark.parametrize("roles", [(), ("council",), ("admin",)], ids=["citizen", "council", "admin"])
def test_work_pages_are_closed_to_other_roles(app, collecting, roles):
    said, row = collecting.said(), collecting.input()
    quote = collecting.quote(row, said)
    client = app.test_client()
    client.log_in(collecting.build.user(roles=roles))
    paths = (BOARD, quote_page(said), row.work_path, f"/arbejde/input/1/citater/{quote.id}/fjern")
    assert [client.get(path).status_code for path in paths] == [403] * 4
    writes = (*paths[1:], "/arbejde/input/1/slet")
    token = client.token("/min-side/indstillinger")
    assert [client.post(path, data={"csrf_token": token}).status_code for path in writes] == [403] * 4
    assert len(collecting.quotes(row)) == 1


def test_work_pages_lead_a_stranger_to_log_in(client, collecting):
    answer = client.get(BOARD)
    assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (303, "/log-ind")


def test_writes_without_a_token_are_refused(collecting, staff):
    said, row = collecting.said(), collecting.input()
    quote = collecting.quote(row, said)
    for path in (
        quote_page(said),
        row.work_path,
        f"/arbejde/input/1/citater/{quote.id}/fjern",
        "/arbejde/input/1/slet",
    ):
        assert staff.post(path, data={"title": "Uden nøgle", "quote": "Luk", "theme": 1}).status_code == 400
    assert collecting.reload(row).title != "Uden nøgle"
    assert len(collecting.quotes(row)) == 1


def test_closed_phase_reads_but_does_not_write(collecting, staff, at):
    said, row = collecting.said(), collecting.input()
    quote = collecting.quote(row, said)
    at("2099-02-01T12:00:00+01:00")
    page = text(staff.get(f"{BOARD}?vis=alle"))
    assert "Indsamlingen af input er lukket." in page
    assert "data-quote" not in page
    assert '<form class="fh-form"' not in text(staff.get(quote_page(said)))
    refused = keep_closed(staff, said)
    assert refused.status_code == 410
    assert "Luk hellere" in text(refused)
    assert "Det sluttede torsdag den 1. januar 2099" in text(refused)
    assert staff.send(f"/arbejde/input/1/citater/{quote.id}/fjern").status_code == 410
    assert staff.send("/arbejde/input/1/slet").status_code == 410
    assert staff.send(row.work_path, {"title": "Nyt", "theme": row.theme_id}).status_code == 410
    assert collecting.reload(row).title == "Kortere åbningstid på hverdage"
    assert len(collecting.quotes(row)) == 1


def keep_closed(staff, said):
    data = {"quote": "Luk hellere", "target": "nyt", "title": "Sent", "theme": said.theme_id}
    return staff.send(quote_page(said), data, token_from="/min-side/indstillinger")
