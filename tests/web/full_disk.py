"""A controller whose disk fills up, seen through its console: ``python -m tests.web.full_disk FOLDER MB``.

With MB, inside a mount namespace, its data live on a tmpfs of that size, which somebody else fills; with 0 it
may write no more by a limit of the kernel's.
Rule: what was seen is said on the standard output, one JSON a line.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

from controller.errors import IronroomError
from tests.console.house import LONG, SITE, House
from tests.web.running import Answer, Running, running

KEEPING = "[keeping]\nreserve_mb = 16\nannounce_free_mb = 64\n"
STEP = 256 << 10
PAGE = 4096
LOW, RESERVE = "Log: the disk fills up.", "Log: the disk is full, the reserve is used."
ASKED = "reason=fire&key="
MEANWHILE = ("/", "/now", "/review", "/proof", "/account", "/visitors")


class Disk:
    """A disk that somebody else writes to."""

    def __init__(self, folder: Path) -> None:
        self._file, self._folder = folder / "somebody else's", folder

    def take(self, left: int) -> None:
        """Write until no more than so many bytes are free."""
        with self._file.open("ab", buffering=0) as file:
            while (free := self.free - left) > 0:
                try:
                    if not file.write(bytes(min(STEP, free))):
                        return
                except OSError:
                    return

    @property
    def free(self) -> int:
        found = os.statvfs(self._folder)
        return found.f_bavail * found.f_frsize

    def give_back(self) -> None:
        """Take everything away again."""
        self._file.unlink()


def main(folder: Path, megabytes: int) -> None:
    """Fill the disk step by step, look at the console, make room again, look once more."""
    if megabytes:
        (folder / "data").mkdir(mode=0o700)
        options = f"size={megabytes}m,mode=700"
        subprocess.run(["mount", "-t", "tmpfs", "-o", options, "none", str(folder / "data")], check=True)
    with House(folder, site_text=SITE + KEEPING) as house:
        house.founded("zhao")
        with running(house) as console:
            say("before", console.get("/now"))
            (on_a_disk if megabytes else by_a_limit)(house, console)


def on_a_disk(house: House, console: Running) -> None:
    """Somebody else writes, faster than anything could be deleted."""
    disk = Disk(house.data)
    disk.take(60_000_000)
    say("low", seen(console, LOW))
    disk.take(0)
    say("reserve", seen(console, RESERVE))

    def ended() -> bool:
        disk.take(0)
        return console.post("/now/lockdown", f"{ASKED}full")[0] == 503 and not house.child.running

    console.until(ended)
    say("ended", [house.child.wait(LONG), house.child.words[-300:]])
    away(house, console)
    disk.take(0)
    try:
        house.child.start()
    except IronroomError as error:
        say("again", [error.exit_code, str(error)[-300:]])
    disk.give_back()
    well(house, console)


def by_a_limit(house: House, console: Running) -> None:
    """The kernel takes no further byte of any file from the controller."""
    resource.prlimit(house.child.pid, resource.RLIMIT_FSIZE, (PAGE, PAGE))
    say("asked", console.post("/now/lockdown", f"{ASKED}full"))
    say("ended", [house.child.wait(LONG), house.child.words[-300:]])
    away(house, console)
    well(house, console)


def away(house: House, console: Running) -> None:
    """What the console says, page by page, while the controller cannot go on."""
    size = house.newest
    console.becomes("/alive", 503)
    for path in MEANWHILE:
        say(path, console.get(path))
    say("asked", console.post("/now/lockdown", f"{ASKED}away"))
    say("script", console.ask("POST", "/now/lockdown", f"{ASKED}away".encode(), Accept="application/json"))
    line, status, _ = console.stream()
    say("stream", [status])
    line.close()
    say("kept", [size, house.newest])


def well(house: House, console: Running) -> None:
    """There is room again: the next start of the controller is served, and what is asked is done once."""
    house.child.start()
    console.becomes("/alive", 204)
    console.until(lambda: not troubled(console))
    size = house.newest
    answers = [console.post("/now/lockdown", f"{ASKED}well")[0] for _ in range(2)]
    say("well", [console.get("/now")[0], answers, len(house.entries("lockdown", after=size))])
    say("words", "Traceback" in console.said)


def troubled(console: Running) -> bool:
    """Whether the page of what is now tells of the log's disk."""
    text = console.get("/now")[1]
    return LOW in text or RESERVE in text


def seen(console: Running, words: str) -> Answer:
    """The page of what is now, as soon as it says something."""
    console.until(lambda: words in console.get("/now")[1])
    return console.get("/now")


def say(name: str, what: Any) -> None:
    print(json.dumps([name, what]), flush=True)  # noqa: T201 - it is what this program is for


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
