"""Alerts of the stand-in for lgpio: edges become calls, on one thread, debounced as lgpio does it.

Rule 1: calls run on the notification thread and never on the one that reads the world, so that a
callback may claim and write like any other code.
Rule 2: a debounced edge is given when its level has stood for the debounce time, and not before.
"""

import queue
import threading
import time
from collections.abc import Callable

Call = Callable[[int, int], None]


class Alerts:
    """Which lines alert on what, and who is called."""

    def __init__(self) -> None:
        self._edges: dict[int, int] = {}
        self._debounce: dict[int, float] = {}
        self._calls: dict[int, list[Call]] = {}
        self._waiting: dict[int, tuple[float, int]] = {}
        self._given: dict[int, int] = {}
        self._queue: queue.SimpleQueue[tuple[int, int, float]] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    def watch(self, gpio: int, edges: int, level: int) -> None:
        """Alert on edges (1 rising, 2 falling, 3 both) of a line that now reads ``level``."""
        self._edges[gpio] = edges
        self._given[gpio] = level
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="lgpio-alerts", daemon=True)
            self._thread.start()

    def unwatch(self, gpio: int) -> None:
        """No more alerts of a line."""
        for known in (self._edges, self._debounce, self._waiting):
            known.pop(gpio, None)

    def debounce(self, gpio: int, seconds: float) -> None:
        """How long an edge must stand before it alerts."""
        self._debounce[gpio] = seconds

    def add(self, gpio: int, call: Call) -> None:
        """Call ``call(level, nanoseconds)`` at each alert."""
        self._calls.setdefault(gpio, []).append(call)

    def remove(self, gpio: int, call: Call) -> None:
        """No more calls."""
        if call in self._calls.get(gpio, []):
            self._calls[gpio].remove(call)

    def edge(self, gpio: int, level: int) -> None:
        """A line changed."""
        if gpio in self._edges:
            self._queue.put((gpio, level, time.monotonic()))

    def _run(self) -> None:
        while True:
            try:
                self._take(*self._queue.get(timeout=self._pause()))
            except queue.Empty:
                self._give_stable(time.monotonic())

    def _pause(self) -> float | None:
        ends = [end for end, _ in list(self._waiting.values())]
        return max(0.0, min(ends) - time.monotonic()) if ends else None

    def _take(self, gpio: int, level: int, at: float) -> None:
        self._give_stable(at)
        quiet = self._debounce.get(gpio, 0.0)
        if quiet:
            self._waiting[gpio] = (at + quiet, level)
        else:
            self._give(gpio, level)

    def _give_stable(self, now: float) -> None:
        for gpio, (end, level) in list(self._waiting.items()):
            if end <= now:
                self._waiting.pop(gpio, None)
                if level != self._given.get(gpio):
                    self._give(gpio, level)

    def _give(self, gpio: int, level: int) -> None:
        self._given[gpio] = level
        if self._edges.get(gpio, 0) & (1 if level else 2):
            for call in list(self._calls.get(gpio, ())):
                call(level, time.monotonic_ns())


ALERTS = Alerts()
