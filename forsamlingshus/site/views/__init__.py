"""Pages of the site around the slices."""

from forsamlingshus.site.views import plumbing, start, texts
from forsamlingshus.site.views.base import blueprint

__all__ = ["blueprint", "plumbing", "start", "texts"]
