"""The posts of a thread as a part of another slice's page, and writing in a thread from whatever page it stands on."""

from collections.abc import Callable
from typing import Any

from markupsafe import Markup
from sqlalchemy.orm import Session

from forsamlingshus.discussions import actions, forms, queries
from forsamlingshus.discussions.models import Forum, Thread
from forsamlingshus.discussions.views import drafts, page
from forsamlingshus.discussions.views.base import allowed_lines, refuse, slow_down, wait_to_write
from forsamlingshus.kernel import db, html, permissions, topics, web
from forsamlingshus.kernel.db import transaction

Place = Callable[[Session], tuple[Thread, Forum]]
"""Finds the thread that is written in, or refuses it; asked again inside the transaction."""


def section(thread: Thread, forum: Forum, form: forms.PostForm | None = None) -> Markup:
    """The posts, what is said instead of them, and the box to write in; with a refused `form` its text comes back."""
    who = permissions.who()
    versions = topics.of_page(thread.topic)  # before the rows: a page may be newer than it says
    mine = page.NOTHING if who.author_id is None else queries.personal(thread.id, who.author_id)
    start = page.start_of(thread.id, mine)
    key = page.key_of(who, thread.id, start, versions)
    shared = page.shared_pages.get(key) if key is not None else None
    if shared is None:
        shared = page.build(who, thread, forum, start, template="discussions/_talk.html")
        if key is not None:
            page.shared_pages.put(key, shared)
    return html.trusted(page.filled(who, shared, mine, version=versions.version, form=form).decode())


def write(find: Place, again: Callable[[forms.PostForm], Any]) -> Any:
    """Write the post of this request; `again` is the page that gives a refused form back."""
    who = permissions.who()
    form = forms.PostForm(allow=allowed_lines(db.session()))
    if not form.validate():
        thread, forum = find(db.session())
        refuse(who, forum, thread)
        return page.refused(thread, forum, form, again)
    wait = wait_to_write(who)
    if wait:
        return web.error_page(429, seconds=wait, kept_text=form.body.data, message=slow_down(wait))
    try:
        with transaction() as session:
            thread, forum = find(session)
            refuse(who, forum, thread)
            post = actions.write_post(
                session,
                who=who,
                thread=thread,
                forum=forum,
                body=form.body.data or "",
                client_id=form.client_id.data,
                held=form.held,
            )
            drafts.drop(session, who, f"thread:{thread.id}")
    except actions.SentBefore as before:
        form.ask_again(before.message)
        return page.refused(*find(db.session()), form, again)
    return page.written(post, thread)
