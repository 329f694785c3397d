"""What happens in discussions. `version` is always that of the thread's topic after the change.

`question` says that the post is a question to a meeting: whoever cares for one kind alone need not look for it.
`posts` and `people` are what the thread has after the change: posts, and people who wrote them.
"""

from dataclasses import dataclass

from forsamlingshus.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadOpened(Event):
    """A new thread with its first post is to be seen in a forum."""

    thread_id: int
    forum_id: int
    forum_version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PostShown(Event):
    """A post became visible: just written, or released from the queue. `said_version` is that of all that was said."""

    post_id: int
    thread_id: int
    version: int
    forum_id: int
    forum_version: int
    budget_year: int
    said_version: int
    posts: int
    people: int
    parent_id: int | None = None
    question: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PostChanged(Event):
    """A visible post was edited, withdrawn, hidden or shown again."""

    post_id: int
    thread_id: int
    version: int
    posts: int
    people: int
    question: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PostSupported(Event):
    """Somebody pressed or took back 'important to me'; `count` is the new number."""

    post_id: int
    thread_id: int
    version: int
    count: int
    question: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PostHeld(Event):
    """A post waits for a person to look at it."""

    post_id: int
    forum_id: int
    question: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldFirstSet(Event):
    """A moderator let each new post of a forum wait to be looked at, or let them be shown at once again."""

    forum_id: int
    hold_first: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PostJudged(Event):
    """A moderator released or hid a post, or took a hiding back; `reason_code` names why it was hidden."""

    post_id: int
    forum_id: int
    decision: str
    reason_code: str = ""
    question: bool = False
