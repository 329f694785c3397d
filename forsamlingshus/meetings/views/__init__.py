"""Pages of the meetings slice: meeting and themes, signing up, joining, what staff plan and facilitators run."""

from forsamlingshus.meetings.views import agenda, door, guests, joining, pages, planning, signing_up, workshops
from forsamlingshus.meetings.views.base import blueprint

__all__ = ["agenda", "blueprint", "door", "guests", "joining", "pages", "planning", "signing_up", "workshops"]
