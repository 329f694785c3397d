"""Pages of the slides slice."""

from forsamlingshus.slides.views import control, files, manage, public
from forsamlingshus.slides.views.base import blueprint

__all__ = ["blueprint", "control", "files", "manage", "public"]
