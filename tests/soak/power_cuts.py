"""Ten thousand power cuts in eight kinds of work, run by `make soak`; IRONROOM_SEED throws other dice."""

from __future__ import annotations

import sys

from tests.power.recordings import POINTS, SEED, tried, tried_again, workplace

POINTS_IN_ALL = 10_000
MOST_SYNCS = 200


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
    for deed in ("is_started_again", "is_closed_dead"):
        _after_failed_syncs(deed)
    sys.stdout.write(f"seed {SEED}\n")
    return 0


def _after_failed_syncs(deed: str) -> None:
    """Let each sync fail in turn, and cut the power afterwards."""
    points = 0
    with workplace() as place:
        for number in range(1, MOST_SYNCS):
            if not (found := tried_again(place, number, 30, deed)):
                break
            points += found.points
    sys.stdout.write(f"{deed}: {number - 1} syncs failed, {points} power cuts after them, 0 lost anything\n")


if __name__ == "__main__":
    sys.exit(main())
