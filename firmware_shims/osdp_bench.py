"""Panel and reader face to face: without a wire, on a clock of their own; and an ear for a real wire.

Rule 1: nothing here knows the product's secrets beyond the key it was given; it only carries and collects.
"""

from __future__ import annotations

import os
from threading import Condition
from typing import TYPE_CHECKING, Protocol

from firmware_shims.osdp_machine import Machine
from hardware.osdp.codec import Frame, decode
from hardware.osdp.engine import Engine
from hardware.osdp.peripheral import Peripheral
from hardware.signals import CardRead

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hardware.signals import Signal


class Listener:
    """A sink that keeps every Signal, so that one can wait for what must come and see what came instead."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._heard: list[Signal] = []

    def __call__(self, signal: Signal) -> None:
        """Takes a Signal, as the loop's inbox does."""
        with self._changed:
            self._heard.append(signal)
            self._changed.notify_all()

    @property
    def heard(self) -> tuple[Signal, ...]:
        """Everything so far, oldest first."""
        with self._changed:
            return tuple(self._heard)

    def wait(self, wanted: Signal | type, since: int = 0, timeout: float = 30.0) -> Signal | None:
        """The first Signal equal to ``wanted``, or of that type, after the first ``since``; None in vain."""
        if isinstance(wanted, type):
            return self.wait_for(lambda signal: isinstance(signal, wanted), since, timeout)
        return self.wait_for(lambda signal: signal == wanted, since, timeout)

    def wait_for(
        self, fits: Callable[[Signal], bool], since: int = 0, timeout: float = 30.0
    ) -> Signal | None:
        """The first Signal after the first ``since`` that fits; None if none does in ``timeout`` seconds."""
        with self._changed:
            self._changed.wait_for(lambda: any(map(fits, self._heard[since:])), timeout)
            return next(filter(fits, self._heard[since:]), None)


class Presents(Protocol):
    """A reader before which one can hold a card, ours or a foreign one."""

    def present(self, token: str) -> None:
        """Holds a card before the reader: ``token`` in hex."""


def badge(reader: Presents, device: str, heard: Listener, attempts: int = 8) -> str:
    """Holds cards before a reader, as one does who sees no light, until one is read; gives its token.

    Each card is new, so that none may be read twice. Raises TimeoutError after so many attempts.
    """
    for _ in range(attempts):
        token = os.urandom(6).hex().upper()
        reader.present(token)
        if heard.wait(CardRead(device, token), timeout=5.0):
            return token
    raise TimeoutError(f"{device} read none of {attempts} cards")


class Lockstep:
    """An Engine and a Machine in one thread; ``now`` is their clock, in seconds, and moves only here.

    ``peripheral`` is what the panel knows and ``machine`` what there is, if they are not simply a match.

    ``wire`` may change what the panel hears: it gets the command and the honest reply as frames and gives
    the frames that arrive; none means silence for the whole reply time.
    """

    def __init__(
        self,
        key: bytes,
        inputs: Mapping[int, str] | None = None,
        *,
        peripheral: Peripheral | None = None,
        machine: Machine | None = None,
    ) -> None:
        self.now = 100.0
        self.machine = machine or Machine(1, key, len(inputs or {}))
        self.engine = Engine(peripheral or Peripheral(1, "in", key, inputs or {}), self.now)
        self.signals: list[Signal] = []
        self.commands: list[Frame] = []
        self.wire: Callable[[Frame, Frame], list[Frame]] = lambda _, reply: [reply]

    def turn(self) -> list[Signal]:
        """One exchange at the time it is due; gives the signals it brought."""
        self.now = max(self.now, self.engine.due)
        command = decode(self.engine.ask(self.now))
        if command is None:
            raise ValueError("the panel sent something that is no frame")
        self.commands.append(command)
        reply = self.machine.hear(command)
        new: list[Signal] = []
        for frame in self.wire(command, reply) if reply else []:
            self.now += 0.002
            new += self.engine.hear(frame, self.now)
        if self.engine.waiting:
            self.now += self.engine.patience
            new += self.engine.miss(self.now)
        self.signals += new
        return new

    def hold(self) -> list[Frame]:
        """From now on no reply arrives; they all gather in the list that this gives."""
        held: list[Frame] = []

        def keep(_: Frame, reply: Frame) -> list[Frame]:
            held.append(reply)
            return []

        self.wire = keep
        return held

    def run(self, seconds: float) -> list[Signal]:
        """Exchanges for so long; gives the signals they brought."""
        end, new = self.now + seconds, []
        while max(self.now, self.engine.due) < end:
            new += self.turn()
        return new
