"""The pieces of HTML that pages and live push share; rendered once for each version and language."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from forsamlingshus.contributions.models import Fate, FateKind
from forsamlingshus.discussions import queries
from forsamlingshus.discussions.models import Post, PostKind
from forsamlingshus.kernel import db, html, pages, static
from forsamlingshus.kernel.i18n import ngettext
from forsamlingshus.kernel.pages import Cache, fill
from forsamlingshus.kernel.sender import Change

_bodies: Cache[str] = Cache(4000)
_items: Cache[str] = Cache(200)

NEUTRAL = {"pressed": "false", "want": "1", "off": "", "own": "", "you": ""}
"""What the personal places of a post hold for a viewer that is not known."""


def body(post: Post, language: str, now: datetime) -> str:
    """A post's partial with its personal places still open: the same for every viewer."""
    contribution = post.contribution
    fates = shown_fates(contribution.fates, now)
    # Times name the year only when it is another one, so a partial is of a year as well.
    used = tuple(fate.id for fate in fates)
    key = (post.id, contribution.version, contribution.author_name, used, language, now.year, static.release())
    return _bodies.get_or(key, lambda: _render(post, fates, language))


def shown_fates(fates: Sequence[Fate], now: datetime) -> list[Fate]:
    """What a post says about its use: the proposals that everybody may see, else the inputs."""
    public = [fate for fate in fates if fate.is_public(now)]
    proposals = [fate for fate in public if fate.kind == FateKind.PROPOSAL]
    return proposals or public


def _render(post: Post, fates: list[Fate], language: str) -> str:
    if post.kind == PostKind.QUESTION:
        return pages.partial("discussions/_question.html", language, post=post)
    return pages.partial("discussions/_post.html", language, post=post, fates=fates)


def neutral(post: Post, language: str, now: datetime) -> str:
    """A post's partial as everybody may see it."""
    return fill(body(post, language, now), {f"number:{post.id}": str(post.support_count)}, NEUTRAL)


def item(post: Post, language: str, now: datetime) -> str:
    """A new post as it is put into the feed, with the frame round its partial."""
    template = "discussions/_question_item.html" if post.kind == PostKind.QUESTION else "discussions/_item.html"
    framed = pages.partial(template, language, post=post, body=html.trusted(neutral(post, language, now)))
    return _items.put((post.id, post.contribution.version, language), framed)


def put_changes(posts: Sequence[Post], language: str, now: datetime) -> list[dict[str, Any]]:
    """Posts and questions as changes that a page takes whether it has them or not."""
    return [
        {
            "action": "put",
            "target": f"i-{post.id}",
            "parent": f"replies-{post.parent_id}" if post.parent_id else "feed",
            "html": item(post, language, now),
            "body": neutral(post, language, now),
            "support": post.support_count,
        }
        for post in posts
    ]


COUNTS = ("thread-posts", "thread-people")
"""The ids of the numbers in the head of a thread's page."""


def counts(posts: int, people: int) -> dict[str, str]:
    """How many posts a thread has and how many people wrote them, in the words of its page."""
    words = ngettext("%(num)s post", "%(num)s posts", posts), ngettext("%(num)s person", "%(num)s people", people)
    return dict(zip(COUNTS, words, strict=True))


def appended(topic: str, version: int, post_id: int, parent_id: int | None, now: datetime) -> Change:
    """What listeners of a thread do about a new post: put it at the end of the feed or of its root's replies.

    A change carries the id alone: it is rendered later, in the sender's thread, from what the database says then. So a
    post that was hidden meanwhile is never sent with its words.
    """
    parent = f"replies-{parent_id}" if parent_id else "feed"
    return Change(topic, version, "append", f"i-{post_id}", lambda lang: _item_later(post_id, lang, now), parent)


def replaced(topic: str, version: int, post_id: int, now: datetime) -> Change:
    """What listeners do about a post that changed: put its new partial in the place of the old one."""
    return Change(topic, version, "replace", f"post-{post_id}", lambda lang: _later(neutral, post_id, lang, now))


def _item_later(post_id: int, language: str, now: datetime) -> str:
    """The item that the writer was answered with, if the database still says just that."""
    known = _items.get((post_id, queries.version_of_post(post_id), language))
    return _later(item, post_id, language, now) if known is None else known


def _later(render: Callable[[Post, str, datetime], str], post_id: int, language: str, now: datetime) -> str:
    return render(queries.posts_by_ids(db.session(), [post_id])[post_id], language, now)
