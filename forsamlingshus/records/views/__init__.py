"""Pages of this slice."""

from forsamlingshus.records.views import replay
from forsamlingshus.records.views.base import blueprint

__all__ = ["blueprint", "replay"]
