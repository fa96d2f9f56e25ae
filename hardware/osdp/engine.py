"""One peripheral as the panel deals with it: everyday operation, or a pairing in its place. Rule 1: sans-I/O.

The caller says what time it is (seconds of any steady clock), sends what ``ask`` gives, and brings back
either the frames heard from this address (``hear``) or the fact that none came in time (``miss``).
Rule 2: while a pairing is under way nothing else is said to the device, and nothing it says counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hardware.osdp.health import DeviceHealth
from hardware.osdp.keyring import KeyRing
from hardware.osdp.operation import Operation

if TYPE_CHECKING:
    from hardware.osdp.codec import Frame
    from hardware.osdp.errand import Errand
    from hardware.osdp.pairing import Pairing
    from hardware.osdp.peripheral import Peripheral
    from hardware.signals import Lamp, Signal


class Engine:
    """The exchange with one peripheral. ``due`` is when to ask next; ``waiting`` while an answer may come."""

    def __init__(self, peripheral: Peripheral, now: float) -> None:
        self.address = peripheral.address
        self._device = peripheral.device
        self._keys = KeyRing(peripheral)
        self._operation = Operation(peripheral, self._keys, now)
        self._asked_at = now
        self._wire = b""
        self._proposed: Pairing | None = None
        self._pairing: Pairing | None = None
        self._owed: list[Signal] = []

    def begin(self, now: float) -> None:
        """Starts from nothing known; the device has as long to come up as it would have to be lost."""
        self._operation.begin(now)

    @property
    def announced(self) -> bool:
        """True from the report that the device is there to the end of its session."""
        return self._operation.presence.announced

    @property
    def lost(self) -> bool:
        """True from the report of a loss to the report of the return."""
        return self._operation.presence.lost

    @property
    def due(self) -> float:
        """When to ask next."""
        return self._talk.due

    @property
    def waiting(self) -> bool:
        """True while an answer may come."""
        return self._talk.waiting

    @property
    def pressing(self) -> bool:
        """True while an errand with the device has something to ask."""
        return self._pairing is None and self._operation.pressing

    @property
    def patience(self) -> float:
        """How long an answer to the question just asked may take, in seconds."""
        return self._talk.patience

    @property
    def _talk(self) -> Operation | Pairing:
        return self._pairing or self._operation

    def show(self, lamp: Lamp) -> None:
        """Shows the lamp at the next occasion, and again after the device was away; from any thread."""
        self._operation.questions.show(lamp)

    def entrust(self, errand: Errand) -> None:
        """Works on the errand in free turns, after those before it; from any thread."""
        self._operation.questions.errands.take(errand)

    def pair(self, pairing: Pairing) -> None:
        """Begins this pairing with the next turn; from any thread. RuntimeError while another one goes on."""
        if self._proposed is not None or self._pairing is not None:
            raise RuntimeError(f"{self._device} is being paired already")
        self._proposed = pairing

    def ask(self, now: float) -> bytes:
        """The frame to send now: the open question again, or the next one."""
        self._change(now)
        wire, self._asked_at = self._talk.ask(now), now
        tally = self._operation.tally
        tally.polls, tally.retries = tally.polls + (wire != self._wire), tally.retries + (wire == self._wire)
        self._wire = wire
        return wire

    def hear(self, frame: Frame, now: float) -> list[Signal]:
        """Takes a reply frame of this address, expected or not."""
        waited, took = self.waiting, now - self._asked_at
        if self._pairing is not None:
            signals = self._pairing.hear(frame, now)
        else:
            signals = self._operation.hear(frame, now, took)
        if waited and not self.waiting:
            self._operation.tally.took(took)
        return self._with_owed(signals, now)

    def miss(self, now: float) -> list[Signal]:
        """No answer came in time."""
        signals = self._talk.miss(now)
        if self._pairing is not None and self._operation.presence.failed(now):
            signals = signals + self._operation.presence.report("does not answer", now)
        return self._with_owed(signals, now)

    def lose(self, why: str, now: float) -> list[Signal]:
        """The device cannot be reached; a pairing goes on when it can be again, if there is time left."""
        signals = self._pairing.expire(now) if self._pairing is not None else []
        return self._with_owed(signals + self._operation.lose(why, now), now)

    def give_up(self) -> list[Signal]:
        """The bus stops: a pairing that is under way, or about to be, has failed."""
        open_one, self._pairing, self._proposed = self._pairing or self._proposed, None, None
        self._keys.choose(pairing=False)
        return [] if open_one is None else open_one.fail("was not paired: its bus was stopped")

    def health(self) -> DeviceHealth:
        """What is known and counted of this device; from any thread."""
        tally = self._operation.tally
        p50, p99 = tally.answer_ms()
        return DeviceHealth(
            device=self._device,
            address=self.address,
            announced=self.announced,
            identity=self._operation.identity,
            pending=self.announced and not self._keys.now.proved,
            pairing=self._proposed is not None or self._pairing is not None,
            polls=tally.polls,
            retries=tally.retries,
            naks=tally.naks,
            sessions=tally.sessions,
            malformed=self._operation.watch.malformed,
            answer_p50_ms=p50,
            answer_p99_ms=p99,
        )

    def _change(self, now: float) -> None:
        """A pairing begins, or its time is over."""
        if self._proposed is not None:
            was_there = self.announced
            self._owed += self._operation.interrupt()
            self._pairing, self._proposed = self._proposed, None
            self._pairing.begin(self.address, self._keys, now, was_there=was_there)
        if self._pairing is not None:
            self._owed += self._pairing.expire(now)
            self._back_to_work(now)

    def _with_owed(self, signals: list[Signal], now: float) -> list[Signal]:
        owed, self._owed = self._owed, []
        self._back_to_work(now)
        return owed + signals

    def _back_to_work(self, now: float) -> None:
        if self._pairing is not None and self._pairing.over:
            session, self._pairing = self._pairing.session, None
            self._keys.choose(pairing=False)
            self._operation.resume(now, session)
