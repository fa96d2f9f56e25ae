"""A small disk of its own: ``python -m tests.power.small_disk FOLDER``, inside a mount namespace.

A tmpfs of 400 kB is mounted, filled by a log, made larger, made read-only, made writable again. The last line
on the standard output is ``healed``.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from controller.ledger.custody_log import CustodyLog
from controller.ledger.verify import verify
from tests.power.sufferer import say, suffer

ENOUGH = 2000


def mount(place: Path, options: str) -> None:
    """Mount, or change what is mounted."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "none", str(place)], check=True)


def main(place: Path) -> None:
    """Suffer from a full disk and a read-only one, and recover from both."""
    mount(place, "size=400k")
    file = place / "data" / "custody.db"
    say(suffer(file, ENOUGH))
    mount(place, "remount,size=40m")
    with CustodyLog.open(file) as log:
        size, root = log.head
    assert verify(file).entries == size
    say("kept", size, root.hex())
    mount(place, "remount,ro")
    say(suffer(file))
    mount(place, "remount,rw")
    with CustodyLog.open(file) as log:
        assert log.head == (size, root)
    say(suffer(file))
    assert verify(file).entries > size
    say("healed")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
