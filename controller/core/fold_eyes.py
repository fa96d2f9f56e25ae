"""Folds of what was asked of the eyes: pictures that are waited for, cameras that learn.

Rule: see fold.py; nothing here decides, it only remembers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from controller.core.effects import Body, Wanted
from controller.core.remembered import NOW, PATIENCE_MS, CameraOrder, Shot, parts_of
from controller.core.shots import BURST_MS, STANDING_MS, believed
from controller.core.state import State


def _snapshot(state: State, entry: Body) -> None:
    if "shot" not in entry:  # as the first release wrote it
        return
    _pictured(state, f"{entry['why']}@{entry['place']}", entry)
    state.shots = entry["shot"]
    wanted = tuple(Wanted(one["camera"], one["moment"]) for one in entry["wanted"])
    patience = entry.get("patience_ms", PATIENCE_MS)
    shot = Shot(entry["place"], entry["why"], entry["at"], wanted, parts_of(wanted), patience)
    state.open_shots[str(entry["shot"])] = shot


def _pictured(state: State, key: str, entry: Body) -> None:
    """Forget what is too long ago to count: who it was sealed for after a moment, when after a minute."""
    burst, standing = entry["at"] - BURST_MS, entry["at"] - STANDING_MS
    recent = {one: at for one, at in state.pictured.items() if at > standing}
    sealed = {one: who for one, who in state.pictured_for.items() if recent.get(one, burst) > burst}
    state.pictured = {**recent, key: entry["at"]}
    state.pictured_for = {**sealed, key: tuple(entry.get("seals", ()))}


def _answered(state: State, entry: Body) -> None:
    number, part = str(entry["shot"]), entry["part"]
    shot = state.open_shots.pop(number)
    if waits := tuple(p for p in shot.waits if p != part):
        state.open_shots[number] = replace(shot, waits=waits)
    if part == NOW:
        pictures = [one for one in entry.get("pictures", ()) if not one["thumbnail"]]
        seen = any(believed(state, one["camera"]) for one in pictures)
        _for_the_grant(state, entry["shot"], pictured=seen)


def _for_the_grant(state: State, shot: int, *, pictured: bool) -> None:
    for name, door in state.doors.items():
        if door.awaiting and door.awaiting.shot == shot:
            state.doors[name] = replace(door, awaiting=replace(door.awaiting, pictured=pictured))


def _learn_asked(state: State, entry: Body) -> None:
    order = CameraOrder(tuple(entry["who"]), entry["until"])
    state.camera_orders |= dict.fromkeys(entry["cameras"], order)


def _learning_over(state: State, entry: Body) -> None:
    state.camera_orders.pop(entry["place"], None)


def _learned(state: State, entry: Body) -> None:
    state.cameras_learned[entry["place"]] = entry["at"]
    _learning_over(state, entry)


FOLDS: dict[str, Callable[[State, Body], None]] = {
    "snapshot": _snapshot,
    "pictures_taken": _answered,
    "no_picture": _answered,
    "cameras_learn_asked": _learn_asked,
    "camera_learned": _learned,
    "camera_not_learned": _learning_over,
}
