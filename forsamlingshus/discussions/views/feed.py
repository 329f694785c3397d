"""The feed of a page: posts under their roots, and what stands in each post's personal places."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from markupsafe import Markup, escape

from forsamlingshus.discussions import partials, queries, rules
from forsamlingshus.discussions.models import Forum, Post, PostState, Thread
from forsamlingshus.discussions.queries import Personal, ThreadPage
from forsamlingshus.kernel import html, i18n, pages, permissions, slots
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.i18n import ngettext
from forsamlingshus.kernel.permissions import Who

_tools: pages.Cache[str] = pages.Cache(16)
_marks: pages.Cache[pages.Places] = pages.Cache(300)


class Start(NamedTuple):
    """Where a page of a thread begins; part of the key of cached pages."""

    after: tuple[int, int] | None = None
    before: tuple[int, int] | None = None
    newest: bool = False


def cursor(text: str | None) -> tuple[int, int] | None:
    """`12-14` as a place in the order of reading; None for anything else."""
    root, _dash, position = (text or "").partition("-")
    if root.isascii() and root.isdigit() and position.isascii() and position.isdigit() and len(root + position) < 19:
        return int(root), int(position)
    return None


class Quotable(NamedTuple):
    """What a higher slice is told of a post when it offers staff a tool for it."""

    id: int
    contribution_id: int


@dataclass(slots=True)
class Group:
    """A top-level post and its replies on this page; `root_body` is empty when the post stands on an earlier page."""

    root_id: int
    root: bool
    root_body: Markup = field(default_factory=lambda: html.trusted(""))
    replies: list[tuple[int, Markup]] = field(default_factory=list)


class Feed:
    """The posts of a page, light enough to be kept beside the cached page."""

    def __init__(self, page: ThreadPage) -> None:
        self._posts = page.posts
        self._numbers: tuple[int, dict[str, str]] = (-1, {})
        self.ids = [post.id for post in page.posts]
        self._ends = (page.posts[0].thread_id, page.first, page.last) if page.first and page.last else None
        self.contributions = {post.id: Quotable(post.id, post.contribution_id) for post in page.posts}
        self.hidden = {post.id for post in page.posts if post.state == PostState.HIDDEN}
        self.counted = {post.id: post.state == PostState.VISIBLE for post in page.posts}
        # (id, position, id of the top-level post) in the order of reading
        self.places = [(post.id, post.position or 0, post.parent_id or post.id) for post in page.posts]

    def numbers(self, version: int) -> dict[str, str]:
        """The places for the posts' numbers of supports; asked once for each version of the thread."""
        known_for, places = self._numbers
        if known_for != version:
            places = {f"number:{post_id}": str(count) for post_id, count in self._counted_now()}
            self._numbers = (version, places)
        return places

    def _counted_now(self) -> list[tuple[int, int]]:
        if self._ends is None:
            return []
        return queries.numbers(*self._ends)

    def groups(self, language: str, now: datetime) -> list[Group]:
        """The page as its template loops over it; personal places are still open."""
        groups: list[Group] = []
        for post in self._posts:
            body = html.trusted(partials.body(post, language, now))
            if post.parent_id is None:
                groups.append(Group(post.id, True, body))
                continue
            if not groups or groups[-1].root_id != post.parent_id:
                groups.append(Group(post.parent_id, False))
            groups[-1].replies.append((post.id, body))
        self._posts = []
        return groups


def defaults(*, closed: bool) -> dict[str, str]:
    """What stands in the places of a post that has nothing to do with the viewer."""
    return {**partials.NEUTRAL, "off": " disabled" if closed else "", "unread": ""}


def post_places(who: Who, posts: Feed, mine: Personal, forum: Forum) -> dict[str, str]:
    """The personal places of the page's posts: own ones, supported ones, and the tools of moderators and staff."""
    values: dict[str, str] = {}
    moderates = rules.may_moderate(who, forum)
    you = " (" + _("you") + ")"
    for post_id in posts.ids:
        own = post_id in mine.own
        if post_id in mine.supported:
            values |= {f"pressed:{post_id}": "true", f"want:{post_id}": "0"}
        if own:
            values |= {f"you:{post_id}": you, f"off:{post_id}": " disabled"}
        if own and post_id in posts.hidden:
            values[f"own:{post_id}"] = pages.partial("discussions/_send_again.html", i18n.language(), id=post_id)
        if (own or moderates) and posts.counted[post_id]:
            staff_tools = slots.fill("post_tools_staff", posts.contributions[post_id]) if who.is_staff else ""
            values[f"own:{post_id}"] = own_tools(post_id, own=own, moderates=moderates) + staff_tools
    return values


def own_tools(post_id: int, *, own: bool, moderates: bool) -> Markup:
    """The links of an author or moderator; rendered once for each kind, since only the number differs.

    Markup, because what slots hold is put behind it: a plain string beside `Markup` would be escaped.
    """
    language = i18n.language()
    tools = _tools.get_or(
        (language, own, moderates),
        lambda: pages.partial("discussions/_own_tools.html", language, id=0, own=own, moderates=moderates),
    )
    return html.trusted(tools.replace("/i/0/", f"/i/{post_id}/"))


def unread_places(posts: Feed, mine: Personal) -> dict[str, str]:
    """The line above the first top-level post that this reader has not seen; none for a first visit."""
    if mine.read_to is None:
        return {}
    for post_id, position, root_id in posts.places:
        if post_id == root_id and position > mine.read_to and post_id not in mine.own:
            return {f"unread:{root_id}": pages.partial("discussions/_unread.html", i18n.language())}
    return {}


def personal_data(mine: Personal, posts: Feed) -> str:
    """Data attributes for the page's script: what is own and supported, and how far this reader has come."""
    own = ",".join(str(number) for number in sorted(mine.own))
    supported = ",".join(str(number) for number in sorted(mine.supported))
    seen = max((position for _id, position, _root in posts.places), default=0)
    return f'data-own="{own}" data-supported="{supported}" data-read="{mine.read_to or 0}" data-seen="{seen}"'


def jump_button(thread: Thread, mine: Personal) -> str:
    """How many posts are new to this reader, with a link to the first and a button to mark all as read."""
    if mine.read_to is None:
        return _mark("discussions/_first_mark.html", thread).fill({"csrf": pages.session_token()})
    if thread.last_position <= mine.read_to:
        return ""
    count = thread.last_position - mine.read_to
    label = ngettext("%(num)s new", "%(num)s new", count)
    return _mark("discussions/_jump.html", thread).fill({"csrf": pages.session_token(), "label": str(escape(label))})


def _mark(template: str, thread: Thread) -> pages.Places:
    """A mark's partial with places for the token and the label: every page of somebody who is logged in has one."""
    language = i18n.language()

    def render() -> pages.Places:
        return pages.Places(
            pages.render_for_many(lambda: pages.partial(template, language, thread=thread, label=pages.place("label"))),
            {},
        )

    return _marks.get_or((template, language, thread.id, thread.path), render)


def count_rows(thread: Thread) -> list[dict[str, Any]]:
    """The numbers in the head of a thread's page, as changes in the reader's language."""
    said = partials.counts(thread.post_count, thread.author_count)
    return [{"action": "text", "target": target, "html": words} for target, words in said.items()]


def change_rows(posts: Sequence[Post]) -> list[dict[str, Any]]:
    """Changes as the page's script reads them, in the reader's language."""
    return partials.put_changes(posts, i18n.language(), permissions.who().now)
