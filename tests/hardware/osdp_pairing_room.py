"""A box with the key files of the product, a reader and a listener. For the tests of failed pairings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from controller.reader_keys import ReaderKeys
from firmware_shims.osdp_bench import Lockstep
from firmware_shims.osdp_machine import IDENTITY, Machine
from hardware.osdp.messages import Command
from hardware.osdp.pairing import Pairing
from hardware.osdp.peripheral import Peripheral
from hardware.signals import DeviceBack, PairingFailed
from tests.hardware.osdp_pairing_bench import KEY, ends

if TYPE_CHECKING:
    from pathlib import Path

    from hardware.osdp.codec import Frame
    from hardware.signals import Signal


def accepted(panel: Peripheral, key: bytes) -> bool:
    """Whether somebody who has this key, and says what the reader says, is believed in operation."""
    return DeviceBack("in") in Lockstep(key, peripheral=panel, machine=Machine(1, key)).run(1.0)


class Room:
    """A box with its key files, a reader, and a listener; everything that may happen to a pairing."""

    def __init__(self, folder: Path, holds: bytes | None) -> None:
        self._files = ReaderKeys(folder)
        if holds is not None:
            self._files.keep("in", holds, IDENTITY, proved=True)
        self.machine = Machine(1, holds)
        self.heard: set[bytes] = set()
        self.bench = self.restarted()

    def panel(self) -> Peripheral:
        """What the box knows after a restart."""
        key, pending = self._files.of("in"), self._files.pending("in")
        earlier = self._files.earlier("in")
        return Peripheral(
            1,
            "in",
            key.key,
            identity=key.identity,
            pending=pending.key if pending else None,
            pending_identity=pending.identity if pending else "",
            earlier=earlier.key if earlier else None,
            earlier_identity=earlier.identity if earlier else "",
        )

    def restarted(self) -> Lockstep:
        """The box after a restart; the reader stays as it is."""
        return Lockstep(KEY, peripheral=self.panel(), machine=self.machine)

    def pair(self, seconds: float) -> None:
        """Begins a pairing; the listener has whatever is sent under a key that it has."""
        readable = self.machine.key is None or self.machine.key in self.heard

        def keep(device: str, key: bytes, identity: str, /, *, proved: bool) -> None:
            self._files.keep(device, key, identity, proved=proved)
            if readable:
                self.heard.add(key)

        self.bench.engine.pair(Pairing("in", self.bench.now + seconds, keep))

    def cut(self, turns: int, *, heard: bool, dies: bool) -> list[Signal]:
        """A pairing whose wire is cut in one or both directions, with the box going on or dying."""
        self.pair(5.0)
        told = [signal for _ in range(turns) for signal in self.bench.turn()]
        hear = self.machine.hear
        self.bench.wire = lambda _, __: []
        if not heard:
            self.machine.hear = self._deaf  # type: ignore[assignment,method-assign]
        told += self.bench.turn() if dies else self.bench.run(8.0)
        self.machine.hear = hear  # type: ignore[method-assign]
        self.machine.forget()
        self.bench.wire = lambda _, reply: [reply]
        if dies:
            self.bench = self.restarted()
        self.bench.run(0.4)
        return ends(told)

    def cut_at_the_key(self, *, heard: bool, dies: bool) -> None:
        """A pairing in which the wire is cut at the command that brings the key, before or after it."""
        hear, arrived = self.machine.hear, False

        def until_the_key(frame: Frame) -> Frame | None:
            nonlocal arrived
            if not arrived and frame.body[0] == Command.KEYSET:
                arrived = True
                if heard:
                    hear(frame)
            return None if arrived else hear(frame)

        self.machine.hear = until_the_key  # type: ignore[method-assign]
        self.pair(5.0)
        told = ends(self.bench.run(8.0))
        self.machine.hear = hear  # type: ignore[method-assign]
        if not arrived or not isinstance(told[0], PairingFailed):
            raise AssertionError(f"the pairing was not cut short at the key: {told}")
        self.machine.forget()
        if dies:
            self.bench = self.restarted()
        self.bench.run(0.4)

    @staticmethod
    def _deaf(_: Frame) -> None:
        return None

    def believed(self, key: bytes) -> bool:
        """Whether the box that goes on now believes somebody with this key in the place of the reader."""
        held, since = self.machine.key, len(self.bench.signals)
        self.machine.key = key
        self.machine.forget()
        self.bench.run(40.0)
        self.machine.key = held
        self.machine.forget()
        return DeviceBack("in") in self.bench.signals[since:]
