"""Calendar files (RFC 5545): one date or the whole timeline, with the Danish time zone written out."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard
from icalendar.prop import vRecur

from forsamlingshus.kernel import clock
from forsamlingshus.process.models import Milestone, Precision

MIME = "text/calendar; charset=utf-8"


def calendar(name: str, milestones: Iterable[Milestone], *, year: int, site: str, stamp: datetime) -> bytes:
    """The milestones whose day is known as a calendar called `name`.

    `site` is the public address (https://…): events link to their pages there, and its host makes their UIDs, which
    stay the same when a date moves. `stamp` is the moment of asking.
    """
    result = Calendar()
    result.add("prodid", "-//Forsamlingshuset//Tidsplan//DA")
    result.add("version", "2.0")
    result.add("method", "PUBLISH")
    result.add("x-wr-calname", name)
    result.add_component(_copenhagen())
    for milestone in milestones:
        if milestone.has_day:
            result.add_component(_event(milestone, year=year, site=site, stamp=stamp))
    return bytes(result.to_ical())


def _event(milestone: Milestone, *, year: int, site: str, stamp: datetime) -> Event:
    assert milestone.starts_at is not None  # has_day
    host = site.split("://", 1)[-1].split("/", 1)[0].split(":", 1)[0]
    event = Event()
    event.add("uid", f"budget-{year}-{milestone.key}@{host}")
    event.add("dtstamp", stamp.astimezone(UTC))
    event.add("summary", milestone.title)
    if milestone.precision == Precision.MOMENT:
        event.add("dtstart", clock.local(milestone.starts_at))
        if milestone.ends_at is not None:
            event.add("dtend", clock.local(milestone.ends_at))
    else:
        event.add("dtstart", _day(milestone.starts_at))
        # The end of an all-day event is the day after its last one.
        event.add("dtend", _day(milestone.ends_at or milestone.starts_at) + timedelta(days=1))
        event.add("transp", "TRANSPARENT")
    event.add("status", "CONFIRMED" if milestone.certain else "TENTATIVE")
    for name, value in (("location", milestone.place), ("description", milestone.note)):
        if value:
            event.add(name, value)
    event.add("url", f"{site}{milestone.path or f'/budget/{year}/tidsplan'}")
    return event


def _day(moment: datetime) -> date:
    return clock.local(moment).date()


def _copenhagen() -> Timezone:
    """Central European time by the rule that has held since 1996; icalendar's own list of every change is 2 kB."""
    zone = Timezone()
    zone.add("tzid", str(clock.COPENHAGEN))
    hour = timedelta(hours=1)
    for part, name, month, at, before, after in (
        (TimezoneDaylight(), "CEST", 3, datetime(1996, 3, 31, 2), hour, 2 * hour),
        (TimezoneStandard(), "CET", 10, datetime(1996, 10, 27, 3), 2 * hour, hour),
    ):
        part.add("tzname", name)
        part.add("dtstart", at)
        part.add("rrule", vRecur({"FREQ": "YEARLY", "BYMONTH": month, "BYDAY": "-1SU"}))
        part.add("tzoffsetfrom", before)
        part.add("tzoffsetto", after)
        zone.add_component(part)
    return zone
