"""What people read on the display of an OSDP device, by its own clock. Rule 1: it keeps what it was told.

Rule 2: text for a time lies over what is there for good, and goes by itself when its time is over.
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from firmware_shims.osdp_machine import IDENTITY, Machine
from firmware_shims.osdp_peripheral import OsdpPeripheral
from hardware.osdp.display import Display, Text, text_of
from hardware.osdp.messages import Command, MalformedError, Message, Nak, Reply

COMPLIANCE = {1: 1, 2: 2, 4: 3}
"""What the capability says of so many rows (OSDP v2.2 annex B, function 6)."""
OTHER = 4


class Screen:
    """Rows of characters; ``clock`` in seconds, its own. ``heard``: the data of every text, oldest first."""

    def __init__(self, size: Display, clock: Callable[[], float] = monotonic) -> None:
        self.size, self.clock = size, clock
        self.heard: list[bytes] = []
        self._good = [[" "] * size.columns for _ in range(size.rows)]
        self._over: dict[tuple[int, int], tuple[str, float]] = {}

    @property
    def capability(self) -> bytes:
        """Its three bytes in osdp_PDCAP."""
        return bytes([6, COMPLIANCE.get(self.size.rows, OTHER), 1])

    def rows(self) -> tuple[str, ...]:
        """What one reads now, row by row, without the blanks behind."""
        now = self.clock()
        shown = [list(row) for row in self._good]
        for (row, column), (one, until) in self._over.items():
            if now < until:
                shown[row][column] = one
        return tuple("".join(row).rstrip() for row in shown)

    def take(self, data: bytes) -> None:
        """Obeys an osdp_TEXT; MalformedError when it is none, or would not stand on this display."""
        told = text_of(data)
        if told.row > self.size.rows or told.column - 1 + len(told.text) > self.size.columns:
            raise MalformedError("beyond the display")
        self.heard.append(data)
        self._put(told)

    def _put(self, told: Text) -> None:
        for column, one in enumerate(told.text, told.column - 1):
            if told.for_s:
                self._over[told.row - 1, column] = one, self.clock() + told.for_s
            else:
                self._good[told.row - 1][column] = one


class DisplayMachine(Machine):
    """A device with a display behind its framing; what stands on it outlives the talk."""

    def __init__(self, address: int, key: bytes | None, screen: Screen, identity: str = IDENTITY) -> None:
        super().__init__(address, key, identity=identity)
        self.screen = screen

    def execute(self, asked: Message) -> Message:
        """Does what a command says; a text that does not fit is refused and nothing of it shown."""
        said = super().execute(asked)
        if asked.code == Command.CAP:
            return Message(Reply.PDCAP, said.data + self.screen.capability)
        if asked.code != Command.TEXT:
            return said
        try:
            self.screen.take(asked.data)
        except MalformedError:
            return Message(Reply.NAK, bytes([Nak.RECORD]))
        return Message(Reply.ACK)


class DisplayPanel(OsdpPeripheral):
    """Such a device on a serial line, with its own thread."""

    def __init__(
        self, address: int, key: bytes | None, *, size: Display | None = None, identity: str = IDENTITY
    ) -> None:
        super().__init__(address, key, identity=identity)
        self._screen = Screen(size or Display())
        self._machine = DisplayMachine(address, key, self._screen, identity)

    @property
    def shows(self) -> tuple[str, ...]:
        """What its display shows, row by row."""
        with self._changed:
            return self._screen.rows()

    @property
    def texts(self) -> tuple[bytes, ...]:
        """The data of the texts its display was told, oldest first."""
        with self._changed:
            return tuple(self._screen.heard)

    def wait_shows(self, words: str, timeout: float) -> bool:
        """Waits until some row has these words in it; False if none has in ``timeout`` seconds."""
        return self._wait(lambda: any(words in row for row in self._screen.rows()), timeout)

    def wait_blank(self, timeout: float) -> bool:
        """Waits until the display shows nothing; False if it still does after ``timeout`` seconds."""
        return self._wait(lambda: not any(self._screen.rows()), timeout)

    def _wait(self, fits: Callable[[], bool], timeout: float) -> bool:
        with self._changed:
            return self._changed.wait_for(fits, timeout)
