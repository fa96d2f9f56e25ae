"""Weekly hours with holidays and windows that cross midnight.

Rule: a window belongs to the day it begins on; a holiday has no windows, an extra workday has all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache

WORKDAYS = frozenset(range(5))
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = rf"(?:{'|'.join(DAYS)})"
_WRITTEN = re.compile(
    rf"(?:(?P<first>{_DAY})(?:-(?P<last>{_DAY}))? )?"
    r"(?P<since>(?:[01]\d|2[0-3]):[0-5]\d)-(?P<until>(?:[01]\d|2[0-3]):[0-5]\d|24:00)",
    re.ASCII,
)


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
        return bool(self._ends(moment))

    def open_for(self, moment: datetime, longest: timedelta) -> timedelta:
        """How long the hours stay open from a local moment on, at most ``longest``; nothing when shut."""
        end = moment
        while end - moment < longest and (ends := self._ends(end)):
            end = max(ends)
        return min(end - moment, longest)

    def _ends(self, moment: datetime) -> list[datetime]:
        """Ends of the windows around a moment."""
        near = [(w, moment.date() - timedelta(days=back)) for w in self.windows for back in (0, 1)]
        spans = [_span(window, day, moment.tzinfo) for window, day in near if self._is_working(window, day)]
        return [end for begin, end in spans if begin <= moment < end]

    def _is_working(self, window: Window, day: date) -> bool:
        if day in self.holidays:
            return False
        return day.weekday() in window.days or day in self.workdays


def _span(window: Window, day: date, zone: tzinfo | None) -> tuple[datetime, datetime]:
    """Beginning and end of the window that belongs to a day."""
    crosses = window.until <= window.since
    begin = datetime.combine(day, window.since, zone)
    return begin, datetime.combine(day + timedelta(days=crosses), window.until, zone)


ALWAYS = Schedule("always", (Window(frozenset(range(7)), time(0), time(0)),))


@lru_cache(maxsize=1024)
def written(text: str) -> Schedule:
    """Schedule of hours written as ``08:00-18:00`` or ``mon-fri 08:00-18:00``; ValueError for anything else.

    Without weekdays they are every day's; an end at or before the beginning lies on the next day.
    """
    found = _WRITTEN.fullmatch(text.lower())
    if found is None:
        raise ValueError(text)
    first = DAYS.index(found["first"] or DAYS[0])
    last = DAYS.index(found["last"] or found["first"] or DAYS[-1])
    days = frozenset((first + n) % 7 for n in range((last - first) % 7 + 1))
    until = found["until"].replace("24:00", "00:00")
    return Schedule(text, (Window(days, time.fromisoformat(found["since"]), time.fromisoformat(until)),))


def next_morning(wall_ms: int, zone: tzinfo, at: time) -> int:
    """A time of the next day of the site, after a UTC instant; both in milliseconds since 1970."""
    day = local(wall_ms, zone).date() + timedelta(days=1)
    return round(datetime.combine(day, at, zone).timestamp()) * 1000


def local(wall_ms: int, zone: tzinfo) -> datetime:
    """Local time of a UTC instant given in milliseconds since 1970."""
    return datetime.fromtimestamp(wall_ms / 1000, UTC).astimezone(zone)
