"""Frames out of a line that may fall silent in the middle of one. Rule 1: sans-I/O; the caller has the clock.

Rule 2: no unfinished frame holds up the next one for longer than two pauses, or than the longest frame takes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hardware.osdp.codec import Parser

if TYPE_CHECKING:
    from hardware.osdp.codec import Frame

PAUSE = 0.010
"""How long one reading of the line waits; two fruitless ones end a frame (20 ms between two characters)."""
LONGEST = 128
"""The size every OSDP device must cope with; on a line where no reply is longer, a longer length is noise."""


class Ear:
    """A parser with a sense of time. ``longest`` is what the longest frame takes on the wire, in seconds."""

    def __init__(self, baud: int, size: int = LONGEST) -> None:
        self._parser = Parser(size)
        self._pauses = 0
        self._since = 0.0
        self.longest = 2 * PAUSE + 10 * size / baud

    @property
    def rubbish(self) -> int:
        """Bytes heard that belonged to no frame."""
        return self._parser.rubbish

    @property
    def expecting(self) -> bool:
        """True while a frame has begun and not ended."""
        return len(self._parser) > 0

    def hear(self, data: bytes, now: float) -> list[Frame]:
        """The frames that end in ``data``; no data means that one pause went by in silence."""
        fresh = not self.expecting
        frames = self._parser.feed(data)
        self._pauses = 0 if data else self._pauses + 1
        if frames or fresh:
            self._since = now
        elif self._pauses >= 2 or now > self._since + self.longest:
            self._since = now
            frames = self._parser.give_up()
        return frames
