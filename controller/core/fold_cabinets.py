"""Folds of what happens at cabinets and their compartments.

Rule: see fold.py; nothing here decides, it only remembers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from controller.core.effects import Body
from controller.core.remembered import Agreement, CabinetSession
from controller.core.state import BoxPhase, Compartment, State


def put_cabinet(state: State, name: str, **changes: Any) -> None:
    """Put a cabinet with these fields changed."""
    state.cabinets[name] = replace(state.cabinet(name), **changes)


def granted_box(state: State, entry: Body) -> None:
    """A compartment is released, and its session begins."""
    state.compartments[entry["place"]] = Compartment(BoxPhase.RELEASED, entry["until"])
    session = CabinetSession(tuple(entry["who"]), entry["session_until"])
    put_cabinet(
        state, entry["cabinet"], session=session, pending=None, wanted="", wanted_until=None, agreements=()
    )


def forced_box(state: State, entry: Body) -> None:
    """A compartment opened without a session."""
    state.compartments[entry["place"]] = Compartment(BoxPhase.FORCED)


def _asked(state: State, entry: Body) -> None:
    put_cabinet(state, entry["cabinet"], wanted=entry["place"], wanted_until=entry["until"])


def _authorised(state: State, entry: Body) -> None:
    agreed = (*state.cabinet(entry["place"]).agreements, Agreement(entry["who"][0], entry["until"]))
    put_cabinet(state, entry["place"], agreements=agreed)


def _box(phase: BoxPhase) -> Callable[[State, Body], None]:
    def put(state: State, entry: Body) -> None:
        state.compartments[entry["place"]] = Compartment(phase)

    return put


def _expired(state: State, entry: Body) -> None:
    session = state.cabinet(entry["place"]).session
    if session:
        put_cabinet(state, entry["place"], session=replace(session, expired=True), pending=None)


def _closed(state: State, entry: Body) -> None:
    put_cabinet(state, entry["place"], session=None)


FOLDS: dict[str, Callable[[State, Body], None]] = {
    "compartment_asked": _asked,
    "authorised": _authorised,
    "compartment_opened": _box(BoxPhase.OPEN),
    "compartment_shut": _box(BoxPhase.LOCKED),
    "no_opening": _box(BoxPhase.LOCKED),
    "session_expired": _expired,
    "cabinet_closed": _closed,
}
