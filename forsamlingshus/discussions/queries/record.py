"""Reading the moderation log and who may not write: for staff everything, for facilitators their own places."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session, joinedload

from forsamlingshus.accounts.models import Author, Mute
from forsamlingshus.discussions.models import Forum
from forsamlingshus.kernel.events import EventRow
from forsamlingshus.kernel.permissions import Who

LOG_PAGE, LOG_ALL = 50, 10_000
OF_FORUMS = ("PostJudged", "HoldFirstSet")
OF_PEOPLE = ("Muted", "MuteLifted")


@dataclass(frozen=True, slots=True)
class LogRow:
    """One decision: who took it, when, about which thing, and why. The words that were judged stand nowhere in it."""

    id: int
    at: datetime
    actor: str
    what: str
    """release, hide, hold_on, hold_off, mute or lift."""
    thing: str
    """`post:12`, `forum:3`, `author:7` or, for who asked question 9 anonymously, `anonymous:9` (0: without number)."""
    place: str
    """A forum's Danish title; `*` for the whole house."""
    reason_code: str


def log(session: Session, who: Who, *, before: int | None = None, most: int = LOG_PAGE) -> list[LogRow]:
    """The decisions in what `who` may moderate, the newest first, older than the row `before`."""
    forums = session.execute(_mine(select(Forum.id, Forum.scope_key, Forum.title_da).order_by(Forum.id), who)).all()
    titles: dict[int, str] = {row.id: row.title_da for row in forums}
    places: dict[str, str] = {row.scope_key: row.title_da for row in reversed(forums)}
    of_forums: ColumnElement[bool] = EventRow.name.in_(OF_FORUMS)
    of_people: ColumnElement[bool] = EventRow.name.in_(OF_PEOPLE)
    if not who.is_staff:
        of_forums = and_(of_forums, EventRow.data["forum_id"].as_integer().in_(titles))
        of_people = and_(of_people, EventRow.data["scope_key"].as_string().in_(who.scopes))
    statement = (
        select(EventRow, Author.name)
        .outerjoin(Author, Author.id == EventRow.actor_id)
        .where(or_(of_forums, of_people))
        .order_by(EventRow.id.desc())
        .limit(most)
    )
    if before is not None:
        statement = statement.where(EventRow.id < before)
    return [_row(row, name or "", titles, places) for row, name in session.execute(statement)]


def _row(row: EventRow, actor: str, titles: dict[int, str], places: dict[str, str]) -> LogRow:
    data = row.data
    if row.name == "PostJudged":
        what, thing = data["decision"], f"post:{data['post_id']}"
    elif row.name == "HoldFirstSet":
        what, thing = "hold_on" if data["hold_first"] else "hold_off", f"forum:{data['forum_id']}"
    else:
        number = data.get("anonymous_no")
        thing = f"author:{data['author_id']}" if number is None else f"anonymous:{number}"
        what = "mute" if row.name == "Muted" else "lift"
    key = data.get("scope_key", "")
    place = titles.get(data["forum_id"], "") if "forum_id" in data else places.get(key, key)
    return LogRow(row.id, row.at, actor, what, thing, place, data.get("reason_code", ""))


def muted(session: Session, who: Who) -> list[Mute]:
    """Who may not write for now in what `who` may moderate, the newest first; at most 200."""
    holds = Mute.lifted_at.is_(None) & (Mute.until.is_(None) | (Mute.until > who.now))
    statement = select(Mute).where(holds).options(joinedload(Mute.author)).order_by(Mute.id.desc()).limit(200)
    return list(session.scalars(statement if who.is_staff else statement.where(Mute.scope_key.in_(who.scopes))))


def _mine(statement: Select, who: Who) -> Select:  # type: ignore[type-arg]
    return statement if who.is_staff else statement.where(Forum.scope_key.in_(who.scopes))
