"""``refusal_spread``: how far apart the refusals of all reasons come, at two doors of a running controller.

The jitter of polls (10 ms) is in every sample, whatever the reason; at the chip, which looks for cards every
50 ms, a card is held out just after a look, so that what is left is due to the reason. A reason that is known
only after ``refusal_ms`` is shown at its next multiple; so the relay before the transparent reader, where the
bound on an answer is longer than at a chip (OSDP_BOUNDS), is not among the reasons here.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median, quantiles

from bench.figures import Figure
from bench.refusals_people import PINS, Before, Sample
from bench.refusals_room import RefusalRoom

ROW = 7
"""So many refusals follow each other at most before somebody passes, so that no penalty begins."""
SAMPLES = 20
GOAL_MS = 20.0
POLL_MS, LOOK_MS = 10.0, 50.0


def both(room: RefusalRoom) -> tuple[Before, Before]:
    """The people before both doors, made ready at once."""
    with ThreadPoolExecutor(2) as pool:
        bus, chip = pool.map(lambda door: Before(room, door), (room.bus, room.chip))
        return bus, chip


def measured(folder: Path, samples: int) -> dict[str, list[Sample]]:
    """So many refusals for each reason at each door, both doors at once, reasons in turn."""
    found: dict[str, list[Sample]] = {}
    with RefusalRoom(folder) as room:
        doors = both(room)
        with ThreadPoolExecutor(len(doors)) as pool:
            for each in pool.map(lambda before: in_turn(before, samples), doors):
                found |= each
    return found


def in_turn(before: Before, samples: int) -> dict[str, list[Sample]]:
    """So many refusals for each reason, one after the other; somebody passes in between."""
    found: dict[str, list[Sample]] = {f"{before.name}_{name}": [] for name in before.noes}
    for number in range(samples * len(before.noes)):
        if number and number % ROW == 0:
            before.good()
        name = list(before.noes)[number % len(before.noes)]
        found[f"{before.name}_{name}"].append(before.no(name))
    return found


def refusal_spread(samples: int = SAMPLES) -> Figure:
    """Measure it, with so many refusals for each reason; some 20 seconds for each of them."""
    with tempfile.TemporaryDirectory() as name:
        return spread_of(measured(Path(name), samples))


def spread_of(found: Mapping[str, Sequence[Sample]]) -> Figure:
    """Largest difference between the medians of any two reasons at one door, in ms; beside it each median."""
    medians = {name: median(sample.millis for sample in every) for name, every in found.items()}
    beside: dict[str, float] = {"goal": GOAL_MS, "poll": POLL_MS, "look_into_the_field": LOOK_MS}
    for door in PINS:
        mine = [value for name, value in medians.items() if name.startswith(f"{door}_")]
        cuts = quantiles([s.millis for n, e in found.items() if n.startswith(f"{door}_") for s in e], n=100)
        beside |= {f"{door}_spread": max(mine) - min(mine), f"{door}_p99_less_p50": cuts[98] - cuts[49]}
    worst = max(beside[f"{door}_spread"] for door in PINS)
    return Figure("ms", sum(map(len, found.values())), value=worst, beside=beside | medians)
