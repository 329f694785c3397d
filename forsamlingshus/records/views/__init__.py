"""Pages of this slice."""

from forsamlingshus.records.views import minutes, replay, summaries
from forsamlingshus.records.views.base import blueprint

__all__ = ["blueprint", "minutes", "replay", "summaries"]
