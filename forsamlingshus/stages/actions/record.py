"""What is kept of things that happen on a stage: versions for those who look at it, and a row for the record.

The functions `on_…` witness events of lower slices in their own transactions. The topics of a stage are always taken
last, after those of deck, forum, queue and thread, so that writers never wait for each other in a ring.
"""

from sqlalchemy.orm import Session

from forsamlingshus.discussions import events as discussions
from forsamlingshus.kernel import clock, topics
from forsamlingshus.kernel.errors import Closed
from forsamlingshus.kernel.events import announce
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.slides import events as slides
from forsamlingshus.slides.models import Deck
from forsamlingshus.stages import queries
from forsamlingshus.stages.events import StageMoved
from forsamlingshus.stages.models import Mode, MomentKind, Stage, StageMoment


def moved(
    session: Session,
    stage: Stage,
    *,
    public: bool = False,
    wall: bool = True,
    scene: bool = False,
    state: bool = False,
    actor_id: int | None,
) -> None:
    """Take the next version of what looks otherwise now; those who steer see every change."""
    names = [stage.control_topic]
    if wall:
        names.append(stage.hall_topic)
    if public:
        names.append(stage.topic)
    session.flush()
    versions = topics.next_versions(session, names)
    event = StageMoved(
        stage_id=stage.id,
        version=versions.get(stage.topic, 0),
        control_version=versions[stage.control_topic],
        hall_version=versions.get(stage.hall_topic, 0),
        scene=scene,
        state=state,
        actor_id=actor_id,
    )
    announce(session, event)


def keep(session: Session, stage: Stage, kind: MomentKind, **facts: object) -> None:
    """Add a row to the record of the meeting: nothing that is tried out in a rehearsal, and nothing after the end."""
    if stage.closed_at is not None and kind != MomentKind.CLOSED:
        return
    session.add(StageMoment(stage_id=stage.id, at=clock.now(), kind=kind, **facts))


def refuse_over(stage: Stage) -> None:
    """Raise Closed for what belongs to a meeting that goes on, when it is over."""
    if stage.closed_at is not None:
        raise Closed(_("The meeting is over. Open it again first"), next_url=stage.control_path, next_title=stage.title)


def end_rehearsal(stage: Stage) -> None:
    """Let the wall be as new, whichever way a rehearsal ends: nothing that was tried out stands there afterwards."""
    stage.rehearsal, stage.rehearsal_deck_id, stage.rehearsal_no = False, None, 1
    stage.mode, stage.question_id, stage.pause_until = Mode.SLIDE_QUESTIONS, None, None
    stage.message, stage.frozen, stage.show_names = "", False, False


def on_slide(session: Session, event: slides.PresentingStarted | slides.SlideShown) -> None:
    """A slide is shown to the hall: that ends a rehearsal, and begins the meeting when it had not begun.

    Raises Closed when the meeting is over, from whatever page the slide was to be shown.
    """
    stage = _of_deck(session, event.deck_id)
    if stage is None:
        return
    refuse_over(stage)
    begins = stage.started_at is None
    if stage.rehearsal:
        end_rehearsal(stage)
    if begins:
        stage.started_at = clock.now()
        keep(session, stage, MomentKind.STARTED)
    keep(session, stage, MomentKind.SLIDE, deck_id=event.deck_id, slide_no=event.slide_no)
    scene = isinstance(event, slides.PresentingStarted)
    moved(session, stage, public=True, scene=scene, state=begins, actor_id=event.actor_id)


def on_slides_ended(session: Session, event: slides.PresentingStopped) -> None:
    """A presentation is over, or another one of the same stage takes its turn."""
    stage = _of_deck(session, event.deck_id)
    if stage is not None:
        keep(session, stage, MomentKind.SLIDES_ENDED, deck_id=event.deck_id)
        moved(session, stage, public=True, scene=True, actor_id=event.actor_id)


def on_deck_seen_or_not(
    session: Session, event: slides.DeckHidden | slides.DeckListed | slides.DeckRemoved | slides.DeckReplaced
) -> None:
    """A deck was hidden, shown again, removed or replaced: pages that showed it must not go on showing the same."""
    stage = _of_deck(session, event.deck_id)
    if stage is not None:
        moved(session, stage, public=True, scene=True, actor_id=event.actor_id)


def on_words(session: Session, event: slides.SlideDescribed) -> None:
    """Notes were written: they stand on the control view alone."""
    stage = _of_deck(session, event.deck_id)
    if stage is not None:
        moved(session, stage, wall=False, actor_id=event.actor_id)


def on_question(
    session: Session, event: discussions.PostShown | discussions.PostChanged | discussions.PostSupported
) -> None:
    """A question came, changed or was supported: its list is on the control view and perhaps on the wall."""
    if not event.question:
        return
    stage = queries.stage_of_thread(session, event.thread_id)
    if stage is not None:
        moved(session, stage, actor_id=None)


def on_queue(session: Session, event: discussions.PostHeld | discussions.PostJudged) -> None:
    """What waits for a moderator stands on the control view alone."""
    stage = queries.stage_of_forum(session, event.forum_id)
    if stage is not None:
        moved(session, stage, wall=False, actor_id=None)


def _of_deck(session: Session, deck_id: int) -> Stage | None:
    deck = session.get(Deck, deck_id)
    return queries.stage_of_scope(session, deck.scope_key) if deck is not None else None
