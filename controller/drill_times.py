"""Times in a drill: seconds of the story, and instants of the calendar.

Rule: seconds become milliseconds and instants UTC milliseconds; behind this file there is no other unit.
"""

from __future__ import annotations

import math
from datetime import date, datetime, time, tzinfo
from typing import Any

from controller.drill_values import wrong
from controller.site_faults import Faults, Path
from controller.site_values import Value

LONGEST_S = 1_000_000_000  # some thirty years


def amount() -> Value:
    """Seconds forwards or backwards, as milliseconds."""
    return _seconds(-LONGEST_S, "a number of seconds, negative for backwards")


def duration() -> Value:
    """Seconds from 0, as milliseconds."""
    return _seconds(0, "a number of seconds from 0")


def _seconds(least: int, right: str) -> Value:
    def take(raw: object, at: Path, faults: Faults) -> Any:
        if isinstance(raw, bool) or not isinstance(raw, int | float) or not math.isfinite(raw):
            return wrong(raw, at, faults, right)
        return round(raw * 1000) if least <= raw <= LONGEST_S else wrong(raw, at, faults, right)

    return Value(right, take)


def instant(zone: tzinfo, *, late: bool = False) -> Value:
    """An instant as UTC milliseconds, or given as such; without an offset it is the room's local time.

    A day alone is its beginning, or with ``late`` its end: rights that end on a day last that day.
    """
    right = 'an instant such as "2026-03-02T09:00:00+08:00"'

    def take(raw: object, at: Path, faults: Faults) -> Any:
        if isinstance(raw, int) and not isinstance(raw, bool):
            return raw
        moment = moment_of(raw, late=late)
        if moment is None:
            return wrong(raw, at, faults, right)
        local = moment.replace(tzinfo=zone) if moment.tzinfo is None else moment
        return round(local.timestamp() * 1000)

    return Value(right, take)


def moment_of(raw: object, *, late: bool = False) -> datetime | None:
    """Date and time that a value of a drill means, or None where it means none."""
    if isinstance(raw, datetime):
        return raw
    try:
        day = raw if isinstance(raw, date) else date.fromisoformat(raw) if isinstance(raw, str) else None
    except ValueError:
        day = None
    if day is not None:
        return datetime.combine(day, time.max if late else time.min)
    try:
        return datetime.fromisoformat(raw) if isinstance(raw, str) else None
    except ValueError:
        return None
