"""Pages, pictures and presses: what each kind of person gets, with which headers."""

import io
import re
from functools import partial

import pytest
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from forsamlingshus.accounts import actions as accounts
from forsamlingshus.kernel import cookies
from forsamlingshus.kernel.db import transaction
from forsamlingshus.slides import actions, queries
from forsamlingshus.slides.forms import BODY_MAX, MIB
from forsamlingshus.slides.models import DeckState
from tests.queries import counted
from tests.slides.conftest import pdf_of

PEOPLE = ("nobody", "citizen", "rival", "host", "staff")
INSIDERS = {"host", "staff"}


def text(response):
    """A page with every run of white space as one blank: how its attributes stand in lines is no matter."""
    return re.sub(r"\s+", " ", response.get_data(as_text=True))


def status(client, path):
    return client.get(path, buffered=True).status_code


def files_of(session, deck):
    slide = queries.slide_at(session, deck.id, 1)
    return [slide.image_url, slide.thumb_url]


# ---------- reading ----------


def test_deck_page_shows_slides_speaker_place_and_original(decks, client):
    deck = decks.ready("Forside\nBudget 2024", "Tal", "")
    page = text(client.get(deck.path))
    assert "<h1>Vores svømmehal</h1>" in page
    assert "Kultur og fritid" in page and "3 slides" in page
    assert 'href="/budget/2024/temaer/trivsel"' in page
    assert [f'href="{deck.path}/{no}"' in page for no in (1, 2, 3, 4)] == [True, True, True, False]
    assert re.search(r"Hent slides \(PDF, [\d,]+ KB\)", page)
    assert "Åbn styringen" not in page
    assert f'data-topic="deck:{deck.id}"' in page


def test_slide_page_holds_picture_text_position_and_ways_on(decks, session, client):
    deck = decks.ready("Forside", "Svømmehallen: hvornår\nkommer vi?", "Slut")
    page = text(client.get(f"{deck.path}/2"))
    image = queries.slide_at(session, deck.id, 2).image_url
    assert re.search(rf'src="{image}"[^>]*alt="Svømmehallen: hvornår kommer vi\?"', page, re.DOTALL)
    assert "<p>Svømmehallen: hvornår kommer vi?</p>" in page
    assert '<details class="details fh-words" open>' in page
    assert "Slide 2 af 3" in page
    assert re.search(rf'href="{deck.path}/1" rel="prev"', page) and re.search(rf'href="{deck.path}/3" rel="next"', page)
    assert f'property="og:image" content="http://127.0.0.1:8000{image}"' in page


def test_slide_page_says_so_when_there_are_no_words(decks, client):
    deck = decks.ready("")
    page = text(client.get(f"{deck.path}/1"))
    assert 'alt="Slide 1, et billede uden beskrivelse"' in page
    assert "Der er ingen tekst på denne slide." in page


def test_words_of_a_slide_are_words_and_not_markup(decks, client):
    deck = decks.ready("<script>alert(1)</script>", title="<img src=x onerror=alert(2)>")
    for path in (deck.path, f"{deck.path}/1"):
        page = text(client.get(path))
        assert "<script>alert(1)" not in page and "<img src=x" not in page
        assert "&lt;img src=x onerror=alert(2)&gt;" in page


def test_danish_words_are_marked_in_the_english_page(decks, client):
    deck = decks.ready("Tekst")
    page = text(client.get(f"{deck.path}/1?sprog=en"))
    assert '<h1 lang="da">Vores svømmehal</h1>' in page
    assert "Slide 1 of 1" in page and "Read the slide's text" in page


@pytest.mark.parametrize("no", [0, 4, 99999])
def test_slide_that_is_not_there_is_404(decks, client, no):
    assert status(client, f"{decks.ready().path}/{no}") == 404


STATES = {
    "waiting": lambda decks: decks.upload(),
    "drawing": lambda decks: decks.draw(decks.upload(), "En", pages=2),
    "failed": lambda decks: decks.failed(),
    "held": lambda decks: decks.ready("Ring 43 68 68 68"),
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("name", PEOPLE)
def test_deck_that_was_never_public_is_there_for_insiders_alone(decks, session, state, name):
    deck = STATES[state](decks)
    client = decks.client(name)
    wanted = 200 if name in INSIDERS else 404
    paths = [deck.path, f"{deck.path}/original.pdf"]
    if state in {"drawing", "held"}:
        paths += [f"{deck.path}/1", *files_of(session, deck)]
    assert {path: status(client, path) for path in paths} == dict.fromkeys(paths, wanted)


@pytest.mark.parametrize("name", PEOPLE)
def test_public_deck_is_there_for_everybody_and_a_hidden_one_says_why_it_is_gone(decks, session, name):
    deck, client = decks.ready(), decks.client(name)
    pages = [deck.path, f"{deck.path}/1", f"{deck.path}/original.pdf"]
    pictures = files_of(session, deck)
    assert {status(client, path) for path in pages + pictures} == {200}
    decks.do(actions.hide_deck, deck, who=decks.who())
    inside = name in INSIDERS
    assert {status(client, path) for path in pages} == {200 if inside else 410}
    assert {status(client, path) for path in pictures} == {200 if inside else 404}
    if not inside:
        answer = client.get(deck.path)
        assert "Oplægget er trukket tilbage." in text(answer)
        assert 'href="/budget/2024/temaer/trivsel"' in text(answer)


def test_removed_deck_answers_with_the_reason(decks, client):
    deck = decks.ready()
    path = deck.path
    decks.do(actions.remove_deck, deck, who=decks.who())
    assert status(client, path) == 410
    assert status(decks.client("host"), path) == 410
    assert status(decks.client("host"), deck.control_path) == 404


def test_lists_show_ready_decks_alone(decks, client):
    shown, waiting = decks.ready(title="Det klare"), decks.upload(title="Det ventende")
    page = text(client.get("/budget/2024/temaer/trivsel"))
    assert shown.path in page and shown.cover_url in page
    assert waiting.path not in page


# ---------- files ----------


def test_picture_of_a_public_deck_is_immutable_and_public(decks, session, client):
    for path in files_of(session, decks.ready()):
        answer = client.get(path, buffered=True)
        assert answer.mimetype == "image/webp"
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'"
        assert "Set-Cookie" not in answer.headers
        again = client.get(path, headers={"If-None-Match": answer.headers["ETag"]}, buffered=True)
        assert again.status_code == 304


def test_picture_is_never_in_a_shared_cache_when_it_is_for_few(decks, session, machine_time):
    listed, held = decks.ready("En"), decks.ready("Ring 43 68 68 68")
    host = decks.client("host")
    machine_time.shift(cookies.RENEW_AFTER + 1)
    assert [
        host.get(files_of(session, deck)[0], buffered=True).headers["Cache-Control"] for deck in (listed, held)
    ] == ["private, max-age=31536000, immutable", "private, no-store"]


@pytest.mark.parametrize(
    "key", ["0" * 64, "a", "..%2f..%2fjobs", "%2e%2e", "A" * 64, "x" * 64, "../" * 20 + "secret_key", "0" * 63 + "\x00"]
)
def test_unknown_keys_are_404(decks, client, key):
    decks.ready()
    assert status(client, f"/fil/slide/{key}.webp") == 404
    assert status(client, f"/fil/mini/{key}.webp") == 404


def test_original_and_other_files_are_no_pictures(decks, session, client):
    deck = decks.ready()
    image, thumb = files_of(session, deck)
    assert status(client, f"/fil/slide/{deck.file_key}.webp") == 404
    assert status(client, image.replace("/slide/", "/mini/")) == 404
    assert status(client, thumb.replace("/mini/", "/slide/")) == 404


def test_picture_that_the_store_lost_is_404(decks, session, client):
    deck = decks.ready()
    decks.store.path(queries.slide_at(session, deck.id, 1).image_key).unlink()
    assert status(client, files_of(session, deck)[0]) == 404


def test_original_is_a_sandboxed_download_named_after_the_deck(decks, client):
    content = pdf_of("Original")
    deck = decks.ready(content=content, name="Økonomi & æbler 2024.pdf")
    answer = client.get(f"{deck.path}/original.pdf", buffered=True)
    assert answer.get_data() == content
    assert answer.mimetype == "application/pdf"
    disposition = answer.headers["Content-Disposition"]
    assert disposition == f"attachment; filename={deck.slug}.pdf"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    held = decks.ready("Ring 43 68 68 68")
    private = decks.client("host").get(f"{held.path}/original.pdf", buffered=True)
    assert private.headers["Cache-Control"] == "private, no-store"


# ---------- following ----------


def test_live_leads_to_the_deck_until_something_is_shown(decks, client):
    deck = decks.ready()
    before = client.get(f"{deck.path}/live")
    assert (before.status_code, before.location) == (303, deck.path)
    decks.present(deck, 2)
    during = client.get(f"{deck.path}/live")
    assert (during.status_code, during.location) == (303, f"{deck.path}/2?foelg=1")


def bar(page):
    """What the bar says: the words that are shown, or nothing when it is hidden."""
    found = re.search(r'<div class="fh-follow[^>]*?>.*?</div>', page, re.DOTALL).group()
    if re.match(r"<div [^>]*\bhidden>", found):
        return ""
    parts = re.findall(
        r"<(?:span|a)[^>]*data-when=[^>]*>(.*?)</(?:span|a)>", re.sub(r"<span data-own>(\d*)</span>", r"\1", found)
    )
    shown = [not re.search(r"\bhidden>$", tag) for tag in re.findall(r"<(?:span|a)[^>]*data-when=[^>]*>", found)]
    words = [re.sub(r"<[^>]+>", "", part).strip() for part in parts]
    return " ".join(word for word, visible in zip(words, shown, strict=True) if visible)


def test_bar_tells_where_reader_and_presentation_are(decks, client):
    deck = decks.ready()
    assert bar(text(client.get(f"{deck.path}/1"))) == ""
    decks.present(deck, 3)
    assert bar(text(client.get(f"{deck.path}/1"))) == "Du ser slide 1. Gå til oplægget (slide 3)"
    assert bar(text(client.get(f"{deck.path}/3?foelg=1"))) == "Du følger oplægget"
    assert bar(text(client.get(deck.path))) == "Oplægget vises nu. Gå til oplægget (slide 3)"


def test_follower_who_reloads_an_old_slide_is_led_to_the_shown_one(decks, client):
    deck = decks.present(decks.ready(), 3)
    assert client.get(f"{deck.path}/1?foelg=1").location == f"{deck.path}/3?foelg=1"
    assert client.get(f"{deck.path}/1").status_code == 200


def test_leafing_links_never_follow(decks, client):
    deck = decks.present(decks.ready(), 2)
    page = text(client.get(f"{deck.path}/2?foelg=1"))
    links = set(re.findall(rf'href="({deck.path}/\d[^"]*)"', page.partition("<main")[2]))
    assert links == {f"{deck.path}/{no}" for no in (1, 2, 3)} | {f"{deck.path}/2#debat"}


def test_reread_gives_what_changed_and_nothing_when_up_to_date(decks, client):
    deck = decks.ready()
    before = deck.version
    decks.present(deck, 2)
    answer = client.get(f"{deck.path}/1?efter={before}").get_json()
    assert answer["version"] == decks.fresh(deck).version
    assert [change["target"] for change in answer["changes"]] == [f"follow-deck-{deck.id}", f"stage-deck-{deck.id}"]
    assert 'data-no="2"' in answer["changes"][1]["html"]
    for odd in (answer["version"], answer["version"] + 10):
        assert client.get(f"{deck.path}?efter={odd}").get_json()["changes"] == []
    assert len(client.get(f"{deck.path}?efter=x").get_json()["changes"]) == 2


def test_reread_of_a_deck_that_is_not_public_is_for_insiders(decks):
    deck = decks.draw(decks.upload(), "En", pages=2)
    assert decks.client("host").get(f"{deck.control_path}?efter=1").status_code == 200
    assert decks.client("nobody").get(f"{deck.path}?efter=1").status_code == 404
    assert decks.client("rival").get(f"{deck.control_path}?efter=1").status_code == 403


# ---------- presenting ----------

CONTROL = ("", "/ret", "/skjul", "/fjern", "/slide/1")
WRITES = ("/vis", "/start", "/stop", "/ret", "/flyt", "/skjul", "/offentlig", "/fjern", "/slide/1")


@pytest.mark.parametrize("name", PEOPLE)
def test_presenters_pages_by_role(decks, name):
    deck, client = decks.ready(), decks.client(name)
    wanted = {"nobody": 303, "citizen": 403, "rival": 403}.get(name, 200)
    assert {status(client, deck.control_path + page) for page in CONTROL} == {wanted}


@pytest.mark.parametrize("name", ["nobody", "citizen", "rival"])
def test_presses_of_others_change_nothing(decks, name):
    deck, client = decks.present(decks.ready()), decks.client(name)
    before = deck.version
    for page in WRITES:
        answer = client.send(
            deck.control_path + page, {"no": "2", "title": "Taget", "alt": "Taget", "confirm_box": "1"}
        )
        assert answer.status_code == 403  # nobody is logged in: the page asks for it, and keeps what was typed
    after = decks.fresh(deck)
    assert (after.version, after.showing, after.title) == (before, 1, "Vores svømmehal")


def test_unknown_deck_is_404_for_those_who_may_present(decks):
    assert decks.client("host").get("/styring/oplaeg/2024/findes-ikke").status_code == 404
    assert decks.client("host").get("/styring/oplaeg/2025/vores-svoemmehal").status_code == 404


def test_start_show_stop_with_plain_forms(decks):
    deck, client = decks.ready(), decks.client("host")
    for page, data, expected in (
        ("/start", {}, (True, 1)),
        ("/vis", {"no": "3"}, (True, 3)),
        ("/stop", {}, (False, 3)),
        ("/start", {"no": "3"}, (True, 3)),
        ("/stop", {}, (False, 3)),
        ("/start", {}, (True, 1)),
        ("/stop", {}, (False, 1)),
    ):
        answer = client.send(deck.control_path + page, data)
        assert (answer.status_code, answer.location) == (303, deck.control_path)
        now = decks.fresh(deck)
        assert (now.presenting, now.showing) == expected
    assert "Oplægget er stoppet" in text(client.get(deck.control_path))


def test_panel_offers_to_start_and_to_go_on_where_the_deck_was_left(decks):
    deck, client = decks.ready(), decks.client("host")
    assert "Fortsæt fra slide" not in text(client.get(deck.control_path))
    client.send(f"{deck.control_path}/vis", {"no": "2"})
    page = text(client.get(deck.control_path))
    assert "Start oplægget" in page and "Fortsæt fra slide 2" in page
    client.send(f"{deck.control_path}/start", {"no": "2"})
    page = text(client.get(deck.control_path))
    assert "Start oplægget" not in page and "Fortsæt fra slide" not in page


@pytest.mark.parametrize("no", ["0", "4", "", "x"])
def test_start_at_a_number_that_makes_no_sense_comes_back_with_a_sentence(decks, no):
    deck, client = decks.ready(), decks.client("host")
    answer = client.send(f"{deck.control_path}/start", {"no": no})
    assert (answer.status_code, "Skriv et tal fra 1 til 3" in text(answer)) == (422, True)
    assert not decks.fresh(deck).presenting


def test_ready_deck_is_started_from_the_list_of_uploads(decks):
    ready, failed, client = decks.ready(), decks.failed(), decks.client("host")
    page = client.get("/styring/2024/trivsel/oplaeg").get_data(as_text=True)
    assert re.findall(r'form="deck-tools"\s+formaction="([^"]*/start)"', page) == [f"{ready.control_path}/start"]
    answer = client.send(f"{ready.control_path}/start", token_from="/styring/2024/trivsel/oplaeg")
    assert (answer.status_code, answer.location) == (303, ready.control_path)
    assert decks.fresh(ready).presenting
    assert "/start" not in client.get("/styring/2024/trivsel/oplaeg").get_data(as_text=True)
    assert not decks.fresh(failed).presenting


def test_panel_offers_the_slides_on_either_side(decks, session):
    deck, client = decks.present(decks.ready(), 2), decks.client("host")
    page = text(client.get(deck.control_path))
    assert "Slide 2 af 3" in page and "Næste, slide 3" in page
    assert [queries.slide_at(session, deck.id, no).image_url in page for no in (1, 2, 3)] == [False, True, True]
    assert re.findall(r'name="no" value="(\d)" data-step="(-?1)" >', page) == [("1", "-1"), ("3", "1")]
    decks.present(deck, 3)
    assert "Næste, slide" not in text(client.get(deck.control_path))


@pytest.mark.parametrize("no", ["0", "4", "", "x", "-1", "9" * 30, "２"])
def test_number_that_makes_no_sense_comes_back_with_a_sentence(decks, no):
    deck, client = decks.present(decks.ready()), decks.client("host")
    answer = client.send(f"{deck.control_path}/vis", {"no": no})
    if no == "２":  # a digit of another script is a digit
        assert answer.status_code == 303
        return
    assert answer.status_code == 422
    assert "Fejl: " in text(answer) and "Skriv et tal fra 1 til 3" in text(answer)
    assert decks.fresh(deck).showing == 1


def test_press_by_script_is_answered_with_the_panel(decks):
    deck, client = decks.present(decks.ready()), decks.client("host")
    answer = client.send(f"{deck.control_path}/vis", {"no": "2"}, headers={"X-Requested-With": "fetch"})
    assert answer.status_code == 200
    targets = {change["target"] for change in answer.get_json()["changes"]}
    assert targets == {f"row-deck-{deck.id}", f"control-deck-{deck.id}"}
    assert answer.get_json()["version"] == decks.fresh(deck).version


def test_press_without_token_is_refused(decks):
    deck, client = decks.present(decks.ready()), decks.client("host")
    for page in WRITES:
        assert client.post(deck.control_path + page, data={"no": "2"}).status_code == 400
    assert decks.fresh(deck).showing == 1


def test_panel_of_a_deck_in_the_making_shows_its_progress(decks):
    deck, client = decks.draw(decks.upload(), "En", "To", pages=5), decks.client("host")
    page = text(client.get(deck.control_path))
    assert "Laver slide 3 af 5" in page
    assert f'data-topic="deck:{deck.id}/presenter"' in page


# ---------- looking after ----------


def test_edit_renames_and_keeps_what_was_typed_when_refused(decks):
    deck, client = decks.ready(), decks.client("host")
    assert client.send(f"{deck.control_path}/ret", {"title": "Ny titel", "speaker": "Anne"}).status_code == 303
    assert decks.fresh(deck).title == "Ny titel"
    for title, sentence in (("", "Skriv en titel til oplægget"), ("x" * 121, "1 tegn for lang")):
        refused = client.send(f"{deck.control_path}/ret", {"title": title, "speaker": "Bevar mig"})
        assert refused.status_code == 422
        assert sentence in text(refused) and "Bevar mig" in text(refused) and "<title>Fejl: " in text(refused)
    assert decks.fresh(deck).title == "Ny titel"


def test_title_goes_through_the_guard(decks):
    deck, client = decks.ready(), decks.client("host")
    path = f"{deck.control_path}/ret"
    assert client.send(path, {"title": "CPR 010150-5001", "speaker": ""}).status_code == 422
    asked = client.send(path, {"title": "Ring 43 68 68 68", "speaker": ""})
    assert asked.status_code == 422
    assert "<mark>43 68 68 68</mark>" in text(asked) and "confirm_box" not in text(asked)
    assert decks.fresh(deck).title != "Ring 43 68 68 68"


def test_edit_points_at_slides_without_words_until_they_have_some(decks):
    deck, client = decks.ready("Tekst", "", ""), decks.client("host")
    page = text(client.get(f"{deck.control_path}/ret"))
    assert "2 slides har ingen tekst:" in page
    answer = client.send(f"{deck.control_path}/slide/2", {"alt": "En graf over besøg"})
    assert (answer.status_code, answer.location) == (303, f"{deck.control_path}/ret")
    assert "1 slide har ingen tekst:" in text(client.get(f"{deck.control_path}/ret"))
    assert 'alt="En graf over besøg"' in text(client.get(f"{deck.path}/2"))
    assert client.send(f"{deck.control_path}/slide/2", {"alt": "x" * 501}).status_code == 422
    assert client.send(f"{deck.control_path}/slide/9", {"alt": "x"}).status_code == 404


def test_hide_asks_first_and_shows_again(decks):
    deck, client = decks.ready(), decks.client("host")
    assert "Vil du skjule oplægget?" in text(client.get(f"{deck.control_path}/skjul"))
    assert decks.fresh(deck).listed
    assert client.send(f"{deck.control_path}/skjul").status_code == 303
    assert not decks.fresh(deck).listed
    assert status(client, f"{deck.control_path}/skjul") == 404
    assert client.send(f"{deck.control_path}/skjul").status_code == 409
    assert client.send(f"{deck.control_path}/offentlig").status_code == 303
    assert decks.fresh(deck).listed


def test_held_deck_names_the_slide_and_is_shown_after_a_look(decks):
    deck, client = decks.ready("Forside", "Ring 43 68 68 68"), decks.client("host")
    page = text(client.get(f"{deck.control_path}/ret"))
    assert "ser ud til at have et telefonnummer" in page and f'href="{deck.path}/2"' in page
    assert client.send(f"{deck.control_path}/offentlig").status_code == 409
    assert client.send(f"{deck.control_path}/offentlig", {"confirm_box": "1"}).status_code == 303
    assert decks.fresh(deck).listed


def test_cpr_number_is_never_shown(decks):
    deck, client = decks.ready("010150-5001"), decks.client("staff")
    page = text(client.get(f"{deck.control_path}/ret"))
    assert "Et cpr-nummer må ikke vises" in page and "/offentlig" not in page
    assert client.send(f"{deck.control_path}/offentlig", {"confirm_box": "1"}).status_code == 409


def test_move_reorders_the_list(decks):
    first, second = decks.ready(title="A"), decks.ready(title="B")
    answer = decks.client("host").send(f"{second.control_path}/flyt", {"retning": "op"})
    assert (answer.status_code, answer.location) == (303, "/styring/2024/trivsel/oplaeg")
    assert [decks.fresh(deck).position for deck in (first, second)] == [2, 1]


def test_remove_asks_first_and_deletes_the_files(decks, session):
    deck, client = decks.ready(), decks.client("host")
    paths = [decks.store.path(key) for key in queries.keys_of(session, deck)]
    assert "Vil du fjerne oplægget?" in text(client.get(f"{deck.control_path}/fjern"))
    assert all(path.exists() for path in paths)
    answer = client.send(f"{deck.control_path}/fjern")
    assert (answer.status_code, answer.location) == (303, "/styring/2024/trivsel/oplaeg")
    assert not any(path.exists() for path in paths)
    assert decks.fresh(deck).state == DeckState.REMOVED


# ---------- uploading ----------

UPLOAD = "/styring/2024/trivsel/oplaeg"


def send_file(client, content, *, name="oplæg.pdf", mimetype="application/pdf", title="Vores svømmehal", token=True):
    file = FileStorage(io.BytesIO(content), name, content_type=mimetype)
    fields = {"title": title, "speaker": "", "file": file} | ({"csrf_token": client.token()} if token else {})
    boundary, body = encode_multipart(fields)
    return client.post(UPLOAD, data=body, content_type=f"multipart/form-data; boundary={boundary}")


def test_upload_is_taken_in_and_shown_in_the_list(decks, nudges):
    client = decks.client("host")
    answer = send_file(client, pdf_of())
    assert (answer.status_code, answer.location) == (303, UPLOAD)
    page = text(client.get(UPLOAD))
    assert "Vores svømmehal" in page and "I kø" in page and "oplæg.pdf" in page
    assert len(nudges) == 1


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Filen er tom."),
        (b"\xd0\xcf\x11\xe0 ppt", "Gamle PowerPoint-filer (.ppt) og filer med adgangskode kan ikke læses."),
        (b"<html><script>alert(1)</script>", "Filen er ikke en PDF."),
        (b"\x89PNG\r\n\x1a\n", "Filen er ikke en PDF."),
    ],
)
def test_upload_type_is_read_from_the_content(decks, nudges, content, sentence):
    answer = send_file(decks.client("host"), content)
    assert answer.status_code == 422
    assert sentence in text(answer) and "<title>Fejl: " in text(answer)
    assert 'value="Vores svømmehal"' in text(answer)
    assert nudges == []


def send_files(client, *files, title=""):
    """`files` are pairs of name and content, sent by one form."""
    sent = [FileStorage(io.BytesIO(content), name, content_type="application/pdf") for name, content in files]
    fields = MultiDict(
        [("title", title), ("speaker", ""), ("csrf_token", client.token()), *(("file", one) for one in sent)]
    )
    boundary, body = encode_multipart(fields)
    return client.post(UPLOAD, data=body, content_type=f"multipart/form-data; boundary={boundary}")


def test_several_files_are_queued_each_under_its_own_name(decks, nudges):
    client = decks.client("host")
    answer = send_files(client, ("vores-hal.pdf", pdf_of()), ("2023_budget.pdf", pdf_of()), title="Til begge?")
    assert answer.status_code == 303
    page = text(client.get(UPLOAD))
    assert "2 oplæg er sendt. Vi laver deres slides" in page
    assert "Vores hal" in page and "2023 budget" in page and "Til begge?" not in page
    assert len(nudges) == 2


def test_good_files_are_queued_and_each_refused_one_gets_its_sentence(decks, nudges):
    client = decks.client("host")
    answer = send_files(client, ("tom.pdf", b""), ("god.pdf", pdf_of()), ("billede.png", b"\x89PNG\r\n\x1a\n"))
    assert answer.status_code == 303 and len(nudges) == 1
    page = text(client.get(UPLOAD))
    assert "tom.pdf: Filen er tom." in page and "billede.png: Filen er ikke en PDF." in page
    assert "Oplægget er sendt" in page


def test_files_that_are_all_refused_are_each_told_why_on_the_form(decks, nudges):
    answer = send_files(decks.client("host"), ("tom.pdf", b""), ("billede.png", b"\x89PNG\r\n\x1a\n"))
    assert answer.status_code == 422 and nudges == []
    assert "tom.pdf: Filen er tom." in text(answer) and "billede.png: Filen er ikke en PDF." in text(answer)


def test_name_that_seems_private_is_not_repeated(decks, nudges):
    client = decks.client("host")
    send_files(client, ("010190-1236.pdf", pdf_of()), ("god.pdf", pdf_of()))
    page = text(client.get(UPLOAD))
    assert "Filens navn" in page and "010190" not in page
    assert len(nudges) == 1


def test_a_hundred_files_are_too_many_at_a_time(decks, nudges):
    answer = send_files(decks.client("host"), *((f"oplaeg-{no}.pdf", pdf_of()) for no in range(100)))
    assert answer.status_code == 422 and nudges == []
    assert "Vælg højst 20 filer ad gangen. Du valgte 100" in text(answer)


def test_upload_name_and_declared_type_are_not_believed(decks, nudges):
    answer = send_file(decks.client("host"), pdf_of(), name="virus.exe", mimetype="text/html")
    assert answer.status_code == 303 and len(nudges) == 1


def test_upload_without_a_file_says_what_to_do(decks):
    answer = decks.client("host").send(UPLOAD, {"title": "Uden fil", "speaker": ""}, content_type="multipart/form-data")
    assert answer.status_code == 422 and "Vælg en fil" in text(answer)


def test_upload_that_is_too_large_is_told_its_size(decks, nudges):
    answer = send_file(decks.client("host"), b"%PDF-" + b"0" * (61 * MIB - 5))
    assert answer.status_code == 422
    assert "Filen er 61 MB. Den må højst være 50 MB" in text(answer)
    assert nudges == []


def test_only_upload_pages_read_more_than_the_site_allows(decks):
    deck, client = decks.ready(), decks.client("host")

    def announce(path, size):
        """A request that says how long it is, and is refused before it is read."""
        length = {"CONTENT_LENGTH": str(size)}
        return client.post(path, content_type="multipart/form-data; boundary=x", environ_overrides=length).status_code

    assert announce(UPLOAD, BODY_MAX + 1) == announce(f"{deck.control_path}/ret", 52 * MIB) == 413
    # Read, and then refused because it carries no token.
    assert send_file(client, b"0" * 52 * MIB, token=False).status_code == 400


def test_failed_deck_says_why_and_can_be_taken_away(decks):
    deck, client = decks.failed("encrypted"), decks.client("host")
    page = text(client.get(UPLOAD))
    assert "Filen er låst med en adgangskode. Gem den uden, og upload den igen." in page
    assert f'href="{deck.control_path}/fjern"' in page
    assert client.send(f"{deck.control_path}/fjern").status_code == 303
    assert "adgangskode. Gem" not in text(client.get(UPLOAD))


# ---------- cost ----------


def test_pages_cost_the_same_for_one_slide_and_for_thirty(decks, app, client):
    short, long = decks.ready("En"), decks.ready(*[f"Slide {no}" for no in range(1, 31)], title="Lang")
    host = decks.client("host")
    pages = [(client, ""), (client, "/1"), (host, "/styring"), (host, "/styring/ret")]
    for reader, page in pages:
        addresses = [address(deck, page) for deck in (short, long)]
        for path in addresses:
            reader.get(path)  # whatever is kept between requests is kept now
        costs = [counted(app, partial(reader.get, path)) for path in addresses]
        assert costs[0] == costs[1], page


def address(deck, page):
    """The public page of a deck, or one of the presenter's."""
    return deck.control_path + page.removeprefix("/styring") if page.startswith("/styring") else deck.path + page


def test_list_of_decks_costs_the_same_for_one_and_for_many(decks, app):
    client = decks.client("host")
    decks.ready(title="Den første")
    client.get(UPLOAD)
    one = counted(app, lambda: client.get(UPLOAD))
    for no in range(10):
        decks.ready("En", title=f"Nr. {no}")
    assert counted(app, lambda: client.get(UPLOAD)) == one


# ---------- what a stranger may ask of a file ----------


@pytest.mark.parametrize("wanted", ["bytes=999999999-", "bytes=-0", "bytes=5-2", "nonsense", "bytes=0-1,3-4"])
def test_range_that_a_file_does_not_have_is_no_fault(decks, session, client, wanted, caplog):
    deck = decks.ready("Forside")
    for path in (files_of(session, deck)[0], f"{deck.path}/original.pdf"):
        assert client.get(path, headers={"Range": "bytes=0-3"}, buffered=True).status_code == 206
        assert client.get(path, headers={"Range": wanted}, buffered=True).status_code == 416
    assert [record for record in caplog.records if "fault" in record.getMessage()] == []


def test_file_whose_answer_carries_a_cookie_is_for_no_shared_cache(app, decks, build, session, client, machine_time):
    """Also a cookie whose log-in has ended: it renews itself until its browser forgets it."""
    deck = decks.ready("Forside")
    image = files_of(session, deck)[0]
    assert client.get(image, buffered=True).headers["Cache-Control"].startswith("public, ")
    reader = app.test_client()
    user = build.user()
    reader.log_in(user)
    for _again in range(2):
        answers = []
        for path in (image, f"{deck.path}/original.pdf"):
            machine_time.shift(cookies.RENEW_AFTER + 1)
            answers.append(reader.get(path, buffered=True))
        assert all("fh_session=" in answer.headers["Set-Cookie"] for answer in answers)
        assert all(answer.headers["Cache-Control"].startswith("private, ") for answer in answers)
        with transaction() as writing:
            accounts.end_sessions(writing, user_id=user.id, reason="ended")
    assert reader.get("/min-side").status_code == 303


def test_pages_of_a_deck_mark_the_section_of_its_place(decks, client):
    deck = decks.ready()
    for path in (deck.path, f"{deck.path}/2"):
        marked = set(re.findall(r'href="([^"]+)" aria-current="true"', client.get(path).get_data(as_text=True)))
        assert {path for path in marked if "?" not in path} == {"/budget/2024/temaer"}


def test_button_to_choose_a_file_speaks_the_language_of_the_page(decks):
    host = decks.client("host")
    page = host.get("/styring/2024/trivsel/oplaeg").get_data(as_text=True)
    assert '<label class="button button-secondary" for="file">Vælg filer</label>' in page
    assert re.search(r'<input[^>]*id="file"[^>]* required', page)
