"""The power goes at any moment, and the disk had only part of it: what was promised is there, and whole.

A recorder writes down what the log asks of the disk; a disk that is worse than a real one is then stopped at
random points (disk.py). IRONROOM_SEED=… throws other dice. `make soak` tries ten thousand points.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.power.recordings import POINTS, tried, workplace


@pytest.fixture
def place() -> Iterator[Path]:
    with workplace() as folder:
        yield folder


def test_at_least_five_hundred_points_are_tried() -> None:
    assert sum(POINTS.values()) >= 500


@pytest.mark.parametrize("deed", POINTS)
def test_no_power_cut_loses_or_damages_what_was_promised(deed: str, place: Path) -> None:
    findings = tried(deed, place, POINTS[deed])
    assert findings.points == POINTS[deed]
    assert findings.lost == 0
    assert set(findings.ways) == {"all", "none", "until", "dice"}


@pytest.mark.parametrize("deed", ["works", "copies"])
def test_the_same_power_cuts_cost_a_writer_that_does_not_sync_its_commits_what_it_promised(
    deed: str, place: Path
) -> None:
    findings = tried(deed, place, 60, "NORMAL")
    assert findings.lost > 10
