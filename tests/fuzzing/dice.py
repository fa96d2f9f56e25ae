"""Any bytes as a sequence of choices: what a fuzzer varies and a seed repeats. Rule: it never runs dry."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Choices:
    """Takes choices from bytes, zeros when there are no more."""

    data: bytes
    at: int = 0

    @property
    def left(self) -> bool:
        """Whether there is more than zeros to come."""
        return self.at < len(self.data)

    def byte(self) -> int:
        """The next byte."""
        self.at += 1
        return self.data[self.at - 1] if self.at <= len(self.data) else 0

    def take(self, most: int) -> bytes:
        """Up to so many bytes; how many is the next choice."""
        size = min(self.byte(), most)
        taken = self.data[self.at : self.at + size]
        self.at += size
        return taken

    def changed(self, good: bytes) -> bytes:
        """Good bytes as they are, with a bit flipped, cut, prolonged, or others in their place."""
        kind, place = self.byte() % 6, self.byte()
        at = place % len(good) if good else 0
        match kind:
            case 0:
                return good
            case 1 if good:
                return good[:at] + bytes([good[at] ^ 1 << self.byte() % 8]) + good[at + 1 :]
            case 2:
                return good[:at]
            case 3:
                return good + self.take(40)
            case 4:
                return good[:at] + self.take(40) + good[-2:]
        return self.take(255)
