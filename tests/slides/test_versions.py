"""Newer versions of decks: the old one stays until the new is drawn; links, words and talks go on."""

import io
import re

import pytest
from sqlalchemy import select

from forsamlingshus.kernel import db
from forsamlingshus.kernel.db import transaction
from forsamlingshus.kernel.errors import Closed, Conflict, Forbidden
from forsamlingshus.slides import actions, queries
from forsamlingshus.slides.models import Deck, DeckState, FileType, Slide
from tests.slides.conftest import pdf_of
from tests.slides.test_live import deliver, heard, listener, targets  # noqa: F401 a fixture
from tests.slides.test_talks import WORDS, say
from tests.slides.test_views import UPLOAD, text


def newer(decks, deck, who=None):
    """Upload a newer version; its slides are not drawn yet."""
    key, size = decks.store.put(io.BytesIO(pdf_of("Ny")), limit=50_000_000)
    with transaction() as session:
        return actions.replace_deck(
            session,
            who=who or decks.who(),
            deck_id=deck.id,
            file_key=key,
            file_size=size,
            file_name="ny.pdf",
            file_type=FileType.PDF,
        )


def finish(decks, deck, *texts):
    decks.draw(deck, *texts)
    with transaction() as session:
        actions.finish_deck(session, deck_id=deck.id)


def words_of(deck):
    session = db.session()
    session.rollback()
    session.expire_all()
    rows = session.scalars(select(Slide).where(Slide.deck_id == deck.id).order_by(Slide.no))
    return [slide.text for slide in rows]


def describe(decks, deck, no, alt="", notes=""):
    with transaction() as session:
        actions.describe_slide(
            session,
            who=decks.who(),
            deck=session.get_one(Deck, deck.id),
            slide=queries.slide_at(session, deck.id, no),
            alt=alt,
            notes=notes,
        )


def test_old_version_stays_until_the_new_one_is_drawn(decks, client):
    deck = decks.ready("Gammel")
    new = newer(decks, deck)
    decks.draw(new, "Nyt", pages=2)
    assert words_of(deck) == ["Gammel"]
    assert "Gammel" in text(client.get(deck.path))
    assert client.get(decks.fresh(new).path).status_code == 404
    decks.draw(new, "Mere nyt", pages=2, first=2)
    with transaction() as session:
        actions.finish_deck(session, deck_id=new.id)
    assert words_of(deck) == ["Nyt", "Mere nyt"]
    page = text(client.get(deck.path))
    assert "Gammel" not in page and "2 slides" in page
    assert decks.fresh(new) is None


def test_links_title_order_and_talks_stay(decks, client):
    first, deck = decks.ready("A", title="Den første"), decks.ready("En", "To")
    say(decks, deck, 2)
    finish(decks, newer(decks, deck), "Ny en", "Ny to")
    fresh = decks.fresh(deck)
    assert (fresh.path, fresh.title, fresh.position) == (deck.path, deck.title, deck.position)
    assert [row.id for row in queries.decks_of(db.session(), [decks.scope], listed_only=True)] == [first.id, deck.id]
    page = text(client.get(f"{deck.path}/2"))
    assert "Ny to" in page and WORDS in page


def test_talk_of_a_slide_that_went_is_read_and_not_written(decks, client):
    deck = decks.ready("En", "To", "Tre")
    say(decks, deck, 3)
    host = decks.client("citizen")
    token = host.token(f"{deck.path}/3")
    finish(decks, newer(decks, deck), "Kun en")
    answer = client.get(f"{deck.path}/3")
    page = text(answer)
    assert answer.status_code == 200
    assert WORDS in page and "Slide 3 er ikke med i den nyeste udgave" in page
    assert "<textarea" not in page
    assert host.post(f"{deck.path}/3", data={"body": "Mere", "csrf_token": token}).status_code == 410
    assert client.get(f"{deck.path}/2").status_code == 404
    assert re.search(rf'href="{deck.path}/3">Slide 3</a>\s*\(1 indlæg\)', text(client.get(deck.path)))


def test_slide_that_comes_back_is_talked_about_again(decks, client):
    deck = decks.ready("En", "To")
    say(decks, deck, 2)
    finish(decks, newer(decks, deck), "Kun en")
    finish(decks, newer(decks, deck), "En", "To igen")
    assert say(decks, deck, 2, body="Godt, den er her igen").status_code == 303
    page = text(client.get(f"{deck.path}/2"))
    assert WORDS in page and "Godt, den er her igen" in page


def test_words_for_pictures_stay_and_ask_for_a_look_where_the_picture_changed(decks):
    deck = decks.ready("", "To")
    describe(decks, deck, 1, alt="En svømmehal", notes="Husk prisen")
    assert decks.fresh(deck).bare_count == 0
    finish(decks, newer(decks, deck), "", "")
    slide = queries.slide_at(db.session(), deck.id, 1)
    assert (slide.alt, slide.alt_old, slide.notes) == ("En svømmehal", True, "Husk prisen")
    assert decks.fresh(deck).bare_count == 1
    page = text(decks.client("host").get(f"{deck.control_path}/ret"))
    assert "Billedet på 1 slide er et andet, end da det blev beskrevet" in page
    assert "1 slide har ingen tekst" in page
    describe(decks, deck, 1, alt="En ny svømmehal", notes="Husk prisen")
    db.session().rollback()
    assert not queries.slide_at(db.session(), deck.id, 1).alt_old


def test_hidden_deck_stays_hidden_and_a_failed_one_becomes_public(decks):
    hidden, failed = decks.ready("Skjult"), decks.failed()
    decks.do(actions.hide_deck, hidden, who=decks.who())
    finish(decks, newer(decks, hidden), "Stadig skjult")
    finish(decks, newer(decks, failed), "Nu virker den")
    assert not decks.fresh(hidden).listed
    assert decks.fresh(failed).listed and words_of(failed) == ["Nu virker den"]


def test_version_with_a_phone_number_waits_for_a_person(decks, client):
    deck = decks.ready("Gammel")
    new = newer(decks, deck)
    finish(decks, new, "Ring 43 68 68 68")
    assert words_of(deck) == ["Gammel"]
    host = decks.client("host")
    assert "Ny udgave af Vores svømmehal" in text(host.get(UPLOAD))
    path = decks.fresh(new).control_path
    assert "Lad den afløse den gamle udgave" in text(host.get(f"{path}/ret"))
    with pytest.raises(Conflict):
        decks.do(actions.list_deck, new, who=decks.who())
    answer = host.post(f"{path}/offentlig", data={"csrf_token": host.token(f"{path}/ret"), "confirm_box": "1"})
    assert answer.headers["Location"] == f"{deck.control_path}/ret"
    assert words_of(deck) == ["Ring 43 68 68 68"]


def test_of_two_newer_versions_the_last_one_counts(decks, session):
    deck = decks.ready("Gammel")
    first = newer(decks, deck)
    second = newer(decks, deck)
    with transaction() as writing:
        assert actions.finish_deck(writing, deck_id=first.id) is None
    finish(decks, second, "Den sidste")
    assert words_of(deck) == ["Den sidste"]
    assert session.scalars(select(Deck.id)).all() == [deck.id]


def test_newer_version_goes_with_a_deck_that_is_removed(decks, session):
    deck = decks.ready("Gammel")
    new = newer(decks, deck)
    gone = decks.do(actions.remove_deck, deck, who=decks.who())
    assert new.file_key in gone
    assert decks.fresh(new) is None
    assert session.scalars(select(Deck.id)).all() == [deck.id]
    assert words_of(deck) == []


def test_newer_version_is_neither_moved_nor_shown(decks):
    deck, host = decks.ready("Gammel"), decks.client("host")
    new = decks.fresh(newer(decks, deck))
    token = host.token(UPLOAD)
    moved = host.post(f"{new.control_path}/flyt", data={"csrf_token": token, "retning": "op"})
    assert moved.status_code == 303
    finish(decks, new, "Ring 43 68 68 68")
    assert host.post(f"{new.control_path}/start", data={"csrf_token": token, "no": "1"}).status_code == 409


def test_presentation_that_goes_on_shows_the_new_slide_and_no_number_beyond_the_last(app, decks, pushed, listener):  # noqa: F811
    deck = decks.present(decks.ready("En", "To", "Tre"), 3)
    follower, _answer = listener(deck.topic)
    new = newer(decks, deck)
    pushed.clear()
    finish(decks, new, "Ny en", "Ny to")
    assert f"newer-deck-{new.id}" in targets(pushed)
    deliver(app, pushed)
    html = " ".join(change["html"] for message in heard(follower) for change in message["changes"])
    assert "Ny to" in html
    fresh = decks.fresh(deck)
    assert (fresh.presenting, fresh.showing) == (True, 2)


def test_only_those_who_lead_upload_a_version_while_the_phase_is_open(decks):
    deck = decks.ready("En")
    for name in ("rival", "citizen"):
        with pytest.raises(Forbidden):
            newer(decks, deck, who=decks.who(name))
    with pytest.raises(Closed):
        newer(decks, deck, who=decks.who(activities=()))
    assert decks.do(lambda session, deck: queries.replacement_of(session, deck.id), deck) is None


def test_deck_that_is_being_drawn_takes_no_newer_version(decks):
    deck = decks.draw(decks.upload(), "En", pages=2)
    with pytest.raises(Conflict):
        newer(decks, deck)
    assert decks.client("host").get(f"{deck.control_path}/ny-udgave").status_code == 404


def test_version_is_uploaded_by_its_form_and_stands_in_the_list(decks, nudges):
    deck, host = decks.ready("En"), decks.client("host")
    path = f"{deck.control_path}/ny-udgave"
    nudges.clear()
    empty = host.post(path, data={"csrf_token": host.token(path)}, content_type="multipart/form-data")
    assert empty.status_code == 422 and "Vælg en fil" in text(empty)
    data = {"csrf_token": host.token(path), "file": (io.BytesIO(pdf_of("Ny")), "ny.pdf")}
    answer = host.post(path, data=data, content_type="multipart/form-data")
    assert (answer.status_code, answer.location) == (303, UPLOAD)
    assert len(nudges) == 1
    page = text(host.get(UPLOAD))
    assert "Ny udgave af Vores svømmehal" in page
    assert "Ny udgave" not in text(host.get("/styring"))


def test_real_versions_are_drawn_and_old_files_go(drawing_decks):
    deck = drawing_decks.fresh(drawing_decks.upload(pdf_of("Gammel")))
    before = queries.keys_of(db.session(), deck)
    newer(drawing_decks, deck)
    deck = drawing_decks.fresh(deck)
    after = queries.keys_of(db.session(), deck)
    assert words_of(deck) == ["Ny"] and deck.state == DeckState.READY
    assert [drawing_decks.store.path(key).exists() for key in before] == [False] * 3
    assert [drawing_decks.store.path(key).exists() for key in after] == [True] * 3


# ---------- the queue ----------


def test_row_says_how_many_are_drawn_before_and_moves_when_one_is_done(decks, pushed):
    first, second, third = (decks.upload(title=title) for title in ("En", "To", "Tre"))
    page = text(decks.client("host").get(UPLOAD))
    assert "1 oplæg er foran" in page and "2 oplæg er foran" in page
    decks.draw(first, "Slide")
    pushed.clear()
    with transaction() as session:
        actions.finish_deck(session, deck_id=first.id)
    assert {f"row-deck-{deck.id}" for deck in (first, second, third)} <= set(targets(pushed))
    rows = {change.target: change.render("da") for change in pushed if change.target.startswith("row-")}
    assert "foran" not in rows[f"row-deck-{second.id}"]
    assert "1 oplæg er foran" in text_of(rows[f"row-deck-{third.id}"])


def text_of(html):
    return re.sub(r"\s+", " ", html)


def test_list_warns_of_slides_without_words(decks):
    decks.ready("", "", "Tekst")
    assert "2 slides har hverken tekst eller beskrivelse" in text(decks.client("host").get(UPLOAD))
