"""How a thread's page is put together: what many viewers share, cached by version, and each viewer's personal bits."""

import dataclasses
from collections.abc import Callable, Hashable
from typing import Any

from flask import g, render_template, request
from flask import session as cookie
from markupsafe import escape
from sqlalchemy import inspect

from forsamlingshus.accounts import queries as account_queries
from forsamlingshus.discussions import forms, queries, rules
from forsamlingshus.discussions.models import Forum, Post, PostKind, PostState, Thread, ThreadKind
from forsamlingshus.discussions.queries import Personal, ThreadPage
from forsamlingshus.discussions.views import drafts, feed
from forsamlingshus.discussions.views.base import muted_sentence, theme_of, thread_or_404
from forsamlingshus.kernel import choices, db, i18n, pages, permissions, topics, web
from forsamlingshus.kernel.addresses import small_number
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.permissions import Who

SHARED_ARGUMENTS = frozenset({"fra", "foer", "vis", "sprog", "visning"})
"""Query arguments that a cached page may differ by; any other one makes the page be built anew."""

NOTHING = Personal(frozenset(), frozenset(), None, ())

shared_pages: pages.Cache["Shared"] = pages.Cache(300)
_finished: pages.Cache[pages.Kept] = pages.Cache(300)


@dataclasses.dataclass(frozen=True, slots=True)
class Shared:
    """A page with its personal places still open, and what is needed to fill them."""

    page: pages.Places
    thread: Thread
    forum: Forum
    posts: feed.Feed
    closed: bool
    composer: pages.Places


def show(thread_id: int, form: forms.PostForm | None = None) -> Any:
    """The page of a thread for this viewer; with a refused `form` its text comes back.

    The number alone finds the thread; asked for under another theme or title, it answers with its own address.
    """
    versions = topics.of_page(f"thread:{thread_id}")
    g.site_version = versions.site  # read once: the phases that `who` depends on are kept by it
    who = permissions.who()
    mine = NOTHING if who.author_id is None else queries.personal(thread_id, who.author_id)
    start = start_of(thread_id, mine)
    key = key_of(who, thread_id, start, versions)
    if key is not None and form is None and not who.is_known:
        finished = _finished.get(key)
        if finished is not None and finished.version == versions.version:
            return pages.send_kept(finished)
    shared = shared_pages.get(key) if key is not None else None
    if shared is None:
        session = db.session()
        thread, forum = thread_or_404(session, who, thread_id)
        if form is None and request.path != thread.path:
            return web.moved_to(thread.path)
        shared = build(who, thread, forum, start)
        if key is not None:
            shared_pages.put(key, shared)
    page = filled(who, shared, mine, version=versions.version, form=form)
    if key is None or form is not None or who.is_known:
        return page
    return pages.send_kept(_finished.put(key, pages.Kept(page, key, versions.version)))


def key_of(who: Who, thread_id: int, start: feed.Start, versions: topics.PageVersions) -> Hashable | None:
    """What a shared page depends on; None when it must be built for this request alone.

    Numbers of supports are places, so a storm of them leaves the page as it is. The minute bounds how long something
    that becomes public by the clock alone may be missing.
    """
    if not _is_shared_address() or _has_flashes():
        return None
    return (
        thread_id,
        start,
        versions.page,
        versions.site,
        request.full_path,
        i18n.language(),
        choices.display(),
        who.opened,
        who.is_known,
        who.is_authenticated,
        who.roles,
        who.scopes,
        who.guest_scopes,
        who.guest_held,
        int(who.now.timestamp() // 60),
    )


def _is_shared_address() -> bool:
    """True for arguments that lead to different pages; nonsense must not push real pages out of the cache."""
    given = request.args
    return (
        set(given) <= SHARED_ARGUMENTS
        and given.get("vis", "nyeste") == "nyeste"
        and all(feed.cursor(given[name]) for name in ("fra", "foer") if name in given)
        and given.get("sprog", "da") in i18n.LANGUAGES
        and given.get("visning", "system") in choices.DISPLAYS
        and len(given) == len(list(given.items(multi=True)))
    )


def _has_flashes() -> bool:
    return "_flashes" in cookie or bool(g.get("_flashes"))


def start_of(thread_id: int, mine: Personal) -> feed.Start:
    """Where the page begins: as the address says, else at what this reader has not read, else at the top."""
    if request.args.get("vis") == "nyeste":
        return feed.Start(newest=True)
    after, before = feed.cursor(request.args.get("fra")), feed.cursor(request.args.get("foer"))
    if after or before:
        return feed.Start(after=after, before=before)
    return feed.Start(after=queries.first_unread(thread_id, mine.read_to))


def build(
    who: Who, thread: Thread, forum: Forum, start: feed.Start, *, template: str = "discussions/thread.html"
) -> Shared:
    """Render what viewers of one kind share of a thread: its page, or the part of another page that is `template`."""
    session = db.session()
    page = queries.thread_page(session, thread.id, after=start.after, before=start.before, newest=start.newest)
    posts = feed.Feed(page)
    closed = queries.closed_notice(session, who, forum, thread)
    window = queries.window_of(session, forum, who.now)
    # One of a kind: neither the name nor what was taken from this one person may stand in what others get.
    viewer = dataclasses.replace(who, name=pages.place("name"), mutes=frozenset()) if who.is_known else who
    html = pages.render_for_many(
        lambda: render_template(
            template,
            thread=thread,
            forum=forum,
            theme=theme_of(forum),
            page=page,
            groups=posts.groups(i18n.language(), who.now),
            closed=closed,
            closes_at=window.closes_at if window else who.now,
            who=viewer,
            moderates=rules.may_moderate(who, forum),
            newest_url=f"{thread.path}?vis=nyeste#skriv",
            **_neighbours(thread, page),
        )
    )
    composer = pages.render_for_many(
        lambda: _composer(
            viewer,
            thread,
            forum,
            _blank(),
            closed=closed,
            viewer=pages.place("viewer"),
            draft_note=pages.place("saved"),
        )
    )
    places = pages.Places(html, feed.defaults(closed=closed is not None))
    return Shared(places, thread, forum, posts, closed is not None, pages.Places(composer, {}))


def _neighbours(thread: Thread, page: ThreadPage) -> dict[str, str]:
    first, last = page.first, page.last
    return {
        "previous_url": f"{thread.path}?foer={first[0]}-{first[1]}" if page.has_before and first else "",
        "next_url": f"{thread.path}?fra={last[0]}-{last[1]}" if page.has_after and last else "",
    }


def filled(who: Who, shared: Shared, mine: Personal, *, version: int, form: forms.PostForm | None) -> bytes:
    """Put the numbers as of `version` and the personal bits into their places."""
    thread, forum = shared.thread, shared.forum
    values = {"version": str(version)} | shared.posts.numbers(version)
    values |= feed.post_places(who, shared.posts, mine, forum)
    values |= feed.unread_places(shared.posts, mine)
    values |= {
        "name": str(escape(who.name)),
        "csrf": pages.session_token() if who.is_known else "",
        "personal": feed.personal_data(mine, shared.posts),
        "jump": feed.jump_button(thread, mine) if who.is_known else "",
        "waiting": render_template("discussions/_waiting.html", waiting=mine.waiting) if mine.waiting else "",
        "error": f"{_('Error:')} " if form is not None else "",
        "errors": render_template("discussions/_errors.html", form=form) if form is not None else "",
        "composer": _own_composer(who, shared)
        if form is None
        else _composer(who, thread, forum, form, viewer=who.author_id),
    }
    return shared.page.filled(values)


def _blank() -> forms.PostForm:
    """A composer that nobody has written in, with places for the draft and for the id of the next write."""
    form = forms.PostForm(formdata=None)
    form.client_id.data, form.body.data = pages.place("client"), pages.place("draft")
    return form


def _composer(
    who: Who,
    thread: Thread,
    forum: Forum,
    form: forms.PostForm,
    *,
    viewer: int | str | None,
    closed: queries.ClosedNotice | None = None,
    draft_note: str = "",
) -> str:
    """The composer at the end of a thread, or why nobody can write."""
    return render_template(
        "discussions/_composer.html",
        writes=who.writes_in(forum.scope_key),
        guest=who if who.is_guest else None,
        form=form,
        closed=closed,
        box=f"thread:{thread.id}",
        box_id="skriv",
        viewer=viewer or "",
        body_max=rules.BODY_MAX,
        action=thread.path if who.writes_in(forum.scope_key) else "/log-ind/fra-debat",
        place_url=f"{thread.path}#skriv",
        send_label=_("Send post"),
        cancel_url="",
        draft_note=draft_note,
    )


def _own_composer(who: Who, shared: Shared) -> str:
    """The shared composer with this viewer's draft in it."""
    if who.is_muted(shared.forum.scope_key) and not shared.closed:
        return render_template("discussions/_muted.html", sentence=muted_sentence(db.session(), who, shared.forum))
    values = {
        "client": forms.new_client_id(),
        "draft": "",
        "saved": "",
        "csrf": "",
        "name": str(escape(who.name)),
        "viewer": str(who.author_id or ""),
    }
    if who.author_id is not None and not shared.closed:
        values["csrf"] = pages.session_token()
        draft = account_queries.draft_words(who.author_id, f"thread:{shared.thread.id}")
        if draft is not None:
            body, saved_at = draft
            values["draft"] = str(escape(body))
            values["saved"] = str(escape(_("Draft saved %(moment)s", moment=i18n.when(saved_at))))
    return shared.composer.fill(values)


def refused(thread: Thread, forum: Forum, form: forms.PostForm, page: Callable[[forms.PostForm], Any]) -> Any:
    """Give a refused post back with its text: the whole page, or the composer alone for the page's script."""
    who = permissions.who()
    if web.wants_fragment():
        return {"form": _composer(who, thread, forum, form, viewer=who.author_id)}, 422
    # Before the page is built: its shared parts are kept for others, and a transaction would empty what they hold.
    drafts.keep(who, box=f"thread:{thread.id}", path=f"{thread.path}#skriv", body=form.body.data)
    return page(form), 422


def written(post: Post, thread: Thread) -> Any:
    """The answer to a stored post: the place it stands at, and for the page's script the very change others get."""
    sentence = sentence_after(post)
    if not web.wants_fragment():
        web.notice(sentence)
        return web.see_other(f"{address_of(post, thread)}")
    # The action left the post complete in the session, so the answer is what it wrote; a retried write is read again.
    complete = "contribution" not in inspect(post).unloaded and "fates" not in inspect(post.contribution).unloaded
    full = post if complete else queries.posts_by_ids(db.session(), [post.id])[post.id]
    answer: dict[str, Any] = {"id": post.id, "message": sentence, "client_id": forms.new_client_id()}
    if post.position is None:
        return {**answer, "waiting": render_template("discussions/_waiting.html", waiting=[full])}
    return {**answer, "version": full.contribution.version, "changes": feed.change_rows([full])}


def changes_after(thread_id: int, wanted: str) -> Any:
    """What changed after a version, as the live push would have said it; `reload` when it is too much."""
    session = db.session()
    thread, _forum = thread_or_404(session, permissions.who(), thread_id)
    version = topics.version_of(session, thread.topic)
    posts = queries.changed_after(session, thread, small_number(wanted) or 0)
    if posts is None:
        return {"version": version, "reload": True}
    counts = feed.count_rows(thread) if posts and thread.kind == ThreadKind.TALK else []
    return {"version": version, "changes": feed.change_rows(posts) + counts}


def address_of(post: Post, thread: Thread) -> str:
    """The address of a post: the page of its thread that holds it, and the anchor."""
    if post.kind == PostKind.QUESTION:
        page = queries.question_page_of(thread, post)
        return f"{thread.path}{f'?sorter=nyeste&side={page}' if page > 1 else ''}#i-{post.id}"
    if post.position is None and post.state == PostState.WITHDRAWN:
        return f"{thread.path}#main-content"  # nobody has seen it and nothing is left of it: the notice says so
    if post.position is None or thread.last_position <= queries.PAGE:
        return f"{thread.path}#i-{post.id}"
    root, position = queries.cursor_of(post)
    return f"{thread.path}?fra={root}-{position - 1}#i-{post.id}"


def sentence_after(post: Post) -> str:
    """What to say after a post was stored."""
    return _("Your post has been sent") if post.position is not None else _("We look at your post before it is shown")
