"""The walk with four people, and a lockdown of the passage, to closure, and a way out of every corner.

About a minute. Run by `make soak`; `make test` walks the passage with three, and a lockdown of one door.
"""

from __future__ import annotations

import sys
from dataclasses import replace

from tests.core.walk.test_walk import PASSAGE, closed_with_a_way_out
from tests.core.walk.worlds import World

WORLD = replace(PASSAGE, name="two interlocked doors, four people, one cabinet", people=4)
LOCKDOWN = World(
    "a lockdown, bolts that are seen",
    2,
    bolts=("outer", "main"),
    happens=frozenset({"lockdown"}),
    coarse=True,
)


def main() -> int:
    """Walk and tell the figures; a law that is broken ends it with the shortest story."""
    for world in (WORLD, LOCKDOWN):
        closed_with_a_way_out(world)
    return 0


if __name__ == "__main__":
    sys.exit(main())
