"""Reading discussions: one thread's page, lists of threads, the queue of what waits."""

from forsamlingshus.discussions.queries.lists import ThreadRow, ThreadRows, thread_rows
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
    personal,
    post_with_place,
    posts_by_ids,
    thread_page,
    versions_of,
)
from forsamlingshus.discussions.queries.queue import (
    QUEUE_PAGE,
    ForumState,
    QueueItem,
    forum_states,
    queue,
    queue_counts,
)
from forsamlingshus.discussions.queries.record import LOG_ALL, LOG_PAGE, LogRow, log, muted

__all__ = [
    "LOG_ALL",
    "LOG_PAGE",
    "PAGE",
    "QUEUE_PAGE",
    "ClosedNotice",
    "ForumState",
    "LogRow",
    "Personal",
    "QueueItem",
    "ThreadPage",
    "ThreadRow",
    "ThreadRows",
    "changed_after",
    "closed_notice",
    "cursor_of",
    "first_unread",
    "forum_at",
    "forum_of",
    "forum_states",
    "log",
    "muted",
    "personal",
    "post_with_place",
    "posts_by_ids",
    "queue",
    "queue_counts",
    "thread_page",
    "thread_rows",
    "versions_of",
]
