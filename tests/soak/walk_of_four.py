"""The walk with four people, whose two pairs meet, to closure, and a way out of every corner; about a minute.

Run by `make soak`; `make test` walks the same passage with three.
"""

from __future__ import annotations

import sys
from dataclasses import replace

from tests.core.walk.test_walk import PASSAGE, closed_with_a_way_out

WORLD = replace(PASSAGE, name="two interlocked doors, four people, one cabinet", people=4)


def main() -> int:
    """Walk and tell the figures; a law that is broken ends it with the shortest story."""
    closed_with_a_way_out(WORLD)
    return 0


if __name__ == "__main__":
    sys.exit(main())
