"""Verbs on questions to a meeting: ask, say what became of one, put one on the wall."""

from collections.abc import Sequence

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from forsamlingshus.contributions.models import Contribution
from forsamlingshus.discussions import rules
from forsamlingshus.discussions.actions.placing import by_client_id, compose, place, topics_of
from forsamlingshus.discussions.actions.posts import record_change
from forsamlingshus.discussions.models import (
    Forum,
    Post,
    PostKind,
    PostState,
    Question,
    QuestionFate,
    Reaction,
    Thread,
)
from forsamlingshus.kernel import clock, topics
from forsamlingshus.kernel.errors import Conflict
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.permissions import Who, demand


def ask_question(
    session: Session,
    *,
    who: Who,
    thread: Thread,
    forum: Forum,
    body: str,
    client_id: str,
    held: bool = False,
    anonymous: bool = False,
    about_path: str = "",
    about_title: str = "",
) -> Post:
    """Ask; at most rules.QUESTION_MAX characters. The same (author, client_id) again is the question that is there.

    `about_path` and `about_title` name what was shown when it was asked.
    """
    demand(rules.may_ask(who, thread, forum))
    versions = topics.next_versions(session, topics_of(thread, forum))
    author, known = by_client_id(session, who, client_id, (thread.id, None, body))
    if known is not None:
        return known
    post = compose(
        who=who,
        author=author,
        thread=thread,
        forum=forum,
        body=body,
        client_id=client_id,
        anonymous=anonymous,
    )
    question = Question(fate=QuestionFate.OPEN, about_path=about_path, about_title=about_title[:120])
    return place(
        session, who=who, post=post, thread=thread, forum=forum, versions=versions, held=held, question=question
    )


def settle_question(session: Session, *, who: Who, post: Post, forum: Forum, fate: QuestionFate) -> Post:
    """Say what became of a visible question: answered at the meeting, to be answered in writing, or open again."""
    demand(rules.may_moderate(who, forum))
    if fate in {QuestionFate.MERGED, QuestionFate.THREAD}:
        raise ValueError("such a question is named together with the question or thread in which it goes on")
    version = topics.next_version(session, f"thread:{post.thread_id}")
    question = standing(session, post)
    become(session, post, question, fate, version=version, who=who)
    question.fate_at = None if fate == QuestionFate.OPEN else who.now
    is_written = fate == QuestionFate.WRITTEN
    question.answer_due = clock.local(who.now + rules.ANSWER_WITHIN).date() if is_written else None
    return changed(session, post, version, who)


def merge_question(session: Session, *, who: Who, post: Post, into: Post, forum: Forum) -> Post:
    """Let one question stand for another that asks the same: those who want to know this one want to know that one.

    Raises Conflict when either is no longer to be seen, or when `into` was merged itself.
    """
    demand(rules.may_moderate(who, forum))
    demand(into.thread_id == post.thread_id and into.id != post.id)
    version = topics.next_version(session, f"thread:{post.thread_id}")
    question = standing(session, post)
    become(session, post, question, QuestionFate.MERGED, version=version, who=who, into=into)
    question.fate_at = who.now
    return changed(session, post, version, who)


def become(
    session: Session,
    post: Post,
    question: Question,
    fate: QuestionFate,
    *,
    version: int,
    who: Who,
    into: Post | None = None,
) -> None:
    """Give a question another fate: it leaves the group it stood in, and goes along with `into` if there is one."""
    if into is not None:
        followers = session.scalar(select(func.count()).select_from(Question).where(Question.merged_into_id == post.id))
        if standing(session, into).fate == QuestionFate.MERGED or followers:
            raise Conflict(_("One of the questions was merged meanwhile. Look at the list again"))
    _part(session, post, question, version, who)
    question.fate = fate
    if into is None:
        return
    question.merged_into_id = into.id
    wanting = {post.author_id, *_supporters(session, post)} - {into.author_id, *_supporters(session, into)}
    session.add_all(Reaction(post_id=into.id, author_id=author_id, via_id=post.id) for author_id in sorted(wanting))
    _recount(session, into)
    changed(session, into, version, who)


def put_on_screen(session: Session, *, who: Who, thread: Thread, forum: Forum, post: Post | None) -> Post | None:
    """Mark the one question that the wall shows alone, or with None that there is none."""
    demand(rules.may_moderate(who, forum))
    version = topics.next_version(session, thread.topic)
    if post is not None:
        standing(session, post).on_screen = True
    on = select(Post).join(Question, Question.post_id == Post.id)
    on = on.where(Post.thread_id == thread.id, Question.on_screen.is_(True))
    for other in session.scalars(on).all():
        if post is None or other.id != post.id:
            session.get_one(Question, other.id).on_screen = False
            changed(session, other, version, who)
    return changed(session, post, version, who) if post is not None else None


def standing(session: Session, post: Post) -> Question:
    """The facts of a question whose words are to be seen; raises Conflict when they are not."""
    refuse_gone(session, post)
    return session.get_one(Question, post.id, populate_existing=True)


def _part(session: Session, post: Post, question: Question, version: int, who: Who) -> None:
    """Take a merged question out again, with those who came along with it."""
    if question.merged_into_id is None:
        return
    into = session.get_one(Post, question.merged_into_id)
    session.execute(delete(Reaction).where(Reaction.post_id == into.id, Reaction.via_id == post.id))
    question.merged_into_id = None
    _recount(session, into)
    changed(session, into, version, who)


def _supporters(session: Session, post: Post) -> Sequence[int]:
    return session.scalars(select(Reaction.author_id).where(Reaction.post_id == post.id)).all()


def _recount(session: Session, post: Post) -> None:
    session.flush()
    before = session.scalar(select(Post.support_count).where(Post.id == post.id)) or 0
    post.support_count = session.scalar(select(func.count()).where(Reaction.post_id == post.id)) or 0
    step = post.support_count - before
    session.execute(update(Thread).where(Thread.id == post.thread_id).values(support_count=Thread.support_count + step))


def refuse_gone(session: Session, post: Post) -> None:
    """Raise Conflict when the words of a post or question are not to be seen any more."""
    session.refresh(post, ["state"])
    if post.state != PostState.VISIBLE:
        is_question = post.kind == PostKind.QUESTION
        gone = _("The question is no longer to be seen. Look at the list again")
        raise Conflict(gone if is_question else _("The post is no longer to be seen"))


def changed(session: Session, post: Post, version: int, who: Who) -> Post:
    """Tell those who look on that a question, or the answer to it or to a post, looks otherwise now."""
    session.get_one(Contribution, post.contribution_id).version = version
    session.flush()
    record_change(session, post, version, who.author_id)
    return post
