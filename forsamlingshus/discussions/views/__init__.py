"""Pages of the discussions slice."""

from forsamlingshus.discussions.views import moderation, mutes, posts, questions, threads
from forsamlingshus.discussions.views.base import blueprint

__all__ = ["blueprint", "moderation", "mutes", "posts", "questions", "threads"]
