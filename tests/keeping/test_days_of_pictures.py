"""A day of events with all their pictures: the disk stays within the rules, and the log tells what went."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tests.keeping.picture_days import EVENTS, KEEPING
from tests.power.test_bad_disks import OWN_MOUNTS, run

DISK_MB = 31
"""Less than a day's pictures, of 4 kB each, and the log need."""
A_SHOT = 6


def test_two_days_of_pictures_half_a_year_apart_stay_within_the_keeping_rules(tmp_path: Path) -> None:
    disk = str(DISK_MB if OWN_MOUNTS else 0)
    said = run(*OWN_MOUNTS, sys.executable, "-m", "tests.keeping.picture_days", str(tmp_path), disk)
    told = json.loads(said)
    first, between, second = told["first"], told["between"], told["second"]
    refused = sum(first["refused"].values())
    assert first["files"] + refused == EVENTS * A_SHOT
    assert bool(refused) == bool(OWN_MOUNTS)  # a full disk takes no more pictures, and says so
    assert (first["whole"], first["deleted"]) == (first["files"], 0)  # and none of them goes for another
    assert (between["files"], between["deleted"]) == (0, first["files"])  # after 180 days all go
    assert second["files"] == second["whole"] == EVENTS // 2 * A_SHOT
    assert (told["gone_untold"], told["first_left"], told["whys"]) == (0, 0, {"age": first["files"]})
    assert (first["unnamed"], between["unnamed"], second["unnamed"]) == (0, 0, 0)
    assert told["least_free"] > KEEPING.reserve_mb * 1_000_000 // 4  # the last of the room is the log's
    assert (told["troubles"], told["verified"]) == ([], True)
