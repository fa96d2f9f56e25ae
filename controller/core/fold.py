"""The one way in which the state changes: an Entry is folded into it, live and on replay alike.

Rule 1: a fold looks at the Entry and the state alone, never at the plan: an old log means what it meant.
Rule 2: fields that several kinds share (``point``, ``unknown``) are folded in one place, in ``fold``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from controller.core import (
    fold_cabinets,
    fold_closing,
    fold_commissions,
    fold_console,
    fold_custody,
    fold_desk,
    fold_doors,
    fold_eyes,
    fold_people,
    fold_rooms,
    fold_times,
    fold_visits,
)
from controller.core.effects import Body
from controller.core.events import Level
from controller.core.state import State

Fold = Callable[[State, Body], None]


class CounterJumpError(ValueError):
    """An Entry that is not the next one: its counter jumps (behaviour 59)."""


FORGIVING = frozenset({"granted", "pending"})  # an accepted badge ends a row of wrong attempts
FOLDS: dict[str, Fold] = {
    **fold_doors.FOLDS,
    **fold_times.FOLDS,
    **fold_cabinets.FOLDS,
    **fold_rooms.FOLDS,
    **fold_people.FOLDS,
    **fold_visits.FOLDS,
    **fold_custody.FOLDS,
    **fold_commissions.FOLDS,
    **fold_eyes.FOLDS,
    **fold_console.FOLDS,
    **fold_desk.FOLDS,
    **fold_closing.FOLDS,
}


def fold(state: State, entry: Body) -> None:
    """Put one Entry into the state. Kinds without a row of their own only record."""
    if entry.get("n", state.size) != state.size:
        raise CounterJumpError(f"entry {entry['n']} where entry {state.size} must be")
    state.size += 1
    state.at = max(state.at, entry["at"])
    if "point" in entry:
        state.inputs[entry["point"]] = Level(entry["level"])
    if entry.get("wrong"):
        fold_people.count_attempt(state, entry)
    elif entry["kind"] in FORGIVING and "reader" in entry:
        fold_people.end_row(state, entry["reader"], entry.get("badge", ""))
    if row := FOLDS.get(entry["kind"]):
        row(state, entry)
    if "unknown" in entry:
        fold_rooms.lose_count(state, entry["unknown"])


def replay(entries: Any, state: State | None = None) -> State:
    """Fold many Entries into a state, a new one unless given."""
    state = state or State()
    for entry in entries:
        fold(state, entry)
    return state
