"""The bugs that test_seeded_bugs.py plants, each a small change of a real rule, table, fold or machine.

Rule: a bug is planted where the core would have it; nothing here knows the laws that find it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from controller.core import (
    access,
    cabinet,
    deadlines,
    door,
    fold,
    interlock,
    occupancy,
    passage,
    presence,
    rules,
    site,
)
from controller.core.effects import Secure
from controller.core.events import Level
from controller.core.rules import CABINET_RULES, RULES
from controller.core.state import DoorPhase, State
from controller.core.turn import Turn

Patch = pytest.MonkeyPatch
Folding = Callable[[State, dict[str, Any]], None]


def without(asked: tuple[Any, ...], *names: str) -> tuple[Any, ...]:
    """Rules or couplings without those of some names, which must be among them."""
    assert set(names) <= {one.__name__ for one in asked}
    return tuple(one for one in asked if one.__name__ not in names)


def same_person_counts_twice(patch: Patch) -> None:
    patch.setattr(access, "RULES", without(RULES, "different_person"))


def one_opens_the_vault(patch: Patch) -> None:
    patch.setattr(access, "_needed", lambda *_: 1)


def one_joins_one(patch: Patch) -> None:
    patch.setattr(access, "two_stay", presence.staying)  # anybody is enough


def interlock_is_not_asked(patch: Patch) -> None:
    patch.setattr(interlock, "free_of", lambda *_: True)


def interlock_looks_at_the_command_only(patch: Patch) -> None:
    patch.setattr(
        interlock,
        "closed_and_locked",
        lambda _, state, name: state.door(name).phase is not DoorPhase.RELEASED,
    )


def interlock_does_not_see_the_bolt(patch: Patch) -> None:
    def shut(_: Any, state: State, name: str) -> bool:
        return state.door(name).phase is DoorPhase.LOCKED and state.level(f"{name}.contact") is Level.NORMAL

    patch.setattr(interlock, "closed_and_locked", shut)


def interlock_is_asked_only_once(patch: Patch) -> None:
    patch.setattr(site, "COUPLINGS", without(site.COUPLINGS, "beside_open"))


def outsider_counts_at_the_cabinet(patch: Patch) -> None:
    patch.setattr(cabinet, "CABINET_RULES", without(CABINET_RULES, "inside_already"))


def compartment_stays_released_when_one_leaves(patch: Patch) -> None:
    patch.setattr(site, "COUPLINGS", without(site.COUPLINGS, "_too_few"))


def who_badged_out_counts_at_the_cabinet(patch: Patch) -> None:
    def counted(_: Any, state: State, room: str, __: int) -> set[str]:
        return {*state.room(room).inside} - {*state.room(room).unconfirmed}

    patch.setattr(presence, "staying", counted)
    patch.setattr(rules, "staying", counted)


def opening_does_not_relock(patch: Patch) -> None:
    real = Turn.do

    def do(turn: Turn, effect: Any) -> None:
        if not isinstance(effect, Secure):
            real(turn, effect)

    patch.setattr(Turn, "do", do)


def lone_timer_is_not_started(patch: Patch) -> None:
    patch.setattr(occupancy, "lone_at", lambda *_: None)


def an_unconfirmed_pair_silences_the_lone_alarm(patch: Patch) -> None:
    """Found by the walk: the alarm of somebody alone ended when two entered who were never confirmed."""

    def entered(real: Folding, state: State, entry: dict[str, Any]) -> None:
        real(state, entry)
        state.rooms["vault"] = replace(state.room("vault"), lone_raised=False)

    _folds(patch, "entered", entered)


def _folds(patch: Patch, kind: str, planted: Callable[[Folding, State, dict[str, Any]], None]) -> None:
    real = fold.FOLDS[kind]
    patch.setitem(fold.FOLDS, kind, lambda state, entry: planted(real, state, entry))


def _never_due(patch: Patch, name: str) -> None:
    """Leave one thing out of what falls due at a door."""
    real = deadlines._door
    assert name in {*vars(deadlines), *vars(passage)}

    def door_due(plan: Any, state: State) -> Iterator[Any]:
        return (due for due in real(plan, state) if getattr(due[1], "func", due[1]).__name__ != name)

    patch.setattr(deadlines, "_door", door_due)


def pair_outlives_its_window(patch: Patch) -> None:
    _never_due(patch, "_timeout")


def restart_keeps_what_was_released(patch: Patch) -> None:
    def started(real: Folding, state: State, entry: dict[str, Any]) -> None:
        before = dict(state.doors)
        real(state, entry)
        for name, was in before.items():
            kept = {"phase": was.phase, "until": was.until, "entering": was.entering, "leaving": was.leaving}
            state.doors[name] = replace(state.doors[name], **kept)  # type: ignore[arg-type]  # its own fields

    _folds(patch, "started", started)


def restart_keeps_half_a_pair(patch: Patch) -> None:
    def started(real: Folding, state: State, entry: dict[str, Any]) -> None:
        before = {name: was.pending for name, was in state.doors.items()}
        real(state, entry)
        for name, pending in before.items():
            state.doors[name] = replace(state.doors[name], pending=pending)

    _folds(patch, "started", started)
    patch.setattr(site, "_started", _started_silently(site._started))


def _started_silently(real: Callable[..., None]) -> Callable[..., None]:
    """A start that does not write that a pair was lost, which would end it."""

    def started(turn: Turn, event: Any) -> None:
        kept = {name: now.pending for name, now in turn.state.doors.items()}
        real(turn, event)
        for name, pending in kept.items():
            turn.state.doors[name] = replace(turn.state.doors[name], pending=pending)

    return started


def first_is_not_judged_again(patch: Patch) -> None:
    def judge(case: Any, asked: Any) -> Any:
        waits = case.state.door(case.door.name).pending
        return None if case.party == () and waits else rules.judge(case, asked)

    patch.setattr("controller.core.access.judge", judge)


def lockdown_is_not_asked(patch: Patch) -> None:
    patch.setattr(access, "RULES", without(RULES, "no_lockdown"))


def unknown_count_is_not_asked(patch: Patch) -> None:
    patch.setattr(access, "RULES", without(RULES, "count_known"))


def lockdown_holds_people_in(patch: Patch) -> None:
    real = passage.let_out

    def let_out(turn: Turn, *rest: Any) -> None:
        if turn.state.lockdown is None:
            real(turn, *rest)

    patch.setattr(passage, "let_out", let_out)


def waiting_to_leave_never_ends(patch: Patch) -> None:
    _never_due(patch, "waited_too_long")


def waiting_to_leave_forgets_who(patch: Patch) -> None:
    """Found by the walk: the end of a release made who waited there to leave a nobody."""

    def ended(real: Folding, state: State, entry: dict[str, Any]) -> None:
        real(state, entry)
        name = entry["place"]
        state.doors[name] = replace(state.door(name), leaving=(), unknown_leaver=False)

    _folds(patch, "no_entry", ended)
    _folds(patch, "no_exit", ended)


def waiting_ends_with_the_release_of_others(patch: Patch) -> None:
    """Found by the walk: who waited to leave got what was left of the release of those who came in."""

    def waiting_exits(turn: Turn) -> None:
        for one in turn.plan.doors.values():
            now = turn.state.door(one.name)
            if now.exit_waits is not None and interlock.free_of(turn.plan, turn.state, one):
                passage._release_out(turn, one, now.leaving, None, "", now.unknown_leaver)

    kept = without(site.COUPLINGS, "waiting_exits")
    patch.setattr(site, "COUPLINGS", (waiting_exits, *kept))


def forced_door_is_taken_for_a_granted_one(patch: Patch) -> None:
    opened = door.DoorReading.OPENED
    patch.setitem(door.TABLE, (DoorPhase.LOCKED, opened), door.TABLE[DoorPhase.RELEASED, opened])


def granted_is_not_written(patch: Patch) -> None:
    real = Turn.write

    def write(turn: Turn, kind: Any, *args: Any, **more: Any) -> Any:
        body = real(turn, kind, *args, **more)
        if kind == "granted":
            turn.entries.pop()
        return body

    patch.setattr(Turn, "write", write)
