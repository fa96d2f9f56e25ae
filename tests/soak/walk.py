"""The larger walks, to closure; minutes each. Run by `make soak`, or one by the beginning of its name."""

from __future__ import annotations

import sys

from tests.core.walk.graph import cannot_leave, never_rests, told_apart
from tests.core.walk.invariants import LAWS
from tests.core.walk.rooms import SOAKED
from tests.core.walk.state_invariants import STATE_LAWS
from tests.core.walk.walk import walk
from tests.core.walk.worlds import World


def soak(world: World) -> bool:
    """Walk a world, tell its figures or its story, and answer whether every law held."""
    walked = walk(world, LAWS, STATE_LAWS)
    sys.stdout.write(f"{walked.story() if walked.broken else walked.figures()}\n")
    sys.stdout.flush()
    found = [(question, question(walked)) for question in (cannot_leave, never_rests, told_apart)]
    for question, states in found if not walked.broken else ():
        if states:
            sys.stdout.write("\n".join([f"{question.__doc__}", *walked.path(states[0], "…"), ""]))
    return not walked.broken and not any(states for _, states in found)


def main() -> int:
    """Walk every world whose name begins as asked; answer 1 when a law was broken."""
    wanted = tuple(sys.argv[1:]) or ("",)
    held = [soak(world) for world in SOAKED if world.name.startswith(wanted)]
    return 0 if held and all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
