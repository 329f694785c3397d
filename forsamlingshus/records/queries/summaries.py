"""Reading the summary of a workshop, and the posts that it does not use yet."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import Session, selectinload

from forsamlingshus.discussions import queries as discussions
from forsamlingshus.discussions.models import Post, Thread
from forsamlingshus.meetings.models import Workshop
from forsamlingshus.records.models import PointPost, Summary, SummaryPoint

PAGE = 40


@dataclass(frozen=True, slots=True)
class Unused:
    """A page of posts that no point cites yet, by thread and then by how many find them important; `page` is from 1."""

    posts: list[Post]
    page: int
    has_more: bool
    count: int
    total: int


def summary_of(session: Session, workshop_id: int) -> Summary | None:
    """The summary of a workshop with its points and what they cite."""
    return session.scalar(
        select(Summary)
        .where(Summary.workshop_id == workshop_id)
        .options(selectinload(Summary.points).selectinload(SummaryPoint.cited))
    )


Told = tuple[SummaryPoint, list[Post], int]
"""A point, the posts that it cites and that may be read today, and the number of those that may not."""


def told(session: Session, summary: Summary) -> list[Told]:
    """The points of a summary with the posts that they cite; one query, however many points there are."""
    ids = {cited.post_id for point in summary.points for cited in point.cited}
    readable = discussions.readable_posts(session, ids)
    rows = []
    for point in summary.points:
        posts = [readable[cited.post_id] for cited in point.cited if cited.post_id in readable]
        rows.append((point, posts, len(point.cited) - len(posts)))
    return rows


def unused(session: Session, workshop: Workshop, *, page: int = 1) -> Unused:
    """What was said in a workshop, its questions included, and stands in no point of its summary."""
    page = max(1, min(page, 100))
    left = _said(workshop).where(~_cited(workshop))
    ordered = left.order_by(Thread.id, Post.support_count.desc(), Post.id).offset((page - 1) * PAGE).limit(PAGE + 1)
    ids = list(session.scalars(ordered))
    posts = discussions.posts_by_ids(session, ids[:PAGE])
    return Unused(
        posts=[posts[id_] for id_ in ids[:PAGE]],
        page=page,
        has_more=len(ids) > PAGE,
        count=_count(session, left),
        total=_count(session, _said(workshop)),
    )


def chosen(session: Session, workshop: Workshop, ids: set[int]) -> list[Post]:
    """Those of some posts that a point may cite, to be read: what was chosen on other pages goes along with a form."""
    found = sayable(session, workshop, ids)
    posts = discussions.posts_by_ids(session, found)
    return [posts[id_] for id_ in found]


def sayable(session: Session, workshop: Workshop, ids: set[int]) -> list[int]:
    """Those of some posts that a point of that workshop may cite."""
    return list(session.scalars(_said(workshop).where(Post.id.in_(ids)).order_by(Post.id)))


def _said(workshop: Workshop) -> Select[int]:
    here = Thread.forum_id == workshop.forum_id
    return select(Post.id).join(Post.thread).where(here, discussions.EVERYBODY_READS)


def _cited(workshop: Workshop) -> ColumnElement[bool]:
    cited = exists().where(PointPost.post_id == Post.id, PointPost.point_id == SummaryPoint.id)
    return cited.where(SummaryPoint.summary_id == Summary.id, Summary.workshop_id == workshop.id)


def _count(session: Session, found: Select[int]) -> int:
    return session.scalar(select(func.count()).select_from(found.subquery())) or 0
