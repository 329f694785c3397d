"""Who may do what in discussions: role, scope, phase and clock; pure functions."""

import hashlib
from datetime import timedelta

from forsamlingshus.discussions.models import Forum, Post, PostKind, PostState, QuestionFate, Thread, ThreadKind
from forsamlingshus.kernel.permissions import Who
from forsamlingshus.process.models import Activity

FREE_EDIT = timedelta(minutes=5)
"""An edit so soon after writing leaves no mark and no history (E4)."""

BODY_MAX, TITLE_MAX, QUOTE_MAX, REASON_MAX, QUESTION_MAX = 2_000, 120, 500, 300, 300

ANSWER_WITHIN = timedelta(days=7)
"""How soon a question that is not answered at the meeting is answered in writing."""

REASONS = ("personal_data", "tone", "off_topic", "illegal", "duplicate", "advert", "other")
"""Reason codes for hiding; the public rules name them in words."""


def is_open(who: Who, forum: Forum) -> bool:
    """True while the debate of the forum's budget year is open, and the forum was not closed before it."""
    closed = forum.closes_at is not None and forum.closes_at <= who.now
    return not closed and who.open(forum.budget_year, Activity.DISCUSS)


def may_write(who: Who, forum: Forum) -> bool:
    """Accounts, and guests in the forums of their meeting, write while the debate is open; who is muted does not."""
    return who.writes_in(forum.scope_key) and is_open(who, forum)


def may_write_in(who: Who, thread: Thread, forum: Forum) -> bool:
    """Whoever may write writes in every talk; about a slide that is not public only those who lead the place."""
    if thread.kind == ThreadKind.SLIDE and not thread.shown and not may_moderate(who, forum):
        return False
    return may_write(who, forum) and thread.kind != ThreadKind.QUESTIONS


def is_held(who: Who, forum: Forum) -> bool:
    """True when what this person writes waits for a moderator, whatever it says."""
    return forum.hold_first or who.guest_held


def may_ask(who: Who, thread: Thread, forum: Forum) -> bool:
    """Whoever may write may ask, as long as the list of questions is open."""
    return may_write(who, forum) and thread.kind == ThreadKind.QUESTIONS and not thread.closed


def is_listed(thread: Thread) -> bool:
    """True for a thread that everybody may follow."""
    return thread.shown or thread.kind == ThreadKind.QUESTIONS


def makes_public(thread: Thread) -> bool:
    """True where the words of a post that is shown are everybody's: in each thread but the talk of a hidden deck."""
    return thread.kind != ThreadKind.SLIDE or thread.shown


def may_see(who: Who, post: Post, thread: Thread, forum: Forum) -> bool:
    """Everybody sees what has a place on a public page; a held post only its author and those who may judge it."""
    public = post.position is not None and is_listed(thread)
    return public or is_own(who, post) or may_moderate(who, forum)


def may_edit(who: Who, post: Post, forum: Forum) -> bool:
    """Authors edit their own posts while they may write, questions only just after asking.

    What was hidden may be put in other words at any time; it waits to be looked at again.
    """
    is_question = post.kind == PostKind.QUESTION and post.state != PostState.HIDDEN
    if is_question and (who.now - post.created_at > FREE_EDIT or not is_unanswered(post)):
        return False
    return is_own(who, post) and post.state != PostState.WITHDRAWN and may_write(who, forum)


def may_withdraw(who: Who, post: Post) -> bool:
    """Authors withdraw their own posts at any time: taking words back needs no open phase.

    A question that something became of stays: the answer would stand there without it.
    """
    if post.kind == PostKind.QUESTION and not is_unanswered(post):
        return False
    return is_own(who, post) and post.state in {PostState.VISIBLE, PostState.HELD}


def may_support(who: Who, post: Post, forum: Forum) -> bool:
    """Who may write supports others' visible posts, but no question that was merged into another."""
    if post.kind == PostKind.QUESTION and post.question is not None and post.question.fate == QuestionFate.MERGED:
        return False
    return may_write(who, forum) and not is_own(who, post) and post.state == PostState.VISIBLE


def is_unanswered(question: Post) -> bool:
    """True while nothing has become of a question."""
    return question.question is not None and question.question.fate == QuestionFate.OPEN


def may_moderate(who: Who, forum: Forum) -> bool:
    """Staff, and the facilitator of exactly this forum's workshop."""
    return who.is_staff or who.facilitates(forum.scope_key)


def is_own(who: Who, post: Post) -> bool:
    """True for the post's author."""
    return who.author_id is not None and who.author_id == post.author_id


def digest(post: Post) -> str:
    """A short name for the words of a post as they are now, so that nobody decides about words unseen."""
    return hashlib.sha256(post.source.encode()).hexdigest()[:16]


def trace(words: str) -> str:
    """What an edited post keeps of its first words: so short that nobody can find them out by trying."""
    return hashlib.sha256(words.encode()).hexdigest()[:5]


def was_sent_as(post: Post, words: str) -> bool:
    """Whether these are the words of a post, or those that it was sent with before its author edited it."""
    return words == post.source or (post.first_trace != "" and trace(words) == post.first_trace)


def quotable(text: str) -> str:
    """The words that a quote begins with: the whole text, or as many sentences from its start as a quote may hold."""
    words = " ".join(text.split())
    if len(words) <= QUOTE_MAX:
        return words
    start = words[:QUOTE_MAX]
    whole = max(start.rfind(end) for end in (". ", "? ", "! "))
    return start[: whole + 1] if whole > 0 else start.rpartition(" ")[0] or start
