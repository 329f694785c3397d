"""Pages of the discussions slice."""

from forsamlingshus.discussions.views import moderation, posts, threads
from forsamlingshus.discussions.views.base import blueprint

__all__ = ["blueprint", "moderation", "posts", "threads"]
