"""When a card counts as presented: once, until it has been away. No I/O.

Rule 1: a card is away when two consecutive senses did not find it; another card counts at once.
Rule 2: a random UID (four bytes, first one 08, ISO/IEC 14443-3 6.5.4) is new at every sense and names
nobody: all of them together count as one card, so that a telephone is one presentation, not twenty a second.
Rule 3: two cards are one presentation of both; the one that stays counts by itself when the other is away,
unless it did before.
"""

from __future__ import annotations

from dataclasses import dataclass

_AWAY = 2
_RANDOM = b"\x08"


@dataclass(slots=True)
class _Stay:
    since: float
    misses: int = 0
    counted: bool = False
    tears: int = 0


class Presence:
    """Remembers which cards are on the reader."""

    def __init__(self) -> None:
        self._stays: dict[bytes, _Stay] = {}

    def sensed(self, uids: tuple[bytes, ...], at: float = 0.0) -> tuple[bytes, ...]:
        """Take the result of one sense (none, one or two cards); the cards that are presented by it."""
        came = self._noted({_named(uid) for uid in uids}, at)
        if len(uids) != 1:
            return uids if came else ()
        stay = self._stays[_named(uids[0])]
        if stay.counted or not (came or len(self._stays) == 1):
            return ()
        stay.counted = True
        return uids

    @property
    def empty(self) -> bool:
        """Whether every card is away."""
        return not self._stays

    def since(self, uid: bytes) -> float:
        """When the first sense found this card, which is here."""
        return self._stays[_named(uid)].since

    def settled(self, uid: bytes) -> None:
        """The card has had its turn, whatever it was."""
        self._stays[_named(uid)].counted = True

    def torn(self, uid: bytes) -> int:
        """The card was not read to the end and may try again; how often that was, since it came."""
        stay = self._stays[_named(uid)]
        stay.counted = False
        stay.tears += 1
        return stay.tears

    def _noted(self, cards: set[bytes], at: float) -> bool:
        for card, stay in self._stays.items():
            stay.misses = 0 if card in cards else stay.misses + 1
        came = cards - self._stays.keys()
        self._stays = {card: stay for card, stay in self._stays.items() if stay.misses < _AWAY}
        self._stays |= {card: _Stay(at) for card in came}
        return bool(came)


def is_random(uid: bytes) -> bool:
    """Whether a card shows this UID for one field only."""
    return len(uid) == 4 and uid[:1] == _RANDOM


def _named(uid: bytes) -> bytes:
    return _RANDOM if is_random(uid) else uid
