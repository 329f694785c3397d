"""Two clocks: `now()` is domain time, which a demo may move; `machine_now()` is for sessions, tokens and limits."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

COPENHAGEN = ZoneInfo("Europe/Copenhagen")

_offset = timedelta(0)


def machine_now() -> datetime:
    """The machine's time in UTC: security never follows the demo."""
    return datetime.now(UTC)


def now() -> datetime:
    """Domain time in UTC: phases, deadlines and time stamps."""
    return machine_now() + _offset


def start_at(moment: datetime | None) -> None:
    """Let domain time run from `moment` (aware) onwards; None returns to the machine's time."""
    global _offset
    _offset = timedelta(0) if moment is None else moment - machine_now()


def local(moment: datetime) -> datetime:
    """The same instant on a Danish wall clock."""
    return moment.astimezone(COPENHAGEN)
