"""Ten thousand power cuts in eight kinds of work, run by `make soak`; IRONROOM_SEED throws other dice."""

from __future__ import annotations

import sys

from tests.power.recordings import POINTS, SEED, tried, workplace

POINTS_IN_ALL = 10_000


def main() -> int:
    """Cut the power and tell what was found; a loss or damage ends with its folder."""
    for deed, share in POINTS.items():
        points = -(-POINTS_IN_ALL * share // sum(POINTS.values()))
        with workplace() as place:
            found = tried(deed, place, points)
            sys.stdout.write(f"{deed}: {found.points} power cuts, {found.lost} lost anything\n")
        with workplace() as place:
            control = tried(deed, place, points // 20, "NORMAL")
            sys.stdout.write(f"    control, synchronous=NORMAL: {control.lost} of {control.points} lost\n")
    sys.stdout.write(f"seed {SEED}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
