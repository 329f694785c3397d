"""Verbs for the end of a meeting: close its forum, and let the questions that nobody answered go on in threads."""

from datetime import datetime

from sqlalchemy.orm import Session, joinedload

from forsamlingshus.contributions.models import Contribution, topic_of
from forsamlingshus.discussions import queries, rules
from forsamlingshus.discussions.actions.moderation import release
from forsamlingshus.discussions.actions.placing import title_of
from forsamlingshus.discussions.actions.posts import write_post
from forsamlingshus.discussions.actions.questions import changed
from forsamlingshus.discussions.actions.threads import new_thread
from forsamlingshus.discussions.models import Forum, Post, PostState, Question, QuestionFate, Thread
from forsamlingshus.kernel import topics
from forsamlingshus.kernel.errors import Closed
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.permissions import Who, demand

MOST = 200
"""Questions that go on in one press; a meeting has a few dozen, and a second press takes the next."""


def close_forum(session: Session, *, forum: Forum, closes_at: datetime | None) -> None:
    """Let nobody write in a forum from `closes_at` (aware) on; with None the open phase alone decides again."""
    forum.closes_at = closes_at
    topics.next_version(session, topics.SITE)  # the kept page of each of its threads says until when it is open


def continue_in_threads(session: Session, *, who: Who, questions: Thread, forum: Forum) -> list[Thread]:
    """Open a thread for each question that nobody answered, those that most want to know first; returns the new ones.

    A question that has its thread already, and was opened again meanwhile, goes on in that one. Raises Closed when
    nobody could write in the threads.
    """
    demand(rules.may_moderate(who, forum))
    if not rules.is_open(who, forum):
        raise Closed(_("Nobody can write in the discussion now, so the questions cannot go on there"))
    # Under this lock a second press finds nothing left to do.
    versions = topics.next_versions(session, [topic_of(forum.budget_year), forum.topic, questions.topic])
    begun = []
    for post in queries.waiting_questions(session, questions.id, limit=MOST):
        question = session.get_one(Question, post.id, populate_existing=True, options=[joinedload(Question.thread)])
        if question.thread_id is None:
            thread = _go_on(session, who, post, forum)
            question.thread_id = thread.id
            begun.append(thread)
        question.fate, question.fate_at = QuestionFate.THREAD, who.now
        changed(session, post, versions[questions.topic], who)
    return begun


def _go_on(session: Session, who: Who, post: Post, forum: Forum) -> Thread:
    """The thread of a question. Its first post quotes the question, so that it follows when that is hidden later."""
    contribution: Contribution = post.contribution
    # The address says the number alone: words could not be taken out of it again.
    thread = new_thread(
        session, who=who, forum=forum, title=title_of(contribution.text), address=f"spoergsmaal-{post.position}"
    )
    opening = write_post(
        session,
        who=who,
        thread=thread,
        forum=forum,
        body=_words(post),
        client_id=f"question-{post.id}",
        quoted=post,
        quote=rules.quotable(contribution.text),
        quote_name="Anonym" if contribution.anonymous else contribution.author.name,
    )
    if opening.state == PostState.HELD:  # each post of the forum waits for a moderator, who has just pressed
        release(session, who=who, post=opening, thread=thread, forum=forum)
    return thread


def _words(post: Post) -> str:
    """What the thread begins with, in Danish as all that is said there."""
    wanting = f" {post.support_count} vil også vide det." if post.support_count > 1 else ""
    beginning = f"Vi nåede ikke spørgsmål nr. {post.position} på mødet, så det fortsætter her."
    return f"{beginning}{wanting} Skriv, hvad du ved eller mener."
