"""Pages of the meetings slice: the meeting and its themes, joining by code, what facilitators run."""

from forsamlingshus.meetings.views import guests, joining, pages
from forsamlingshus.meetings.views.base import blueprint

__all__ = ["blueprint", "guests", "joining", "pages"]
