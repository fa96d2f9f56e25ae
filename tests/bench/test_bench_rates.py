"""A rate stands beside its counts and an interval that says how little a few trials show."""

from __future__ import annotations

import pytest

from bench.rates import Count, wilson


def test_no_miss_in_twelve_trials_may_be_a_quarter() -> None:
    assert wilson(0, 12) == pytest.approx((0.0, 0.2425), abs=1e-4)


def test_a_rate_tells_its_counts() -> None:
    count = Count()
    for hit in (True, False, False, False):
        count.add(hit)
    body = count.figure(hours=2).body()
    assert (body["value"], body["n"]) == (0.25, 4)
    assert body["beside"] == {"count": 1.0, "low": 0.04559, "high": 0.6994, "hours": 2.0}
