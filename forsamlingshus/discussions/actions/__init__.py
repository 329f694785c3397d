"""Verbs of the discussions slice, by noun."""

from forsamlingshus.discussions.actions.answers import answer_post
from forsamlingshus.discussions.actions.closing import close_forum, continue_in_threads
from forsamlingshus.discussions.actions.moderation import hide, hide_with_waiting, release, set_hold_first
from forsamlingshus.discussions.actions.owned import close_owned, open_owned, remove_owned, rename_owned, show_owned
from forsamlingshus.discussions.actions.placing import SentBefore
from forsamlingshus.discussions.actions.posts import edit_post, support_post, withdraw_post, write_post
from forsamlingshus.discussions.actions.questions import (
    ask_question,
    merge_question,
    put_on_screen,
    settle_question,
)
from forsamlingshus.discussions.actions.threads import mark_read, open_forum, open_thread, questions_title, rename_forum
from forsamlingshus.discussions.actions.undoing import Standing, put_back, standing_after, standing_of, take_back

__all__ = [
    "SentBefore",
    "Standing",
    "answer_post",
    "ask_question",
    "close_forum",
    "close_owned",
    "continue_in_threads",
    "edit_post",
    "hide",
    "hide_with_waiting",
    "mark_read",
    "merge_question",
    "open_forum",
    "open_owned",
    "open_thread",
    "put_back",
    "put_on_screen",
    "questions_title",
    "release",
    "remove_owned",
    "rename_forum",
    "rename_owned",
    "set_hold_first",
    "settle_question",
    "show_owned",
    "standing_after",
    "standing_of",
    "support_post",
    "take_back",
    "withdraw_post",
    "write_post",
]
