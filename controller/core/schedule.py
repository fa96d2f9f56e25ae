"""Weekly hours with holidays and windows that cross midnight.

Rule: a window belongs to the day it begins on; a holiday has no windows, an extra workday has all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

WORKDAYS = frozenset(range(5))


@dataclass(frozen=True, slots=True)
class Window:
    """Hours on some weekdays (0 = Monday); ``until`` at or before ``since`` lies on the next day."""

    days: frozenset[int]
    since: time
    until: time


@dataclass(frozen=True, slots=True)
class Schedule:
    """Named hours: windows, days off, and days worked although their weekday is free (调休)."""

    name: str
    windows: tuple[Window, ...]
    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()

    def is_open(self, moment: datetime) -> bool:
        """Tell whether a local moment lies inside a window; the end itself is outside."""
        return any(
            self._covers(window, moment.date() - timedelta(days=back), moment)
            for window in self.windows
            for back in (0, 1)
        )

    def _covers(self, window: Window, day: date, moment: datetime) -> bool:
        if not self._is_working(window, day):
            return False
        crosses = window.until <= window.since
        begin = datetime.combine(day, window.since, moment.tzinfo)
        end = datetime.combine(day + timedelta(days=crosses), window.until, moment.tzinfo)
        return begin <= moment < end

    def _is_working(self, window: Window, day: date) -> bool:
        if day in self.holidays:
            return False
        return day.weekday() in window.days or day in self.workdays


ALWAYS = Schedule("always", (Window(frozenset(range(7)), time(0), time(0)),))


def local(wall_ms: int, zone: tzinfo) -> datetime:
    """Local time of a UTC instant given in milliseconds since 1970."""
    return datetime.fromtimestamp(wall_ms / 1000, UTC).astimezone(zone)
