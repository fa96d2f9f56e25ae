"""Folds of the daily closing: until when each is due, and which one is missing.

Rule: see fold.py; nothing here decides, it only remembers. Until when it is due stands in the Entry, so
that an old log means what it meant under the site file of its time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from controller.core.effects import Body
from controller.core.remembered import Closing
from controller.core.state import State

FURTHEST_MS = 2 * 86_400_000
"""No next morning is further away, whatever the zone does in between."""


def opened(state: State, entry: Body) -> None:
    """A room is open, and its day is to be closed; Entries of an older version say nothing of that."""
    if "closing_due" in entry:
        now = state.closings.get(entry["place"], Closing())
        dues = tuple(sorted({*now.dues, entry["closing_due"]}))
        state.closings[entry["place"]] = replace(now, dues=dues)


def set_back(state: State, by_ms: int) -> None:
    """The clock was set back so far: what can be due on no next morning any more is as far away as it was."""
    for room, now in state.closings.items():
        near = state.wall + FURTHEST_MS
        dues = tuple(sorted({due if due <= near else due - by_ms for due in now.dues}))
        state.closings[room] = replace(now, dues=dues)


def _missing(state: State, entry: Body) -> None:
    now = state.closings.get(entry["place"], Closing())
    missed = entry["due"] if now.missed is None else now.missed
    rest = tuple(one for one in now.dues if one > entry["due"])
    state.closings[entry["place"]] = replace(now, dues=rest, missed=missed)
    opened(state, entry)


def _closed(state: State, entry: Body) -> None:
    state.closings[entry["place"]] = Closing(
        closed_at=entry["at"] + state.offset, closed_by=tuple(entry["who"])
    )
    opened(state, entry)


FOLDS: dict[str, Callable[[State, Body], None]] = {
    "closing_missing": _missing,
    "day_closed": _closed,
}
