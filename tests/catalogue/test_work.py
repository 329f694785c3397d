"""Where staff write: forms, links from either side, conflicts, and who may do it."""

import re

import pytest

from forsamlingshus.catalogue import queries
from forsamlingshus.catalogue.models import Proposal, ProposalSource
from forsamlingshus.contributions.models import FateKind
from forsamlingshus.kernel import db
from forsamlingshus.ledger import queries as ledger
from tests.catalogue.conftest import YEARS, stored, text
from tests.catalogue.test_views import somebody
from tests.queries import counted

LIST, NEW = "/arbejde/forslag", "/arbejde/forslag/nyt"
CPR = "140245-5019"  # a made-up number: born in a year to come


def fields(writing, **changes):
    given = {
        "number": "17", "title": "Svømmehal: ny åbningstid", "lead": "Hallen lukker kl. 18 om fredagen.",
        "theme": str(writing.theme.id), "committee": "Kultur- og Fritidsudvalget", "type": "reduction",
        "status": "draft", "amount_0": "-400", "amount_1": "(600)", "amount_2": "\u2212600", "amount_3": "1.600-",
        "source": "workshop", "citizens": "Du kan ikke svømme fredag aften.", "content": "", "staff": "",
        "fte": "-0,9", "legal": "",
        "implementation": "", "risk": "",
    }  # fmt: skip
    return {**given, **changes}


def edited(client, path, writing, **changes):
    """What the form holds, with changes, sent from its own page."""
    page = client.get(path).get_data(as_text=True)
    edition = re.search(r'name="edition"[^>]*value="(\d+)"', page).group(1)
    return {"edition": edition, **fields(writing, **changes)}


def only():
    return stored(Proposal)[0]


# ------------------------------------------------------------- writing


def test_new_stores_words_and_the_four_amounts(writing, staff):
    assert 'id="number" inputmode="numeric" name="number" type="text" value="1"' in text(staff.get(NEW))
    answer = staff.send(NEW, fields(writing), token_from=NEW)
    proposal = only()
    assert (answer.status_code, answer.headers["Location"]) == (303, proposal.work_path)
    assert (proposal.number, proposal.title, proposal.status, proposal.fte) == (
        17, "Svømmehal: ny åbningstid", "draft", -0.9,
    )  # fmt: skip
    sums = queries.row_of(db.session(), proposal).sums
    assert [sums.of(year) for year in YEARS] == [-400, -600, -600, -1600]
    assert "Forslag 17 er gemt" in text(staff.get(proposal.work_path))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"amount_1": "1,25"}, "amount_1"), ({"amount_0": "1.25"}, "amount_0"),
        ({"amount_2": "minus 5"}, "amount_2"), ({"amount_0": "999999999999"}, "amount_0"), ({"number": "0"}, "number"),
        ({"number": "1000"}, "number"), ({"number": "x"}, "number"), ({"title": ""}, "title"),
        ({"title": "x" * 121}, "title"),
        ({"theme": "999"}, "theme"), ({"type": "evil"}, "type"), ({"status": ""}, "status"),
        ({"source": "evil"}, "source-0"), ({"fte": "en halv"}, "fte"),
        ({"fte": "1e3"}, "fte"), ({"status": "ready"}, "status"), ({"content": "x" * 5001}, "content"),
    ],
)  # fmt: skip
def test_new_refused_field_is_named_and_everything_is_kept(writing, staff, changes, field):
    answer = staff.send(NEW, fields(writing, **changes), token_from=NEW)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'href="#{field}"' in page
    assert "Fejl: " in page.partition("<title>")[2].partition("</title>")[0]
    assert "Du kan ikke svømme fredag aften.</textarea>" in page
    name, typed = next(iter(changes.items()))
    if name.startswith("amount") or name in {"number", "fte"}:
        assert f'name="{name}" type="text" value="{typed}"' in page
    assert stored(Proposal) == []


EMPTY = {"lead": " ", "committee": "", "amount_0": "", "amount_1": "", "amount_2": "", "amount_3": ""}


def test_new_draft_needs_a_title_alone_and_shows_its_empty_amounts_again(writing, staff):
    assert staff.send(NEW, fields(writing, **EMPTY, title="Kun en titel"), token_from=NEW).status_code == 303
    proposal = only()
    assert (proposal.title, proposal.lead, proposal.committee) == ("Kun en titel", "", "")
    page = text(staff.get(proposal.work_path))
    assert re.findall(r'name="amount_\d" type="text" value="([^"]*)"', page) == [""] * 4
    assert "Kun en titel" in text(staff.get(proposal.path))
    assert "Kun en titel" in text(staff.get(LIST))


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("lead", "Skriv i en sætning eller to, hvad der foreslås"),
        ("committee", "Skriv udvalgets navn"),
        ("amount_3", "Skriv et beløb i 1.000 kr. eller 0"),
    ],
)
def test_ready_demands_what_a_draft_may_lack(writing, staff, name, sentence):
    writing.proposal(number=17, status="draft")
    path = only().work_path
    ready = {"status": "ready", "source": "administration"}
    answer = staff.send(path, edited(staff, path, writing, **ready, **{name: EMPTY[name]}), token_from=path)
    assert answer.status_code == 422
    assert f'href="#{name}"' in text(answer)
    assert sentence in text(answer)
    assert only().status == "draft"
    assert staff.send(path, edited(staff, path, writing, **ready), token_from=path).status_code == 303
    assert only().status == "ready"


def test_new_amounts_that_are_missing_altogether_are_refused_once_it_is_ready(writing, staff):
    given = {name: value for name, value in fields(writing).items() if not name.startswith("amount")}
    answer = staff.send(NEW, {**given, "status": "ready", "source": "administration"}, token_from=NEW)
    assert answer.status_code == 422
    assert text(answer).count("Skriv et beløb i 1.000 kr. eller 0") >= 4


def test_new_takes_only_the_fields_of_the_form(writing, staff):
    evil = {"line_id": 99, "source_count": 5, "version": 99, "budget_year": 2099, "kind": "capital", "created_at": "x"}
    assert staff.send(NEW, fields(writing, **evil), token_from=NEW).status_code == 303
    proposal = only()
    assert (proposal.budget_year, proposal.source_count, proposal.kind) == (2024, 0, "operating")


def test_new_number_in_use_is_an_error_at_the_field(writing, staff):
    writing.proposal(number=17)
    answer = staff.send(NEW, fields(writing), token_from=NEW)
    assert answer.status_code == 422
    assert "Et andet forslag har nummer 17." in text(answer)
    assert len(stored(Proposal)) == 1


def test_new_goes_through_the_guard(writing, staff):
    assert staff.send(NEW, fields(writing, citizens=f"Ring {CPR}"), token_from=NEW).status_code == 422
    asked = staff.send(NEW, fields(writing, citizens="Ring 20 30 40 50"), token_from=NEW)
    assert asked.status_code == 422
    assert "<mark>20 30 40 50</mark>" in text(asked)
    again = fields(writing, citizens="Ring 20 30 40 50", confirm_box="1")
    assert staff.send(NEW, again, token_from=NEW).status_code == 422
    assert stored(Proposal) == []


def test_edit_shows_what_is_stored_in_danish_numbers_in_both_languages(writing, staff):
    path = writing.proposal(-1250, 0, 300, -1_250_000, fte=-1.5).work_path
    for language in ("da", "en"):
        page = text(staff.get(f"{path}&sprog={language}"))
        found = re.findall(r'name="amount_\d" type="text" value="([^"]*)"', page)
        assert found == ["-1.250", "0", "300", "-1.250.000"]
        assert 'name="fte" type="text" value="-1,5"' in page


def test_edit_changes_words_and_money(writing, staff):
    path = writing.proposal(number=17).work_path
    data = edited(staff, path, writing, title="Nyt navn", amount_0="0", source="administration", status="changed")
    assert staff.send(path, data, token_from=path).status_code == 303
    proposal = only()
    assert (proposal.title, proposal.status, proposal.edition) == ("Nyt navn", "changed", 2)
    assert queries.row_of(db.session(), proposal).sums.of(2024) == 0


def test_edit_number_of_a_public_proposal_is_an_error_at_the_field(writing, staff):
    path = writing.proposal(number=17).work_path
    writing.publish()
    answer = staff.send(path, edited(staff, path, writing, source="administration", number="18"), token_from=path)
    assert answer.status_code == 422
    assert "Et offentligt forslag beholder sit nummer" in text(answer)
    assert only().number == 17


def test_edit_of_an_older_wording_keeps_what_was_typed_and_can_be_sent_again(writing, staff):
    path = writing.proposal(number=17).work_path
    mine = edited(staff, path, writing, title="Min titel", source="administration")
    writing.change(only(), title="En andens titel")
    answer = staff.send(path, mine, token_from=path)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "En anden har ændret forslaget imens." in page
    assert 'value="Min titel"' in page
    assert only().title == "En andens titel"
    edition = re.search(r'name="edition"[^>]*value="(\d+)"', page).group(1)
    assert staff.send(path, {**mine, "edition": edition}, token_from=path).status_code == 303
    assert only().title == "Min titel"


@pytest.mark.parametrize("edition", ["", "0", "x", "9" * 40, None])
def test_edit_without_a_known_wording_is_a_conflict(writing, staff, edition):
    path = writing.proposal(number=17).work_path
    data = fields(writing, source="administration", title="Blindt", edition=edition)
    answer = staff.send(path, {name: value for name, value in data.items() if value is not None}, token_from=path)
    assert answer.status_code == 409
    assert only().title != "Blindt"


def test_edit_ready_without_a_source_is_refused_in_words(writing, staff):
    path = writing.proposal(number=17, source="workshop", status="draft").work_path
    answer = staff.send(path, edited(staff, path, writing, status="ready"), token_from=path)
    assert answer.status_code == 422
    assert "Knyt et input til først" in text(answer)
    _said, row = writing.collected()
    writing.link(only(), row)
    assert staff.send(path, edited(staff, path, writing, status="ready"), token_from=path).status_code == 303


def test_list_marks_what_lacks_a_source_and_adds_up_with_drafts(writing, staff):
    writing.proposal(-100, -100, -100, -100, status="draft", source="workshop")
    _said, row = writing.collected()
    writing.proposal(-30, -30, -30, -30, inputs=[row])
    page = text(staff.get(LIST))
    assert page.count("Mangler kilde") == 1
    assert "1 kilde" in page
    assert '<td class="fh-full">-130</td>' in page
    assert "Ikke offentliggjort endnu" in page


def test_list_and_edit_of_a_year_that_does_not_exist(writing, staff):
    for path in (f"{LIST}?aar=1999", f"{LIST}/17?aar=1999", f"{LIST}/17", f"{NEW}?aar=1999"):
        assert staff.get(path).status_code == 404


def test_list_query_count_is_equal_for_one_and_thirty(app, writing, staff):
    def add(n):
        _said, row = writing.collected(f"Ord {n}.", f"Ord {n}.")
        writing.proposal(inputs=[row], number=n)

    add(1)
    paths = (LIST, "/arbejde/input?kolonne=forslag", f"{LIST}/1", "/arbejde/input/1")
    for path in paths:  # what is read once for all forms is read here
        staff.get(path)
    before = [counted(app, lambda path=path: staff.get(path)) for path in paths]
    for n in range(2, 31):
        add(n)
    assert [counted(app, lambda path=path: staff.get(path)) for path in paths] == before


# ------------------------------------------------------------- linking


def test_link_from_the_proposal_and_undo_with_a_question(writing, staff):
    said, row = writing.collected()
    proposal = writing.proposal(number=17)
    writing.publish()
    path = proposal.work_path
    assert f'<option value="{row.id}">1 Kortere åbningstid på hverdage</option>' in text(staff.get(path))
    data = {"proposal": proposal.id, "input": row.id, "tilbage": path}
    answer = staff.send(f"{LIST}/knyt", data, token_from=path)
    assert (answer.status_code, answer.headers["Location"]) == (303, path)
    assert (FateKind.PROPOSAL, 17) in writing.fates(said)
    page = text(staff.get(path))
    assert "Input 1 er knyttet til forslag 17" in page
    assert f'<option value="{row.id}">' not in page
    undo = f"{LIST}/17/kilder/1/fjern"
    assert "Vil du fortryde linket mellem input 1 og forslag 17?" in text(staff.get(undo))
    assert len(stored(ProposalSource)) == 1
    assert staff.send(undo, token_from=undo).status_code == 303
    assert stored(ProposalSource) == []
    assert (FateKind.PROPOSAL, 17) not in writing.fates(said)
    assert staff.get(undo).status_code == 404


def test_link_from_the_input_leads_back_to_it(writing, staff):
    _said, row = writing.collected()
    proposal = writing.proposal(number=17)
    page = text(staff.get(row.work_path))
    assert f'<option value="{proposal.id}">17 Svømmehal: ny åbningstid</option>' in page
    data = {"proposal": proposal.id, "input": row.id, "tilbage": row.work_path}
    answer = staff.send(f"{LIST}/knyt", data, token_from=row.work_path)
    assert answer.headers["Location"] == row.work_path
    page = text(staff.get(row.work_path))
    assert 'href="/arbejde/forslag/17/kilder/1/fjern?aar=2024&amp;tilbage=/arbejde/input/1%3Faar%3D2024"' in page
    undo = "/arbejde/forslag/17/kilder/1/fjern?aar=2024&tilbage=/arbejde/input/1%3Faar%3D2024"
    assert staff.send(undo, token_from=undo).headers["Location"] == "/arbejde/input/1?aar=2024"


@pytest.mark.parametrize("data", [{}, {"proposal": "0", "input": "0"}, {"proposal": "x", "input": "9" * 30}])
def test_link_nothing_chosen_is_named(writing, staff, data):
    writing.collected()
    writing.proposal()
    answer = staff.send(f"{LIST}/knyt", data, token_from=NEW)
    page = text(answer)
    assert answer.status_code == 422
    assert 'href="#proposal"' in page
    assert 'href="#input"' in page


def test_link_twice_is_a_conflict(writing, staff):
    _said, row = writing.collected()
    proposal = writing.proposal(inputs=[row])
    data = {"proposal": proposal.id, "input": row.id}
    assert staff.send(f"{LIST}/knyt", data, token_from=NEW).status_code == 409
    assert len(stored(ProposalSource)) == 1


# ------------------------------------------------------------- who and when


@pytest.mark.parametrize("role", ["citizen", "facilitator", "council", "admin"])
def test_work_pages_are_closed_to_other_roles(app, writing, role):
    _said, row = writing.collected()
    proposal = writing.proposal(inputs=[row], number=17)
    client = app.test_client()
    client.log_in(somebody(writing, role))
    undo = f"{LIST}/17/kilder/1/fjern"
    assert [client.get(path).status_code for path in (LIST, NEW, proposal.work_path, f"{LIST}/knyt", undo)] == [403] * 5
    token = client.token("/min-side/indstillinger")
    data = {**fields(writing, title="Kapret"), "csrf_token": token, "edition": "1", "proposal": 1, "input": 1}
    for path in (NEW, proposal.work_path, f"{LIST}/knyt", undo):
        assert client.post(path, data=data).status_code == 403
    assert only().title != "Kapret"
    assert len(stored(ProposalSource)) == 1


def test_writes_without_a_token_are_refused(writing, staff):
    _said, row = writing.collected()
    path = writing.proposal(inputs=[row], number=17).work_path
    for target in (NEW, path, f"{LIST}/knyt", f"{LIST}/17/kilder/1/fjern"):
        assert staff.post(target, data=fields(writing, number="18")).status_code == 400
    assert (len(stored(Proposal)), len(stored(ProposalSource))) == (1, 1)


def test_closed_phase_reads_but_does_not_write(writing, staff, at):
    _said, row = writing.collected()
    proposal = writing.proposal(inputs=[row], number=17)
    path, ids = proposal.work_path, {"proposal": proposal.id, "input": row.id}
    at("2099-02-01T12:00:00+01:00")
    for page in (text(staff.get(LIST)), text(staff.get(path)), text(staff.get(NEW))):
        assert "Kataloget er lukket for ændringer." in page
        assert 'class="fh-form"' not in page
    token = "/min-side/indstillinger"
    data = fields(writing, source="administration", edition="1")
    for target in (f"{NEW}", path):
        refused = staff.send(target, {**data, "number": "18" if target == NEW else "17"}, token_from=token)
        assert refused.status_code == 410
        assert "Svømmehal: ny åbningstid" in text(refused)
    assert staff.send(f"{LIST}/knyt", ids, token_from=token).status_code == 410
    assert staff.send(f"{LIST}/17/kilder/1/fjern", token_from=token).status_code == 410
    assert (len(stored(Proposal)), len(stored(ProposalSource)), only().edition) == (1, 1, 1)
    assert next(iter(ledger.totals(db.session(), [only().line_id]).values())).of(2024) == -400


def test_new_whose_number_was_taken_meanwhile_keeps_everything(writing, staff, monkeypatch):
    answers = iter([False, True])
    monkeypatch.setattr(queries, "is_taken", lambda *_asked: next(answers))
    answer = staff.send(NEW, fields(writing), token_from=NEW)
    page = answer.get_data(as_text=True)
    assert (answer.status_code, stored(Proposal)) == (409, [])
    assert "Et andet forslag har nummer 17." in page
    assert "Du kan ikke svømme fredag aften.</textarea>" in page


def test_expired_form_gives_all_its_words_back(writing, staff):
    page = staff.post(NEW, data={**fields(writing), "risk": "Der er en risiko."}).get_data(as_text=True)
    for words in ("Hallen lukker kl. 18 om fredagen.", "Du kan ikke svømme fredag aften.", "Der er en risiko."):
        assert words in page


def test_input_that_no_proposal_could_use_yet_leads_on_to_the_first_one(writing, staff):
    row = writing.input()
    way = 'href="/arbejde/forslag/nyt?aar=2024">Nyt forslag'
    assert way in text(staff.get(row.work_path))
    writing.proposal(status="draft")
    later = text(staff.get(row.work_path))
    assert way not in later and 'id="link-proposal"' in later
