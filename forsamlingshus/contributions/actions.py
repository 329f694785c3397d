"""Verbs on contributions, called from the slices above in their own transactions."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from forsamlingshus.contributions.events import ContributionChanged, FateRecorded
from forsamlingshus.contributions.models import Contribution, Fate, FateKind, topic_of
from forsamlingshus.kernel import topics
from forsamlingshus.kernel.events import record


def contribute(session: Session, contribution: Contribution, *, actor_id: int | None = None) -> Contribution:
    """Keep something that is no post, or its new words; the board hears of it.

    Posts do not come by here: their place takes the version of the year together with that of the thread.
    """
    version = topics.next_version(session, topic_of(contribution.budget_year))
    session.add(contribution)
    session.flush()
    record(
        session,
        ContributionChanged(
            contribution_id=contribution.id,
            budget_year=contribution.budget_year,
            said_version=version,
            actor_id=actor_id,
        ),
    )
    return contribution


def take_back(session: Session, contribution: Contribution, *, actor_id: int | None = None) -> None:
    """Remove something that was entered wrongly, as if it had never been said; not for what is quoted already."""
    contribution.public = False
    contribute(session, contribution, actor_id=actor_id)
    session.delete(contribution)
    session.flush()


def record_fate(
    session: Session,
    *,
    contribution_id: int,
    kind: FateKind,
    ref_id: int,
    number: int,
    title: str,
    path: str,
    public_from: datetime | None = None,
    words: Sequence[str] = (),
    actor_id: int | None = None,
) -> Fate:
    """Record what became of a contribution; the same fate again updates title, address, moment and words.

    `public_from` (aware) is when everybody may see it; None means at once. `words` are those that were used.
    """
    fate = _find(session, contribution_id, kind, ref_id)
    if fate is None:
        fate = Fate(contribution_id=contribution_id, kind=kind, ref_id=ref_id)
        session.add(fate)
    fate.number, fate.title, fate.path, fate.public_from = number, title[:200], path, public_from
    fate.words = list(words)
    session.flush()
    _changed(session, contribution_id, kind, ref_id, actor_id, recorded=True)
    return fate


def take_back_fate(
    session: Session, *, contribution_id: int, kind: FateKind, ref_id: int, actor_id: int | None = None
) -> None:
    """Take a fate back, when the quote or the link behind it is gone; nothing happens when there is none."""
    fate = _find(session, contribution_id, kind, ref_id)
    if fate is None:
        return
    session.delete(fate)
    session.flush()
    _changed(session, contribution_id, kind, ref_id, actor_id, recorded=False)


def _find(session: Session, contribution_id: int, kind: FateKind, ref_id: int) -> Fate | None:
    return session.scalar(
        select(Fate).where(Fate.contribution_id == contribution_id, Fate.kind == kind, Fate.ref_id == ref_id)
    )


def _changed(
    session: Session, contribution_id: int, kind: FateKind, ref_id: int, actor_id: int | None, *, recorded: bool
) -> None:
    contribution = session.get_one(Contribution, contribution_id)
    contribution.version = topics.next_version(session, contribution.topic)
    contribution.used = (
        session.scalar(select(Fate.id).where(Fate.contribution_id == contribution_id).limit(1)) is not None
    )
    record(
        session,
        FateRecorded(
            contribution_id=contribution_id,
            topic=contribution.topic,
            version=contribution.version,
            kind=kind,
            ref_id=ref_id,
            recorded=recorded,
            actor_id=actor_id,
        ),
    )
