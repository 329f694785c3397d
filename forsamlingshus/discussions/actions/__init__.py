"""Verbs of the discussions slice, by noun."""

from forsamlingshus.discussions.actions.moderation import hide, release
from forsamlingshus.discussions.actions.posts import SentBefore, edit_post, support_post, withdraw_post, write_post
from forsamlingshus.discussions.actions.threads import mark_read, open_forum, open_thread

__all__ = [
    "SentBefore",
    "edit_post",
    "hide",
    "mark_read",
    "open_forum",
    "open_thread",
    "release",
    "support_post",
    "withdraw_post",
    "write_post",
]
