"""Taking back a hiding or a withdrawal, for ten seconds: the page that follows it makes the offer."""

from typing import Any

from flask import request
from sqlalchemy.orm import Session

from forsamlingshus.discussions import actions
from forsamlingshus.discussions.actions import Standing
from forsamlingshus.discussions.models import Forum, Post, Thread
from forsamlingshus.discussions.views import page
from forsamlingshus.discussions.views.base import blueprint, post_or_404, refuse
from forsamlingshus.kernel import permissions, undo, web
from forsamlingshus.kernel.addresses import own_path
from forsamlingshus.kernel.db import transaction
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.permissions import WRITER, Who, access


def offer(session: Session, *, who: Who, text: str, post: Post, before: Standing, words: str = "") -> None:
    """Let the next page offer to take back what was just done to a post.

    What its author withdrew is kept nowhere: the note itself carries the `words`, and only the author has the note.
    """
    action = f"{post.path}/fortryd"
    after = actions.standing_after(session, post)
    undo.show_next(undo.offer(who, text, action, before=before, after=after, words=words))


@blueprint.post("/i/<int:post_id>/fortryd")
@access(WRITER)
def take_back(post_id: int) -> Any:
    """Put a post back to where it was before it was hidden or withdrawn."""
    who = permissions.who()
    note = undo.facts(who, f"/i/{post_id}/fortryd", request.form.get("undo", ""))
    with transaction() as session:
        post, thread, forum = post_or_404(session, who, post_id)
        thread, forum = session.get_one(Thread, thread.id), session.get_one(Forum, forum.id)
        more: dict[str, Any] = {"who": who, "post": post, "thread": thread, "forum": forum}
        if note["words"]:
            refuse(who, forum, thread)
            actions.put_back(session, **more, before=note["before"], after=note["after"], body=note["words"])
        else:
            actions.take_back(session, **more, before=note["before"], after=note["after"])
        address = page.address_of(post, thread)
    web.notice(_("It is as it was before"))
    return web.see_other(own_path(request.form.get("next")) or address)
