"""The outputs of an OSDP board: set with a time that the board itself keeps, and read back. Rule 1: sans-I/O.

Rule 2: commanded and observed are two things: what is reported is what the board says, when it changes.
Rule 3: an output that the board refuses or does not have is reported as cut, never passed over.
Rule 4: an order is carried out at once or not at all: one that found the board away is dropped, and said so.
OSDP v2.2 section 6.8 (osdp_OUT), 6.6 (osdp_OSTAT), 7.8 (osdp_OSTATR): outputs are numbered from 0; a time is
in units of 100 ms; a state is one byte, 0 off and 1 on.
"""

from __future__ import annotations

from collections.abc import Callable
from math import ceil
from threading import Lock
from time import monotonic

from hardware.osdp.messages import Command, Message, Reply
from hardware.signals import LateRelease, Level, LineLevel, Signal

OFF, ON, ON_FOR_A_TIME, OFF_FOR_A_TIME = 1, 2, 5, 6
"""Control codes: for good, ending any time that runs; or for a time, and then as before it."""
LONGEST = 6553.5
HIGHEST_OUTPUT = 63
READ_EVERY = 1.0
"""Outputs are read back as often as this, and when a time should have run out."""
FRESH = 2.0
"""An order that could not be sent for so long is void, in seconds."""
MARGIN = 0.15
"""The board's clock counts tenths of a second."""
OUTPUT_STATUS = Message(Command.OSTAT)
LEVELS = {0: Level.NORMAL, 1: Level.ACTIVE}


def set_output(number: int, on: bool, for_s: float | None) -> Message:
    """The osdp_OUT for one output, 0 to 63; ``for_s``: 0.1 to 6553.5 s, None for good. Raises ValueError."""
    if not 0 <= number <= HIGHEST_OUTPUT:
        raise ValueError(f"output {number}: outputs go from 0 to {HIGHEST_OUTPUT}")
    if for_s is None:
        return Message(Command.OUT, bytes([number, ON if on else OFF, 0, 0]))
    if not 0 < for_s <= LONGEST:
        raise ValueError(f"output {number}: a time goes up to {LONGEST} s, not {for_s}")
    code = ON_FOR_A_TIME if on else OFF_FOR_A_TIME
    return Message(Command.OUT, bytes([number, code]) + ceil(for_s * 10).to_bytes(2, "little"))


class OutputErrand:
    """Sets the outputs of one board and reports each as ``device.outN`` when what the board says changes.

    ``outputs`` are the numbers in use. ``set`` may be called from any thread, everything else on one.
    """

    codes = (Reply.OSTATR,)
    done = False

    def __init__(self, device: str, outputs: tuple[int, ...], clock: Callable[[], float] = monotonic) -> None:
        self._device = device
        self._clock = clock
        self._levels: dict[int, Level | None] = dict.fromkeys(outputs)
        self._lock = Lock()
        self._wanted: dict[int, tuple[float, Message]] = {}
        self._unsent: tuple[float, Message] | None = None
        self._late: list[Signal] = []
        self._given = self._sent = OUTPUT_STATUS
        self._read_at = 0.0
        self._ends: dict[int, float] = {}
        """When the time of an output should be over, by the board's clock."""

    @property
    def in_use(self) -> bool:
        """True when there is an output to set or to read."""
        return bool(self._levels)

    def set(self, number: int, on: bool, for_s: float | None = None) -> None:
        """Sets an output at the next occasion; an older order for it that was not sent yet is replaced.

        KeyError if it is not in use, ValueError as ``set_output``.
        """
        if number not in self._levels:
            raise KeyError(f"{self._device} has no output {number} in use")
        order = set_output(number, on, for_s)
        with self._lock:
            self._wanted.pop(number, None)
            self._wanted[number] = self._clock(), order

    def next(self) -> Message | None:
        """What was asked for first, else the state of all when it is time."""
        now = self._clock()
        while one := self._taken():
            if now <= one[0] + FRESH:
                self._unsent, self._given = one, one[1]
                return self._given
            self._late.append(LateRelease(self._line(one[1].data[0]), round((now - one[0]) * 1000)))
        if now < min([self._read_at, *self._ends.values()]) and not self._late:
            return None
        self._read_at = now + READ_EVERY
        self._ends = {number: end for number, end in self._ends.items() if now < end}
        self._given = OUTPUT_STATUS
        return self._given

    def sent(self) -> None:
        """The command goes onto the wire."""
        self._sent, self._unsent = self._given, None

    def heard(self, answer: Message) -> list[Signal]:
        """An osdp_OSTATR by itself or as the answer, an osdp_ACK, or an osdp_NAK."""
        asked, self._sent = self._sent, OUTPUT_STATUS
        late, self._late = self._late, []
        return late + self._meant(asked, answer)

    def _meant(self, asked: Message, answer: Message) -> list[Signal]:
        if answer.code == Reply.OSTATR:
            self._expect_end(asked)
            return [one for number in self._levels for one in self._state(number, answer.data)]
        if answer.code != Reply.NAK:
            self._read_at = 0.0
            return []
        refused = [asked.data[0]] if asked.code == Command.OUT else list(self._levels)
        return [one for number in refused for one in self._change(number, Level.CUT)]

    def lost(self) -> list[Signal]:
        """Nothing is known any more; orders that were not sent grow old."""
        with self._lock:
            if self._unsent is not None:
                self._wanted.setdefault(self._unsent[1].data[0], self._unsent)
        self._unsent = None
        self._levels = dict.fromkeys(self._levels)
        self._read_at = 0.0
        return []

    def _taken(self) -> tuple[float, Message] | None:
        """The oldest order and when it was given."""
        with self._lock:
            return self._wanted.pop(next(iter(self._wanted))) if self._wanted else None

    def _expect_end(self, asked: Message) -> None:
        if asked.code == Command.OUT and (tenths := int.from_bytes(asked.data[2:], "little")):
            self._ends[asked.data[0]] = self._clock() + tenths / 10 + MARGIN

    def _state(self, number: int, states: bytes) -> list[Signal]:
        """An output beyond the end of the report is not there; a reserved state is not believed."""
        state = states[number] if number < len(states) else -1
        return self._change(number, LEVELS.get(state, Level.CUT))

    def _change(self, number: int, level: Level) -> list[Signal]:
        changed = self._levels[number] != level
        self._levels[number] = level
        return [LineLevel(self._line(number), level)] if changed else []

    def _line(self, number: int) -> str:
        return f"{self._device}.out{number}"
