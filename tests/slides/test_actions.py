"""Verbs on decks: what they change, what they record, whom they refuse."""

import pytest
from sqlalchemy import select

from forsamlingshus.kernel import clock, topics
from forsamlingshus.kernel.db import transaction
from forsamlingshus.kernel.errors import Closed, Conflict, Forbidden
from forsamlingshus.kernel.events import EventRow
from forsamlingshus.slides import actions, queries
from forsamlingshus.slides.models import Deck, DeckState, Slide


def events(session):
    session.rollback()
    return [(row.name, row.data) for row in session.scalars(select(EventRow).order_by(EventRow.id))]


def last_event(session):
    return events(session)[-1]


def test_upload_makes_a_waiting_deck_with_an_address(decks, nudges, session):
    deck = decks.upload(title="Før og nu", name="../Før & nu.pdf")
    assert (deck.state, deck.slug, deck.path) == (DeckState.WAITING, "foer-og-nu", "/budget/2024/oplaeg/foer-og-nu")
    assert (deck.file_name, deck.uploaded_by, deck.position) == ("Før & nu.pdf", decks.host.author_id, 1)
    assert (deck.version, topics.version_of(session, deck.topic)) == (1, 1)
    assert last_event(session) == ("DeckUploaded", {"deck_id": deck.id})
    assert nudges == [("render_deck", deck.id)]


def test_upload_same_title_gets_the_next_free_address(decks):
    slugs = [decks.upload(title="Økonomi").slug for _ in range(3)]
    assert slugs == ["oekonomi", "oekonomi-2", "oekonomi-3"]
    assert decks.upload(title="Økonomien").slug == "oekonomien"


@pytest.mark.parametrize("name", ["nobody", "citizen", "rival"])
def test_upload_by_others_is_refused(decks, nudges, name):
    with pytest.raises(Forbidden):
        decks.upload(who=decks.who(name))
    assert nudges == []
    assert decks.upload(who=decks.who("staff")).state == DeckState.WAITING


def test_upload_outside_the_phase_is_closed(decks):
    with pytest.raises(Closed) as caught:
        decks.upload(who=decks.who(activities=("discuss",)))
    assert caught.value.next_url == "/budget/2024"


def test_slides_come_one_by_one_and_the_deck_is_listed_only_when_all_are_there(decks, session):
    deck = decks.draw(decks.upload(), "En", "To", pages=3)
    assert (deck.state, deck.page_count, deck.done_count, bool(deck.cover_key)) == (DeckState.DRAWING, 3, 2, True)
    with transaction() as session:
        assert actions.finish_deck(session, deck_id=deck.id) is None
    assert queries.decks_of(session, [decks.scope], listed_only=True) == []
    deck = decks.draw(deck, "Tre", first=3, pages=3)
    with transaction() as session:
        actions.finish_deck(session, deck_id=deck.id)
    (listed,) = queries.decks_of(session, [decks.scope], listed_only=True)
    assert (listed.id, listed.state, listed.done_count) == (deck.id, DeckState.READY, 3)
    assert listed.ready_at is not None


def test_each_step_of_drawing_takes_a_version_and_says_so(decks, session):
    deck = decks.ready("En", "To")
    versions = [data["version"] for name, data in events(session) if name == "DeckProgressed"]
    assert versions == [2, 3, 4, 5]
    assert (deck.version, topics.version_of(session, deck.topic)) == (5, 5)


def test_drawing_twice_is_drawing_once(decks, session):
    deck = decks.draw(decks.upload(), "En", "To", pages=3)
    decks.draw(deck, "En", "To", pages=3)
    assert [thumb.no for thumb in queries.strip(session, deck.id)] == [1, 2]
    with transaction() as session:
        assert actions.count_slides(session, deck_id=deck.id, pages=3) == 2


def test_take_up_leaves_finished_decks_alone(decks):
    ready, failed = decks.ready(), decks.failed()
    with transaction() as session:
        assert actions.take_up(session, deck_id=ready.id) is None
        assert actions.take_up(session, deck_id=failed.id) is None
        assert actions.take_up(session, deck_id=10_000) is None
        assert actions.fail_deck(session, deck_id=ready.id, fault="broken") is None


def test_slide_of_a_removed_deck_is_not_stored(decks, session):
    deck = decks.draw(decks.upload(), "En", pages=2)
    decks.do(actions.remove_deck, deck, who=decks.who())
    with transaction() as session:
        values = {"width": 16, "height": 9, "image_key": "a" * 64, "thumb_key": "b" * 64, "text": "To"}
        assert actions.add_slide(session, deck_id=deck.id, no=2, **values) is None
    assert list(session.scalars(select(Slide))) == []


@pytest.mark.parametrize(
    ("text", "caution", "listed"),
    [
        ("Budget 2024: 28.000.000 kr. i alt", "", True),
        ("Ring til os på 43 68 68 68", "phone", False),
        ("Skriv til anne.bjerre@example.org", "email", False),
        ("Nummeret 140270-1234 er et eksempel", "cpr?", False),
        ("Nummeret 010150-5001 er et eksempel", "cpr", False),
    ],
)
def test_text_with_private_information_holds_the_deck_back(decks, session, text, caution, listed):
    deck = decks.ready("Forside", text)
    assert queries.slide_at(session, deck.id, 2).caution == caution
    assert (deck.listed, deck.hidden, deck.ready_at is not None) == (listed, not listed, listed)


def test_own_published_lines_pass_the_guard(decks):
    from forsamlingshus.process import actions as process

    with transaction() as session:
        process.set_municipality(session, name="Albertslund", public_lines=["43 68 68 68"])
    assert decks.ready("Ring til os på 43 68 68 68").listed


def test_confirmed_doubt_is_listed_but_a_cpr_number_never(decks):
    doubtful, certain = decks.ready("Ring 43 68 68 68"), decks.ready("010150-5001")
    for deck, confirmed in ((doubtful, False), (certain, True)):
        with pytest.raises(Conflict):
            decks.do(actions.list_deck, deck, who=decks.who(), confirmed=confirmed)
    decks.do(actions.list_deck, doubtful, who=decks.who(), confirmed=True)
    assert decks.fresh(doubtful).listed
    assert not decks.fresh(certain).listed


def test_hide_and_list_again(decks, session):
    deck = decks.present(decks.ready())
    since = deck.ready_at
    hidden = decks.do(actions.hide_deck, deck, who=decks.who())
    assert (hidden.listed, hidden.presenting) == (False, False)
    assert last_event(session)[0] == "DeckHidden"
    with pytest.raises(Conflict):
        decks.do(actions.hide_deck, deck, who=decks.who())
    again = decks.do(actions.list_deck, deck, who=decks.who())
    assert (again.listed, again.ready_at) == (True, since)
    assert last_event(session) == ("DeckListed", {"deck_id": deck.id, "confirmed": False})
    with pytest.raises(Conflict):
        decks.do(actions.list_deck, deck, who=decks.who())


def test_rename_keeps_the_address(decks):
    deck = decks.do(actions.rename_deck, decks.ready(), who=decks.who(), title="Ny titel", speaker="")
    assert (deck.title, deck.speaker, deck.slug) == ("Ny titel", "", "vores-svoemmehal")


def test_move_changes_places_and_stops_at_the_ends(decks, session):
    first, second, third = (decks.ready(title=title) for title in ("A", "B", "C"))
    elsewhere = decks.upload(scope_key=decks.other_scope, who=decks.who("staff"))
    decks.do(actions.move_deck, third, who=decks.who(), up=True)
    decks.do(actions.move_deck, first, who=decks.who(), up=True)
    decks.do(actions.move_deck, second, who=decks.who(), up=False)
    order = [deck.title for deck in queries.decks_of(session, [decks.scope], listed_only=True)]
    assert order == ["A", "C", "B"]
    assert decks.fresh(elsewhere).position == 1


def test_remove_public_deck_leaves_only_its_address(decks, session):
    deck = decks.ready("Hemmelig tekst")
    keys = queries.keys_of(session, deck)
    freed = decks.do(actions.remove_deck, deck, who=decks.who())
    assert freed == keys and len(keys) == 3
    left = decks.fresh(deck)
    assert (left.state, left.title, left.file_key, left.file_name) == (DeckState.REMOVED, "", "", "")
    assert list(session.scalars(select(Slide))) == []
    assert queries.decks_of(session, [decks.scope], listed_only=False) == []
    assert decks.upload().slug == "vores-svoemmehal-2"


def test_remove_failed_deck_leaves_nothing(decks, session):
    deck = decks.failed()
    assert decks.do(actions.remove_deck, deck, who=decks.who()) == {deck.file_key}
    assert session.get(Deck, deck.id) is None


def test_remove_keeps_files_that_another_deck_shows(decks):
    twin, deck = decks.upload(b"%PDF-1"), decks.upload(b"%PDF-1")
    assert twin.file_key == deck.file_key
    assert decks.do(actions.remove_deck, deck, who=decks.who()) == set()
    assert decks.do(actions.remove_deck, twin, who=decks.who()) == {twin.file_key}


def test_describe_takes_words_and_takes_them_back(decks, session):
    deck = decks.ready("Tekst")
    for words in ("En graf", ""):
        slide = queries.slide_at(session, deck.id, 1)
        with transaction() as session:
            actions.describe_slide(
                session, who=decks.who(), deck=deck, slide=session.get_one(Slide, slide.id), alt=words, notes=""
            )
        assert queries.slide_at(session, deck.id, 1).description == (words or "Tekst")


def test_start_begins_at_one_whatever_was_shown_before(decks):
    deck = decks.ready()
    decks.do(lambda session, deck: actions.show_slide(session, who=decks.who(), deck_id=deck.id, no=2), deck)
    assert decks.fresh(deck).showing == 2
    deck = decks.present(deck)
    assert (deck.presenting, deck.showing) == (True, 1)


def test_start_goes_on_where_it_stopped_when_asked_to(decks):
    deck = decks.present(decks.ready(), 3)
    decks.do(lambda session, deck: actions.stop_presenting(session, who=decks.who(), deck_id=deck.id), deck)
    assert not decks.fresh(deck).presenting
    decks.do(lambda session, deck: actions.start_presenting(session, who=decks.who(), deck_id=deck.id, no=3), deck)
    deck = decks.fresh(deck)
    assert (deck.presenting, deck.showing) == (True, 3)


def test_second_start_of_a_deck_that_is_shown_moves_nobody(decks):
    deck = decks.present(decks.ready(), 3)
    decks.do(lambda session, deck: actions.start_presenting(session, who=decks.who("staff"), deck_id=deck.id), deck)
    deck = decks.fresh(deck)
    assert (deck.presenting, deck.showing) == (True, 3)


def test_start_at_a_slide_that_is_not_there_is_refused(decks):
    deck = decks.ready()
    with pytest.raises(Conflict), transaction() as session:
        actions.start_presenting(session, who=decks.who(), deck_id=deck.id, no=4)
    assert not decks.fresh(deck).presenting


def test_start_ends_another_deck_of_the_same_place(decks, session):
    first, second = decks.present(decks.ready(title="A")), decks.ready(title="B")
    elsewhere = decks.present(
        decks.ready(title="C", scope_key=decks.other_scope, who=decks.who("staff")), who=decks.who("staff")
    )
    decks.present(second)
    assert [decks.fresh(deck).presenting for deck in (first, second, elsewhere)] == [False, True, True]
    names = [name for name, _data in events(session) if name.startswith("Presenting")]
    assert names == ["PresentingStarted"] * 2 + ["PresentingStopped", "PresentingStarted"]


def test_show_takes_the_next_version_and_the_last_press_wins(decks, session):
    deck = decks.present(decks.ready())
    before = deck.version
    for person, no in (("host", 2), ("staff", 3)):
        with transaction() as session:
            actions.show_slide(session, who=decks.who(person), deck_id=deck.id, no=no)
    shown = decks.fresh(deck)
    assert (shown.showing, shown.version) == (3, before + 2)
    name, data = last_event(session)
    assert (name, data) == ("SlideShown", {"deck_id": deck.id, "slide_no": 3, "version": shown.version})


@pytest.mark.parametrize("no", [0, -1, 4, 10_000])
def test_show_slide_that_is_not_there_is_refused(decks, session, no):
    deck = decks.present(decks.ready())
    with pytest.raises(Conflict), transaction() as session:
        actions.show_slide(session, who=decks.who(), deck_id=deck.id, no=no)
    assert decks.fresh(deck).showing == 1


def test_show_before_the_deck_is_ready_is_refused(decks):
    deck = decks.draw(decks.upload(), "En", pages=2)
    with pytest.raises(Conflict):
        decks.present(deck)


def test_show_outside_the_phase_is_closed_but_ending_is_not(decks):
    deck = decks.present(decks.ready())
    late = decks.who(activities=())
    with pytest.raises(Closed):
        decks.present(deck, 2, who=late)
    with transaction() as session:
        actions.stop_presenting(session, who=late, deck_id=deck.id)
    assert not decks.fresh(deck).presenting


VERBS = {
    "rename": lambda decks, deck, who: decks.do(actions.rename_deck, deck, who=who, title="Taget", speaker=""),
    "move": lambda decks, deck, who: decks.do(actions.move_deck, deck, who=who, up=True),
    "hide": lambda decks, deck, who: decks.do(actions.hide_deck, deck, who=who),
    "list": lambda decks, deck, who: decks.do(actions.list_deck, deck, who=who),
    "remove": lambda decks, deck, who: decks.do(actions.remove_deck, deck, who=who),
    "start": lambda decks, deck, who: decks.present(deck, who=who),
}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("name", ["nobody", "citizen", "rival"])
def test_verbs_refuse_who_does_not_lead_the_place(decks, session, verb, name):
    deck = decks.ready()
    before = len(events(session))
    with pytest.raises(Forbidden):
        VERBS[verb](decks, deck, decks.who(name))
    assert len(events(session)) == before
    assert decks.fresh(deck).listed


def test_another_facilitator_of_the_place_may_not_remove(decks, build):
    colleague = build.who(build.user("Ny Ordstyrer"), scopes=(decks.scope,))
    deck = decks.failed()
    with pytest.raises(Forbidden):
        decks.do(actions.remove_deck, deck, who=colleague)
    decks.do(actions.rename_deck, deck, who=colleague, title="Nyt navn", speaker="")
    assert decks.do(actions.remove_deck, deck, who=decks.who("staff")) == {deck.file_key}


def test_events_hold_no_words(decks, session):
    decks.present(decks.ready("Ordene på sliden", "To", title="Titlen", name="navnet.pdf"), 2)
    stored = str(events(session))
    assert "DeckUploaded" in stored
    assert not any(word in stored for word in ("Ordene", "Titlen", "navnet"))


def test_ready_at_is_domain_time(decks, at):
    at("2023-05-03T18:35:00+02:00")
    assert decks.ready().ready_at.year == clock.now().year == 2023
