"""What the pages of this slice share: the blueprint, finding a deck or refusing it, and the answer to a re-read."""

from typing import Any

from flask import Blueprint, abort, current_app, request
from sqlalchemy.orm import Session

from forsamlingshus.kernel import db, i18n, permissions
from forsamlingshus.kernel.addresses import small_number
from forsamlingshus.kernel.errors import Closed
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.sender import Change
from forsamlingshus.slides import partials, queries, rules
from forsamlingshus.slides.models import Deck, DeckState

blueprint = Blueprint("slides", __name__)


@blueprint.app_url_value_preprocessor
def read_large_uploads(endpoint: str | None, _values: Any) -> None:
    """Let the pages that take decks read more than the site's limit: their form then says how large the file is.

    This is the only hook that runs before the token of the write is looked for in the body.
    """
    body_max = getattr(current_app.view_functions.get(endpoint or ""), "body_max", None)
    if body_max is not None:
        request.max_content_length = body_max


def readable(session: Session, year: int, slug: str) -> Deck:
    """A deck that this person may see; one that was public once says that it was withdrawn (410), others are 404."""
    deck = queries.deck_at(session, year, slug) or abort(404)
    if rules.was_public(deck) and not rules.may_present(permissions.who(), deck):
        raise Closed(
            _("This presentation has been withdrawn."),
            next_url=deck.place_path or f"/budget/{year}",
            next_title=deck.place_title or _("Budget %(year)s", year=year),
        )
    return deck if rules.may_read(permissions.who(), deck) else abort(404)


def presentable(session: Session, year: int, slug: str) -> Deck:
    """A deck of a meeting or workshop that this person leads. Raises Forbidden."""
    deck = queries.deck_at(session, year, slug)
    if deck is None or deck.state == DeckState.REMOVED:
        abort(404)
    permissions.demand(rules.may_present(permissions.who(), deck))
    return deck


def list_url(deck: Deck) -> str:
    """The page where the decks of the same meeting or workshop are uploaded."""
    return deck.manage_path or "/styring"


def public_changes_after(deck: Deck) -> dict[str, Any]:
    """The same for the pages of the deck, with all numbers of posts: what moved is known of the deck as a whole."""
    missed = partials.public_changes(deck, deck.version)
    for no, posts in queries.post_counts(db.session(), deck.id).items():
        missed += partials.talk_changes(deck, deck.version, no, posts)
    return changes_after(deck, missed)


def changes_after(deck: Deck, missed: list[Change]) -> dict[str, Any]:
    """The answer to ?efter=N: what the live push would have said; nothing when the page is up to date."""
    return changes(deck, missed if deck.version > (small_number(request.args.get("efter")) or 0) else [])


def changes(deck: Deck, missed: list[Change]) -> dict[str, Any]:
    """Changes as JSON for the page's script."""
    language = i18n.language()
    rows = [
        {"action": change.action, "target": change.target, "parent": change.parent, "html": change.render(language)}
        for change in missed
    ]
    return {"version": deck.version, "changes": rows}
