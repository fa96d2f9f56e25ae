"""Bugs to plant in the real rules and machines: of pairs, interlocks, cabinets and the count.

Rule: each is one thing forgotten or one condition the wrong way, as a change might bring it.
"""

from __future__ import annotations

from typing import Any

import pytest

from controller.core import (
    access,
    cabinet,
    deadlines,
    fold,
    interlock,
    occupancy,
    passage,
    rules,
    site,
)
from controller.core.effects import Secure
from controller.core.rules import CABINET_RULES, RULES
from controller.core.state import DoorPhase
from controller.core.turn import Turn

Patch = pytest.MonkeyPatch


def without(rules: tuple[Any, ...], *names: str) -> tuple[Any, ...]:
    return tuple(rule for rule in rules if rule.__name__ not in names)


def same_person_counts_twice(patch: Patch) -> None:
    patch.setattr(access, "RULES", without(RULES, "different_person"))


def one_opens_the_vault(patch: Patch) -> None:
    patch.setattr(access, "_needed", lambda *_: 1)


def interlock_is_not_asked(patch: Patch) -> None:
    patch.setattr(interlock, "free_of", lambda *_: True)


def interlock_looks_at_the_command_only(patch: Patch) -> None:
    patch.setattr(
        interlock,
        "closed_and_locked",
        lambda _, state, name: state.door(name).phase is not DoorPhase.RELEASED,
    )


def cabinet_opens_for_one_inside(patch: Patch) -> None:
    patch.setattr(cabinet, "CABINET_RULES", without(CABINET_RULES, "two_inside", "different_person"))


def compartment_stays_released_when_one_leaves(patch: Patch) -> None:
    patch.setattr(site, "COUPLINGS", tuple(c for c in site.COUPLINGS if c.__name__ != "_too_few"))


def opening_does_not_relock(patch: Patch) -> None:
    real = Turn.do

    def do(turn: Turn, effect: Any) -> None:
        if not isinstance(effect, Secure):
            real(turn, effect)

    patch.setattr(Turn, "do", do)


def lone_timer_is_not_started(patch: Patch) -> None:
    patch.setattr(occupancy, "lone_at", lambda *_: None)


def restart_keeps_what_was_released(patch: Patch) -> None:
    patch.setitem(fold.FOLDS, "started", lambda state, _: state.inputs.clear())


def waiting_to_leave_never_ends(patch: Patch) -> None:
    patch.setattr(site, "COUPLINGS", tuple(c for c in site.COUPLINGS if c.__name__ != "waiting_exits"))
    real = deadlines.next_due

    def next_due(*args: Any) -> Any:
        due = real(*args)
        return None if due and getattr(due[1], "func", None) is passage.waited_too_long else due

    patch.setattr(site, "next_due", next_due)


def first_is_not_judged_again(patch: Patch) -> None:
    real = rules.judge

    def judge(case: Any, asked: Any) -> Any:
        return None if case.party == () and case.state.door(case.door.name).pending else real(case, asked)

    patch.setattr(access, "judge", judge)


def granted_is_not_written(patch: Patch) -> None:
    real = Turn.write

    def write(turn: Turn, kind: Any, *args: Any, **more: Any) -> Any:
        body = real(turn, kind, *args, **more)
        if kind == "granted":
            turn.entries.pop()
        return body

    patch.setattr(Turn, "write", write)
