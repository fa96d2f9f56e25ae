"""The field of a PN532: which cards are in it, which one is selected, and what a thief does to the air.

Rule 1: a card that was not selected hears nothing; the field's end resets every card.
Rule 2: a relay adds time to what a card says; the chip waits for a card only as long as it was told to.
"""

from __future__ import annotations

import threading

from firmware_shims.cards.type_a import Card

GONE = b"\x01"
_SENS_RES = {4: b"\x04\x00", 7: b"\x44\x00", 10: b"\x84\x00"}
_CASCADE = 0x88
_POWER_ON_WAIT = 0x0A
_TICK_S = 0.0001


class RfField:
    """Cards in the field. ``delay_s``: what a relay adds to every answer of a card.

    ``frames_left``: so many frames more are answered, then the cards are torn away; None: never.
    """

    def __init__(self) -> None:
        self.cards: list[Card] = []
        self.delay_s = 0.0
        self.frames_left: int | None = None
        self.spoken = 0
        self._listed: list[Card] = []
        self._selected: Card | None = None
        self._wait = _POWER_ON_WAIT

    def power(self) -> None:
        """The chip gets power and has forgotten everything."""
        self._wait = _POWER_ON_WAIT
        self.off()

    def off(self) -> None:
        """The field goes; every card forgets."""
        self._selected = None
        self._listed = []
        self.cards = [card.without_field() for card in self.cards]

    def keep(self, cards: list[Card]) -> None:
        """These are the cards from now on; one that was taken away has no power."""
        for card in self.cards:
            if card not in cards:
                card.reset()
                if card is self._selected:
                    self._selected = None
        self.cards = cards

    def configured(self, data: bytes) -> bytes:
        """RFConfiguration (7.3.1): the field itself, and how long to wait for a card."""
        if data[:1] == b"\x01" and not data[-1] & 1:
            self.off()
        if data[:1] == b"\x02" and len(data) == 4:
            self._wait = data[3]
        return b""

    def list(self, most: int, wanted: bytes) -> list[Card]:
        """InListPassiveTarget: select a card; with room for two the first is put to sleep for the second."""
        uid = _without_cascade(wanted)
        whole = [card for card in self.cards if not card.torn and uid in {b"", card.uid}]
        self._listed = sorted(whole, key=_collision_order)[: min(most, 2)]
        self._selected = self._listed[0] if self._listed and most == 1 else None
        return self._listed

    def select(self, number: int) -> bytes:
        """InSelect (7.3.12)."""
        if not 0 < number <= len(self._listed):
            return b"\x27"
        self._selected = self._listed[number - 1]
        return b"\x00"

    def release(self) -> bytes:
        """InDeselect and InRelease (7.3.10, 7.3.11): the selected card is put to sleep and forgets."""
        if self._selected:
            self._selected.reset()
        self._selected = None
        return b"\x00"

    def through(self, frame: bytes) -> bytes:
        """InCommunicateThru (7.3.9): a status, then what the selected card says in time."""
        if self.frames_left is not None:
            self.frames_left -= 1
            if self.frames_left < 0:
                self.frames_left = None
                self.keep([])
        if self._selected is None:
            return GONE
        self.spoken += 1
        said = self._selected.talk(frame)
        return GONE if said is None or not self._in_time() else b"\x00" + said

    def _in_time(self) -> bool:
        wait_s = _TICK_S * 2.0 ** (self._wait - 1) if self._wait else self.delay_s
        threading.Event().wait(min(self.delay_s, wait_s))
        return self.delay_s <= wait_s


def target(number: int, card: Card) -> bytes:
    """A card in the answer to InListPassiveTarget (7.3.5)."""
    # SENS_RES comes out of the chip with its bytes the other way round than on the air.
    head = bytes([number]) + _SENS_RES[len(card.uid)][::-1]
    return head + bytes([card.selected, len(card.uid)]) + card.uid


def _without_cascade(wanted: bytes) -> bytes:
    # A host spells long UIDs with the cascade tag before each part but the last.
    parts = [wanted[i : i + 4] for i in range(0, len(wanted), 4)]
    return b"".join(p[1:] if p[0] == _CASCADE and len(parts) > n + 1 else p for n, p in enumerate(parts))


def _collision_order(card: Card) -> str:
    # At a collision the reader follows the 1 (ISO/IEC 14443-3, 6.5.3.2), least significant bit first.
    return "".join(f"{byte:08b}"[::-1] for byte in card.uid).translate({48: 49, 49: 48})
