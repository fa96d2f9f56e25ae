"""Weekly hours as the site file writes them: days, from, to, holidays, extra workdays.

Rule: times are local to the site; a window that ends at or before its beginning ends on the next day.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time

from controller.core.schedule import Schedule, Window
from controller.site_faults import Faults, Path, shown
from controller.site_keys import Key, Section, Table, read_section
from controller.site_values import Value, choice, list_of

DAYS: Mapping[str, int] = {"mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6}
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")


def clock_time(least: time = time.min, most: time = time.max) -> Value:
    """A time of day, to the minute, of a range."""
    whole = (least, most) == (time.min, time.max)
    of = '; midnight is "00:00"' if whole else f", from {least:%H:%M} to {most:%H:%M}"
    right = f'a time in quotes, such as "08:00"{of}'

    def take(raw: object, at: Path, faults: Faults) -> time | None:
        found = _CLOCK.fullmatch(raw) if isinstance(raw, str) else None
        said = time(int(found[1]), int(found[2])) if found else None
        if said is None or not least <= said <= most:
            problem = "is no time of day" if said is None else "does not fit"
            faults.add(at, f"{shown(raw)} {problem}", f"write {right}")
            return None
        return said

    return Value(right, take)


def day() -> Value:
    """A calendar day."""
    right = "a date without quotes, such as 2026-10-01"

    def take(raw: object, at: Path, faults: Faults) -> date | None:
        if isinstance(raw, date) and not isinstance(raw, datetime):
            return raw
        faults.add(at, f"{shown(raw)} is no date", f"write {right}")
        return None

    return Value(right, take)


WINDOW = Table(
    "windows",
    "Hours on some weekdays.",
    (
        Key("days", list_of(choice(DAYS), 1, 7), "the weekdays on which it begins", required=True),
        Key("from", clock_time(), "when it begins", required=True),
        Key("to", clock_time(), "when it ends; the next day if not later than from", required=True),
    ),
    named=False,
)


def window() -> Value:
    """One window: ``{ days = ["mon"], from = "08:00", to = "18:00" }``."""
    right = '{ days = ["mon"], from = "08:00", to = "18:00" }'

    def take(raw: object, at: Path, faults: Faults) -> Window | None:
        if not isinstance(raw, Mapping):
            faults.add(at, f"{shown(raw)} is no window", f"write {right}")
            return None
        read = read_section(WINDOW, "", raw, at, faults)
        if read is None or len(read.values) < len(WINDOW.keys):
            return None
        return Window(frozenset(read.get("days")), read.get("from"), read.get("to"))

    return Value(right, take)


HOURS = Table(
    "hours",
    "Named weekly hours, for duty, time locks and people.",
    (
        Key("windows", list_of(window(), 1, 50), "when it is open", required=True),
        Key("holidays", list_of(day(), 0), "days off, whatever weekday they are"),
        Key("workdays", list_of(day(), 0), "days worked although their weekday is free (调休)"),
    ),
)


def schedule(hours: Section) -> Schedule:
    """The schedule of one ``[hours.NAME]`` table that was read without fault."""
    return Schedule(
        hours.name,
        hours.get("windows"),
        frozenset(hours.get("holidays", ())),
        frozenset(hours.get("workdays", ())),
    )


def check_days(hours: Section, faults: Faults) -> None:
    """A day cannot be both free and worked."""
    both = set(hours.get("holidays", ())) & set(hours.get("workdays", ()))
    for one in sorted(both):
        faults.add(hours.at("workdays"), f"{one} is also a holiday", "keep it in one of the two lists")
