"""Verbs of the discussions slice, by noun."""

from forsamlingshus.discussions.actions.closing import close_forum, continue_in_threads
from forsamlingshus.discussions.actions.moderation import hide, release, set_hold_first
from forsamlingshus.discussions.actions.placing import SentBefore
from forsamlingshus.discussions.actions.posts import edit_post, support_post, withdraw_post, write_post
from forsamlingshus.discussions.actions.questions import (
    answer_question,
    ask_question,
    close_questions,
    merge_question,
    open_questions,
    put_on_screen,
    settle_question,
)
from forsamlingshus.discussions.actions.threads import mark_read, open_forum, open_thread

__all__ = [
    "SentBefore",
    "answer_question",
    "ask_question",
    "close_forum",
    "close_questions",
    "continue_in_threads",
    "edit_post",
    "hide",
    "mark_read",
    "merge_question",
    "open_forum",
    "open_questions",
    "open_thread",
    "put_on_screen",
    "release",
    "set_hold_first",
    "settle_question",
    "support_post",
    "withdraw_post",
    "write_post",
]
