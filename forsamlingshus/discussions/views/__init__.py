"""Pages of the discussions slice."""

from forsamlingshus.discussions.views import answers, moderation, mutes, posts, threads, undoing
from forsamlingshus.discussions.views.base import blueprint

__all__ = ["answers", "blueprint", "moderation", "mutes", "posts", "threads", "undoing"]
