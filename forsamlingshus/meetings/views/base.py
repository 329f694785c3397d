"""What the pages of this slice share: the blueprint, and finding the place that an address names."""

from flask import Blueprint, abort
from sqlalchemy.orm import Session

from forsamlingshus.kernel.permissions import Who
from forsamlingshus.meetings import queries
from forsamlingshus.meetings.models import Meeting, Workshop

blueprint = Blueprint("meetings", __name__)


def place_or_404(session: Session, who: Who, slug: str) -> Meeting | Workshop:
    """The meeting or workshop that `who` means by the slug."""
    return queries.meant(who, queries.places_by_slug(session, slug)) or abort(404)
