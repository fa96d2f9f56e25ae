"""A date and time as typed, in the room's zone. Rule: what is not understood is said, not guessed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

_typed = re.compile(
    r"(?:(?P<year>\d{4})[-/.年](?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})日?)?[ T]*"
    r"(?:(?P<hour>\d{1,2})[:\uff1a.](?P<minute>\d{2})(?:[:\uff1a](?P<second>\d{2}))?)?"
).fullmatch
FIRST_YEAR, LAST_YEAR = 1971, 2199
"""Years that are looked at: steps from them stay within what computers reckon with."""
DAY = timedelta(days=1)
FORM = "%Y-%m-%d %H:%M"


@dataclass(frozen=True, slots=True)
class Typed:
    """A moment, and whether an hour was said or the whole day is meant."""

    at: datetime
    whole_day: bool


def typed(text: str, zone: ZoneInfo, now: datetime) -> Typed | None:
    """Read "2026-03-02", "2026-03-02 14:30", "2026年3月2日" or "14:30" (of today); None for anything else."""
    found = _typed(text.strip())
    if found is None or not (found["year"] or found["hour"]):
        return None
    today = now.astimezone(zone)
    try:
        date = (
            today.replace(year=int(found["year"]), month=int(found["month"]), day=int(found["day"]))
            if found["year"]
            else today
        ).date()
        hour = time(int(found["hour"] or 0), int(found["minute"] or 0), int(found["second"] or 0))
    except ValueError:
        return None
    if not FIRST_YEAR <= date.year <= LAST_YEAR:
        return None
    return Typed(datetime.combine(date, hour, zone), found["hour"] is None)


def day_of(moment: datetime, zone: ZoneInfo) -> datetime:
    """Midnight at which the room's day of that moment begins."""
    return datetime.combine(moment.astimezone(zone).date(), time(), zone)


def millis(moment: datetime) -> int:
    """Milliseconds since 1970 UTC."""
    return round(moment.timestamp() * 1000)


def spelled(moment: datetime) -> str:
    """As it is typed: to the minute where that is enough."""
    return moment.strftime(FORM if not moment.second else f"{FORM}:%S")
