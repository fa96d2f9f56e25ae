"""Folds of the daily closing: until when each is due, and which one is missing.

Rule: see fold.py; nothing here decides, it only remembers. Until when it is due stands in the Entry, so
that an old log means what it meant under the site file of its time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from controller.core.effects import Body
from controller.core.remembered import Closing, Due
from controller.core.state import State

FURTHEST_MS = 2 * 86_400_000
"""No next morning is further away, whatever the zone does in between."""


def opened(state: State, entry: Body) -> None:
    """A room is open, and its day is to be closed; Entries of an older version say nothing of that."""
    _due(state, entry, entry["who"])


def set_back(state: State, by_ms: int) -> None:
    """The clock was set back so far: what can be due on no next morning any more is as far away as it was."""
    for room, now in state.closings.items():
        near = state.wall + FURTHEST_MS
        moved = (due if due.by <= near else replace(due, by=due.by - by_ms) for due in now.dues)
        state.closings[room] = replace(now, dues=_by_day(moved))


def _due(state: State, entry: Body, openers: Iterable[str]) -> None:
    """The next closing, where the Entry says until when; who opened the room on that day stand with it."""
    if "closing_due" in entry:
        now = state.closings.get(entry["place"], Closing())
        dues = _by_day([*now.dues, Due(entry["closing_due"], tuple(openers))])
        state.closings[entry["place"]] = replace(now, dues=dues)


def _by_day(dues: Iterable[Due]) -> tuple[Due, ...]:
    """Each day once, with everybody who opened the room on it, in the order of the days."""
    days: dict[int, dict[str, None]] = {}
    for due in dues:
        days.setdefault(due.by, {}).update(dict.fromkeys(due.openers))
    return tuple(Due(by, tuple(days[by])) for by in sorted(days))


def _missing(state: State, entry: Body) -> None:
    now = state.closings.get(entry["place"], Closing())
    missed = entry["due"] if now.missed is None else now.missed
    rest = tuple(one for one in now.dues if one.by > entry["due"])
    state.closings[entry["place"]] = replace(now, dues=rest, missed=missed)
    _due(state, entry, state.room(entry["place"]).openers)


def _closed(state: State, entry: Body) -> None:
    state.closings[entry["place"]] = Closing(
        closed_at=entry["at"] + state.offset, closed_by=tuple(entry["who"])
    )
    _due(state, entry, state.room(entry["place"]).openers)


FOLDS: dict[str, Callable[[State, Body], None]] = {
    "closing_missing": _missing,
    "day_closed": _closed,
}
