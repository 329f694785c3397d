"""Pages of polls: answering, and making and running them."""

from forsamlingshus.polls.views import answering, control
from forsamlingshus.polls.views.base import blueprint

__all__ = ["answering", "blueprint", "control"]
