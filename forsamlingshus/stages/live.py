"""What phones, control views and walls get after a commit, and who may listen to which of them."""

from flask import current_app
from sqlalchemy.orm import Session

from forsamlingshus.kernel import db, live
from forsamlingshus.kernel.live import Gate
from forsamlingshus.kernel.permissions import Who
from forsamlingshus.stages import events, partials, queries, rules
from forsamlingshus.stages.models import Stage


def may_listen_to_stage(session: Session, who: Who, stage_id: int) -> bool:
    """Following needs neither account nor code."""
    return session.get(Stage, stage_id) is not None


def may_listen_to_control(session: Session, who: Who, stage_id: int) -> bool:
    """Notes and what waits for a moderator: those who steer exactly this stage."""
    stage = session.get(Stage, stage_id)
    return stage is not None and rules.may_steer(who, stage)


def may_listen_to_wall(session: Session, who: Who, stage_id: int) -> bool:
    """Whoever shows that they had the key, and those who steer."""
    stage = session.get(Stage, stage_id)
    return stage is not None and rules.may_see_wall(who, stage)


GATES: dict[str, Gate] = {
    "stage": may_listen_to_stage,
    "control": may_listen_to_control,
    "control/newest": may_listen_to_control,
    "projector": may_listen_to_wall,
}

COUNTED = {"stage": ("stage", "control", "projector"), "projector": ("control",)}
"""How many follow a stage is told on all three pages; whether a wall is connected to those who steer."""


def on_stage_moved(event: events.StageMoved) -> None:
    """Each page gets what it shows itself."""
    stage = queries.whole_stage(db.session(), event.stage_id)
    changes = partials.control_changes(stage, event.control_version)
    changes.append(partials.newest_change(stage, event.control_version))
    if event.hall_version:
        changes.append(partials.wall_change(stage, event.hall_version))
    if event.version:
        changes += partials.public_changes(stage, event.version, scene=event.scene, state=event.state)
    current_app.extensions["forsamlingshus.sender"].push(changes)


def on_key_replaced(event: events.DisplayKeyReplaced) -> None:
    """Walls that were opened with the old key must ask again, and are refused."""
    live.reset(f"projector:{event.stage_id}")
