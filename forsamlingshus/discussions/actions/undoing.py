"""Taking back what was done to a post a moment ago, as long as nobody has done something else with it since."""

from datetime import date, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy.orm import Session

from forsamlingshus.contributions.models import Contribution
from forsamlingshus.discussions import rules
from forsamlingshus.discussions.actions.moderation import judged
from forsamlingshus.discussions.actions.placing import hold, topics_of
from forsamlingshus.discussions.actions.posts import count, record_change, refuse_closed, retell
from forsamlingshus.discussions.actions.questions import become, changed
from forsamlingshus.discussions.models import Forum, Post, PostState, Question, QuestionFate, Thread
from forsamlingshus.kernel import html, topics
from forsamlingshus.kernel.errors import Conflict
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.permissions import Who, demand

Standing = dict[str, Any]
"""Where a post stands, as JSON: its state and reason, and what became of a question."""


def standing_of(session: Session, post: Post) -> Standing:
    """Where a post stands now; two of these are equal when nothing has happened to it between them."""
    question = session.get(Question, post.id, populate_existing=True)
    said: Standing = {
        "state": str(post.state),
        "ended": _moment(post.ended_at),
        "code": post.reason_code,
        "reason": post.reason,
    }
    if question is not None:
        due = question.answer_due.isoformat() if question.answer_due else ""
        said |= {"fate": str(question.fate), "fate_at": _moment(question.fate_at), "due": due}
        said |= {"into": question.merged_into_id, "thread": question.thread_id}
    return said


def standing_after(session: Session, post: Post) -> Standing:
    """Where a post stands once something was done to it: to compare with, so of a reason only its digest is kept."""
    said = standing_of(session, post)
    return {**said, "reason": sha256(said["reason"].encode()).hexdigest()[:16]}


def take_back(
    session: Session, *, who: Who, post: Post, thread: Thread, forum: Forum, before: Standing, after: Standing
) -> Post:
    """Put a post that a moderator hid, or a question whose fate was told, back to where it was.

    Raises Conflict when it no longer stands `after` what is taken back: somebody else was first.
    """
    demand(rules.may_moderate(who, forum))
    versions = _lock(session, post, thread, forum, after)
    if before["state"] != after["state"]:
        _unhide(session, who, post, before, versions[thread.topic])
        judged(session, who, post, forum, decision="undo")
        return post
    question = session.get_one(Question, post.id)
    into = session.get(Post, before["into"]) if before["into"] else None
    become(session, post, question, QuestionFate(before["fate"]), version=versions[thread.topic], who=who, into=into)
    question.fate_at = datetime.fromisoformat(before["fate_at"]) if before["fate_at"] else None
    question.answer_due = date.fromisoformat(before["due"]) if before["due"] else None
    return changed(session, post, versions[thread.topic], who)


def put_back(
    session: Session,
    *,
    who: Who,
    post: Post,
    thread: Thread,
    forum: Forum,
    before: Standing,
    after: Standing,
    body: str,
) -> Post:
    """Give an own question its words again after a withdrawal; raises Closed or Conflict when that is too late."""
    demand(rules.is_own(who, post) and rules.may_write(who, forum))
    refuse_closed(thread)
    versions = _lock(session, post, thread, forum, after)
    contribution = session.get_one(Contribution, post.contribution_id)
    post.source, post.html, post.sanitizer_version = body, html.render_markdown(body), html.SANITIZER_VERSION
    contribution.text = html.visible_text(post.html)
    if before["state"] == PostState.HELD:
        post.state, post.ended_at = PostState.HELD, None
        hold(session, who=who, post=post, forum=forum)
    else:
        _show_again(session, who, post, versions[thread.topic])
    return post


def _lock(session: Session, post: Post, thread: Thread, forum: Forum, after: Standing) -> dict[str, int]:
    versions = topics.next_versions(session, [*topics_of(thread, forum), f"queue:{forum.id}"])
    session.refresh(post)
    if standing_after(session, post) != after:
        raise Conflict(_("Somebody has done something else with it meanwhile, so it was not taken back"))
    return versions


def _unhide(session: Session, who: Who, post: Post, before: Standing, version: int) -> None:
    post.reason_code, post.reason = before["code"], before["reason"]
    if before["state"] == PostState.HELD:
        post.state, post.ended_at = PostState.HELD, None
        if post.position is not None:
            session.get_one(Contribution, post.contribution_id).version = version
            record_change(session, post, version, who.author_id)
    else:
        _show_again(session, who, post, version)


def _show_again(session: Session, who: Who, post: Post, version: int) -> None:
    contribution = session.get_one(Contribution, post.contribution_id)
    post.state, post.ended_at = PostState.VISIBLE, None
    contribution.public, contribution.version = True, version
    count(session, post, +1)
    retell(session, post, contribution)
    record_change(session, post, version, who.author_id)


def _moment(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""
