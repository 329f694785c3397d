"""Opening a stage: its page, its list of questions, its key."""

import secrets
from datetime import datetime

from sqlalchemy.orm import Session

from forsamlingshus.discussions import actions as discussions
from forsamlingshus.discussions.models import Forum, ThreadKind
from forsamlingshus.kernel.events import record
from forsamlingshus.stages import events, rules
from forsamlingshus.stages.models import Stage


def open_stage(
    session: Session,
    *,
    scope_key: str,
    forum: Forum,
    title_da: str,
    title_en: str,
    place_path: str,
    control_path: str,
    starts_at: datetime,
) -> Stage:
    """Open the live place of a meeting or workshop, which tells it all that it will ever show of it."""
    path = f"{place_path}/live"
    title = discussions.questions_title(title_da)
    thread = discussions.open_owned(session, forum_id=forum.id, kind=ThreadKind.QUESTIONS, title=title, path=path)
    session.flush()
    stage = Stage(
        scope_key=scope_key,
        budget_year=forum.budget_year,
        title_da=title_da,
        title_en=title_en,
        place_path=place_path,
        path=path,
        control_path=control_path,
        forum_id=forum.id,
        thread_id=thread.id,
        starts_at=starts_at,
        display_key=new_display_key(),
    )
    session.add(stage)
    session.flush()
    record(session, events.StageOpened(stage_id=stage.id))
    return stage


def plan_stage(session: Session, *, stage: Stage, title_da: str, title_en: str, starts_at: datetime) -> None:
    """Tell a stage another title, or when its meeting begins now."""
    stage.title_da, stage.title_en, stage.starts_at = title_da, title_en, starts_at


def new_display_key() -> str:
    """A key for the wall's page that nobody guesses (76 bits) and that can be typed: `k7qf-x2mn-9r4t-bb3h`."""
    letters = [secrets.choice(rules.KEY_ALPHABET) for _letter in range(rules.KEY_GROUPS * rules.KEY_GROUP)]
    groups = ("".join(letters[at : at + rules.KEY_GROUP]) for at in range(0, len(letters), rules.KEY_GROUP))
    return "-".join(groups)
