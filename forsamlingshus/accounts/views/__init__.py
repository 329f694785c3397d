"""Pages of the accounts slice: coming in and leaving, one's own page and settings, drafts."""

from forsamlingshus.accounts.views import drafts, entry, guest, settings
from forsamlingshus.accounts.views.blueprint import blueprint

__all__ = ["blueprint", "drafts", "entry", "guest", "settings"]
