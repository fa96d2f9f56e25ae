"""An OSDP board with outputs that keeps their times by itself. Rule 1: only its own clock ends a time."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from firmware_shims.osdp_machine import Machine
from firmware_shims.osdp_peripheral import OsdpPeripheral
from hardware.osdp.messages import Command, Message, Nak, Reply

PERMANENT = {1: False, 2: True, 3: False, 4: True}
KEEPS_TIME = {3, 4}
TEMPORARY = {5: True, 6: False}
RECORD = 4
BAD = Message(Reply.NAK, bytes([Nak.RECORD]))


class OutputMachine(Machine):
    """A board behind its framing; ``outputs_in`` relays, all off. ``clock`` in seconds, its own.

    Control codes of osdp_OUT (OSDP v2.2 section 6.8): 1 and 2 for good, ending a time; 3 and 4 for good once
    a running time is over; 5 and 6 for a time in tenths of a second, and then as before.
    """

    def __init__(
        self, address: int, key: bytes, outputs_in: int, clock: Callable[[], float] = monotonic
    ) -> None:
        super().__init__(address, key)
        self.clock = clock
        self.orders: list[bytes] = []
        self._resting = [False] * outputs_in
        self._timed: dict[int, tuple[bool, float]] = {}

    def states(self) -> bytes:
        """What every output is now."""
        now = self.clock()
        self._timed = {number: one for number, one in self._timed.items() if now < one[1]}
        return bytes(self._timed[n][0] if n in self._timed else on for n, on in enumerate(self._resting))

    def output_status(self) -> Message:
        """Every output in its present state."""
        return Message(Reply.OSTATR, self.states())

    def execute(self, asked: Message) -> Message:
        """Does what a command says; a row of orders is carried out whole or not at all."""
        if asked.code != Command.OUT:
            return super().execute(asked)
        rows = [asked.data[at : at + RECORD] for at in range(0, len(asked.data), RECORD)]
        if not rows or not all(self._fits(row) for row in rows):
            return BAD
        for row in rows:
            self._obeyed(row)
        return self.output_status()

    def _fits(self, row: bytes) -> bool:
        return len(row) == RECORD and row[0] < len(self._resting) and row[1] <= max(TEMPORARY)

    def _obeyed(self, row: bytes) -> None:
        self.orders.append(row)
        number, code, tenths = row[0], row[1], int.from_bytes(row[2:], "little")
        if code in PERMANENT:
            self._resting[number] = PERMANENT[code]
            if code not in KEEPS_TIME:
                self._timed.pop(number, None)
        elif code in TEMPORARY:
            self._timed[number] = TEMPORARY[code], self.clock() + tenths / 10


class OutputBoard(OsdpPeripheral):
    """Such a board on a serial device, with its own thread."""

    def __init__(self, address: int, key: bytes, *, outputs: int) -> None:
        super().__init__(address, key)
        self._board = self._machine = OutputMachine(address, key, outputs)

    @property
    def states(self) -> bytes:
        """What every output is now, one byte each."""
        with self._changed:
            return self._board.states()
