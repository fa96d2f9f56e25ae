"""What an authenticated reply means for the room. Rule 1: only replies opened by a session come here.

Rule 2: levels, reported when they change; what was asked and refused is unknown, and unknown is tamper.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hardware.osdp.messages import (
    INPUT_STATUS,
    LOCAL_STATUS,
    MalformedError,
    Message,
    Reply,
    card,
    cover_open,
    keys,
    power_lost,
)
from hardware.signals import CardRead, KeysTyped, Level, LineLevel, PowerLevel, Signal, TamperLevel

if TYPE_CHECKING:
    from collections.abc import Mapping

LEVELS = {0: Level.NORMAL, 1: Level.ACTIVE, 2: Level.SHORT, 3: Level.CUT}
"""Input states of osdp_ISTATR (OSDP v2.2.2 table 52); a reserved value is read as a cut line."""


class Watch:
    """Last known cover, supply and lines of one device. ``malformed`` counts replies that made no sense.

    ``scheme``: how far the device authenticates a card before it tells its number.
    """

    def __init__(self, device: str, inputs: Mapping[int, str], scheme: str = "uid") -> None:
        self._device = device
        self._scheme = scheme
        self._inputs = inputs
        self._cover_open = True
        self._power_lost = False
        self._levels = dict.fromkeys(inputs.values(), Level.CUT)
        self.malformed = 0

    def note(self, answer: Message) -> list[Signal]:
        """The signals one reply gives rise to."""
        try:
            return self._read(answer)
        except MalformedError:
            self.malformed += 1
            return []

    def refused(self, question: Message) -> list[Signal]:
        """The signals that follow when the peripheral refuses to answer."""
        if question == LOCAL_STATUS:
            return self._cover(is_open=True)
        return self._lines(b"") if question == INPUT_STATUS else []

    def all(self) -> list[Signal]:
        """Cover, supply and every line, as last known."""
        lines = (LineLevel(line, level) for line, level in self._levels.items())
        levels = TamperLevel(self._device, self._cover_open), PowerLevel(self._device, self._power_lost)
        return [*levels, *lines]

    def _read(self, answer: Message) -> list[Signal]:
        match answer.code:
            case Reply.RAW:
                return [CardRead(self._device, card(answer.data).hex().upper(), self._scheme)]
            case Reply.KEYPAD:
                return [KeysTyped(self._device, keys(answer.data))]
            case Reply.LSTATR:
                lost = power_lost(answer.data)
                return self._cover(is_open=cover_open(answer.data)) + self._power(lost=lost)
            case Reply.ISTATR:
                return self._lines(answer.data)
            case _:
                return []

    def _cover(self, *, is_open: bool) -> list[Signal]:
        changed = is_open != self._cover_open
        self._cover_open = is_open
        return [TamperLevel(self._device, is_open)] if changed else []

    def _power(self, *, lost: bool) -> list[Signal]:
        changed = lost != self._power_lost
        self._power_lost = lost
        return [PowerLevel(self._device, lost)] if changed else []

    def _lines(self, states: bytes) -> list[Signal]:
        """An input beyond the end of the report is not there: the line is cut."""
        before = dict(self._levels)
        for number, line in self._inputs.items():
            state = states[number] if number < len(states) else 3
            self._levels[line] = LEVELS.get(state, Level.CUT)
        return [LineLevel(line, level) for line, level in self._levels.items() if before[line] != level]
