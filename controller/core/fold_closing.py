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


def opened(state: State, entry: Body) -> None:
    """A room is open, and its day is to be closed; Entries of an older version say nothing of that."""
    if "closing_due" in entry:
        now = state.closings.get(entry["place"], Closing())
        dues = tuple(sorted({*now.dues, entry["closing_due"]}))
        state.closings[entry["place"]] = replace(now, dues=dues)


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
