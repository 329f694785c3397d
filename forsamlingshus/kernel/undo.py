"""Taking back what was just pressed: a signed note of how the thing was, held for ten seconds by who pressed alone."""

from dataclasses import asdict, dataclass
from typing import Any

from flask import current_app, flash, session
from itsdangerous import BadSignature, URLSafeSerializer

from forsamlingshus.kernel import clock
from forsamlingshus.kernel.errors import Closed, Forbidden
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.permissions import Who

SECONDS = 10
COOKIE_ROOM = 1500
"""Characters of a note that fit in the cookie of the log-in session beside all else that it holds."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What was done, in a sentence, and the address that takes it back when it gets the token as `undo`."""

    text: str
    action: str
    token: str


def offer(who: Who, text: str, action: str, **facts: Any) -> Offer:
    """Let `who` take something back; `facts` (JSON) say what it was before and what it is now."""
    note = {**facts, "action": action, "by": who.author_id, "at": clock.now().timestamp()}
    return Offer(text, action, str(_signer().dumps(note)))


def facts(who: Who, action: str, token: str) -> dict[str, Any]:
    """What an offer noted. Raises Forbidden for another's or a forged one, Closed when the seconds are over."""
    try:
        note: dict[str, Any] = _signer().loads(token)
    except (BadSignature, UnicodeError):
        raise Forbidden(_("This cannot be taken back")) from None
    if note["by"] != who.author_id or note["action"] != action:
        raise Forbidden(_("This cannot be taken back"))
    if not 0 <= clock.now().timestamp() - note["at"] <= SECONDS:
        raise Closed(_("It is more than %(seconds)s seconds ago, so it was not taken back", seconds=SECONDS))
    return note


def show_next(made: Offer) -> None:
    """Let the next page make the offer, in the place of an older one; a note that is too long makes none."""
    session["_flashes"] = [said for said in session.get("_flashes", []) if said[0] != "undo"]
    if len(made.token) > COOKIE_ROOM:
        flash(made.text, "success")
    else:
        flash(asdict(made), "undo")  # type: ignore[arg-type]


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="undo")
