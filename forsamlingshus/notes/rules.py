"""Who enters table notes, where and how long; pure functions."""

from forsamlingshus.kernel.permissions import Who
from forsamlingshus.meetings import rules as meetings
from forsamlingshus.meetings.models import Meeting, Workshop
from forsamlingshus.process.models import Activity

NOTE_MAX = 2_000
TABLE_MAX, PEOPLE_MAX = 99, 50


def may_enter(who: Who, place: Meeting | Workshop) -> bool:
    """Staff, and the facilitators of exactly this meeting or workshop: they have the sheets in their hands."""
    return meetings.may_run(who, place)


def is_open(who: Who, year: int) -> bool:
    """True while the debate goes on, and afterwards as long as staff collect: the sheets lie there until then."""
    return who.open(year, Activity.DISCUSS) or who.open(year, Activity.COLLECT)
