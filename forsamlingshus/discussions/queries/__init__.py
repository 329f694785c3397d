"""Reading discussions: one thread's page, lists of threads, the queue of what waits."""

from forsamlingshus.discussions.queries.lists import Answers, ThreadRow, ThreadRows, answers, thread_rows
from forsamlingshus.discussions.queries.notices import ClosedNotice, closed_notice
from forsamlingshus.discussions.queries.posts import (
    PAGE,
    Personal,
    ThreadPage,
    changed_after,
    cursor_of,
    first_unread,
    forum_at,
    forum_of,
    numbers,
    personal,
    post_to_support,
    post_with_place,
    posts_by_ids,
    thread_page,
    versions_of,
)
from forsamlingshus.discussions.queries.queue import QUEUE_PAGE, QueueItem, moderated_forums, queue, queue_counts

__all__ = [
    "PAGE",
    "QUEUE_PAGE",
    "Answers",
    "ClosedNotice",
    "Personal",
    "QueueItem",
    "ThreadPage",
    "ThreadRow",
    "ThreadRows",
    "answers",
    "changed_after",
    "closed_notice",
    "cursor_of",
    "first_unread",
    "forum_at",
    "forum_of",
    "moderated_forums",
    "numbers",
    "personal",
    "post_to_support",
    "post_with_place",
    "posts_by_ids",
    "queue",
    "queue_counts",
    "thread_page",
    "thread_rows",
    "versions_of",
]
