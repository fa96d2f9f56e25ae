"""A panel, a reader and a place where keys are written down. For the tests of pairing."""

import os
from collections.abc import Callable

from firmware_shims.osdp_bench import Lockstep
from firmware_shims.osdp_machine import Machine
from hardware.osdp.messages import Message, Nak, Reply
from hardware.osdp.pairing import Pairing
from hardware.osdp.peripheral import Peripheral
from hardware.signals import PairingFailed, ReaderPaired, Signal

KEY = os.urandom(16)
CARD = Message(Reply.RAW, bytes([0, 0, 32, 0]) + bytes.fromhex("DEADBEEF"))


class Keeper:
    """Where keys are written down; ``fails`` on this writing, counted from 1."""

    def __init__(self, fails: int = 0) -> None:
        self.written: list[tuple[bytes, str, bool]] = []
        self._fails = fails

    def __call__(self, device: str, key: bytes, identity: str, *, proved: bool) -> None:
        assert device == "in"
        if len(self.written) + 1 == self._fails:
            raise OSError(28, "No space left on device")
        self.written.append((key, identity, proved))

    def peripheral(self) -> Peripheral:
        """What the site knows after a restart, from what was written down."""
        proved = [(key, identity) for key, identity, proved in self.written if proved]
        key, identity = proved[-1] if proved else (KEY, "")
        (earlier, who), (pending, whose) = [(None, "")] * (2 - len(self.given)) + self.given
        return Peripheral(1, "in", key, {}, identity, pending, whose, earlier, who)

    @property
    def given(self) -> list[tuple[bytes, str]]:
        """The keys that were sent and not proved, the last one at the end; no more than two are kept."""
        given: list[tuple[bytes, str]] = []
        for key, identity, proved in self.written:
            given = [] if proved else [*[one for one in given if one[0] != key][-1:], (key, identity)]
        return given


class Bench(Lockstep):
    """A panel and a reader, with a keeper."""

    def __init__(self, machine: Machine | None = None, fails: int = 0) -> None:
        super().__init__(KEY, machine=machine)
        self.keeper = Keeper(fails)

    def pair(self, seconds: float = 30.0) -> None:
        self.engine.pair(Pairing("in", self.now + seconds, self.keeper))

    def sent(self, code: int) -> int:
        """How often this command left the panel readable from outside."""
        return sum(frame.body[0] == code for frame in self.commands)


def from_factory() -> Bench:
    bench = Bench(Machine(1, None))
    bench.run(3.0)
    return bench


def working() -> Bench:
    bench = Bench()
    bench.run(0.5)
    assert bench.engine.announced
    return bench


def ends(signals: list[Signal]) -> list[Signal]:
    return [one for one in signals if isinstance(one, ReaderPaired | PairingFailed)]


def refusing(machine: Machine, code: int) -> Callable[[Message], Message]:
    """The machine, but for one command that it refuses."""
    execute = machine.execute

    def refuse(asked: Message) -> Message:
        return Message(Reply.NAK, bytes([Nak.RECORD])) if asked.code == code else execute(asked)

    return refuse
