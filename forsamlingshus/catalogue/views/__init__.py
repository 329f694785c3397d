"""Pages of the catalogue slice."""

from forsamlingshus.catalogue.views import links, public, work
from forsamlingshus.catalogue.views.base import blueprint

__all__ = ["blueprint", "links", "public", "work"]
