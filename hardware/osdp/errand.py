"""A longer talk with one device in its free turns: outputs, a card behind the reader. Rule 1: sans-I/O.

Rule 2: an errand speaks only inside a session with a device that is announced; polls and status go on.
Rule 3: keys and handshakes are not for errands: such a command is a defect of ours and raises.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Protocol

from hardware.osdp.messages import Command, Message

if TYPE_CHECKING:
    from collections.abc import Collection

    from hardware.signals import Signal

FORBIDDEN = frozenset({Command.KEYSET, Command.CHLNG, Command.SCRYPT})


class Errand(Protocol):
    """What one device is to be asked, and what its answers mean. All calls come on the bus thread."""

    @property
    def codes(self) -> Collection[int]:
        """Codes of replies to polls that belong to this errand."""

    @property
    def done(self) -> bool:
        """True when it has nothing more to ask or to hear; the next errand takes its place."""

    def next(self) -> Message | None:
        """The command to send with the next free turn; None: nothing now, poll meanwhile."""

    def sent(self) -> None:
        """The last command given goes onto the wire now: from here on its answer is awaited, and timed."""

    def heard(self, answer: Message) -> list[Signal]:
        """Takes the answer to the last command it gave (a NAK too), or a reply of one of its codes."""

    def lost(self) -> list[Signal]:
        """The session with the device is over; what was asked last may or may not have been done."""


class Errands:
    """The errands of one device, one after the other; ``pressing`` while the first has a command ready."""

    def __init__(self) -> None:
        self._queue: deque[Errand] = deque()
        self._ready: Message | None = None
        self._asked: Message | None = None

    def take(self, errand: Errand) -> None:
        """Puts an errand behind those that are there; from any thread."""
        self._queue.append(errand)

    @property
    def pressing(self) -> bool:
        """True while the first errand has something to ask."""
        if self._ready is None and self._first is not None:
            self._ready = _harmless(self._first.next())
        return self._ready is not None

    @property
    def speaking(self) -> bool:
        """True while a command of the first errand is open."""
        return self._asked is not None

    def next(self) -> Message | None:
        """The command to send now, if any."""
        if not self.pressing or self._first is None:
            return None
        self._asked, self._ready = self._ready, None
        self._first.sent()
        return self._asked

    def heard(self, question: Message, answer: Message) -> list[Signal]:
        """Gives an answer to the errand it belongs to, if it belongs to one."""
        own = question is self._asked
        self._asked = None
        first = self._first
        return first.heard(answer) if first and (own or answer.code in first.codes) else []

    def owns(self, answer: Message) -> bool:
        """True for a reply of a code that the first errand claims."""
        return self._first is not None and answer.code in self._first.codes

    def lost(self) -> list[Signal]:
        """Tells the first errand that the session is over."""
        self._asked = self._ready = None
        return self._first.lost() if self._first else []

    @property
    def _first(self) -> Errand | None:
        while self._queue and self._queue[0].done:
            self._queue.popleft()
        return self._queue[0] if self._queue else None


def _harmless(command: Message | None) -> Message | None:
    if command is not None and command.code in FORBIDDEN:
        raise ValueError(f"an errand may not send command {command.code:#04x}")
    return command
