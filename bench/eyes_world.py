"""A recorder, cameras on sockets and a door, for the benches of the eyes: each in a process of its own.

Rule: the product's recorder, line, writer, loop and log on a real disk; only the relay is a stop-watch.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Condition, Event

from bench.path import Bench, outer_doors, tap
from controller.core.events import PicturesTaken
from controller.disk_reserve import Reserve
from controller.eyes.eyes import Eyes, Place
from controller.eyes.hands import HandsAndEyes
from controller.inbox import Report
from controller.loop import Hands
from controller.site_log import Keeping
from firmware_shims.camera_process import CameraProcess
from recorder.messages import VERSION, CameraSettings, Settings

CAMERAS = ("door", "room", "cabinet", "window")
FRAMES, RING_S = 10, 5.0
SIZE = (1280, 720)
DOORS = 8
"""Of one door only one grant a second is photographed (core/shots.py)."""
READY_S = 30.0
PATIENCE_S = 10.0


class World:
    """A door whose events four cameras photograph."""

    def __init__(self, folder: Path) -> None:
        self.cameras = CameraProcess(
            {"cameras": {name: {"view": name, "fps": FRAMES, "size": SIZE} for name in CAMERAS}}
        )
        told = {
            name: CameraSettings(url=url, frames_per_second=FRAMES, ring_s=RING_S)
            for name, url in self.cameras.urls.items()
        }
        self.settings = Settings(VERSION, "bench", told)
        self._folder, self._changed = folder, Condition()
        Reserve(folder, Keeping().reserve_mb).take()  # without it nobody may write a picture
        self._taken: list[tuple[float, PicturesTaken]] = []
        self._next = 0
        self.line = folder / "eyes.sock"
        self._plan = replace(outer_doors(DOORS), cameras=CAMERAS, walk_ms=0)
        self.bench = Bench(self._plan, folder, self._sighted)
        self._recorder = subprocess.Popen(  # noqa: S603 - our own interpreter and our own module
            [sys.executable, "-m", "recorder", str(self.line)], stderr=subprocess.DEVNULL
        )

    def _sighted(self, bench: Bench) -> Hands:
        recipients, second = bench.log.recipients, bench.clock.monotonic
        self.eyes = Eyes(
            self.settings, self._plan, self._folder, Place(self.line), self._put, recipients, second
        )
        return HandsAndEyes(bench.watch, self.eyes)

    def _put(self, report: Report) -> None:
        if isinstance(report, PicturesTaken) and report.part == "now":
            with self._changed:
                self._taken.append((time.perf_counter(), report))
                self._changed.notify_all()
        self.bench.inbox.put(report)

    def begin(self) -> None:
        """Start everything, and wait until every ring reaches back."""
        self.eyes.start()
        end = time.monotonic() + READY_S
        while not all((one["ring_s"] or 0) > 3 for one in self.eyes.health()["cameras"]):
            if time.monotonic() > end:
                raise TimeoutError("the recorder does not look through its cameras")
            Event().wait(0.2)

    @property
    def worker(self) -> int:
        """The recorder's working process."""
        return int(self.eyes.health()["recorder"]["pid"])

    def photographed(self) -> tuple[float, PicturesTaken]:
        """Tap: milliseconds until its pictures from before and at it are durable, and what was told of them.

        Raises TimeoutError.
        """
        door, self._next = f"d{self._next % DOORS}", self._next + 1
        before, begun = len(self._taken), time.perf_counter()
        tap(self.bench, door)
        with self._changed:
            if not self._changed.wait_for(lambda: len(self._taken) > before, PATIENCE_S):
                raise TimeoutError("nothing became of an event")
            ended, told = self._taken[-1]
        return (ended - begun) * 1_000, told

    def end(self) -> None:
        """Take everything away."""
        self._recorder.terminate()
        self._recorder.wait()
        self.eyes.stop()
        self.bench.end()
        self.cameras.stop()


@contextmanager
def world(folder: Path) -> Iterator[World]:
    """A world that is ready, and taken away again."""
    made = World(folder)
    made.bench.begin({"li": {"badges": ["B1"]}})
    try:
        made.begin()
        yield made
    finally:
        made.end()


def cpu_s(pid: int) -> float:
    """Processor seconds of a process so far (proc(5), fields 14 and 15 of stat)."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
