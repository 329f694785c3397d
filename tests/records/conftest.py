"""A meeting that is over, made by the real actions at the minutes of the evening."""

from tests.slides.conftest import nudges, pushed
from tests.stages.conftest import hall

__all__ = ["hall", "nudges", "pushed"]
