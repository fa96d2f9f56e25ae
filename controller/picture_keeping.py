"""Pictures that have become too old, or that give way to the log. Behaviour 63.

Rule 1: oldest first; a picture's time is that of its file, which whoever writes it sets to its Entry's.
Rule 2: beyond ``picture_days`` always; beyond 180 days while the disk is low; younger ones only while the
log lives on its reserve and would stop otherwise.
Rule 3: the Entry that names them comes first; under a legal hold the core refuses it, and all stay.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from heapq import heappush, heapreplace
from itertools import islice
from pathlib import Path

from controller.core.words import Kind
from controller.disk_watch import DiskWatch
from controller.keeping_rules import DAY_MS
from controller.ledger.pictures import FOLDER, is_digest
from controller.log_news import tell
from controller.loop import Loop
from controller.site_log import Keeping

LEAST_DAYS = 180
AT_ONCE, FOUND = 100, 4_000
"""Pictures that one Entry names, and that one look through the folder finds at most."""
STEP = 500
"""Names looked at while nobody waits."""
PAUSE_MS = 3_600_000
EVER = 2**62

Found = tuple[int, str, int]
"""Time in ms since 1970 UTC, name, bytes."""


class PictureKeeper:
    """Looks through the folder bit by bit, and deletes the oldest it found."""

    def __init__(self, loop: Loop, watch: DiskWatch, folder: Path, keeping: Keeping) -> None:
        self._loop, self._watch, self._folder = loop, watch, folder / FOLDER
        self._days = keeping.picture_days
        self._names: Iterator[str] | None = None
        self._oldest: list[tuple[int, str, int]] = []  # a heap, youngest first: times negative
        self._doomed: list[Found] = []
        self._next_at = 0

    def idle(self, at: int) -> None:
        """A step of looking, or some deletions with their Entry; raises LogDead."""
        if self._doomed:
            self._delete(at)
        elif self._names is not None:
            self._look_on(at)
        elif (at >= self._next_at or self._watch.would_stop) and self._folder.is_dir():
            self._names, self._oldest = _names(self._folder), []

    def _look_on(self, at: int) -> None:
        assert self._names is not None
        step = list(islice(self._names, STEP))
        for name in step:
            self._consider(name)
        if len(step) < STEP:
            self._names = None
            self._doomed = sorted((-then, name, size) for then, name, size in self._oldest)
            self._next_at = at + (0 if len(self._doomed) == FOUND else PAUSE_MS)

    def _consider(self, name: str) -> None:
        try:
            status = (self._folder / name).lstat()
        except OSError:  # gone meanwhile
            return
        one = (-status.st_mtime_ns // 1_000_000, name, status.st_size)
        if len(self._oldest) < FOUND:
            heappush(self._oldest, one)
        elif one > self._oldest[0]:
            heapreplace(self._oldest, one)

    def _delete(self, at: int) -> None:
        some = list(self._due())
        if not some or not self._tell(at, some):
            self._doomed = []
            self._next_at = max(self._next_at, at + PAUSE_MS)
            return
        for _, name, _ in some:
            (self._folder / name).unlink(missing_ok=True)
        self._doomed = self._doomed[len(some) :]

    def _due(self) -> Iterator[Found]:
        """Of the oldest, those that are too old, and as many more as the log needs."""
        gained = 0
        for then, name, size in self._doomed[:AT_ONCE]:
            if then >= self._old and (then >= self._pressed or gained >= self._watch.wanted):
                return
            gained += size
            yield then, name, size

    @property
    def _old(self) -> int:
        """The time before which pictures go; a clock that nobody accepted makes none old."""
        state = self._loop.site.state
        return 0 if state.claimed is not None else state.wall - self._days * DAY_MS

    @property
    def _pressed(self) -> int:
        """The time before which they may go because room is wanted."""
        if self._watch.would_stop:
            return EVER
        return self._old + max(0, self._days - LEAST_DAYS) * DAY_MS if self._watch.is_low else 0

    def _tell(self, at: int, some: list[Found]) -> bool:
        why = "age" if some[-1][0] < self._old else "room for the log"
        fields = {"digests": " ".join(name for _, name, _ in some), "bytes": sum(s for _, _, s in some)}
        return tell(self._loop, at, Kind.PICTURES_DELETED, {**fields, "why": why})


def _names(folder: Path) -> Iterator[str]:
    with os.scandir(folder) as entries:
        yield from (one.name for one in entries if is_digest(one.name))
