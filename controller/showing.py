"""Lamps that come not before their time, so that every refusal takes as long as any other.

Rule 1: what is due is shown by whoever says it, at once; only what lies ahead waits, one for each reader, and
whatever is said later about the same reader takes its place.
Rule 2: a lamp may come early, when nobody is there any more to wait for it; it is never lost.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from threading import Lock

from controller.clock import RoomClock
from controller.core.effects import Show, Signal

ShowSignal = Callable[[str, Signal], None]


@dataclass(frozen=True, slots=True)
class Ahead:
    """A Show that waits: monotonic second, and which one of its reader's it is."""

    due: float
    reader: str
    number: int
    signal: Signal


class Showing:
    """Shows signals at readers through ``lamp``, in order for each reader, none before its ``Show.at``.

    ``lamp`` is called by the thread that calls ``show``, or by one thread here, which begins with the first
    Show that lies ahead; two of one reader never run at once.
    """

    def __init__(self, clock: RoomClock, lamp: ShowSignal) -> None:
        self._clock, self._lamp = clock, lamp
        self._ahead: dict[str, Ahead] = {}
        self._newest: dict[str, int] = {}
        self._one_at_a_reader: dict[str, Lock] = {}
        self._turn = threading.Condition()
        self._ended = False
        self._thread: threading.Thread | None = None

    def show(self, effect: Show) -> None:
        """Show now what is due, later what is not; instead of anything that still waits at this reader."""
        with self._turn:
            told = self._told(effect)
            if effect.at > self._clock.now() and self._somebody_waits():
                self._ahead[effect.reader] = told
                self._turn.notify()
                return
        self._show(told)

    def stop(self) -> None:
        """Show at once what still waits, and end the thread; what comes later is shown at once."""
        with self._turn:
            self._ended = True
            self._turn.notify()
        if self._thread is not None:
            self._thread.join()

    def _told(self, effect: Show) -> Ahead:
        reader = effect.reader
        self._ahead.pop(reader, None)
        self._newest[reader] = number = self._newest.get(reader, 0) + 1
        self._one_at_a_reader.setdefault(reader, Lock())
        return Ahead(self._clock.monotonic(effect.at), reader, number, effect.signal)

    def _show(self, told: Ahead) -> None:
        with self._one_at_a_reader[told.reader]:
            if self._newest[told.reader] == told.number:
                self._lamp(told.reader, told.signal)

    def _somebody_waits(self) -> bool:
        if self._thread is None and not self._ended:
            thread = threading.Thread(target=self._run, name="lamps-ahead", daemon=True)
            try:
                thread.start()
            except RuntimeError:  # no more threads: then early, as without one
                return False
            self._thread = thread
        return not self._ended

    def _run(self) -> None:
        try:
            while told := self._next():
                self._show(told)
        finally:
            self._show_all()

    def _next(self) -> Ahead | None:
        with self._turn:
            while not self._ended:
                first = min(self._ahead.values(), key=lambda told: told.due, default=None)
                left = None if first is None else first.due - time.monotonic()
                if first is not None and left is not None and left <= 0:
                    return self._ahead.pop(first.reader)
                self._turn.wait(left)
        return None

    def _show_all(self) -> None:
        with self._turn:
            self._ended = True
            left = sorted(self._ahead.values(), key=lambda told: told.due, reverse=True)
            self._ahead.clear()
        with ExitStack() as every:  # calls backwards, and each, whatever another one raises
            for told in left:
                every.callback(self._show, told)
