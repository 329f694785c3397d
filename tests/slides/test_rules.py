"""Who may do what with a deck, and the names and addresses that are made of what people type."""

import pytest

from forsamlingshus.kernel import addresses, clock
from forsamlingshus.kernel.permissions import Who
from forsamlingshus.slides import rules
from forsamlingshus.slides.models import Deck, DeckState, paragraphs, shortened

SCOPE = "workshop:3"
OPEN = frozenset({(2024, "present")})


def who(name):
    """The people of the matrix; `host` leads the deck's workshop, `rival` another one."""
    known = {
        "nobody": {},
        "citizen": {"author_id": 5, "user_id": 5},
        "council": {"author_id": 6, "user_id": 6, "roles": frozenset({"council"})},
        "admin": {"author_id": 7, "user_id": 7, "roles": frozenset({"admin"})},
        "rival": {"author_id": 8, "user_id": 8, "scopes": frozenset({"workshop:30", "meeting:3"})},
        "host": {"author_id": 9, "user_id": 9, "scopes": frozenset({SCOPE})},
        "uploader": {"author_id": 1, "user_id": 1, "scopes": frozenset({SCOPE})},
        "former": {"author_id": 1, "user_id": 1},
        "staff": {"author_id": 2, "user_id": 2, "roles": frozenset({"staff"})},
    }
    return Who(now=clock.now(), opened=OPEN, **known[name])


EVERYBODY = ("nobody", "citizen", "council", "admin", "rival", "host", "uploader", "former", "staff")


def allowed(rule, *args):
    return {name for name in EVERYBODY if rule(who(name), *args)}


def deck(state=DeckState.READY, **values):
    given = {"scope_key": SCOPE, "budget_year": 2024, "slug": "x", "uploaded_by": 1, "hidden": False}
    return Deck(state=state, **{**given, **values})


def test_upload_is_for_those_who_lead_the_place():
    assert allowed(rules.may_upload, SCOPE, 2024) == {"host", "uploader", "staff"}
    assert allowed(rules.may_upload, "workshop:30", 2024) == {"rival", "staff"}


def test_upload_needs_an_open_phase_of_that_year():
    assert allowed(rules.may_upload, SCOPE, 2025) == set()


@pytest.mark.parametrize("state", [DeckState.WAITING, DeckState.DRAWING, DeckState.READY, DeckState.FAILED])
def test_presenting_is_for_those_who_lead_the_place_in_every_state(state):
    assert allowed(rules.may_present, deck(state)) == {"host", "uploader", "staff"}


@pytest.mark.parametrize(
    ("state", "hidden", "public"),
    [
        (DeckState.WAITING, False, False),
        (DeckState.DRAWING, False, False),
        (DeckState.FAILED, False, False),
        (DeckState.READY, True, False),
        (DeckState.READY, False, True),
    ],
)
def test_reading_is_public_once_ready_and_not_hidden(state, hidden, public):
    readers = set(EVERYBODY) if public else {"host", "uploader", "staff"}
    assert allowed(rules.may_read, deck(state, hidden=hidden)) == readers


def test_removed_deck_is_nobodys():
    gone = deck(DeckState.REMOVED)
    assert allowed(rules.may_read, gone) == allowed(rules.may_present, gone) == allowed(rules.may_remove, gone) == set()


def test_removing_is_for_staff_and_for_the_uploader_who_still_leads():
    assert allowed(rules.may_remove, deck()) == {"uploader", "staff"}


def test_only_what_was_public_says_that_it_is_withdrawn():
    now = clock.now()
    assert rules.was_public(deck(hidden=True, ready_at=now))
    assert not rules.was_public(deck(ready_at=now))
    assert not rules.was_public(deck(hidden=True))
    assert not rules.was_public(deck(DeckState.FAILED))


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Før og nu", "foer-og-nu"),
        ("Trivsel, læring & fællesskaber", "trivsel-laering-faellesskaber"),
        ("Åben hal", "aaben-hal"),
        ("Café Ægir", "cafe-aegir"),
        ("../../etc/passwd", "etc-passwd"),
        ("数字", "oplaeg"),
        ("live", "live"),
        ("", "oplaeg"),
        ("a" * 200, "a" * 60),
    ],
)
def test_slug_is_plain_words(title, slug):
    assert addresses.slug(title, "oplaeg") == slug


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("Budget 2024 æøå.pdf", "Budget 2024 æøå.pdf"),
        ("BUDGET.PDF", "BUDGET.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        (r"C:\temp\..\oplæg.pdf", "oplæg.pdf"),
        ("a\r\nSet-Cookie: b.pdf", "aSet-Cookie: b.pdf"),
        ("fdp.\u202efdp.exe", "fdp.fdp.exe.pdf"),
        ("\x00.pdf", "oplaeg.pdf"),
        ("..", "oplaeg.pdf"),
        (".pdf", "oplaeg.pdf"),
        ("", "oplaeg.pdf"),
        (None, "oplaeg.pdf"),
        ("å" * 300 + ".pdf", "å" * 116 + ".pdf"),
    ],
)
def test_display_name_is_harmless(given, shown):
    assert rules.display_name(given) == shown


def test_paragraphs_join_a_broken_sentence():
    text = "Svømmehallen: hvornår\nkommer vi?\n\nKl. 6–8: 78\n  \nKl. 16–18: 94"
    assert paragraphs(text) == ["Svømmehallen: hvornår kommer vi?", "Kl. 6–8: 78", "Kl. 16–18: 94"]


def test_shortened_ends_with_a_whole_word():
    assert shortened("Kort\ntekst") == "Kort tekst"
    long = shortened("ord " * 100)
    assert len(long) <= 200 and long.endswith("ord…")
