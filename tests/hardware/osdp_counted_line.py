"""The panel's line with machines on it and a clock that only they move: who is asked, counted in turns."""

from __future__ import annotations

import os
from collections.abc import Collection
from itertools import pairwise

import pytest

from firmware_shims.osdp_outputs import OutputMachine
from hardware.osdp import line
from hardware.osdp.codec import MARK, Parser, encode
from hardware.osdp.ear import PAUSE
from hardware.osdp.engine import Engine
from hardware.osdp.outputs import OutputErrand
from hardware.osdp.peripheral import Peripheral
from hardware.signals import Signal

MOST = 16
BAUD = 115200
ANSWERS_S = 0.002


class CountedLine:
    """As many devices as a line is made for, each a board with two outputs; ``silent`` ones say nothing.

    ``asked`` are the addresses in the order in which they were asked. It is its own serial port and clock.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        self.silent: Collection[int] = ()
        self.asked: list[int] = []
        self.said: list[Signal] = []
        self._coming: list[tuple[float, bytes]] = []
        self._parser = Parser()
        keys = [os.urandom(16) for _ in range(MOST)]
        self._machines = [OutputMachine(n, key, 2, self.clock) for n, key in enumerate(keys)]
        self.engines = {n: Engine(Peripheral(n, f"r{n}", key), self.now) for n, key in enumerate(keys)}
        self.outputs = [OutputErrand(f"r{n}", (0, 1), self.clock) for n in range(MOST)]
        for engine, errand in zip(self.engines.values(), self.outputs, strict=True):
            engine.entrust(errand)
        monkeypatch.setattr(line, "monotonic", self.clock)
        self._line = line.Line(BAUD, self.engines, self.said.extend, 128)

    def clock(self) -> float:
        return self.now

    def run(self, turns: int) -> list[int]:
        """So many turns of the line; who was asked in them."""
        before = len(self.asked)
        for _ in range(turns):
            self._line.turn(self, self)  # type: ignore[arg-type]
        return self.asked[before:]

    def wait(self, seconds: float) -> bool:
        """The panel rests until the next turn is due."""
        self.now += seconds
        return False

    @property
    def in_waiting(self) -> int:
        return sum(len(data) for at, data in self._coming if at <= self.now)

    def write(self, data: bytes) -> int:
        """The panel's frame takes its time on the wire and reaches the machine it is for."""
        self.now += 10 * len(data) / BAUD
        for frame in self._parser.feed(data):
            self.asked.append(frame.address)
            said = self._machines[frame.address].hear(frame)
            if said and frame.address not in self.silent:
                self._coming.append((self.now + ANSWERS_S, MARK + encode(said)))
        return len(data)

    def read(self, size: int) -> bytes:
        """What has come by the end of a pause."""
        self.now = min([self.now + PAUSE, *(max(self.now, at) for at, _ in self._coming)])
        come = b"".join(data for at, data in self._coming if at <= self.now)
        left = [(at, data) for at, data in self._coming if at > self.now]
        self._coming = [(self.now, come[size:])] * bool(come[size:]) + left
        return come[:size]


def between(asked: list[int], good: int) -> list[list[int]]:
    """Who was asked between each two questions to one device."""
    turns = [turn for turn, address in enumerate(asked) if address == good]
    return [asked[first + 1 : second] for first, second in pairwise(turns)]
