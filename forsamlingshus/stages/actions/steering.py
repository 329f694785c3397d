"""Verbs of those who steer a stage, and asking on it. The last press wins, whoever pressed."""

from datetime import datetime

from sqlalchemy.orm import Session

from forsamlingshus.discussions import actions as discussions
from forsamlingshus.discussions.models import Forum, Post, Thread
from forsamlingshus.kernel.errors import Closed, Conflict
from forsamlingshus.kernel.events import record
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.permissions import Who, demand
from forsamlingshus.slides import queries as slides
from forsamlingshus.slides.models import Deck
from forsamlingshus.stages import events, queries, rules
from forsamlingshus.stages.actions.opening import new_display_key
from forsamlingshus.stages.actions.record import end_rehearsal, keep, moved, refuse_over
from forsamlingshus.stages.models import Mode, MomentKind, Stage


def start_stage(session: Session, *, who: Who, stage: Stage) -> Stage:
    """Begin the meeting, at its hour or earlier; a meeting that was closed is open again."""
    demand(rules.may_steer(who, stage))
    was_closed, stage.closed_at = stage.closed_at is not None, None
    if stage.started_at is None:
        stage.started_at = who.now
        keep(session, stage, MomentKind.STARTED)
    elif was_closed:
        keep(session, stage, MomentKind.REOPENED)
    if was_closed:
        discussions.close_owned(session, thread=session.get_one(Thread, stage.thread_id), closed=False)
        discussions.close_forum(session, forum=session.get_one(Forum, stage.forum_id), closes_at=None)
    moved(session, stage, public=True, state=True, actor_id=who.author_id)
    return stage


def close_stage(session: Session, *, who: Who, stage: Stage, closes_at: datetime | None = None) -> Stage:
    """End the meeting: nobody asks any more, and the questions stand as the record.

    The talk beside it goes on until `closes_at` (aware), which may be now; with None as long as its phase is open. Of
    two who end it at once the first one decides, and the other gets a Conflict when that was something else.
    """
    demand(rules.may_steer(who, stage))
    if stage.closed_at is None:
        stage.closed_at = who.now
        if stage.rehearsal:
            end_rehearsal(stage)
        discussions.close_owned(session, thread=session.get_one(Thread, stage.thread_id), closed=True)
        discussions.close_forum(session, forum=session.get_one(Forum, stage.forum_id), closes_at=closes_at)
        _take_off(session, who, stage)
        record(session, events.StageClosed(stage_id=stage.id, actor_id=who.author_id))
        keep(session, stage, MomentKind.CLOSED)
        moved(session, stage, public=True, state=True, actor_id=who.author_id)
    elif not rules.same_end(session.get_one(Forum, stage.forum_id).closes_at, closes_at, who.now):
        raise Conflict(
            _("Somebody else has just ended it. See what was chosen"),
            next_url=stage.control_path,
            next_title=stage.title,
        )
    return stage


def continue_questions(session: Session, *, who: Who, stage: Stage) -> list[Thread]:
    """Let the questions of a meeting that is over, and that nobody answered, go on in threads; returns the new ones."""
    demand(rules.may_steer(who, stage))
    if stage.closed_at is None:
        raise Conflict(_("End the meeting first"), next_url=stage.control_path, next_title=stage.title)
    forum, questions = session.get_one(Forum, stage.forum_id), session.get_one(Thread, stage.thread_id)
    return discussions.continue_in_threads(session, who=who, questions=questions, forum=forum)


def set_mode(session: Session, *, who: Who, stage: Stage, mode: Mode) -> Stage:
    """Say what the wall shows. A single question is chosen with show_question, a pause with pause."""
    demand(rules.may_steer(who, stage))
    if mode == Mode.QUESTION and stage.question_id is None and not stage.rehearsal:
        raise Conflict(_("Choose a question first: press Show on screen beside it"))
    if mode == Mode.POLL and stage.mode != Mode.POLL and not stage.rehearsal:
        raise Conflict(_("Choose a poll first: press Show on screen beside it"))
    if mode != Mode.QUESTION:
        _take_off(session, who, stage)
    _shows(session, stage, mode, who)
    return stage


def show_question(session: Session, *, who: Who, stage: Stage, post: Post | None) -> Stage:
    """Put a question on the wall in large type, or with None take it off again."""
    demand(rules.may_steer(who, stage))
    if post is None:
        _take_off(session, who, stage)
        if stage.mode == Mode.QUESTION:
            _shows(session, stage, Mode.SLIDE_QUESTIONS, who)
        return stage
    refuse_over(stage)
    if not stage.rehearsal:  # else everybody would see on the phone what stands on no wall
        _put_on(session, who, stage, post)
    _shows(session, stage, Mode.QUESTION, who)
    return stage


def show_poll(session: Session, *, who: Who, stage: Stage) -> Stage:
    """Let the wall show a poll. Which one is said above, where polls are known; raises Conflict in a rehearsal."""
    demand(rules.may_steer(who, stage))
    if stage.rehearsal:
        raise Conflict(_("End the rehearsal first: until then the screen shows samples alone"))
    _take_off(session, who, stage)
    _shows(session, stage, Mode.POLL, who)
    return stage


def pause(session: Session, *, who: Who, stage: Stage, until: datetime) -> Stage:
    """Count down to the moment (aware) at which the meeting goes on."""
    demand(rules.may_steer(who, stage))
    refuse_over(stage)
    stage.pause_until = until
    _take_off(session, who, stage)
    _shows(session, stage, Mode.PAUSE, who)
    return stage


def set_message(session: Session, *, who: Who, stage: Stage, message: str) -> Stage:
    """Write the line at the foot of the wall; at most rules.MESSAGE_MAX characters, none to take it away."""
    demand(rules.may_steer(who, stage))
    stage.message = message
    moved(session, stage, actor_id=who.author_id)
    return stage


def set_frozen(session: Session, *, who: Who, stage: Stage, frozen: bool) -> Stage:
    """Keep questions from the hall off the wall, or let them stand there again."""
    demand(rules.may_steer(who, stage))
    stage.frozen = frozen
    moved(session, stage, actor_id=who.author_id)
    return stage


def show_names(session: Session, *, who: Who, stage: Stage, shown: bool) -> Stage:
    """Say whether the wall names those who ask."""
    demand(rules.may_steer(who, stage))
    stage.show_names = shown
    moved(session, stage, actor_id=who.author_id)
    return stage


def rehearse(session: Session, *, who: Who, stage: Stage, on: bool, deck_id: int | None = None) -> Stage:
    """Try the wall with sample questions: only the wall and those who steer see it, and nothing of it is kept.

    `deck_id` names a public deck of the same meeting or workshop, None when there is none. Raises Closed when the
    meeting is over, and Conflict while a deck is shown or when that one could not be.
    """
    demand(rules.may_steer(who, stage))
    if not on:
        if stage.rehearsal:  # else the wall of a meeting that goes on would be wiped by a second press
            end_rehearsal(stage)
            moved(session, stage, actor_id=who.author_id)
        return stage
    refuse_over(stage)
    if queries.shown_deck(session, stage) is not None:
        raise Conflict(_("A presentation is being shown. End it before you try the big screen"))
    if deck_id is not None and deck_id not in queries.showable(session, stage):
        raise Conflict(_("The presentation isn't ready yet."), next_url=stage.control_path, next_title=stage.title)
    _take_off(session, who, stage)
    stage.rehearsal, stage.rehearsal_deck_id, stage.rehearsal_no = True, deck_id, 1
    moved(session, stage, actor_id=who.author_id)
    return stage


def rehearse_slide(session: Session, *, who: Who, stage: Stage, no: int) -> Stage:
    """Leaf in the deck that is tried out. Raises Conflict when it has no such slide."""
    demand(rules.may_steer(who, stage) and stage.rehearsal)
    deck = session.get(Deck, stage.rehearsal_deck_id) if stage.rehearsal_deck_id else None
    if deck is None or slides.slide_at(session, deck.id, no) is None:
        raise Conflict(_("There is no slide %(no)s.", no=no), next_url=stage.control_path, next_title=stage.title)
    stage.rehearsal_no = no
    moved(session, stage, actor_id=who.author_id)
    return stage


def renew_display_key(session: Session, *, who: Who, stage: Stage) -> Stage:
    """Give the wall a new address; the old one shows nothing from now on."""
    demand(rules.may_steer(who, stage))
    stage.display_key = new_display_key()
    record(session, events.DisplayKeyReplaced(stage_id=stage.id, actor_id=who.author_id))
    moved(session, stage, actor_id=who.author_id)
    return stage


def ask(
    session: Session, *, who: Who, stage: Stage, body: str, client_id: str, held: bool = False, anonymous: bool = False
) -> Post:
    """Ask a question on a stage; it remembers the slide that is shown. Raises Closed before and after the meeting."""
    if not rules.is_live(stage, who.now):
        reason = _("The meeting is over") if stage.closed_at else _("The meeting has not begun")
        raise Closed(reason, next_url=stage.path, next_title=stage.title)
    deck = queries.shown_deck(session, stage)
    return discussions.ask_question(
        session,
        who=who,
        thread=session.get_one(Thread, stage.thread_id),
        forum=session.get_one(Forum, stage.forum_id),
        body=body,
        client_id=client_id,
        held=held,
        anonymous=anonymous,
        about_path=f"{deck.path}/{deck.showing}" if deck else "",
        about_title=_("slide %(no)s", no=deck.showing) if deck else "",
    )


def _shows(session: Session, stage: Stage, mode: Mode, who: Who) -> None:
    stage.mode = mode
    if not stage.rehearsal:
        keep(session, stage, MomentKind.MODE, mode=mode)
    moved(session, stage, actor_id=who.author_id)


def _put_on(session: Session, who: Who, stage: Stage, post: Post) -> None:
    """Mark the question that the wall shows, which everybody then sees on the phone."""
    thread, forum = session.get_one(Thread, stage.thread_id), session.get_one(Forum, stage.forum_id)
    discussions.put_on_screen(session, who=who, thread=thread, forum=forum, post=post)
    stage.question_id = post.id
    keep(session, stage, MomentKind.QUESTION, question_id=post.id)


def _take_off(session: Session, who: Who, stage: Stage) -> None:
    if stage.question_id is None:
        return
    stage.question_id = None
    thread, forum = session.get_one(Thread, stage.thread_id), session.get_one(Forum, stage.forum_id)
    discussions.put_on_screen(session, who=who, thread=thread, forum=forum, post=None)
