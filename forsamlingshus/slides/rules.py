"""Who may do what with decks: role, scope, phase and state; pure functions."""

import re
import unicodedata

from forsamlingshus.kernel.permissions import Who
from forsamlingshus.process.models import Activity
from forsamlingshus.slides.models import Deck, DeckState, FileType

FILE_MAX = 50 * 1024 * 1024
"""Bytes of one file."""
FILES_MAX = 20
"""Files of one upload: an evening has a dozen presentations, and each waits its turn to be drawn."""
TITLE_MAX, SPEAKER_MAX, ALT_MAX, NOTES_MAX, NAME_MAX = 120, 120, 500, 5_000, 120

REFUSED = "cpr"
"""The kind of finding that no confirmation lifts: such a slide must be mended and uploaded again."""


def leads(who: Who, scope_key: str) -> bool:
    """Staff, and the facilitator of exactly this meeting or workshop."""
    return who.is_staff or who.facilitates(scope_key)


def is_open(who: Who, year: int) -> bool:
    """True while presentations may be uploaded and shown in that budget year."""
    return who.open(year, Activity.PRESENT)


def may_upload(who: Who, scope_key: str, year: int) -> bool:
    """Those who lead the meeting or workshop, while presentations are open."""
    return who.author_id is not None and leads(who, scope_key) and is_open(who, year)


def may_present(who: Who, deck: Deck) -> bool:
    """See a deck before the public does, show it, rename, move, hide and describe it."""
    return leads(who, deck.scope_key) and deck.state != DeckState.REMOVED


def may_read(who: Who, deck: Deck) -> bool:
    """Everybody once it is ready and not hidden; before that, and while hidden, only those who may present it."""
    return deck.listed or may_present(who, deck)


def may_remove(who: Who, deck: Deck) -> bool:
    """Staff, and whoever uploaded it while still leading the meeting or workshop: nothing brings it back."""
    return may_present(who, deck) and (who.is_staff or who.author_id == deck.uploaded_by)


def may_be_replaced(deck: Deck) -> bool:
    """A deck that is drawn, or that could not be, takes a newer version; a newer version itself takes none."""
    return deck.state in {DeckState.READY, DeckState.FAILED} and deck.replaces_id is None


def was_public(deck: Deck) -> bool:
    """True for a deck whose address may stand in somebody's mail: it then answers with the reason, not with 404."""
    return deck.ready_at is not None and not deck.listed


def shown_name(given: str | None) -> str:
    """A chosen file's name as its chooser reads it in a sentence: the last part of a path, without odd characters."""
    last = re.split(r"[/\\]", given or "")[-1]
    return "".join(letter for letter in last if unicodedata.category(letter)[0] not in "CZ" or letter == " ")[:NAME_MAX]


def title_of(name: str) -> str:
    """What a deck is called when only its file says it: `2023-05_vores-hal.pdf` is "2023 05 vores hal"."""
    words = " ".join(re.sub(r"[-_]+", " ", name.rpartition(".")[0]).split())
    return (words[:1].upper() + words[1:])[:TITLE_MAX]


def display_name(given: str | None, file_type: FileType = FileType.PDF) -> str:
    """A file's name as it may be shown: the last part of a path, no odd characters, ending as its type does."""
    last = re.split(r"[/\\]", given or "")[-1]
    visible = "".join(letter for letter in last if unicodedata.category(letter)[0] not in "CZ" or letter == " ")
    stem = re.sub(r"\.(pdf|pptx|pptm|odp)$", "", visible.strip(), flags=re.IGNORECASE).strip(". ")
    return f"{stem[: NAME_MAX - len(file_type) - 1].strip('. ') or 'oplaeg'}.{file_type}"
