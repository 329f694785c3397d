"""Verbs of polls: preparing, opening, answering, closing. One poll of a stage is open at a time."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from forsamlingshus.accounts.events import GuestEnded
from forsamlingshus.accounts.models import Author, AuthorKind, Guest
from forsamlingshus.contributions import actions as contributions
from forsamlingshus.contributions.models import Contribution, Kind
from forsamlingshus.discussions.models import Forum
from forsamlingshus.kernel import clock, topics
from forsamlingshus.kernel.errors import Closed, Conflict
from forsamlingshus.kernel.events import announce, record
from forsamlingshus.kernel.i18n import gettext as _
from forsamlingshus.kernel.permissions import Who, demand
from forsamlingshus.meetings import queries as meetings
from forsamlingshus.meetings.models import GuestPolicy
from forsamlingshus.polls import events, queries, rules
from forsamlingshus.polls.models import Poll, PollAnswer, PollKind, topic_of
from forsamlingshus.stages import actions as stages
from forsamlingshus.stages.events import StageClosed
from forsamlingshus.stages.models import Mode, Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What a poll asks: as in the model, `options` with STEPS words for a scale."""

    kind: PollKind
    question: str
    options: Sequence[str]
    points: int = 0
    agenda_item_id: int | None = None
    deck_id: int | None = None
    slide_no: int | None = None

    def put_into(self, poll: Poll) -> None:
        """Give a poll these words."""
        poll.kind, poll.question, poll.options, poll.points = self.kind, self.question, list(self.options), self.points
        poll.agenda_item_id, poll.deck_id, poll.slide_no = self.agenda_item_id, self.deck_id, self.slide_no


def make_poll(session: Session, *, who: Who, stage: Stage, wording: Wording) -> Poll:
    """Prepare a poll; nobody else sees it before it is opened. Raises Closed when the meeting is over."""
    demand(rules.may_run(who, stage))
    stages.refuse_over(stage)
    no = queries.last_number(session, stage.id) + 1
    poll = Poll(stage_id=stage.id, no=no, path=f"{stage.path}/afstemning/{no}")
    wording.put_into(poll)
    session.add(poll)
    session.flush()
    record(session, events.PollMade(poll_id=poll.id, stage_id=stage.id, actor_id=who.author_id))
    stages.moved(session, stage, wall=False, actor_id=who.author_id)
    return poll


def change_poll(session: Session, *, who: Who, poll: Poll, wording: Wording, edition: int) -> Poll:
    """Give a poll other words before it is opened. `edition` is the one that was read; raises Conflict for another."""
    _demand_draft(who, poll)
    if poll.edition != edition:
        raise Conflict(_("Somebody else has changed the poll meanwhile. Look at it again"), next_url=_edit_path(poll))
    wording.put_into(poll)
    poll.edition += 1
    _tell_change(session, who, poll, removed=False)
    return poll


def remove_poll(session: Session, *, who: Who, poll: Poll) -> None:
    """Remove a poll that was never opened."""
    _demand_draft(who, poll)
    session.delete(poll)
    _tell_change(session, who, poll, removed=True)


def open_poll(session: Session, *, who: Who, poll: Poll) -> Poll:
    """Let people answer, and put the question on the wall. Raises Conflict for a second poll, Closed at other times."""
    stage = poll.stage
    _demand_draft(who, poll)
    if not rules.is_time(who, stage):
        raise Closed(_("Polls can be opened while the meeting goes on"), next_url=stage.control_path)
    other = queries.open_poll(session, stage)
    if other is not None:
        raise Conflict(
            _("Poll %(number)s is open. Close it before you open another one", number=other.no),
            next_url=stage.control_path,
            next_title=stage.title,
        )
    poll.opened_at = who.now
    poll.version = topics.next_version(session, topic_of(stage.id))
    opened = events.PollOpened(poll_id=poll.id, stage_id=stage.id, version=poll.version, actor_id=who.author_id)
    record(session, opened)
    show_poll(session, who=who, poll=poll)
    return poll


def show_poll(session: Session, *, who: Who, poll: Poll) -> Poll:
    """Put a poll on the wall: its question while it is open, then its result."""
    demand(rules.may_run(who, poll.stage) and poll.opened_at is not None)
    session.execute(update(Poll).where(Poll.stage_id == poll.stage_id, Poll.id != poll.id).values(on_screen=False))
    poll.on_screen = True
    stages.show_poll(session, who=who, stage=poll.stage)
    return poll


def answer_poll(session: Session, *, who: Who, poll: Poll, weights: Sequence[int]) -> PollAnswer:
    """Answer, or answer otherwise: of one person the newest counts. Raises Closed when the poll is not open (any more).

    Who presses twice at once has one answer: writers take turns, and the second finds what the first one stored.
    """
    stage = poll.stage
    demand(rules.may_answer(who, stage), _("Sign in, or join with the meeting code, to answer"))
    if not poll.is_open or not rules.is_time(who, stage):
        raise Closed(_("The poll is closed"), next_url=poll.path, next_title=_("See the result"))
    demand(rules.fits(poll, weights))
    found = select(PollAnswer).where(PollAnswer.poll_id == poll.id, PollAnswer.author_id == who.author_id)
    answer = session.scalar(found)
    if answer is not None:
        answer.weights = list(weights)
        return answer
    answer = PollAnswer(poll_id=poll.id, author_id=who.author_id, weights=list(weights))
    session.add(answer)
    _count(session, poll, 1)
    return answer


def on_guest_ended(session: Session, event: GuestEnded) -> None:
    """Who goes on with an account takes the answers of the guest along, and so has one of each poll and not two."""
    guest = session.get_one(Guest, event.guest_id)
    if event.actor_id is None or event.actor_id == guest.author_id:
        return
    theirs = select(PollAnswer.poll_id).where(PollAnswer.author_id == event.actor_id)
    answered = set(session.scalars(theirs))
    for answer in session.scalars(select(PollAnswer).where(PollAnswer.author_id == guest.author_id)).all():
        if answer.poll_id in answered:
            session.delete(answer)
            _count(session, queries.whole_poll(session, answer.poll_id), -1)
        else:
            answer.author_id = event.actor_id


def _count(session: Session, poll: Poll, more: int) -> None:
    """Tell everybody the new number of answers."""
    stage = poll.stage
    poll.answer_count += more
    names = [topic_of(stage.id), stage.control_topic, *([stage.hall_topic] if _is_on_wall(poll) else [])]
    versions = topics.next_versions(session, names)
    # Announced, not recorded: no trail says who has answered.
    answered = events.PollAnswered(
        poll_id=poll.id,
        stage_id=stage.id,
        version=versions[topic_of(stage.id)],
        control_version=versions[stage.control_topic],
        hall_version=versions.get(stage.hall_topic, 0),
    )
    announce(session, answered)


def close_poll(session: Session, *, who: Who, poll: Poll) -> Poll:
    """Count the answers, for good: the result is public from now on and kept as a contribution, the answers are not.

    The wall shows the result, whatever it showed before; in a rehearsal it keeps its samples. Closing it twice closes
    it once, and a late second press takes nothing else off the wall.
    """
    demand(rules.may_run(who, poll.stage) and poll.opened_at is not None)
    if poll.is_open:
        _close(session, poll, actor_id=who.author_id)
        if not poll.stage.rehearsal and not _is_on_wall(poll):
            show_poll(session, who=who, poll=poll)
    return poll


def on_stage_closed(session: Session, event: StageClosed) -> None:
    """With the meeting ends the poll that was still open: nobody could answer it any more."""
    poll = queries.open_poll(session, session.get_one(Stage, event.stage_id))
    if poll is not None:
        _close(session, poll, actor_id=event.actor_id)


def _close(session: Session, poll: Poll, *, actor_id: int | None) -> None:
    stage = poll.stage
    session.flush()
    answers = session.scalars(select(PollAnswer.weights).where(PollAnswer.poll_id == poll.id)).all()
    poll.result, poll.answer_count = rules.tally(len(poll.options), answers), len(answers)
    poll.guest_count = _guest_count(session, poll)
    poll.closed_at = clock.now()
    # What a person chose may be a political opinion: once the sums are known nothing needs it.
    session.execute(delete(PollAnswer).where(PollAnswer.poll_id == poll.id))
    if answers:
        poll.contribution_id = _contribute(session, poll, actor_id).id
    poll.version = topics.next_version(session, topic_of(stage.id))
    closed = events.PollClosed(
        poll_id=poll.id, stage_id=stage.id, version=poll.version, answers=len(answers), actor_id=actor_id
    )
    record(session, closed)
    stages.moved(session, stage, wall=_is_on_wall(poll), actor_id=actor_id)


def _guest_count(session: Session, poll: Poll) -> int | None:
    theirs = select(func.count()).select_from(PollAnswer).join(Author, Author.id == PollAnswer.author_id)
    found = session.scalar(theirs.where(PollAnswer.poll_id == poll.id, Author.kind == AuthorKind.GUEST)) or 0
    meeting = meetings.meeting_of_stage(session, poll.stage)
    # Guests may have answered before the meeting was closed to them.
    return found if found or (meeting is not None and meeting.guests != GuestPolicy.OFF) else None


def _contribute(session: Session, poll: Poll, actor_id: int | None) -> Contribution:
    stage = poll.stage
    said = Contribution(
        kind=Kind.POLL_RESULT,
        author_id=_hall(session).id,
        budget_year=stage.budget_year,
        theme_id=session.get_one(Forum, stage.forum_id).theme_id,
        path=poll.path,
        place=f"Afstemning {poll.no}: {stage.title_da}",
        text=rules.in_words(poll),
        created_at=clock.now(),
        topic=poll.topic,
    )
    return contributions.contribute(session, said, actor_id=actor_id)


def _hall(session: Session) -> Author:
    """The author of what many said together: one row, whoever they were."""
    hall = session.scalar(select(Author).where(Author.kind == AuthorKind.HALL))
    if hall is None:
        hall = Author(kind=AuthorKind.HALL, name="Deltagere")
        session.add(hall)
        session.flush()
    return hall


def _is_on_wall(poll: Poll) -> bool:
    return poll.on_screen and poll.stage.mode == Mode.POLL


def _demand_draft(who: Who, poll: Poll) -> None:
    demand(rules.may_run(who, poll.stage))
    if poll.opened_at is not None:
        raise Conflict(
            _("Poll %(number)s has been opened already", number=poll.no),
            next_url=poll.stage.control_path,
            next_title=poll.stage.title,
        )


def _edit_path(poll: Poll) -> str:
    return f"{poll.stage.control_path}/afstemning/{poll.no}"


def _tell_change(session: Session, who: Who, poll: Poll, *, removed: bool) -> None:
    session.flush()
    changed = events.PollChanged(poll_id=poll.id, stage_id=poll.stage_id, removed=removed, actor_id=who.author_id)
    record(session, changed)
    stages.moved(session, poll.stage, wall=False, actor_id=who.author_id)
