"""What the pages of this slice share: the blueprint, and finding the place that an address names."""

from flask import Blueprint, abort, request
from sqlalchemy.orm import Session

from forsamlingshus.kernel.addresses import small_number
from forsamlingshus.meetings import queries
from forsamlingshus.meetings.models import Meeting, Workshop

blueprint = Blueprint("meetings", __name__)


RUN = "/styring/<int:year>/<string:slug>"
"""Where those who run a meeting or workshop work; `run_path` of both is such an address."""


def place_or_404(session: Session, year: int, slug: str) -> Meeting | Workshop:
    """The meeting or workshop of that year with that slug, which the next year may have as well."""
    return queries.place(session, year, slug) or abort(404)


def meeting_or_404(session: Session, year: int) -> Meeting:
    """The citizen meeting of a year with its programme and workshops."""
    return queries.meeting_page(session, year) or abort(404)


def edition_seen() -> int:
    """The edition that the writer of this form began from; 0, which none has, when the form does not say."""
    return small_number(request.form.get("edition")) or 0
