"""Days as a form spells them and instants as the room keeps them. Rule: pure; the room's zone, no other."""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo


def day_of(instant: int | None, zone: tzinfo, *, is_last: bool) -> str:
    """The day of an instant as a date field spells it; an end at midnight belongs to the day before."""
    if instant is None:
        return ""
    return datetime.fromtimestamp((instant - is_last) / 1000, zone).date().isoformat()


def instant_of(day: str, zone: tzinfo, *, is_last: bool) -> int:
    """The first instant of a day in the room's zone, or the first after it; ValueError for no day."""
    begin = date.fromisoformat(day) + timedelta(days=is_last)
    return int(datetime.combine(begin, datetime.min.time(), zone).timestamp() * 1000)
