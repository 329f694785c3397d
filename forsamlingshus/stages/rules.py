"""Who may steer a stage, ask on it and see its wall; pure functions."""

import hashlib
from datetime import datetime, timedelta

from forsamlingshus.kernel.permissions import Who
from forsamlingshus.stages.models import Stage

MESSAGE_MAX = 160
PAUSE_MAX = timedelta(hours=4)
KEY_ALPHABET = "23456789bcdfghjkmnpqrstvwxz"
"""No vowels and no look-alikes: somebody may have to type the wall's address on a stage computer."""
KEY_GROUPS, KEY_GROUP = 4, 4


def pause_end(now: datetime, minutes: int) -> datetime:
    """When a pause is over: at the whole minute that the wall can name, after no fewer minutes than were asked for."""
    end = now + timedelta(minutes=minutes)
    whole = end.replace(second=0, microsecond=0)
    return whole if whole == end else whole + timedelta(minutes=1)


def may_steer(who: Who, stage: Stage) -> bool:
    """Staff, and the facilitator of exactly this meeting or workshop."""
    return who.is_staff or who.facilitates(stage.scope_key)


def proof_of(stage: Stage) -> str:
    """What a socket must show to hear the wall's topic. It holds for one key, which it does not give away."""
    return f"projector:{stage.id}:{hashlib.sha256(stage.display_key.encode()).hexdigest()}"


def may_see_wall(who: Who, stage: Stage) -> bool:
    """Whoever opened the wall's page with its key, and those who steer."""
    return proof_of(stage) in who.proofs or may_steer(who, stage)


def same_end(one: datetime | None, other: datetime | None, now: datetime) -> bool:
    """True when two people who ended a meeting chose the same for the talk beside it; "from now on" is one choice."""
    return one == other or (one is not None and other is not None and one <= now and other <= now)


def is_before(stage: Stage, now: datetime) -> bool:
    """True until the meeting begins: at its hour, or when somebody starts it earlier."""
    return stage.closed_at is None and stage.started_at is None and now < stage.starts_at


def is_live(stage: Stage, now: datetime) -> bool:
    """True while the page is open for questions."""
    return stage.closed_at is None and not is_before(stage, now)
