"""What every reader with a PN532 in it has, whatever its wire: cards are laid on it, and it may fail.

Rule: cards change on the thread that answers the host, or under its lock: between two commands.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from firmware_shims.cards.type_a import Card
from firmware_shims.pn532_chip import Pn532Chip
from firmware_shims.pn532_field import RfField


class Health(StrEnum):
    """How the reader behaves towards the host."""

    WELL = "well"
    STALLED = "stalled"
    GARBAGE = "garbage"
    LYING = "lying"


class Pn532Reader:
    """Base of the readers; cards are named by UID in hex. ``mangle``: what a fault makes of each answer."""

    def __init__(self) -> None:
        self.chip = Pn532Chip()
        self.health = Health.WELL
        self.mangle: Callable[[bytes], bytes] | None = None

    @property
    def field(self) -> RfField:
        """Where the cards are."""
        return self.chip.field

    def call(self, function: Callable[[], None]) -> None:
        """Run a function between two commands of the host, and wait for its end."""
        raise NotImplementedError

    def put(self, card: str | Card) -> None:
        """Put a card on the reader, beside those already there."""
        new = _card(card)
        self.call(lambda: self.field.cards.append(new))

    def put_together(self, *cards: str | Card) -> None:
        """Put cards on the reader in one movement."""
        new = [_card(card) for card in cards]
        self.call(lambda: self.field.keep([*self.field.cards, *new]))

    def take(self, uid_hex: str = "") -> None:
        """Take one card away, or all."""
        uid = bytes.fromhex(uid_hex)
        self.call(lambda: self.field.keep([card for card in self.field.cards if uid not in {b"", card.uid}]))

    def swap(self, card: str | Card) -> None:
        """Put this card in the place of all others, in one movement."""
        new = _card(card)
        self.call(lambda: self.field.keep([new]))

    def tear(self, after: int) -> None:
        """Take all cards away when so many frames more were answered, in the middle of a conversation."""
        self.call(lambda: setattr(self.field, "frames_left", after))

    def relay(self, delay_s: float) -> None:
        """Let every answer of a card come so much later, as through a relay."""
        self.call(lambda: setattr(self.field, "delay_s", delay_s))

    def present(self, uid_hex: str, timeout: float = 10.0) -> bool:
        """Put a card, wait until the host has sensed it, take it away; whether it was sensed.

        A card that was here a moment ago waits until the host has seen it gone.
        """
        uid = bytes.fromhex(uid_hex)
        if not self.chip.wait_missed(uid, timeout):
            return False
        sensed = self.chip.wait_sensed(uid, lambda: self.put(uid_hex), timeout)
        self.take(uid_hex)
        return sensed

    def wait_gone(self, timeout: float = 10.0) -> bool:
        """Wait until no card is there, such as after ``tear``; whether that came."""
        return self.chip.wait(lambda: not self.field.cards, timeout)

    def wait_scans(self, count: int, timeout: float = 10.0) -> bool:
        """Wait until the host has asked for cards so many times more; whether it did."""
        return self.chip.wait_scans(count, timeout)

    def stall(self) -> None:
        """Answer nothing any more."""
        self.health = Health.STALLED

    def garbage(self) -> None:
        """Answer nonsense to everything."""
        self.health = Health.GARBAGE

    def lie(self) -> None:
        """Answer scans and registers with nonsense in proper frames."""
        self.health = Health.LYING
        self.chip.lies = True

    def heal(self) -> None:
        """Behave again."""
        self.health = Health.WELL
        self.chip.lies = False


def _card(card: str | Card) -> Card:
    return card if isinstance(card, Card) else Card(bytes.fromhex(card))
