"""A rate and how sure it is.

Rule: a rate never stands alone: its counts and its interval are beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from bench.figures import Figure


@dataclass(slots=True)
class Count:
    """So many of so many."""

    hits: int = 0
    n: int = 0

    def add(self, hit: bool) -> None:
        """One more."""
        self.hits, self.n = self.hits + hit, self.n + 1

    def figure(self, **beside: float) -> Figure:
        """The rate, with its counts and its interval."""
        low, high = wilson(self.hits, self.n)
        return Figure(
            "of 1",
            self.n,
            value=self.hits / self.n,
            beside={"count": self.hits, "low": low, "high": high, **beside},
        )


def wilson(hits: int, n: int) -> tuple[float, float]:
    """95 % score interval of a rate (Wilson 1927)."""
    z, rate = 1.96, hits / n
    middle = (rate + z * z / (2 * n)) / (1 + z * z / n)
    half = z * sqrt(rate * (1 - rate) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return max(0.0, middle - half), min(1.0, middle + half)
