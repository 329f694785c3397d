"""What phones get of polls after a commit, who may listen, and what the stage's pages show of them."""

from flask import current_app, render_template

from forsamlingshus.contributions.events import FateRecorded
from forsamlingshus.kernel import db, i18n, permissions, topics
from forsamlingshus.kernel.html import trusted
from forsamlingshus.kernel.live import Gate
from forsamlingshus.kernel.permissions import Who
from forsamlingshus.kernel.sender import Change
from forsamlingshus.polls import events, partials, queries
from forsamlingshus.polls.models import Poll, topic_of
from forsamlingshus.stages.models import Stage


def may_listen(session: db.Session, who: Who, stage_id: int) -> bool:
    """Following needs neither account nor code; what travels here everybody may read."""
    return session.get(Stage, stage_id) is not None


def may_listen_to_result(session: db.Session, who: Who, poll_id: int) -> bool:
    """What becomes of a result is public; a poll that was never opened does not exist for the public."""
    poll = session.get(Poll, poll_id)
    return poll is not None and poll.opened_at is not None


GATES: dict[str, Gate] = {"polls": may_listen, "poll": may_listen_to_result}


def on_opened_or_closed(event: events.PollOpened | events.PollClosed) -> None:
    """The form comes, or the result takes its place. Wall and control view move with their stage."""
    _push(partials.shown_changes(event.stage_id, event.version))


def on_answered(event: events.PollAnswered) -> None:
    """One more answer: a number, on each page that shows it."""
    stage = db.session().get_one(Stage, event.stage_id)
    told = {topic_of(stage.id): event.version, stage.control_topic: event.control_version}
    if event.hall_version:
        told[stage.hall_topic] = event.hall_version
    _push([partials.count_change(topic, event.poll_id, version) for topic, version in told.items()])


def on_fate_recorded(event: FateRecorded) -> None:
    """The page of a result says what it was used for as soon as staff say so."""
    poll = queries.poll_used(db.session(), event.contribution_id)
    if poll is not None:
        _push([partials.used_change(poll, event.version)])


def _push(changes: list[Change]) -> None:
    current_app.extensions["forsamlingshus.sender"].push(changes)


def stage_slot(stage: Stage) -> str:
    """The open poll on the page for phones, with what this viewer has answered."""
    session, who = db.session(), permissions.who()
    version = topics.version_of(session, topic_of(stage.id))
    return render_template(
        "polls/_section.html",
        stage=stage,
        topic=topic_of(stage.id),
        version=version,
        shown=trusted(partials.personal(session, who, stage, folded=True)),
    )


def results_slot(stage: Stage) -> str:
    """What came of the polls, on the page for phones."""
    return partials.results(stage, queries.shown_polls(db.session(), stage), i18n.language())


def control_slot(stage: Stage) -> str:
    """The polls on the control view."""
    return partials.on_control(db.session(), stage)


def hall_slot(stage: Stage) -> str:
    """The poll on the wall."""
    return partials.on_wall(db.session(), stage)
