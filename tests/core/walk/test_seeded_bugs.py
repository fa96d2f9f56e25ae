"""Bugs planted in the real rules and machines: the walk finds each, and tells the shortest story."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from controller.core import (
    access,
    awaiting,
    cabinet,
    deadlines,
    fold,
    fold_eyes,
    interlock,
    occupancy,
    passage,
    remote_release,
    rules,
    site,
    waiting,
    withdrawal,
    witnessing,
)
from controller.core.effects import Secure
from controller.core.rules import CABINET_RULES, RULES
from controller.core.state import DoorPhase
from controller.core.turn import Turn
from tests.core.walk.invariants import LAWS, STATE_LAWS
from tests.core.walk.walk import walk
from tests.core.walk.worlds import World

Patch = pytest.MonkeyPatch
SMALL = World("two interlocked doors, two people, one cabinet", 2, boxes=("a",), coarse=True)
RIGHTS = World("rights may end", 2, doors=("main",), happens=frozenset({"end"}), coarse=True)
LOST = World("badges may be lost", 2, doors=("main",), happens=frozenset({"block"}), coarse=True)
WITNESSED = World(
    "a log witness cosigns first",
    2,
    doors=("main",),
    witnessed=True,
    happens=frozenset({"cosign", "block"}),
    quanta={"witness": 2},
    coarse=True,
)
PICTURED, UNPICTURED = (
    World(
        f"a picture comes first, else {otherwise}",
        2,
        doors=("main",),
        pictured=otherwise,
        happens=frozenset({"picture", "block"}),
        quanta={"picture": 2},
        coarse=True,
    )
    for otherwise in ("refuse", "open")
)

AFAR = World(
    "released from afar, and a lockdown",
    2,
    doors=("main",),
    happens=frozenset({"remote", "lockdown"}),
    quantum=3_000,
    coarse=True,
)


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


def released_before_the_witness(patch: Patch) -> None:
    patch.setattr(awaiting, "waits_for", lambda *_: {})


def released_by_any_cosignature(patch: Patch) -> None:
    real = witnessing.cosigned
    patch.setattr(waiting, "_cosigned", lambda turn, *_: real(turn.plan, turn.moment, 1) > 0)


def released_when_the_witness_was_never_asked(patch: Patch) -> None:
    patch.setattr(waiting, "_cosigned", lambda *_: True)


def not_judged_again_when_it_is_cosigned(patch: Patch) -> None:
    patch.setattr(withdrawal, "lost", lambda *_: None)  # which takes it back even before
    patch.setattr(waiting, "misgiving", lambda *_: None)


def way_out_waits_for_the_witness(patch: Patch) -> None:
    real = passage.let_out

    def let_out(turn: Turn, door: Any, *args: Any) -> None:
        if turn.state.door(door.name).phase is not DoorPhase.AWAITING:
            real(turn, door, *args)

    patch.setattr(passage, "let_out", let_out)


def waiting_outlives_a_crash(patch: Patch) -> None:
    real = fold.FOLDS["started"]

    def started(state: Any, entry: Any) -> None:
        waits = {name: door for name, door in state.doors.items() if door.awaiting}
        real(state, entry)
        state.doors.update(waits)

    patch.setitem(fold.FOLDS, "started", started)


def released_by_pictures_of_something_else(patch: Patch) -> None:
    real = fold_eyes._for_the_grant

    def for_the_grant(state: Any, shot: int, *, pictured: bool) -> None:
        waits = [door.awaiting.shot for door in state.doors.values() if door.awaiting]
        real(state, waits[0] if waits else shot, pictured=pictured)

    patch.setattr(fold_eyes, "_for_the_grant", for_the_grant)


def released_by_the_answer_that_there_is_no_picture(patch: Patch) -> None:
    real = fold_eyes._for_the_grant
    patch.setattr(fold_eyes, "_for_the_grant", lambda state, shot, **_: real(state, shot, pictured=True))


def released_by_a_picture_from_after(patch: Patch) -> None:
    real = fold.FOLDS["pictures_taken"]

    def taken(state: Any, entry: Any) -> None:
        real(state, entry)
        fold_eyes._for_the_grant(state, entry["shot"], pictured=True)

    patch.setitem(fold.FOLDS, "pictures_taken", taken)


def released_when_the_recorder_was_waited_for_in_vain(patch: Patch) -> None:
    real = waiting._pictured
    patch.setattr(waiting, "_pictured", lambda turn, waits: real(turn, waits) is not None or None)


def waits_for_ever_for_a_picture(patch: Patch) -> None:
    patch.setattr(waiting, "_pictured", lambda _, waits: waits.pictured)


def opens_without_a_picture_and_without_an_alarm(patch: Patch) -> None:
    real = Turn.alarm

    def alarm(turn: Turn, kind: Any, *args: Any, **more: Any) -> None:
        if kind != "no_picture":
            real(turn, kind, *args, **more)

    patch.setattr(Turn, "alarm", alarm)


def the_count_goes_on_after_a_release_from_afar(patch: Patch) -> None:
    real = occupancy.begin
    patch.setattr(occupancy, "begin", lambda turn, door, who, **_: real(turn, door, who))


def released_from_afar_in_a_lockdown(patch: Patch) -> None:
    orders = without(remote_release.REMOTE_RULES, "no_lockdown")
    patch.setattr(remote_release, "REMOTE_RULES", orders)


@dataclass(frozen=True)
class Seed:
    plant: Callable[[Patch], None]
    world: World = SMALL
    longest: int = 12


SEEDS = (
    Seed(same_person_counts_twice),
    Seed(one_opens_the_vault),
    Seed(interlock_is_not_asked),
    Seed(interlock_looks_at_the_command_only),
    Seed(cabinet_opens_for_one_inside),
    Seed(compartment_stays_released_when_one_leaves),
    Seed(opening_does_not_relock),
    Seed(lone_timer_is_not_started),
    Seed(restart_keeps_what_was_released),
    Seed(waiting_to_leave_never_ends),
    Seed(first_is_not_judged_again, RIGHTS),
    Seed(granted_is_not_written),
    Seed(released_before_the_witness, WITNESSED),
    Seed(released_by_any_cosignature, WITNESSED),
    Seed(released_when_the_witness_was_never_asked, WITNESSED),
    Seed(not_judged_again_when_it_is_cosigned, WITNESSED),
    Seed(way_out_waits_for_the_witness, WITNESSED),
    Seed(waiting_outlives_a_crash, WITNESSED),
    Seed(released_before_the_witness, PICTURED),
    Seed(released_by_pictures_of_something_else, PICTURED),
    Seed(released_by_the_answer_that_there_is_no_picture, PICTURED),
    Seed(released_by_a_picture_from_after, PICTURED),
    Seed(released_when_the_recorder_was_waited_for_in_vain, PICTURED),
    Seed(waits_for_ever_for_a_picture, PICTURED),
    Seed(not_judged_again_when_it_is_cosigned, PICTURED),
    Seed(way_out_waits_for_the_witness, PICTURED),
    Seed(opens_without_a_picture_and_without_an_alarm, UNPICTURED),
    Seed(released_by_the_answer_that_there_is_no_picture, UNPICTURED),
    Seed(the_count_goes_on_after_a_release_from_afar, AFAR),
    Seed(released_from_afar_in_a_lockdown, AFAR),
)


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: f"{seed.plant.__name__}, {seed.world.name}")
def test_the_walk_finds_a_planted_bug_by_a_shortest_story(seed: Seed, monkeypatch: Patch) -> None:
    seed.plant(monkeypatch)
    walked = walk(seed.world, LAWS, STATE_LAWS)
    assert walked.broken, f"{seed.plant.__name__} was not found in {walked.figures()}"
    print(walked.story())  # noqa: T201 - the story is what a reader of the run wants to see
    assert len(walked.story().splitlines()) - 1 <= seed.longest


# SMALL, with a third person, is the passage of test_walk.py.
@pytest.mark.parametrize(
    "world", [RIGHTS, LOST, WITNESSED, PICTURED, UNPICTURED], ids=lambda world: world.name
)
def test_without_a_planted_bug_the_same_walk_finds_nothing(world: World) -> None:
    walked = walk(world, LAWS, STATE_LAWS)
    assert not walked.broken, walked.story()
