"""The municipality's answer to a post or to a question: at most one."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from forsamlingshus.discussions import rules
from forsamlingshus.discussions.actions.questions import changed, refuse_gone
from forsamlingshus.discussions.models import Forum, OfficialAnswer, Post, Question, QuestionFate
from forsamlingshus.kernel import html, topics
from forsamlingshus.kernel.errors import Conflict
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.permissions import Who, demand


def answer_post(session: Session, *, who: Who, post: Post, forum: Forum, body: str, seen: str = "") -> OfficialAnswer:
    """Write the municipality's answer, or put other words in it. Raises Conflict as edit_post does.

    A question that nothing has become of is then answered in writing.
    """
    demand(rules.may_moderate(who, forum))
    version = topics.next_version(session, f"thread:{post.thread_id}")
    refuse_gone(session, post)
    question = session.get(Question, post.id, populate_existing=True)
    answer = session.scalar(select(OfficialAnswer).where(OfficialAnswer.post_id == post.id))
    if (answer.source if answer else "") != seen:
        raise Conflict(_("The answer was changed meanwhile, perhaps by somebody else. Your text is kept here"))
    clean = html.render_markdown(body)
    if answer is None:
        answer = OfficialAnswer(post_id=post.id, author_id=who.author_id, created_at=who.now)
        answer.author_role = who.badge_in(forum.scope_key)
        session.add(answer)
    else:
        answer.edited_at = who.now
    answer.source, answer.html, answer.sanitizer_version = body, clean, html.SANITIZER_VERSION
    if question is not None and question.fate == QuestionFate.OPEN:
        question.fate, question.fate_at = QuestionFate.WRITTEN, who.now
    changed(session, post, version, who)
    return answer
