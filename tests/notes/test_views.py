"""Entering notes by a plain form that stands ready again, and the list on the workshop's page."""

import re

import pytest

from tests.queries import counted

FORM = {"table": "4", "prompt": "0", "note": "Lad morgensvømningen være.", "people": "6", "client_id": "et"}
PUBLIC = "/budget/2024/temaer/trivsel"


def text(answer):
    html = answer if isinstance(answer, str) else answer.get_data(as_text=True)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html)).replace("\N{NO-BREAK SPACE}", " ")


@pytest.fixture
def send(paper):
    def send(name="host", path=None, **changed):
        client = paper.client(name)
        form = {"place": str(paper.workshop.id), **FORM, **changed}
        return client.send(path or paper.path, form, token_from=paper.path), client

    return send


def test_form_stands_ready_again_with_table_theme_and_question_and_the_cursor_in_the_note(paper, send):
    prompt = str(paper.prompt(2))
    answer, client = send(prompt=prompt)
    assert answer.status_code == 303
    page = client.get(answer.headers["Location"])
    html = page.get_data(as_text=True)
    assert re.search(r'<input[^>]*name="table"[^>]*value="4"', html)
    assert re.search(rf'<option selected value="{prompt}"', html)
    assert re.search(r"<textarea[^>]*autofocus[^>]*>", html) and "Lad morgensvømningen" not in html.split("entered")[0]
    assert "Noten fra bord 4 er gemt" in text(page) and "i denne omgang (1)" in text(page)
    ids = re.findall(r'name="client_id" value="([^"]+)"', html)
    assert ids and ids[0] != "et"


def test_eight_notes_of_a_table_are_eight_contributions(paper, send):
    for no in range(8):
        assert send(note=f"Note nr. {no}", client_id=f"nr-{no}")[0].status_code == 303
    page = paper.client("nobody").get(PUBLIC)
    assert "8 noter, som er skrevet i hånden ved bordene" in text(page)
    assert text(page).count("Fra papir, bord 4") == 8 and "Vis 3 noter mere" in text(page)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"note": "  "}, "Skriv det, der står på arket"),
        ({"note": "x" * 2001}, "Din tekst er 1 tegn for lang"),
        ({"table": ""}, "Skriv bordets nummer, fra 1 til 99"),
        ({"table": "fire"}, "Skriv bordets nummer, fra 1 til 99"),
        ({"table": "100"}, "Skriv bordets nummer, fra 1 til 99"),
        ({"people": "0"}, "Skriv et tal fra 1 til 50, eller lad feltet være tomt"),
        ({"people": "mange"}, "Skriv et tal fra 1 til 50, eller lad feltet være tomt"),
        ({"place": "0"}, "Vælg et tema"),
        ({"place": "999"}, "Vælg et tema"),
        ({"place": "æ"}, "Vælg et tema"),
        ({"prompt": "999"}, "Vælg et spørgsmål fra listen"),
        ({"note": "Ring til 010180-1237."}, "Det ligner et cpr-nummer"),
        ({"note": "Ring til 22 33 44 55."}, "Det ligner et telefonnummer"),
    ],
)
def test_note_that_is_not_right_comes_back_with_a_sentence_and_its_words(paper, send, changed, sentence):
    answer, _client = send(**changed)
    assert answer.status_code == 422 and sentence in text(answer)
    kept = {**FORM, **changed}["note"].strip()
    assert kept in answer.get_data(as_text=True)
    assert paper.rows() == []


def test_question_of_another_theme_is_refused(paper, send):
    answer, _client = send("staff", prompt=str(paper.prompt(1, paper.other)))
    assert answer.status_code == 422 and "Spørgsmålet hører til et andet tema" in text(answer)


def test_number_of_people_can_be_left_out(paper, send):
    assert send(people="")[0].status_code == 303
    assert paper.rows()[0].people is None


def test_doubtful_words_are_refused_and_marked_for_a_note_is_public_at_once(paper, send):
    answer, _client = send(note="Ring til 22 33 44 55.")
    assert answer.status_code == 422 and "<mark>22 33 44 55</mark>" in answer.get_data(as_text=True)
    assert paper.rows() == []


def test_note_is_corrected_in_the_same_form(paper, send):
    _answer, client = send()
    edit = f"{paper.path}/{paper.rows()[0].id}"
    assert "Lad morgensvømningen være." in client.get(edit).get_data(as_text=True)
    form = {"place": str(paper.workshop.id), **FORM, "note": "Lad aftensvømningen være.", "edition": "1"}
    assert client.send(edit, form, token_from=edit).status_code == 303
    assert paper.rows()[0].contribution.text == "Lad aftensvømningen være."
    late = client.send(edit, {**form, "note": "For sent"}, token_from=edit)
    assert late.status_code == 409 and "For sent" in text(late)


def test_undone_note_stands_in_the_form_again(paper, send):
    _answer, client = send()
    note_id = paper.rows()[0].id
    page = client.send(f"{paper.path}/{note_id}/fortryd", token_from=paper.path)
    html = page.get_data(as_text=True)
    assert page.status_code == 200 and "Noten er taget tilbage" in text(page) and paper.rows() == []
    assert re.search(r"<textarea[^>]*>\s*Lad morgensvømningen være.</textarea>", html)
    assert client.send(f"{paper.path}/{note_id}/fortryd", token_from=paper.path).status_code == 404


@pytest.mark.parametrize(("name", "status"), [("nobody", 303), ("citizen", 403), ("rival", 403), ("leader", 403)])
def test_outsiders_enter_correct_and_undo_nothing(paper, name, status):
    note = paper.enter()
    client = paper.client(name)
    assert client.get(paper.path).status_code == status
    assert client.get(f"{paper.path}/{note.id}").status_code == status
    mine = {"rival": "/styring/2024/groen/bordnoter", "leader": "/styring/2024/borgermoede/bordnoter"}.get(name)
    if mine:
        # From a page of their own they reach no note of another place either.
        assert client.get(mine).status_code == 200
        assert client.get(f"{mine}/{note.id}").status_code == 403
        assert client.send(f"{mine}/{note.id}/fortryd", token_from=mine).status_code == 403
    assert len(paper.rows()) == 1


def test_staff_choose_the_theme_and_enter_notes_to_the_whole_meeting(paper, send):
    page = paper.client("staff").get("/styring/2024/borgermoede/bordnoter")
    assert "Hele mødet" in text(page) and "Grøn" in text(page)
    assert send("staff", place="0", note="Tak for kaffen.")[0].status_code == 303
    assert "Tak for kaffen." in text(paper.client("nobody").get("/budget/2024/borgermoede"))
    assert "Tak for kaffen." not in text(paper.client("nobody").get(PUBLIC))


def test_public_page_names_the_origin_and_escapes_the_words(paper):
    paper.enter("<b>Fed</b> & ærlig", people=6, prompt_id=paper.prompt())
    page = paper.client("nobody").get(PUBLIC)
    said = text(page)
    assert "Fra papir, bord 4" in said and "6 personer" in said and "Hvad må vi ikke røre?" in said
    assert "&lt;b&gt;Fed&lt;/b&gt; &amp; ærlig" in page.get_data(as_text=True)
    english = paper.client("nobody").get(f"{PUBLIC}?sprog=en")
    assert "From paper, table 4" in text(english)


@pytest.mark.parametrize("path", [PUBLIC, "/styring/2024/trivsel/bordnoter"])
def test_pages_ask_as_much_with_many_notes_as_with_one(app, paper, path):
    paper.enter(people=2, prompt_id=paper.prompt())
    client = paper.client()
    client.get(path)
    one = counted(app, lambda: client.get(path))
    for table in range(1, 30):
        paper.enter(f"Note {table}", table=table, prompt_id=paper.prompt(2))
    assert counted(app, lambda: client.get(path)) == one
