"""A room on a disk of 24 MB: ``python -m tests.keeping.small_house FOLDER``, inside a mount namespace.

Rule: what happened is said on the standard output, one word and numbers a line; the last line is ``healed``.
"""

from __future__ import annotations

import os
import shutil
import sys
from hashlib import sha256
from pathlib import Path

from controller.core.events import BadgeRead
from controller.disk_reserve import MB, room_for_pictures
from controller.housekeeping import Housekeeping
from controller.loop import Loop
from controller.site_log import Keeping
from tests.keeping.house import room
from tests.power.small_disk import mount

KEEPING = Keeping(reserve_mb=4, announce_free_mb=8)
PICTURE = 200_000
ENOUGH = 4_000


def main(place: Path) -> None:
    """Fill the disk with pictures, then let others take the rest, and go on writing Entries."""
    mount(place, "size=24m")
    with room(place / "data" / "custody.db") as loop:
        house = Housekeeping(loop, place / "data", KEEPING)
        pictures = take_pictures(loop, house)
        say("pictures", pictures, *troubles(loop))
        fill(place / "others")
        say("full", room_for_pictures(loop.log.file.parent))
        size = loop.log.size
        for _ in range(ENOUGH):
            live(loop, house)
        deleted = sum(len(str(e["digests"]).split()) for e in told(loop, "pictures_deleted"))
        say("entries", loop.log.size - size, deleted, *troubles(loop))
        (place / "others").unlink()
        shutil.rmtree(place / "data" / "pictures")
        live(loop, house)
        live(loop, house)
        say("room", *troubles(loop), room_for_pictures(loop.log.file.parent))
    say("healed")


def take_pictures(loop: Loop, house: Housekeeping) -> int:
    """Write pictures as long as there is room for them, with Entries between them; how many."""
    folder = loop.log.file.parent / "pictures"
    folder.mkdir()
    number, low = 0, False
    while room_for_pictures(folder.parent) >= PICTURE:
        octets = os.urandom(PICTURE)
        (folder / sha256(octets).hexdigest()).write_bytes(octets)
        number += 1
        live(loop, house)
        if "disk_low" in troubles(loop) and not low:
            low = True
            say("announced", room_for_pictures(folder.parent))
    return number


def live(loop: Loop, house: Housekeeping) -> None:
    """Somebody comes, and then nobody for a while."""
    at = loop.site.state.at + 1_000
    loop.turn([BadgeRead(at, "main.in", f"stranger {at}")])
    house.after_turn(at)
    loop.log.upkeep()
    house.idle(at)


def fill(file: Path) -> None:
    """Somebody else takes what is left."""
    with file.open("wb", buffering=0) as opened:
        try:
            while opened.write(bytes(4096)):
                pass
        except OSError as full:
            say("others", file.stat().st_size, full.errno)


def troubles(loop: Loop) -> list[str]:
    return sorted(loop.site.state.log_troubles)


def told(loop: Loop, kind: str) -> list[dict[str, object]]:
    return [entry for entry in loop.log.tail() if entry["kind"] == kind]


def say(*words: object) -> None:
    print(*words, flush=True)  # noqa: T201 - it is what this program is for


if __name__ == "__main__":
    assert MB == 1_000_000
    main(Path(sys.argv[1]))
