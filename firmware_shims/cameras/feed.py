"""The frames a camera gives, at its rate, to whoever listens; it can freeze, and replay what it gave before.

Rule 1: one thread draws while somebody listens; every listener gets the newest frame, the same bytes as all.
Rule 2: it knows no wire.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle
from threading import Condition, Thread

import cv2
import numpy as np

from firmware_shims.cameras.eye import Eye, encoded


@dataclass(frozen=True, slots=True)
class Frame:
    """One JPEG, its number from 1 on, and the second of CLOCK_MONOTONIC at which it was drawn."""

    number: int
    at: float
    jpeg: bytes


class Feed:
    """``eye`` at ``fps`` frames a second; a loop is a stretch of ``loop_s`` seconds."""

    def __init__(self, eye: Eye, fps: float, loop_s: float = 1.5) -> None:
        self.eye, self.fps = eye, fps
        self._turn = Condition()
        self._listening = 0
        self._over = False
        self._frame: Frame | None = None
        self._given: deque[bytes] = deque(maxlen=max(2, round(fps * loop_s)))
        self._now = time.monotonic()
        self._mode = self._live()
        self._thread = Thread(target=self._run, name=f"shim-feed-{eye.label}", daemon=True)

    def start(self) -> None:
        """Begin; nothing is drawn until somebody listens."""
        self._thread.start()

    def stop(self) -> None:
        """End; whoever waits for a frame gets None."""
        with self._turn:
            self._over = True
            self._turn.notify_all()
        self._thread.join()

    @contextmanager
    def listened(self) -> Iterator[None]:
        """While this lasts, frames are drawn."""
        with self._turn:
            self._listening += 1
            self._turn.notify_all()
        try:
            yield
        finally:
            with self._turn:
                self._listening -= 1

    @property
    def listeners(self) -> int:
        """How many listen."""
        with self._turn:
            return self._listening

    def after(self, number: int, timeout: float) -> Frame | None:
        """The newest frame behind a number; None when the time is up or the feed has ended."""
        with self._turn:
            self._turn.wait_for(lambda: self._over or (self._frame and self._frame.number > number), timeout)
            frame = self._frame
        return frame if frame and frame.number > number and not self._over else None

    def play(self, fault: str = "") -> None:
        """Give something else from the next frame on: one of ``FEEDS``, or live pictures."""
        mode = FEEDS[fault](self) if fault else self._live()
        with self._turn:
            self._mode = mode

    def _run(self) -> None:
        due = time.monotonic()
        while True:
            with self._turn:
                self._turn.wait_for(lambda: self._over or self._listening > 0)
                # A late or woken camera goes on from now, it does not catch up.
                due = max(due + 1 / self.fps, time.monotonic() - 1 / self.fps)
                while not self._over and (left := due - time.monotonic()) > 0:
                    self._turn.wait(left)
                if self._over:
                    return
                mode = self._mode
            self._now = time.monotonic()
            self._give(next(mode))

    def _give(self, jpeg: bytes) -> None:
        with self._turn:
            number = self._frame.number + 1 if self._frame else 1
            self._frame = Frame(number, self._now, jpeg)
            self._turn.notify_all()

    def _live(self) -> Iterator[bytes]:
        while True:
            jpeg = self.eye.jpeg(self._now)
            self._given.append(jpeg)
            yield jpeg

    def _frozen(self) -> Iterator[bytes]:
        """The same bytes again and again."""
        last = self._given[-1] if self._given else self.eye.jpeg(self._now)
        while True:
            yield last

    def _frozen_clock(self) -> Iterator[bytes]:
        """The same picture; only the burnt-in clock goes on."""
        still = self.eye.picture(self._now, clock=False)
        while True:
            picture = still.copy()
            self.eye.burnt(picture, self._now)
            yield encoded(picture)

    def _stretch(self) -> Iterator[bytes]:
        """Live until there is enough to repeat."""
        live = self._live()
        while len(self._given) < (self._given.maxlen or 0):
            yield next(live)

    def _looped(self) -> Iterator[bytes]:
        """The last stretch, bit by bit the same."""
        yield from self._stretch()
        yield from cycle(list(self._given))

    def _looped_anew(self) -> Iterator[bytes]:
        """The last stretch, encoded anew, so that no two frames have the same bytes."""
        yield from self._stretch()
        dice = np.random.default_rng(7)
        for jpeg in cycle(list(self._given)):
            picture = cv2.imdecode(np.frombuffer(jpeg, dtype=np.uint8), cv2.IMREAD_COLOR)
            assert picture is not None
            speck = dice.integers(0, 2, size=(*picture.shape[:2], 1), dtype=np.uint8)
            yield encoded((picture - np.minimum(picture, speck)).astype(np.uint8))

    def _looped_clock(self) -> Iterator[bytes]:
        """A stretch recorded now and repeated, while the burnt-in clock goes on."""
        stretch = []
        for _ in range(self._given.maxlen or 0):
            stretch.append(self.eye.picture(self._now, clock=False))
            picture = stretch[-1].copy()
            self.eye.burnt(picture, self._now)
            yield encoded(picture)
        for still in cycle(stretch):
            picture = still.copy()
            self.eye.burnt(picture, self._now)
            yield encoded(picture)


FEEDS: dict[str, Callable[[Feed], Iterator[bytes]]] = {
    "frozen": Feed._frozen,  # noqa: SLF001 - the table of what a feed can do stands beside it
    "frozen_clock": Feed._frozen_clock,  # noqa: SLF001
    "looped": Feed._looped,  # noqa: SLF001
    "looped_anew": Feed._looped_anew,  # noqa: SLF001
    "looped_clock": Feed._looped_clock,  # noqa: SLF001
}
