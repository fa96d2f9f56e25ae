"""Four states of a loop by the share of the supply that stands on it. Pure arithmetic on resistors.

Rule 1: everything is a ratio, in millionths of the supply (ppm): a sagging supply moves no state.
Rule 2: between the windows nothing is guessed. Less resistance than at rest is SHORT, more is CUT; with
equal resistors that is also the nearer of the two. Either is tamper.

The loop: pull-up to the supply, wire, contact closed at rest with a resistor across it, a resistor in
series at the far end, ground. At rest the series resistor alone is seen, with the contact open both.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Self

from hardware.signals import Level

WHOLE = 1_000_000
# Two windows take 2/5 of the way to each other, so that a guard band of 1/5 lies between them.
REACH = (2, 5)
# Nearer than this two states cannot be told apart with 1 % resistors on a 12 bit converter.
APART = 80_000
OHMS = range(100, 100_001)


@dataclass(frozen=True, slots=True)
class Resistors:
    """The three resistors of a loop in ohm (100 to 100,000); ValueError for a set that tells nothing."""

    series: int = 4700
    across: int = 4700
    pull_up: int = 4700

    def __post_init__(self) -> None:
        for name in ("series", "across", "pull_up"):
            if getattr(self, name) not in OHMS:
                raise ValueError(f"{name} is {getattr(self, name)} ohm, must be {OHMS[0]} to {OHMS[-1]}")
        steps = (0, self.rest_ppm, self.open_ppm, WHOLE)
        if min(b - a for a, b in pairwise(steps)) < APART:
            raise ValueError(
                f"short, rest, open and cut would be at {steps} millionths of the supply, "
                f"must be {APART} apart: three equal resistors are",
            )

    @property
    def rest_ppm(self) -> int:
        """What the loop measures at rest."""
        return self._share(self.series)

    @property
    def open_ppm(self) -> int:
        """What the loop measures with the contact open."""
        return self._share(self.series + self.across)

    def _share(self, ohms: int) -> int:
        return WHOLE * ohms // (ohms + self.pull_up)


@dataclass(frozen=True, slots=True)
class Window:
    """Ratios from ``low`` to ``high`` in ppm, both within."""

    low: int
    high: int

    def __contains__(self, ppm: int) -> bool:
        return self.low <= ppm <= self.high


@dataclass(frozen=True, slots=True)
class Windows:
    """The states of one loop along the ratio."""

    normal: Window
    active: Window

    @classmethod
    def of(cls, resistors: Resistors) -> Self:
        """The windows of a loop with these resistors, each as wide to the one side as to the other."""
        rest, opened = resistors.rest_ppm, resistors.open_ppm
        return cls(_around(rest, 0, opened), _around(opened, rest, WHOLE))

    def level(self, ppm: int) -> Level:
        """The state of any ratio; below rest and outside is SHORT, every other one outside is CUT."""
        if ppm in self.normal:
            return Level.NORMAL
        if ppm in self.active:
            return Level.ACTIVE
        return Level.SHORT if ppm < self.normal.low else Level.CUT


def _around(middle: int, before: int, after: int) -> Window:
    reach = min(middle - before, after - middle) * REACH[0] // REACH[1]
    return Window(middle - reach, middle + reach)
