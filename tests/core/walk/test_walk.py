"""The walk in CI: two interlocked doors, three people and a cabinet, to closure, on the real core.

Four people, whose two pairs meet, and five walk in tests/soak; so does a lockdown of the whole passage.
"""

from __future__ import annotations

from collections import deque

import pytest

from tests.core.walk.invariants import LAWS, STATE_LAWS
from tests.core.walk.walk import Walked, walk
from tests.core.walk.worlds import World

PASSAGE = World("two interlocked doors, three people, one cabinet", 3, boxes=("a",), coarse=True)
WORLDS = (
    World(
        "a lockdown, a bolt that is seen",
        2,
        doors=("main",),
        bolts=("main",),
        happens=frozenset({"lockdown"}),
        coarse=True,
    ),
    World(
        "a log witness cosigns first",
        3,
        doors=("main",),
        witnessed=True,
        happens=frozenset({"cosign", "lockdown"}),
        quanta={"witness": 2},
        coarse=True,
    ),
    World(
        "a log witness cosigns first, behind an interlock",
        2,
        witnessed=True,
        happens=frozenset({"cosign"}),
        quanta={"witness": 2},
        coarse=True,
    ),
    World(
        "no picture, no opening",
        3,
        doors=("main",),
        pictured="refuse",
        happens=frozenset({"picture", "lockdown"}),
        quanta={"picture": 2},
        coarse=True,
    ),
    World(
        "no picture, and it opens with an alarm, behind an interlock",
        2,
        pictured="open",
        happens=frozenset({"picture"}),
        quanta={"picture": 2},
        coarse=True,
    ),
    World(
        "a door released from afar, behind an interlock",
        2,
        happens=frozenset({"remote"}),
        quantum=3_000,
        coarse=True,
    ),
    World(
        "a door released from afar, and a lockdown",
        2,
        doors=("main",),
        happens=frozenset({"remote", "lockdown"}),
        quantum=3_000,
        coarse=True,
    ),
    World("confirmed by the reader inside", 2, doors=("main",), confirm=True, boxes=("a",), coarse=True),
)


def everybody_can_get_out(walked: Walked) -> list[int]:
    """States from which no way leads to an empty, locked room: backward reachability (AG EF all-out)."""
    count = len(walked.how)
    back: list[list[int]] = [[] for _ in range(count)]
    ends = [*walked.first, len(walked.to)]
    for state in range(count):
        for after in walked.to[ends[state] : ends[state + 1]]:
            back[after].append(state)
    queue = deque(state for state in range(count) if walked.empty[state])
    out = set(queue)
    while queue:
        for before in back[queue.popleft()]:
            if before not in out:
                out.add(before)
                queue.append(before)
    return [state for state in range(count) if state not in out]


def closed(world: World) -> Walked:
    walked = walk(world, LAWS, STATE_LAWS)
    assert not walked.broken, walked.story()
    print(walked.figures())  # noqa: T201 - the figures are part of the answer
    assert len(walked.first) == len(walked.how), "every state has been left by every move"
    return walked


def closed_with_a_way_out(world: World) -> Walked:
    walked = closed(world)
    lost = everybody_can_get_out(walked)
    assert not lost, "\n".join(walked.path(lost[0], "nobody gets out from here"))
    return walked


def test_the_passage_of_three_people_is_walked_to_its_last_corner_and_no_law_is_broken() -> None:
    assert len(closed_with_a_way_out(PASSAGE).numbers) > 10_000


@pytest.mark.parametrize("world", WORLDS, ids=lambda world: world.name)
def test_smaller_rooms_are_walked_to_their_last_corner(world: World) -> None:
    closed_with_a_way_out(world)
