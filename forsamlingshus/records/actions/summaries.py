"""Verbs on the summary of a workshop: write points that cite posts, change them, and publish them."""

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from forsamlingshus.kernel import html
from forsamlingshus.kernel.errors import Conflict
from forsamlingshus.kernel.events import record
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.permissions import Who, demand
from forsamlingshus.meetings.models import Workshop
from forsamlingshus.records import events, queries, rules
from forsamlingshus.records.models import PointPost, Summary, SummaryPoint


def write_point(session: Session, *, who: Who, workshop: Workshop, body: str, posts: Collection[int]) -> SummaryPoint:
    """Write a point that cites posts of the workshop; the same words once more are the point that is there."""
    demand(rules.may_sum_up(who, workshop))
    summary = queries.summary_of(session, workshop.id)
    if summary is None:
        summary = Summary(workshop_id=workshop.id, edition=0, points=[])
        session.add(summary)
        session.flush()
    for known in summary.points:
        if known.source == body:
            return known
    last = session.scalar(select(func.max(SummaryPoint.no)).where(SummaryPoint.summary_id == summary.id)) or 0
    point = SummaryPoint(no=last + 1, cited=_cited(session, workshop, posts), **_words(body))
    summary.points.append(point)
    _changed(session, who, workshop, summary)
    return point


def edit_point(
    session: Session,
    *,
    who: Who,
    workshop: Workshop,
    summary: Summary,
    point: SummaryPoint,
    body: str,
    posts: Collection[int],
    seen: str,
) -> SummaryPoint:
    """Put other words or posts in a point. `seen` is the digest of the words begun from.

    Raises Conflict when other words stand there now.
    """
    demand(rules.may_sum_up(who, workshop))
    if rules.digest(point.source) != seen:
        raise Conflict(_("Somebody has changed the point meanwhile. Your text is kept here"), **_place(workshop))
    cited = {row.post_id: row for row in point.cited}
    point.cited = [cited.get(row.post_id, row) for row in _cited(session, workshop, posts)]
    for name, value in _words(body).items():
        setattr(point, name, value)
    _changed(session, who, workshop, summary)
    return point


def remove_point(session: Session, *, who: Who, workshop: Workshop, summary: Summary, point: SummaryPoint) -> None:
    """Take a point out of the summary; its posts are unused again."""
    demand(rules.may_sum_up(who, workshop))
    if summary.published_at is not None and len(summary.points) == 1:
        raise Conflict(_("This is the last point of a published summary. Change it instead"), **_place(workshop))
    summary.points.remove(point)
    _changed(session, who, workshop, summary)


def publish_summary(session: Session, *, who: Who, workshop: Workshop, summary: Summary) -> Summary:
    """Let everybody read the summary on the workshop's page. A second press changes nothing."""
    demand(rules.may_sum_up(who, workshop))
    if not summary.points:
        raise Conflict(_("Write a point first"), **_place(workshop))
    if summary.published_at is None:
        summary.published_at = who.now
        record(session, events.SummaryPublished(workshop_id=workshop.id, actor_id=who.author_id))
    return summary


def _cited(session: Session, workshop: Workshop, posts: Collection[int]) -> list[PointPost]:
    found = queries.sayable(session, workshop, set(posts))
    if not found:
        raise Conflict(_("The posts can no longer be read. Choose others; your text is kept here"), **_place(workshop))
    return [PointPost(post_id=post_id) for post_id in found]


def _words(body: str) -> dict[str, object]:
    return {"source": body, "html": html.render_markdown(body), "sanitizer_version": html.SANITIZER_VERSION}


def _changed(session: Session, who: Who, workshop: Workshop, summary: Summary) -> None:
    summary.edition += 1
    if summary.published_at is not None:
        summary.corrected_at = who.now
    session.flush()
    changed = events.SummaryChanged(workshop_id=workshop.id, edition=summary.edition, actor_id=who.author_id)
    record(session, changed)


def _place(workshop: Workshop) -> dict[str, str]:
    return {"next_url": f"{workshop.run_path}/opsamling", "next_title": _("The summary")}
