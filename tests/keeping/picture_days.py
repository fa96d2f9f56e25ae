"""Two days full of pictures, half a year apart, on a disk that holds one: ``python -m … FOLDER MB``.

With MB, inside a mount namespace, the disk is a tmpfs of that size; with 0 it is the folder's own.

Rule: time is what the events say; the room, the store, the keeper and the disk are real. What happened is
said on the standard output as JSON.
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from controller.core.effects import Snapshot
from controller.core.events import Event, InputLevel, Level, PicturesTaken, TimePassed
from controller.core.unseen import Unseen
from controller.eyes.picture_store import NotKeptError, PictureStore
from controller.housekeeping import Housekeeping
from controller.ledger.picture_check import verify_pictures
from controller.ledger.verify import verify
from controller.loop import Loop
from controller.site_log import Keeping
from tests.keeping.house import DAY, room
from tests.power.small_disk import mount

EVENTS = 1_000
"""Of the first day; the second has half of them."""
PICTURE = 4_000
KEEPING = Keeping(reserve_mb=4, announce_free_mb=8, picture_days=180)


class Days:
    """A room whose every alarm is pictured by two cameras at three moments."""

    def __init__(self, loop: Loop, data: Path) -> None:
        self._loop, self._data = loop, data
        self._store = PictureStore(data)
        self._house = Housekeeping(loop, data, KEEPING)
        self.least_free = 10**12
        self.written: dict[str, int] = {}  # name to room time
        self.refused: Counter[str] = Counter()

    def play(self, day: int, events: int) -> None:
        """Somebody tampers with a reader every 70 seconds, and leaves it."""
        for number in range(events):
            at = day * DAY + number * 70_000
            self._turn(InputLevel(at, "main.in.tamper", Level.ACTIVE))
            self._turn(InputLevel(at + 5_000, "main.in.tamper", Level.NORMAL))
            self._house.after_turn(at + 5_000)
            self._loop.log.upkeep()
            self._house.idle(at + 5_000)
            free = os.statvfs(self._data)
            self.least_free = min(self.least_free, free.f_bavail * free.f_frsize)

    def rest(self, at: int) -> None:
        """Nobody comes for a while."""
        self._loop.turn([TimePassed(at)])
        for _ in range(400):
            self._house.after_turn(at)
            self._house.idle(at)
            self._loop.log.upkeep()

    def _turn(self, event: Event) -> None:
        (outcome,) = self._loop.turn([event])
        for order in outcome.effects:
            if isinstance(order, Snapshot):
                for part in ("now", "after"):
                    self._loop.turn([self._answer(order, part)])

    def _answer(self, order: Snapshot, part: str) -> PicturesTaken:
        taken, missing = [], []
        wanted = [one for one in order.wanted if (one.moment > 0) == (part == "after")]
        wall = self._loop.site.state.wall
        for one in wanted:
            octets = os.urandom(PICTURE)
            try:
                name = self._store.put(octets, wall)
            except NotKeptError as refusal:
                self.refused[str(refusal)] += 1
                missing.append({"camera": one.camera, "moment": one.moment, "why": Unseen.NO_ROOM.value})
                continue
            self.written[name] = order.at
            size = {"width": 64, "height": 48, "masked": False, "thumbnail": False}
            taken.append(
                {"sha256": name, "size": PICTURE, "camera": one.camera, "moment": one.moment, "taken": 0}
                | size
            )
        self._store.sync()
        return PicturesTaken(self._loop.site.state.at, order.shot, part, tuple(taken), tuple(missing))


def deletions(loop: Loop) -> dict[str, str]:
    """Every picture that an Entry says was deleted, and why."""
    told: dict[str, str] = {}
    for entry in loop.log.tail():
        if entry["kind"] == "pictures_deleted":
            told |= dict.fromkeys(str(entry["digests"]).split(), str(entry["why"]))
    return told


def counted(loop: Loop, data: Path) -> dict[str, Any]:
    """How full the folder is, and what verification says of it."""
    report = verify_pictures(data, loop.log.size, lambda _done, _all: None)
    entries = Counter(str(entry["kind"]) for entry in loop.log.tail())
    return {
        "files": len(list((data / "pictures").iterdir())),
        "whole": report.whole,
        "deleted": report.deleted,
        "unnamed": report.unnamed,
        "kinds": {kind: entries[kind] for kind in ("pictures_taken", "no_picture", "pictures_deleted")},
    }


def main(place: Path, megabytes: int) -> None:
    """Two days, half a year apart."""
    if megabytes:
        mount(place, f"size={megabytes}m")
    data = place / "data"
    with room(data / "custody.db") as loop:
        days = Days(loop, data)
        days.play(1, EVENTS)
        first = set(days.written)
        told: dict[str, Any] = {"first": counted(loop, data) | {"refused": dict(days.refused)}}
        days.rest(182 * DAY)
        told["between"] = counted(loop, data)
        days.play(182, EVENTS // 2)
        told["second"] = counted(loop, data) | {"refused": dict(days.refused)}
        gone, there = deletions(loop), {file.name for file in (data / "pictures").iterdir()}
        told["gone_untold"] = len(set(days.written) - there - set(gone))
        told["first_left"] = len(first & there)
        told["whys"] = dict(Counter(gone.values()))
        told["least_free"] = days.least_free
        told["troubles"] = sorted(loop.site.state.log_troubles)
        entries = loop.log.size
    told["verified"] = verify(data / "custody.db").entries == entries
    print(json.dumps(told))  # noqa: T201 - it is what this program is for


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
