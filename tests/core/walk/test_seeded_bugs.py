"""Bugs planted in the real rules and machines: the walk finds each, and tells the shortest story.

Rule: every world used here is walked without a bug in test_walk.py, to closure and without a finding.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from tests.core.walk import seeds
from tests.core.walk.invariants import LAWS
from tests.core.walk.rooms import BOLTS, CABINET, CONFIRM, OVERRIDE, RIGHTS, SMALL, WALKED
from tests.core.walk.state_invariants import STATE_LAWS
from tests.core.walk.walk import walk
from tests.core.walk.worlds import World


@dataclass(frozen=True)
class Seed:
    """A bug, the world that shows it, words of the law it breaks, and the length of the shortest story."""

    plant: Callable[[pytest.MonkeyPatch], None]
    said: str
    moves: int
    world: World = SMALL


SEEDS = (
    Seed(seeds.same_person_counts_twice, "let in", 2),
    Seed(seeds.one_opens_the_vault, "let in", 1),
    Seed(seeds.one_joins_one, "let in", 6, CABINET),
    Seed(seeds.interlock_is_not_asked, "released beside", 2),
    Seed(seeds.interlock_looks_at_the_command_only, "released beside", 2),
    Seed(seeds.interlock_does_not_see_the_bolt, "released beside", 2, BOLTS),
    Seed(seeds.interlock_is_asked_only_once, "released for entering while", 2),
    Seed(seeds.outsider_counts_at_the_cabinet, "released for", 6, CABINET),
    Seed(seeds.compartment_stays_released_when_one_leaves, "released with", 7),
    Seed(seeds.who_badged_out_counts_at_the_cabinet, "released for", 7),
    Seed(seeds.opening_does_not_relock, "not secured", 2),
    Seed(seeds.lone_timer_is_not_started, "nobody watches", 5),
    Seed(seeds.an_unconfirmed_pair_silences_the_lone_alarm, "nobody watches", 8, CONFIRM),
    Seed(seeds.pair_outlives_its_window, "beyond its deadline", 2),
    Seed(seeds.restart_keeps_what_was_released, "after a restart", 2),
    Seed(seeds.restart_keeps_half_a_pair, "before the restart", 2),
    Seed(seeds.first_is_not_judged_again, "withdrawn badge", 3, RIGHTS),
    Seed(seeds.lockdown_is_not_asked, "in a lockdown", 2, BOLTS),
    Seed(seeds.unknown_count_is_not_asked, "nobody knows who is inside", 4),
    Seed(seeds.lockdown_holds_people_in, "nobody is let out", 2, BOLTS),
    Seed(seeds.waiting_to_leave_never_ends, "waits at", 3),
    Seed(seeds.waiting_to_leave_forgets_who, "nobody knows for whom", 4),
    Seed(seeds.waiting_ends_with_the_release_of_others, "is forgotten", 7, OVERRIDE),
    Seed(seeds.forced_door_is_taken_for_a_granted_one, "without an alarm", 1),
    Seed(seeds.granted_is_not_written, "without an Entry", 1),
)


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.plant.__name__)
def test_the_walk_finds_a_planted_bug_by_a_shortest_story(
    seed: Seed, monkeypatch: pytest.MonkeyPatch, record_property: Callable[[str, Any], None]
) -> None:
    assert seed.world in WALKED
    seed.plant(monkeypatch)
    walked = walk(seed.world, LAWS, STATE_LAWS)
    assert walked.broken, f"{seed.plant.__name__} was not found: {walked.figures()}"
    moves = [line.strip() for line in walked.path(*walked.end)]
    record_property("figures", f"{seed.plant.__name__}: {walked.broken}: {'; '.join(moves)}")
    assert (seed.said in walked.broken, len(moves)) == (True, seed.moves), walked.story()
