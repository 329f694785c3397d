"""Reading stages."""

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from forsamlingshus.slides import queries as slides
from forsamlingshus.slides.models import Deck
from forsamlingshus.stages.models import MomentKind, Stage, StageMoment


def stage_at(session: Session, path: str) -> Stage | None:
    """The stage whose live page has that address, with its forum and its list of questions."""
    return session.scalar(_with_places().where(Stage.path == path))


def stage_steered_at(session: Session, control_path: str) -> Stage | None:
    """The stage that is steered from that address."""
    return session.scalar(_with_places().where(Stage.control_path == control_path))


def stage_of_key(session: Session, display_key: str) -> Stage | None:
    """The stage whose wall has that key."""
    return session.scalar(_with_places().where(Stage.display_key == display_key))


def whole_stage(session: Session, stage_id: int) -> Stage:
    """A stage with its forum and its list of questions, as the database has them now."""
    return session.execute(_with_places().where(Stage.id == stage_id)).scalar_one()


def _with_places() -> Select[Stage]:
    return select(Stage).options(joinedload(Stage.forum, innerjoin=True), joinedload(Stage.thread, innerjoin=True))


def stage_of_scope(session: Session, scope_key: str) -> Stage | None:
    """The stage of a meeting or workshop."""
    return session.scalar(select(Stage).where(Stage.scope_key == scope_key))


def stage_of_thread(session: Session, thread_id: int) -> Stage | None:
    """The stage whose questions that thread holds."""
    return session.scalar(select(Stage).where(Stage.thread_id == thread_id))


def stage_of_forum(session: Session, forum_id: int) -> Stage | None:
    """The stage beside that forum."""
    return session.scalar(select(Stage).where(Stage.forum_id == forum_id))


def shown_deck(session: Session, stage: Stage) -> Deck | None:
    """The deck that is presented on a stage, if everybody may see it."""
    on = [deck for deck in slides.presenting(session, stage.scope_key) if deck.listed and deck.showing]
    return on[0] if on else None


def showable(session: Session, stage: Stage) -> dict[int, Deck]:
    """The decks that may be shown on a stage, by id, in their order."""
    return {deck.id: deck for deck in slides.decks_of(session, [stage.scope_key], listed_only=True)}


def on_wall(session: Session, stage: Stage) -> tuple[Deck | None, int]:
    """The deck and the number of the slide on the wall: in a rehearsal the ones that are tried out."""
    if not stage.rehearsal:
        deck = shown_deck(session, stage)
        return deck, (deck.showing or 1) if deck else 1
    deck = session.get(Deck, stage.rehearsal_deck_id) if stage.rehearsal_deck_id else None
    return (deck if deck is not None and deck.listed else None), stage.rehearsal_no


def moments(session: Session, stage_id: int, *, limit: int) -> Sequence[StageMoment]:
    """What happened on a stage, in the order of time; on one that was ended, until it was ended for the last time."""
    found = select(StageMoment).where(StageMoment.stage_id == stage_id).order_by(StageMoment.at, StageMoment.id)
    rows = session.scalars(found.limit(limit)).all()
    ends = [place for place, moment in enumerate(rows, 1) if moment.kind == MomentKind.CLOSED]
    return rows[: ends[-1]] if ends else rows
