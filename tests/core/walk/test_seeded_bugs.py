"""Bugs planted in the real rules and machines: the walk finds each, and tells the shortest story."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tests.core.walk import bugs, bugs_waiting
from tests.core.walk.bugs import Patch
from tests.core.walk.invariants import LAWS, STATE_LAWS
from tests.core.walk.walk import walk
from tests.core.walk.worlds import World

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


@dataclass(frozen=True)
class Seed:
    plant: Callable[[Patch], None]
    world: World = SMALL
    longest: int = 12


SEEDS = (
    Seed(bugs.same_person_counts_twice),
    Seed(bugs.one_opens_the_vault),
    Seed(bugs.interlock_is_not_asked),
    Seed(bugs.interlock_looks_at_the_command_only),
    Seed(bugs.cabinet_opens_for_one_inside),
    Seed(bugs.compartment_stays_released_when_one_leaves),
    Seed(bugs.opening_does_not_relock),
    Seed(bugs.lone_timer_is_not_started),
    Seed(bugs.restart_keeps_what_was_released),
    Seed(bugs.waiting_to_leave_never_ends),
    Seed(bugs.first_is_not_judged_again, RIGHTS),
    Seed(bugs.granted_is_not_written),
    Seed(bugs_waiting.released_before_the_witness, WITNESSED),
    Seed(bugs_waiting.released_by_any_cosignature, WITNESSED),
    Seed(bugs_waiting.released_when_the_witness_was_never_asked, WITNESSED),
    Seed(bugs_waiting.not_judged_again_when_it_is_cosigned, WITNESSED),
    Seed(bugs_waiting.way_out_waits_for_the_witness, WITNESSED),
    Seed(bugs_waiting.waiting_outlives_a_crash, WITNESSED),
    Seed(bugs_waiting.released_before_the_witness, PICTURED),
    Seed(bugs_waiting.released_by_pictures_of_something_else, PICTURED),
    Seed(bugs_waiting.released_by_the_answer_that_there_is_no_picture, PICTURED),
    Seed(bugs_waiting.released_by_a_picture_from_after, PICTURED),
    Seed(bugs_waiting.released_when_the_recorder_was_waited_for_in_vain, PICTURED),
    Seed(bugs_waiting.waits_for_ever_for_a_picture, PICTURED),
    Seed(bugs_waiting.not_judged_again_when_it_is_cosigned, PICTURED),
    Seed(bugs_waiting.way_out_waits_for_the_witness, PICTURED),
    Seed(bugs_waiting.opens_without_a_picture_and_without_an_alarm, UNPICTURED),
    Seed(bugs_waiting.released_by_the_answer_that_there_is_no_picture, UNPICTURED),
    Seed(bugs_waiting.the_count_goes_on_after_a_release_from_afar, AFAR),
    Seed(bugs_waiting.released_from_afar_in_a_lockdown, AFAR),
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
