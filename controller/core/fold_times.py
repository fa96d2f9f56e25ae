"""Folds of what a door waits for by the clock: vault delay, time lock, an interlock that two people overrode.

Rule: see fold.py; nothing here decides, it only remembers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from controller.core.effects import Body
from controller.core.state import State


def _door(state: State, name: str, **changes: Any) -> None:
    state.doors[name] = replace(state.door(name), **changes)


def _delay_started(state: State, entry: Body) -> None:
    _door(state, entry["place"], delay_until=entry["until"], delay_open_until=None)


def _delay_ended(state: State, entry: Body) -> None:
    _door(state, entry["place"], delay_until=None, delay_open_until=entry["until"])


def _delay_expired(state: State, entry: Body) -> None:
    _door(state, entry["place"], delay_until=None, delay_open_until=None)


def _time_lock(state: State, entry: Body) -> None:
    _door(state, entry["place"], time_lock_until=entry["until"])


def _override(state: State, entry: Body) -> None:
    if "until" in entry:
        _door(state, entry["place"], override_until=entry["until"])


FOLDS: dict[str, Callable[[State, Body], None]] = {
    "delay_started": _delay_started,
    "delay_ended": _delay_ended,
    "delay_expired": _delay_expired,
    "time_lock_changed": _time_lock,
    "interlock_overridden": _override,
}
