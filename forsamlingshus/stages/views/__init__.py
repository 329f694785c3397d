"""Pages of a stage: for phones, for those who steer, and the wall."""

from forsamlingshus.stages.views import closing, control, public, wall
from forsamlingshus.stages.views.base import blueprint

__all__ = ["blueprint", "closing", "control", "public", "wall"]
