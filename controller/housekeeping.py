"""Keeping, put together: room on the disk, pictures and Entries that have become old. Behaviour 63.

Rule: in the loop's own thread; after a turn only a glance at the disk, everything else when nobody waits.
"""

from __future__ import annotations

from pathlib import Path

from controller.disk_reserve import Reserve
from controller.disk_watch import DiskWatch
from controller.loop import Loop
from controller.picture_keeping import PictureKeeper
from controller.pruner import Pruner
from controller.site_log import Keeping


class Housekeeping:
    """Keeps the rules of one site file's ``[keeping]``."""

    def __init__(self, loop: Loop, folder: Path, keeping: Keeping) -> None:
        """Take the reserve, if there is room for it, and keep it for the log from now on."""
        reserve = Reserve(folder, keeping.reserve_mb)
        reserve.take()
        loop.log.before_commit = reserve.make_room
        self._watch = DiskWatch(loop, reserve, keeping.announce_free_mb)
        self._pictures = PictureKeeper(loop, self._watch, folder, keeping)
        self._pruner = Pruner(loop, keeping)

    def after_turn(self, at: int) -> None:
        """A glance at the disk."""
        self._watch.look(at)

    def idle(self, at: int) -> None:
        """A little of everything that may take its time."""
        self._watch.idle()
        self._pictures.idle(at)
        self._pruner.idle(at)
