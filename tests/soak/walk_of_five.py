"""The walk with five people and two compartments, to closure; takes many minutes. Run by `make soak`."""

from __future__ import annotations

import sys

from tests.core.walk.invariants import LAWS, STATE_LAWS
from tests.core.walk.walk import walk
from tests.core.walk.worlds import World

WORLD = World("two interlocked doors, five people, two compartments", 5, boxes=("a", "b"), coarse=True)


def main() -> int:
    """Walk, tell the figures or the story, and answer 1 when a law was broken."""
    walked = walk(WORLD, LAWS, STATE_LAWS)
    sys.stdout.write(f"{walked.story() if walked.broken else walked.figures()}\n")
    return int(bool(walked.broken))


if __name__ == "__main__":
    sys.exit(main())
