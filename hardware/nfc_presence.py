"""When a card counts as presented: once, until it has been away. No I/O.

Rule 1: a card is away when two consecutive senses did not find it; another card counts at once.
Rule 2: a random UID (four bytes, first one 08, ISO/IEC 14443-3 6.5.4) is new at every sense and names
nobody: all of them together count as one card, so that a telephone is one presentation, not twenty a second.
"""

_AWAY = 2
_RANDOM = b"\x08"


class Presence:
    """Remembers which cards are on the reader."""

    def __init__(self) -> None:
        self._misses: dict[bytes, int] = {}

    def sensed(self, uid: bytes | None) -> bool:
        """Take the result of one sense; whether it is a new presentation."""
        card = _RANDOM if uid is not None and len(uid) == 4 and uid[:1] == _RANDOM else uid
        missed = {known: misses + 1 for known, misses in self._misses.items() if known != card}
        fresh = card is not None and card not in self._misses
        self._misses = {known: misses for known, misses in missed.items() if misses < _AWAY}
        if card is not None:
            self._misses[card] = 0
        return fresh
